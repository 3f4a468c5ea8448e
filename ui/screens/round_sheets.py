"""Opening a round, and closing one with what that rests on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from fieldapp.domain.documents import ROUND_KINDS
from fieldapp.workflows.round_desk import NewRound, RoundPage
from ui.widgets.button import Button
from ui.widgets.fields_sheet import FieldsSheet
from ui.widgets.labels import label
from ui.widgets.pick_sheet import Picks
from ui.widgets.sheet import Sheet
from ui.words import t

WIDE = 800


class OpenRoundSheet(FieldsSheet):
    """What, where, from when to when. ``scopes`` are (code, name); the first is the whole of it."""

    def __init__(
        self, window: QWidget, scopes: Sequence[tuple[str, str]], span: tuple[date, date],
        take: Callable[[NewRound], None],
    ) -> None:  # fmt: skip
        super().__init__(window, t("rounds.open_title"), ("title", "opens_on", "closes_on"), words="rounds", width=WIDE)
        self._take = take
        for name, day in zip(("opens_on", "closes_on"), span, strict=True):
            self.fields[name].field.setText(day.isoformat())
        room = WIDE - 48
        self.kind = Picks([(kind, t(f"round.kind.{kind}")) for kind in ROUND_KINDS], several=False, keys="", columns=5,
                          room=room)  # fmt: skip
        self.kind.choose(ROUND_KINDS[0])
        self.areas = Picks(scopes, several=True, keys="", columns=4, room=room)
        if scopes:
            self.areas.choose(scopes[0][0])
        self.first = Picks([("flagged", t("rounds.flagged_first_pick"))], several=True, keys="", columns=1, room=room)
        self.kind.on_change = self._weather
        for words, part in (("kind", self.kind), ("areas", self.areas), ("", self.first)):
            if words:
                self.body.addWidget(label(t(f"rounds.field.{words}"), "second"))
            self.body.addWidget(part)

    def _weather(self) -> None:
        """An extra round goes to those first who are known to be at risk, unless somebody takes it back."""
        self.first.chips["flagged"].setChecked(self.kind.picked() != ["regular"])

    def save(self) -> None:
        days = [_day(self.fields[name].text()) for name in ("opens_on", "closes_on")]
        if not self.wanted("title", t("rounds.title_wanted")):
            return
        for name, day in zip(("opens_on", "closes_on"), days, strict=True):
            self.fields[name].say("" if day else t("rounds.day_wanted"), wrong=day is None)
        opens, closes = days
        if opens is None or closes is None:
            return
        if closes < opens:
            self.fields["closes_on"].say(t("rounds.day_order"), wrong=True)
            return
        areas = self.areas.picked()
        if areas:
            self.close_sheet()
            self._take(NewRound(self.fields["title"].text(), self.kind.picked()[0], tuple(areas), opens, closes,
                                bool(self.first.picked())))  # fmt: skip


class CloseRoundSheet(Sheet):
    """Closing says what is closed and what still is not; with a silent door there is no button to close."""

    def __init__(self, window: QWidget, page: RoundPage, take: Callable[[], None]) -> None:
        super().__init__(window, t("rounds.close_title", title=page.info.title))
        self._take = take
        counts = page.proof()
        self.body.addWidget(label(t("rounds.close_counts", **counts), wrap=True))
        if page.silent:
            words = t("rounds.close_silent", n=page.counts["silent"])
            self.body.addWidget(label(words, "strong", tone="abnormal", wrap=True))
        elif page.unmet:
            words = t("rounds.close_unmet", n=page.counts["unmet"])
            self.body.addWidget(label(words, "strong", tone="changed", wrap=True))
        self.body.addWidget(label(t("rounds.close_after"), "second", wrap=True))
        self.button = Button(t("rounds.close"), kind="primary", key="Enter")
        self.button.setEnabled(not page.silent)
        self.button.clicked.connect(self.take)
        self.foot.addWidget(self.button)

    def take(self) -> None:
        if self.button.isEnabled():
            self.close_sheet()
            self._take()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        else:
            super().keyPressEvent(event)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip().replace(".", "-").replace("/", "-"))
    except ValueError:
        return None
