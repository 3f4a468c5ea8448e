"""Rounds (排查轮次) at the desk: open one, see which door and which person has no answer yet, close it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from fieldapp.workflows import round_desk
from fieldapp.workflows.round_desk import NewRound, RoundPage
from fieldapp.workflows.round_proof import DoorLine, PersonLine
from fieldapp.workflows.rounds import RoundInfo
from ui import formats, privacy
from ui.desk import Desk
from ui.screens.base import Key
from ui.screens.list_and_page import ListAndPage
from ui.screens.round_sheets import CloseRoundSheet, OpenRoundSheet
from ui.widgets.button import Button
from ui.widgets.card import Card, clear, line
from ui.widgets.gauges import ProgressRing
from ui.widgets.labels import ElidedText
from ui.widgets.notices import EmptyState
from ui.widgets.rows import Row, RowList
from ui.widgets.tabs import Tabs
from ui.words import said, t

LISTS = ("silent", "unmet", "new", "vanished")
#: how far ahead a new round ends unless somebody says otherwise
USUAL_DAYS = 30


class Rounds(ListAndPage):
    """``arrive(round=id)`` shows that one, else the first that is open."""

    keys = (
        Key("N", "open_round", "rounds.key.open"),
        Key("C", "close_round", "rounds.key.close"),
        Key("Return", "open_household", "screening.open_household"),
        *(Key(str(n), f"show_{name}", f"rounds.list.{name}") for n, name in enumerate(LISTS, 1)),
        Key("J", "down", "common.key.next"),
        Key("K", "up", "common.key.previous"),
        Key("Escape", "back", "common.back"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.page: RoundPage | None = None
        self.view = "silent"
        first, foot = (self._open_button() for _place in range(2))
        empty = EmptyState("clipboard-list", t("rounds.none"), t("rounds.none_do"), first)
        self.lay_out(Card(t("screen.rounds"), flush=True), t("screen.rounds"), empty, foot=foot)
        self.line_chosen.connect(self._read)
        self.detail.addWidget(self._page_card(), 1)
        for name in LISTS:
            setattr(self, f"show_{name}", lambda name=name: self._show_list(name))

    def _open_button(self) -> Button:
        button = Button(t("rounds.open"), kind="primary", key="N")
        button.clicked.connect(self.open_round)
        return button

    def no_page(self) -> None:
        """The page is built once."""

    def _page_card(self) -> Card:
        card = Card(flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 12)
        head.setSpacing(16)
        self.ring = ProgressRing()
        head.addWidget(self.ring)
        words = QVBoxLayout()
        words.setSpacing(4)
        self.title = ElidedText("", "title", bold=True)
        self.about = ElidedText("", "small", ink="second")
        self.proof = ElidedText("", bold=True)
        for part in (self.title, self.about, self.proof):
            words.addWidget(part)
        head.addLayout(words, 1)
        self.closing = Button(t("rounds.close"), key="C")
        self.closing.clicked.connect(self.close_round)
        head.addWidget(self.closing)
        card.body.addLayout(head)
        card.body.addWidget(line())
        self.tab_place = QHBoxLayout()
        self.tab_place.setContentsMargins(16, 4, 16, 4)
        card.body.addLayout(self.tab_place)
        card.body.addWidget(line())
        self.lists = QStackedWidget()
        self.doors = RowList(accessible=t("rounds.lists"), one_click=False)
        self.doors.activated_row.connect(lambda _place: self.open_household())
        self.lists.addWidget(self.doors)
        self.nothing = EmptyState("check-check", t("rounds.all_answered"), t("rounds.all_answered_words"))
        self.lists.addWidget(self.nothing)
        card.body.addWidget(self.lists, 1)
        return card

    def arrive(self, **args: Any) -> None:
        self.wanted = str(args.get("round") or self.wanted)
        store, actor = self.desk.store, self.desk.actor
        self.load(lambda: round_desk.listing(store, actor), self._got)

    def _got(self, found: tuple[RoundInfo, ...]) -> None:
        self.show_rows(found, [_round_row(each) for each in found])
        self.list.setFocus()

    def _read(self, wanted: str) -> None:
        store, actor = self.desk.store, self.desk.actor
        self.load(lambda: round_desk.page(store, actor, wanted), self._show, words=t("common.reading"))

    def _show(self, page: RoundPage) -> None:
        if page.info.id == self.wanted:
            self.page = page
            self.draw()

    def draw(self) -> None:
        if self.page is None:
            return
        page, info = self.page, self.page.info
        self.ring.set(page.progress.answered, page.progress.total)
        self.title.set_text(_title(info))
        self.about.set_text(_about(info, self.desk))
        self.proof.set_text(_proof(page))
        self.closing.setEnabled(page.mine and not info.closed_at)
        clear(self.tab_place)
        tabs = Tabs([(name, f"{t(f'rounds.list.{name}')} {page.counts[name]}") for name in LISTS], self.view)
        tabs.chosen.connect(self._show_list)
        self.tab_place.addWidget(tabs)
        self.tab_place.addStretch(1)
        rows = [_row(each) for each in getattr(page, self.view)]
        if more := page.counts[self.view] - len(rows):
            rows.append(Row(title=t("rounds.more", n=f"{more:,}")))
        self.doors.set_rows(rows)
        self.lists.setCurrentIndex(0 if rows else 1)

    def _show_list(self, name: str) -> None:
        self.view = name
        self.draw()

    # --- keys -----------------------------------------------------------------------------------------------------

    def open_household(self) -> None:
        lines = getattr(self.page, self.view) if self.page is not None else ()
        place = self.doors.chosen()
        if 0 <= place < len(lines) and lines[place].household:
            self.desk.go("household", household=lines[place].household)

    def open_round(self) -> None:
        store, actor, today = self.desk.store, self.desk.actor, self.desk.actor.today()
        usual = (today, today + timedelta(days=USUAL_DAYS))

        def offer(scopes: tuple[tuple[str, str], ...]) -> None:
            OpenRoundSheet(self.window(), scopes, usual, self._open).open_first()

        self.desk.read(lambda: round_desk.scopes_offered(store, actor), offer, owner=self)

    def _open(self, wanted: NewRound) -> None:
        store, actor = self.desk.store, self.desk.actor

        def opened(made: str) -> None:
            self.desk.say(t("rounds.opened", title=wanted.title))
            self.arrive(round=made)

        self.desk.write(lambda: round_desk.open_round(store, actor, wanted), opened, owner=self)

    def close_round(self) -> None:
        if self.page is not None and self.closing.isEnabled():
            CloseRoundSheet(self.window(), self.page, self._close).open()

    def _close(self) -> None:
        assert self.page is not None
        store, actor, wanted = self.desk.store, self.desk.actor, self.page.info.id

        def closed(_none: None) -> None:
            self.desk.say(t("rounds.is_closed"))
            self.arrive(round=wanted)

        self.desk.write(lambda: round_desk.close_round(store, actor, wanted), closed, owner=self)

    def back(self) -> None:
        self.desk.go("coverage")


def _title(info: RoundInfo) -> str:
    name = info.title or t("round.unnamed")
    return t("today.round", title=name, n=info.number) if info.number else name


def _about(info: RoundInfo, desk: Desk) -> str:
    today = desk.actor.today()
    span = t(
        "rounds.span", first=formats.day_text(info.opens_on, today=today),
        last=formats.day_text(info.closes_on, today=today),
    )  # fmt: skip
    parts = [said("round.kind", info.kind), span]
    if info.flagged_first:
        parts.append(t("rounds.flagged_first"))
    if info.closed_at:
        parts.append(t("rounds.closed_on", day=formats.day_text(info.closed_at, today=today)))
    return " · ".join(parts)


def _proof(page: RoundPage) -> str:
    if page.silent:
        return t("rounds.proof_open", n=page.counts["silent"], people=page.counts["unmet"])
    if page.unmet:
        return t("rounds.proof_people", people=page.counts["unmet"])
    return t("rounds.proof_whole", n=page.progress.total, people=page.people)


def _round_row(info: RoundInfo) -> Row:
    tag = (t("rounds.closed"), "todo") if info.closed_at else (t("rounds.running"), "done")
    until = t("tag.due", day=formats.day_text(info.closes_on)) if info.closes_on else ""
    second = " · ".join(part for part in (said("round.kind", info.kind), until) if part)
    return Row(title=_title(info), second=second, tag=tag)


def _row(each: DoorLine | PersonLine) -> Row:
    if isinstance(each, PersonLine):
        tag = (t(f"rounds.why.{each.why}"), "absent" if each.why == "not_met" else "todo")
        return Row(title=privacy.name(each.name) or t("screening.no_name"), second=each.place, tag=tag)
    family = t("household.family", name=privacy.name(each.family) or t("screening.no_name"))
    names = "、".join(privacy.name(one) for one in each.people if one)
    second = " · ".join(part for part in (each.place, names, privacy.secret(each.note)) if part)
    if each.attempts:
        return Row(title=family, second=second, tag=(t("coverage.attempts", n=each.attempts), "absent"))
    return Row(title=family, second=second, tag=(said("reason", each.reason), "todo") if each.reason else None)
