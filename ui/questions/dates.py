"""Dates, typed in any way people write them or taken from a calendar; partial dates where a form allows them."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from forms.api import NodeView
from ui.questions.calendar import calendar
from ui.questions.date_text import read_date, read_partial
from ui.questions.host import Host
from ui.questions.line import LineField, NotAnAnswer
from ui.questions.overlay import Overlay
from ui.theme import look
from ui.widgets.button import IconButton
from ui.words import t

ROOM_CALENDAR = (400, 320)


class DateField(LineField):
    """A whole day. ``no-calendar`` in the form's appearance leaves the button out."""

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None, unit: str = "") -> None:
        self._overlay: Overlay | None = None
        super().__init__(view, host, parent)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        if not view.node.companion:
            self.line.setPlaceholderText(t("question.date_how"))

    def build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        if "no-calendar" not in self.view.node.appearance:
            button = IconButton("calendar", t("question.calendar"))
            button.clicked.connect(self._calendar)
            button.setEnabled(not self.view.readonly)
            row.addWidget(button)

    def read(self, text: str) -> object:
        found = read_date(text, self.host.today)
        if found is None:
            raise NotAnAnswer(t("question.not_a_date"))
        return found

    def write(self, value: object) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)

    def commit(self) -> None:
        super().commit()
        if not self.pending() and self.view.value is not None and not self.line.hasFocus():
            self._put(self._shown(self.view))

    def _calendar(self) -> None:
        standing = read_date(self.line.text(), self.host.today) or self.host.today
        shown = calendar(self.view.label, standing)
        shown.activated.connect(self._taken)
        shown.clicked.connect(self._taken)
        self._overlay = Overlay(self.line)
        self._overlay.body.addWidget(shown)
        grow = look.metrics().control / 40
        self._overlay.unfold(int(ROOM_CALENDAR[0] * grow), int(ROOM_CALENDAR[1] * grow))
        shown.setFocus()

    def _taken(self, day: QDate) -> None:
        if self._overlay is not None:
            self._overlay.fold()
            self._overlay.deleteLater()
            self._overlay = None
        self.line.setText(day.toString(Qt.DateFormat.ISODate))
        self.line.setFocus()
        self.commit()


class PartialDateField(DateField):
    """``1950``, ``1950-03`` or ``1950-03-05``: whatever of it is known. The answer is the text."""

    def read(self, text: str) -> object:
        found = read_partial(text, self.host.today)
        if found is None:
            raise NotAnAnswer(t("question.not_a_partial_date"))
        wanted = {"year": 4, "month-year": 7}
        for name, length in wanted.items():
            if name in self.view.node.appearance:
                return found[:length]
        return found


class MonthField(DateField):
    """``date`` with appearance ``year`` or ``month-year``: the answer is the first day of it, as in ODK."""

    def read(self, text: str) -> object:
        found = read_partial(text, self.host.today)
        if found is None or (len(found) == 4 and "month-year" in self.view.node.appearance):
            raise NotAnAnswer(t("question.not_a_month"))
        year = int(found[:4])
        return date(year, 1 if "year" in self.view.node.appearance else int(found[5:7]), 1)

    def write(self, value: object) -> str:
        text = super().write(value)
        return text[:4] if "year" in self.view.node.appearance else text[:7]
