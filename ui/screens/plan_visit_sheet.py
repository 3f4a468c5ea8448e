"""When to come again, and why: a day typed or picked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtWidgets import QWidget

from ui import formats
from ui.questions.date_text import read_date
from ui.widgets.fields_sheet import FieldsSheet
from ui.widgets.pick_sheet import Picks
from ui.words import t

#: Days from today that are one click.
AHEAD = (0, 1, 3, 7, 14)


class PlanVisitSheet(FieldsSheet):
    def __init__(self, window: QWidget, family: str, today: date, take: Callable[[date, str], None]) -> None:
        title = t("household.agree_title", name=family)
        super().__init__(window, title, ("planned_on", "planned_why"), words="household")
        self._today, self._take = today, take
        days = [today + timedelta(days=ahead) for ahead in AHEAD]
        words = [f"{formats.day(day, today=today)} {formats.weekday(day)}" for day in days]
        self.picks = Picks([(day.isoformat(), told) for day, told in zip(days, words, strict=True)], several=False,
                           keys="", columns=3, room=496)  # fmt: skip
        self.picks.on_change = self._picked
        self.body.insertWidget(1, self.picks)
        self.fields["planned_on"].say(t("question.date_how"))

    def _picked(self) -> None:
        self.fields["planned_on"].field.setText("".join(self.picks.picked()))
        self.fields["planned_why"].field.setFocus()

    def save(self) -> None:
        on = read_date(self.fields["planned_on"].text(), self._today)
        if on is None or on < self._today:
            self.fields["planned_on"].say(t("household.agree_wrong"), wrong=True)
            self.fields["planned_on"].field.setFocus()
            return
        self.close_sheet()
        self._take(on, self.fields["planned_why"].text())
