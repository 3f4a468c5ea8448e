"""A newer program makes the lists anew at its first start: how far that is, and that nothing is lost meanwhile."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from ui.widgets.labels import label
from ui.words import t

STEPS = 1000


class Renewing(QWidget):
    """Hidden until ``show_progress`` is first called."""

    def __init__(self) -> None:
        super().__init__()
        self._since = time.monotonic()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.words = label("", "second", wrap=True)
        column.addWidget(self.words)
        self.bar = QProgressBar()
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(t("unlock.renewing_name"))
        column.addWidget(self.bar)
        self.hide()

    def show_progress(self, done: int, total: int) -> None:
        """``done`` of ``total`` steps; the time left is what it took so far, carried on."""
        if self.isHidden():
            self._since = time.monotonic()
            self.show()
        share = done / max(total, 1)
        self.bar.setValue(round(share * STEPS))
        spent = time.monotonic() - self._since
        left = spent / share - spent if share > 0 else 0.0
        minutes = max(1, round(left / 60))
        self.words.setText(t("unlock.renewing", share=f"{share:.0%}", n=minutes))
