"""Grids (网格分工) at the desk: who walks which; several may share one."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.workflows import grid_workers
from fieldapp.workflows.grid_workers import GridLine
from ui.desk import Desk
from ui.screens.base import Key, Page
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.fields_sheet import FieldsSheet
from ui.widgets.labels import label
from ui.widgets.notices import EmptyState
from ui.widgets.pick_sheet import Picks
from ui.widgets.rows import Row, RowList
from ui.words import t

BETWEEN = "、"
MOST_NAMES = 16


class Grids(Page):
    """Enter on a grid says who walks it."""

    keys = (
        Key("Return", "assign", "grids.key.assign"),
        Key("Escape", "back", "common.back"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: tuple[GridLine, ...] = ()
        card = Card(t("screen.grids"), flush=True)
        self.assigning = Button(t("grids.key.assign"), key="Enter")
        self.assigning.clicked.connect(self.assign)
        card.head.addWidget(self.assigning)
        about = label(t("grids.about"), "second", wrap=True)
        about.setContentsMargins(16, 8, 16, 8)
        card.body.addWidget(about)
        self.list = RowList(accessible=t("screen.grids"), one_click=False)
        self.list.setMinimumHeight(360)
        self.list.activated_row.connect(lambda _place: self.assign())
        self.holder = QVBoxLayout()
        self.holder.addWidget(self.list, 1)
        card.body.addLayout(self.holder, 1)
        self.column.addWidget(card, 1)
        self.empty = EmptyState("map", t("grids.none"), t("coverage.none_do"))
        self.holder.addWidget(self.empty)
        self.empty.hide()

    def arrive(self, **args: Any) -> None:
        store, actor = self.desk.store, self.desk.actor
        self.load(lambda: grid_workers.listing(store, actor), self._got)

    def _got(self, found: tuple[GridLine, ...]) -> None:
        self.found = found
        self.draw()

    def draw(self) -> None:
        self.list.setVisible(bool(self.found))
        self.empty.setVisible(not self.found)
        self.assigning.setVisible(bool(self.found))
        chosen = max(self.list.chosen(), 0)
        self.list.set_rows([_row(each) for each in self.found])
        if self.found:
            self.list.choose(chosen)

    def assign(self) -> None:
        place = self.list.chosen()
        if 0 <= place < len(self.found):
            known = sorted({name for each in self.found for name in each.workers})
            GridSheet(self.window(), self.found[place], known, self._save).open_first()

    def _save(self, grid: str, workers: list[str]) -> None:
        store, actor = self.desk.store, self.desk.actor

        def saved(_id: str) -> None:
            self.desk.say(t("grids.saved"))
            self.arrive()

        self.desk.write(
            lambda: grid_workers.assign(store, actor, grid, workers), saved, owner=self
        )  # fmt: skip

    def back(self) -> None:
        self.desk.go("coverage")


class GridSheet(FieldsSheet):
    """Names with 、 between them; a click on a known one adds or takes it."""

    def __init__(self, window: QWidget, line: GridLine, known: list[str], take: Any) -> None:
        super().__init__(window, t("grids.who", grid=line.name), ("workers",), words="grids", width=640)
        self._line, self._take = line, take
        self.fields["workers"].field.setText(BETWEEN.join(line.workers))
        self.known = Picks([(name, name) for name in known[:MOST_NAMES]], several=True, keys="", columns=4)
        for name in line.workers:
            if name in self.known.chips:
                self.known.chips[name].setChecked(True)
        self.known.on_change = self._picked
        self.body.addWidget(self.known)

    def names(self) -> list[str]:
        text = self.fields["workers"].text()
        for sign in "，,;； ":
            text = text.replace(sign, BETWEEN)
        return [name for name in text.split(BETWEEN) if name]

    def _picked(self) -> None:
        picked = self.known.picked()
        typed = [name for name in self.names() if name not in self.known.chips]
        self.fields["workers"].field.setText(BETWEEN.join([*typed, *picked]))

    def save(self) -> None:
        self.close_sheet()
        self._take(self._line.grid, self.names())


def _row(each: GridLine) -> Row:
    names = BETWEEN.join(each.workers) or t("grids.nobody")
    return Row(title=each.name, second=names, right=t("grids.households", n=each.households),
               tag=None if each.workers else (t("grids.free"), "changed"))  # fmt: skip
