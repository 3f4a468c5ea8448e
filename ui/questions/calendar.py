"""Qt's calendar, with a name for each of its parts and room for a finger on its arrows."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QSpinBox, QTableView, QToolButton, QWidget

from ui.theme import icons, look
from ui.words import t


def calendar(words: str, standing: date) -> QCalendarWidget:
    """``words`` say what day is asked for; ``standing`` is the day it opens on."""
    made = QCalendarWidget()
    made.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    made.setSelectedDate(QDate(standing.year, standing.month, standing.day))
    made.setAccessibleName(words)
    for kind, part, name in (
        (QTableView, "calendarview", words),
        (QToolButton, "prevmonth", t("calendar.previous")),
        (QToolButton, "nextmonth", t("calendar.next")),
        (QSpinBox, "yearedit", t("calendar.year")),
    ):
        found: QWidget | None = made.findChild(kind, f"qt_calendar_{part}")
        if found is not None:
            found.setAccessibleName(name)
    for button in made.findChildren(QToolButton):
        button.setMinimumSize(look.metrics().control, look.metrics().control)
    _colour(made)
    return made


def _colour(made: QCalendarWidget) -> None:
    """The colours in force: Qt paints weekends red and its arrows green by itself."""
    plain, second = QTextCharFormat(), QTextCharFormat()
    plain.setForeground(look.colour("ink"))
    second.setForeground(look.colour("second"))
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        made.setWeekdayTextFormat(day, plain)
    made.setHeaderTextFormat(second)
    for part, icon in (("prevmonth", "chevron-left"), ("nextmonth", "chevron-right")):
        arrow = made.findChild(QToolButton, f"qt_calendar_{part}")
        if isinstance(arrow, QToolButton):
            arrow.setIcon(icons.icon(icon, look.colour("ink")))
