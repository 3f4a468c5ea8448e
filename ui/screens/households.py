"""All households of this laptop: scroll them, or find one by anything people remember of it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from fieldapp.workflows import households as workflow
from fieldapp.workflows.households import HouseholdLine
from ui.desk import Desk
from ui.models.households import HouseholdModel
from ui.screens.base import Key, Screen
from ui.screens.importing.door import offer_import
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.labels import label
from ui.widgets.long_rows import LongRowList
from ui.widgets.notices import EmptyState
from ui.widgets.search_box import PAUSE_MS, SearchField
from ui.words import t

MOST_FOUND = 200


class Households(Screen):
    """``/`` or typing goes to the search field; Enter opens the chosen household."""

    keys = (
        Key("Return", "open", "households.key.open"),
        Key("Down", "down", "households.key.down"),
        Key("Up", "up", "households.key.up", shown=False),
        Key("/", "to_search", "households.key.find"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.total: int | None = None
        self.model = HouseholdModel(desk)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(self.margins(), self.margins(), self.margins(), self.margins())
        outer.setSpacing(12)
        head = QHBoxLayout()
        self.title = label(t("screen.households"), "title")
        head.addWidget(self.title, 1)
        self.field = SearchField(t("search.hint"), "/")
        self.field.setFixedWidth(420)
        self.field.returnPressed.connect(self.open)
        head.addWidget(self.field)
        offer_import(self, head)
        outer.addLayout(head)
        card = Card(flush=True)
        self.views = QStackedWidget()
        self.list = LongRowList(accessible=t("screen.households"), model=self.model)
        self.list.activated_row.connect(self._open_row)
        self.views.addWidget(self.list)
        empty = Card(flush=True)
        self.empty = empty.body
        self.views.addWidget(empty)
        card.body.addWidget(self.views)
        outer.addWidget(card, 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._find)
        self.field.textChanged.connect(lambda: self._pause.start(PAUSE_MS))

    def arrive(self, **args: Any) -> None:
        self.load(lambda: workflow.count(self.desk.store), self._counted)

    def _counted(self, total: int) -> None:
        if total != self.total:
            self.total = total
            if not self.field.text():
                self.model.show_all(total)
        self._after_change()

    def _find(self) -> None:
        query = self.field.text().strip()
        if not query:
            self.model.show_all(self.total or 0)
            self._after_change()
            return
        store, actor = self.desk.store, self.desk.actor
        self.load(lambda: workflow.find(store, actor, query, MOST_FOUND), lambda found: self._found(query, found))

    def _found(self, query: str, found: list[HouseholdLine]) -> None:
        if query == self.field.text().strip():
            self.model.show_found(found)
            self._after_change()

    def _after_change(self) -> None:
        shown = self.model.rowCount()
        key = "households.found" if self.field.text().strip() else "households.all"
        self.title.setText(t(key, n=f"{shown:,}"))
        if shown:
            self.views.setCurrentIndex(0)
            self.list.choose(max(self.list.chosen(), 0))
            return
        clear(self.empty)
        searched = bool(self.field.text().strip())
        button = None if searched else Button(t("screen.sync"), kind="primary")
        if button is not None:
            button.clicked.connect(lambda: self.desk.go("sync"))
        name = "nothing" if searched else "empty"
        self.empty.addWidget(EmptyState("users", t(f"households.{name}"), t(f"households.{name}_do"), button))
        self.views.setCurrentIndex(1)

    def draw(self) -> None:
        self.model.repaint()

    def to_search(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def down(self) -> None:
        self.list.step(1)

    def up(self) -> None:
        self.list.step(-1)

    def open(self) -> None:
        self._open_row(self.list.chosen())

    def _open_row(self, place: int) -> None:
        line = self.model.line(place)
        if line is not None and line.kind == "household":
            self.desk.go("household", household=line.id)
