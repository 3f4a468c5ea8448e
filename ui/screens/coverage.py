"""Coverage (排查进度): map and table from county to grid, a grid's silent doors, visits per person unranked."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.workflows import coverage
from fieldapp.workflows.coverage import AreaProgress, CoveragePage
from ui.desk import Desk
from ui.formats import day_text
from ui.privacy import name
from ui.screens.base import Key, Screen
from ui.screens.county_work import offer_county
from ui.screens.screening.door_words import round_words
from ui.theme import look
from ui.widgets.area_map import AreaMap, Patch
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.curve import Curve
from ui.widgets.dropdown import Dropdown
from ui.widgets.gauges import ProgressRing, SegmentedBar
from ui.widgets.labels import ElidedText
from ui.widgets.notices import EmptyState
from ui.widgets.rows import Row, RowList
from ui.words import t

STATES = ("done", "changed", "abnormal", "absent")
LOW = 560  # pixels of the page
ROUND_AROUND, ROUND_AT_MOST = 56, 280  # pixels of arrow and air, and in all


class Coverage(Screen):
    """``arrive(area=code)`` looks at an area; else where this desk's responsibility begins."""

    keys = (
        Key("Return", "open_part", "coverage.key.open"),
        Key("Backspace", "up", "coverage.key.up"),
        Key("W", "other_round", "screening.other_round"),
        Key("L", "rounds", "screen.rounds"),
        Key("K", "grids", "screen.grids"),
        Key("X", "rechecks", "screen.rechecks"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.page: CoveragePage | None = None
        self._round = ""
        lines = QVBoxLayout(self)
        edge = self.margins()
        lines.setContentsMargins(edge, edge, edge, edge)
        lines.setSpacing(look.metrics().gap)
        lines.addLayout(self._head())
        lines.addLayout(self._doors())
        across = QHBoxLayout()
        across.setSpacing(look.metrics().gap)
        self._parts_card = Card(t("coverage.parts"), flush=True)
        self.list = RowList(accessible=t("coverage.parts"), one_click=False)
        self.list.activated_row.connect(self._open)
        self._parts_card.body.addWidget(self.list, 1)
        across.addWidget(self._parts_card, 5)
        middle = QVBoxLayout()
        middle.setSpacing(look.metrics().gap)
        self._map_card = Card(t("coverage.map"))
        self.map = AreaMap(t("coverage.map"))
        self.map.chosen.connect(self.list.choose)
        self.list.chosen_row.connect(self.map.mark)
        self._map_card.body.addWidget(self.map, 1)
        middle.addWidget(self._map_card, 3)
        self._curve_card = Card(t("coverage.curve"))
        self.curve = Curve()
        self._curve_card.body.addWidget(self.curve)
        middle.addWidget(self._curve_card)
        across.addLayout(middle, 4)
        self._people_card = Card(t("coverage.people", days=coverage.DAYS), flush=True)
        self._people = RowList(accessible=t("coverage.people", days=coverage.DAYS), low=True)
        self._people_card.body.addWidget(self._people, 1)
        across.addWidget(self._people_card, 3)
        self._body = QWidget()
        across.setContentsMargins(0, 0, 0, 0)
        self._body.setLayout(across)
        lines.addWidget(self._body, 1)
        self._empty = EmptyState("map", t("coverage.none"), t("coverage.none_do"))
        lines.addWidget(self._empty, 1)
        self._empty.hide()

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(16)
        self._ring = ProgressRing()
        head.addWidget(self._ring)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title = ElidedText("", "title", bold=True)
        self._about = ElidedText("", "small", ink="second")
        self._bar = SegmentedBar()
        words.addWidget(self._title)
        words.addWidget(self._about)
        words.addWidget(self._bar)
        head.addLayout(words, 1)
        self.running = Dropdown()
        self.running.setAccessibleName(t("screening.rounds"))
        self.running.activated.connect(lambda _place: self.arrive(round=self.running.currentData()))
        self._other = Button(t("screening.other_round"), kind="quiet", key="W")
        self._other.clicked.connect(self.other_round)
        for part in (self.running, self._other):
            head.addWidget(part)
            part.hide()
        self._up = Button(t("coverage.up"), key="⌫", icon="arrow-left")
        self._up.clicked.connect(self.up)
        head.addWidget(self._up)
        return head

    def _doors(self) -> QHBoxLayout:
        """The ways on from here."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for screen, key in (("rounds", "L"), ("grids", "K"), ("rechecks", "X")):
            button = Button(t(f"screen.{screen}"), key=key)
            button.clicked.connect(getattr(self, screen))
            row.addWidget(button)
        offer_county(self, row)
        row.addStretch(1)
        return row

    def arrive(self, **args: Any) -> None:
        area = str(args.get("area") or (self.page.area if self.page is not None else ""))
        self._round = str(args.get("round") or self._round)
        store, actor, which = self.desk.store, self.desk.actor, self._round
        self.load(lambda: coverage.page(store, actor, area, which), self._got, words=t("common.reading"))

    def _got(self, page: CoveragePage) -> None:
        self.page = page
        self.draw()
        self.list.choose(0)
        self.list.setFocus()

    def draw(self) -> None:
        page = self.page
        if page is None:
            return
        self._body.setVisible(bool(page.total))
        self._empty.setVisible(not page.total)
        states = {state: sum(part.states.get(state, 0) for part in page.parts) for state in STATES}
        self._ring.set(page.answered, page.total, t("coverage.answered", n=page.answered, all=page.total))
        known = page.name != page.area  # before the first sync nobody has told what the places are called
        self._title.set_text(t("coverage.title", area=page.name) if known else t("screen.coverage"))
        self._about.set_text(_about(page))
        self._bar.set([(state, states[state]) for state in STATES], page.total, self._about.text())
        self._up.setVisible(bool(page.above))
        self._draw_rounds(page)
        days = [(day_text(day, today=self.desk.actor.today()), count) for day, count in page.curve]
        spoken = "；".join(f"{day} {count}" for day, count in days) or t("coverage.not_begun")
        self.curve.set(days, page.total, spoken, t("coverage.not_begun"))
        self.list.set_rows(_door_rows(page) if page.doors else [_part_row(part) for part in page.parts])
        heading = t("coverage.silent", n=len(page.doors)) if page.doors else t("coverage.parts")
        self._parts_card.heading.set_text(heading)
        self.map.show_patches([_patch(part) for part in page.parts])
        self._people.set_rows(
            [
                Row(title=name(each.name), right=t("coverage.visits", home=each.home, phone=each.phone))
                for each in page.people
            ]
            or [Row(title="", second=t("coverage.no_visits"))]
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._curve_card.setVisible(self.height() > LOW)  # on a low screen the map needs the room

    def _draw_rounds(self, page: CoveragePage) -> None:
        """Where several run at once, which one is looked at."""
        several = len(page.running) > 1
        for part in (self.running, self._other):
            part.setVisible(several)
        self.running.clear()
        for each in page.running:
            self.running.addItem(round_words(each), each.id)
        widest = max((look.text_width(round_words(each)) for each in page.running), default=0)
        self.running.setFixedWidth(min(widest + ROUND_AROUND, ROUND_AT_MOST))
        self.running.setCurrentIndex(self.running.findData(page.round.id if page.round else ""))

    def other_round(self) -> None:
        if self.running.count() > 1:
            self.arrive(round=self.running.itemData((self.running.currentIndex() + 1) % self.running.count()))

    def rounds(self) -> None:
        self.desk.go("rounds", **({"round": self.page.round.id} if self.page and self.page.round else {}))

    def grids(self) -> None:
        self.desk.go("grids")

    def rechecks(self) -> None:
        self.desk.go("rechecks")

    def open_part(self) -> None:
        self._open(self.list.chosen())

    def _open(self, place: int) -> None:
        page = self.page
        if page is None or place < 0:
            return
        if page.doors:
            self.desk.go("household", household=page.doors[place].household)
        elif place < len(page.parts) and page.parts[place].area != page.area:
            self.arrive(area=page.parts[place].area)

    def up(self) -> None:
        if self.page is not None and self.page.above:
            self.arrive(area=self.page.above)


def _about(page: CoveragePage) -> str:
    silent = sum(part.silent for part in page.parts)
    if page.round is None:
        return t("coverage.no_round")
    parts = [page.round.title or t("frame.round", n=page.round.number or 0)]
    parts.append(t("coverage.left", n=silent) if silent else t("coverage.complete"))
    parts.append(t("coverage.members", n=page.accounted, all=page.members))
    if page.round.closes_on:
        parts.append(t("coverage.closes", day=day_text(page.round.closes_on)))
    return " · ".join(parts)


def _part_row(part: AreaProgress) -> Row:
    words = [f"{t(f'state.{state}')} {part.states[state]}" for state in STATES if part.states.get(state)]
    return Row(
        title=part.name, beside=f"{part.answered} / {part.total}", second=" · ".join(words) or t("coverage.not_begun"),
        right=f"{part.share:.0%}", state="done" if part.total and not part.silent else "todo",
    )  # fmt: skip


def _door_rows(page: CoveragePage) -> list[Row]:
    return [
        Row(
            title=t("household.family", name=name(door.family)), second=door.place,
            tag=(t("coverage.attempts", n=door.attempts), "absent") if door.attempts else None, state="todo",
        )
        for door in page.doors
    ]  # fmt: skip


def _patch(part: AreaProgress) -> Patch:
    tone = "done" if part.total and not part.silent else "accent" if part.answered else "todo"
    return Patch(part.outlines, f"{part.name}\n{part.share:.0%}", tone)
