"""Times of day, and a day with its time."""

from __future__ import annotations

from datetime import datetime, time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from forms.api import NodeView
from ui.questions.date_text import read_date, read_time
from ui.questions.host import Host
from ui.questions.line import LineField, NotAnAnswer
from ui.words import t


class TimeField(LineField):
    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None, unit: str = "") -> None:
        super().__init__(view, host, parent)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        self.line.setPlaceholderText(t("question.time_how"))

    def read(self, text: str) -> object:
        found = read_time(text)
        if found is None:
            raise NotAnAnswer(t("question.not_a_time"))
        return found

    def write(self, value: object) -> str:
        return value.strftime("%H:%M") if isinstance(value, time) else str(value)


class DateTimeField(LineField):
    """``2026-11-21 9:30``; a day alone is no answer."""

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None, unit: str = "") -> None:
        super().__init__(view, host, parent)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        self.line.setPlaceholderText(t("question.datetime_how"))

    def read(self, text: str) -> object:
        day_text, _, time_text = text.strip().partition(" ")
        day, at = read_date(day_text, self.host.today), read_time(time_text) if time_text else None
        if day is None or at is None:
            raise NotAnAnswer(t("question.not_a_datetime"))
        zone = self.view.value.tzinfo if isinstance(self.view.value, datetime) else None
        made = datetime.combine(day, at, zone)
        return made if zone else made.astimezone()

    def write(self, value: object) -> str:
        return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)
