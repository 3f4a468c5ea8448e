"""The line under a section: what the rules reckon per person, or what is still open, and the way to the steps."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from fieldapp.workflows.assessing import Assessed
from ui.privacy import secret
from ui.widgets.button import Button
from ui.widgets.labels import ElidedText, label
from ui.words import t

PROGRAM = "dibao"


class BottomLine(QFrame):
    """Shown while the rules have something to say about the subsistence allowance."""

    explain = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "well")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 2, 4, 2)
        row.setSpacing(8)
        self._state = label("", "strong")
        self._state.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._words = ElidedText("")
        steps = Button(t("policy.steps"), kind="quiet")
        steps.clicked.connect(lambda: self.explain.emit(PROGRAM))
        row.addWidget(self._state)
        row.addWidget(self._words, 1)
        row.addWidget(steps)
        self.hide()

    def show_assessed(self, result: Assessed) -> None:
        line = result.program(PROGRAM)
        self.setVisible(line is not None)
        if line is None:
            return
        self._state.setText(t("policy.state", policy=line.name, state=secret(line.words)))
        reasons = [*line.reasons[:2]]
        if line.state == "to_check" and result.open_facts:
            reasons = [t("policy.open_facts", n=len(result.open_facts)), *reasons[:1]]
        self._words.set_text(secret("；".join(reasons)))
