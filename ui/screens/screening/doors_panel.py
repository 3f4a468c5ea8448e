"""The doors of one grid in walking order: how far it is, the list, the map."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from fieldapp.workflows.screening import DoorList
from ui.desk import Desk
from ui.screens.screening.door_words import door_row, round_words
from ui.widgets.button import Button
from ui.widgets.card import Card, line
from ui.widgets.dropdown import Dropdown
from ui.widgets.gauges import SegmentedBar
from ui.widgets.grid_map import GridMap, Spot
from ui.widgets.labels import ElidedText
from ui.widgets.rows import RowList
from ui.widgets.tabs import Tabs
from ui.words import t

STATES = ("done", "changed", "abnormal", "absent")


class DoorsPanel(Card):
    """``chosen`` fires with a place in the list; ``grid_chosen`` with an area code; ``round_chosen`` with a round's
    id."""

    chosen = Signal(int)
    grid_chosen = Signal(str)
    round_chosen = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(flush=True)
        self.desk = desk
        head = QVBoxLayout()
        head.setContentsMargins(16, 8, 16, 12)
        head.setSpacing(4)
        first = QHBoxLayout()
        self.place = ElidedText("", bold=True)
        self.grids = Dropdown()
        self.grids.setAccessibleName(t("screening.grids"))
        self.grids.activated.connect(lambda _place: self.grid_chosen.emit(self.grids.currentData()))
        self.grids.hide()
        view = desk.settings["screening_view"]
        self.tabs = Tabs((("list", t("screening.list")), ("map", t("screening.map"))), view)
        self.tabs.chosen.connect(self.show_view)
        first.addWidget(self.place, 1)
        first.addWidget(self.grids, 1)
        first.addWidget(self.tabs)
        self.round_name = ElidedText("", "small", ink="second")
        self.rounds = Dropdown()
        self.rounds.setAccessibleName(t("screening.rounds"))
        self.rounds.activated.connect(lambda _place: self.round_chosen.emit(self.rounds.currentData()))
        self.rounds.hide()
        self.other_round = Button(t("screening.other_round"), kind="quiet", key="W")
        self.other_round.clicked.connect(self.next_round)
        self.other_round.hide()
        which = QHBoxLayout()
        which.setSpacing(4)
        for part, stretch in ((self.round_name, 1), (self.rounds, 1), (self.other_round, 0)):
            which.addWidget(part, stretch)
        self.bar = SegmentedBar()
        self.count = ElidedText("", "small", ink="second")
        head.addLayout(first)
        head.addLayout(which)
        head.addWidget(self.bar)
        head.addWidget(self.count)
        self.body.addLayout(head)
        self.body.addWidget(line())
        self.views = QStackedWidget()
        self.list = RowList(accessible=t("screening.doors"), low=True)
        self.list.chosen_row.connect(self.chosen.emit)
        self.map = GridMap(t("screening.map"))
        self.map.chosen.connect(self.list.choose)
        self.views.addWidget(self.list)
        self.views.addWidget(self.map)
        self.body.addWidget(self.views, 1)
        self.show_view(view)

    def show_view(self, name: str) -> None:
        self.tabs.select(name)
        self.views.setCurrentIndex(0 if name == "list" else 1)
        self.desk.settings["screening_view"] = name

    def toggle_view(self) -> None:
        self.show_view("map" if self.views.currentIndex() == 0 else "list")

    def show_doors(self, found: DoorList) -> None:
        """Draw the list anew; the chosen row stays chosen."""
        today = self.desk.actor.today()
        self.place.set_text(found.place)
        self._show_grids(found)
        self._show_rounds(found)
        self.list.set_rows([door_row(place, door, today) for place, door in enumerate(found.doors, 1)])
        self._show_progress(found)

    def show_door(self, found: DoorList, place: int) -> None:
        """One door has changed: draw that one and the progress."""
        self.list.set_row(place, door_row(place + 1, found.doors[place], self.desk.actor.today()))
        self._show_progress(found)

    def _show_progress(self, found: DoorList) -> None:
        counts = {state: sum(door.state == state for door in found.doors) for state in STATES}
        total = len(found.doors)
        todo = total - sum(counts.values())
        words = t("screening.progress", done=total - todo, n=total, left=todo)
        self.bar.set(tuple(counts.items()), total, words)
        self.count.set_text(words if found.silent == todo else words + t("screening.second_try", n=found.silent - todo))
        spots = [
            Spot(place, door.lon, door.lat, door.state, str(place + 1))
            for place, door in enumerate(found.doors)
            if door.lat is not None and door.lon is not None
        ]
        self.map.show_grid(found.outlines, found.grid, spots)

    def next_round(self) -> None:
        """Another of the rounds that run at once."""
        if self.rounds.count() > 1:
            self.rounds.setCurrentIndex((self.rounds.currentIndex() + 1) % self.rounds.count())
            self.round_chosen.emit(self.rounds.currentData())

    def _show_rounds(self, found: DoorList) -> None:
        """Which round these answers belong to; with several at once, the way to another."""
        several = len(found.rounds) > 1
        self.round_name.setVisible(not several)
        self.rounds.setVisible(several)
        self.other_round.setVisible(several)
        self.round_name.set_text(round_words(found.round) if found.round else "")
        if several:
            self.rounds.clear()
            for each in found.rounds:
                self.rounds.addItem(round_words(each), each.id)
            self.rounds.setCurrentIndex(self.rounds.findData(found.round.id if found.round else ""))

    def _show_grids(self, found: DoorList) -> None:
        several = len(found.grids) > 1
        self.grids.setVisible(several)
        self.place.setVisible(not several)
        if several:
            self.grids.clear()
            for code, name in found.grids:
                self.grids.addItem(name, code)
            self.grids.setCurrentIndex(self.grids.findData(found.grid))
