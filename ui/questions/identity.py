"""ID number with its check while it is typed, and the birth date and sex it says."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from fieldapp.domain import identity_number
from forms.api import NodeView
from ui.questions.host import Host
from ui.questions.line import LineField
from ui.words import t


class IdentityField(LineField):
    """A wrong number is kept and marked: a person's paper may be wrong, and people without papers exist."""

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None, unit: str = "") -> None:
        self.reading = QLabel()
        self.reading.setProperty("role", "second")
        super().__init__(view, host, parent)
        hints = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhPreferLatin
        self.line.setInputMethodHints(hints | Qt.InputMethodHint.ImhNoPredictiveText)
        self.line.setMaxLength(32)
        self.line.textChanged.connect(self._check)
        self._check(self.line.text())

    def build(self) -> None:
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self.line)
        lines.addWidget(self.reading)

    def read(self, text: str) -> object:
        return identity_number.normal_form(text)

    def _check(self, text: str) -> None:
        words, tone = reading(text, self.host.today)
        self.reading.setText(words)
        if self.reading.property("tone") != tone:
            self.reading.setProperty("tone", tone)
            self.reading.style().polish(self.reading)


def reading(text: str, today: date) -> tuple[str, str]:
    """What a number says, and the tone to say it in; while it is short, how many digits are missing."""
    normal = identity_number.normal_form(text)
    if not normal:
        return "", ""
    found = identity_number.read(normal, today=today)
    if found.faults == ("length",) and len(normal) < 18 and normal.isdigit():
        return t("identity.digits_left", n=18 - len(normal)), ""
    if found.faults:
        return t(f"identity.fault.{found.faults[0]}"), "abnormal"
    if found.birth_date is None or found.sex is None:
        return t("identity.kept_as_is"), ""
    age = identity_number.age_on(found.birth_date, today)
    return t("identity.says", born=found.birth_date.isoformat(), sex=t(f"sex.{found.sex}"), age=age), "done"
