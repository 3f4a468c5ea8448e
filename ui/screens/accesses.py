"""The access log: who looked at what and when; the desk sees everybody's, a worker his own."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from fieldapp.workflows import access_log
from fieldapp.workflows.access_log import AccessLine
from ui import formats, privacy
from ui.desk import Desk
from ui.screens.base import Key, Screen
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.labels import label
from ui.widgets.notices import EmptyState
from ui.widgets.rows import Row, RowList
from ui.words import said, t

ICONS = {
    "export": "download", "unmask": "download", "print": "printer", "reveal": "eye", "open": "eye",
    "recovery": "key-round",
}  # fmt: skip


class Accesses(Screen):
    """Enter opens the family that was looked at."""

    keys = (
        Key("Return", "open_family", "accesses.key.open"),
        Key("Escape", "back", "accesses.key.back"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lines: list[AccessLine] | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(self.margins(), self.margins(), self.margins(), self.margins())
        outer.setSpacing(16)
        head = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(t("screen.accesses"), "title"))
        words.addWidget(label(t("accesses.all" if desk.actor.at_desk else "accesses.own"), "second", wrap=True))
        head.addLayout(words, 1)
        back = Button(t("accesses.back"), key="Esc")
        back.clicked.connect(self.back)
        head.addWidget(back)
        outer.addLayout(head)
        self.views = QStackedWidget()
        card = Card(flush=True)
        self.list = RowList(accessible=t("screen.accesses"), one_click=False)
        self.list.activated_row.connect(lambda _row: self.open_family())
        card.body.addWidget(self.list)
        self.views.addWidget(card)
        self.views.addWidget(EmptyState("eye", t("accesses.empty"), t("accesses.empty_do")))
        outer.addWidget(self.views, 1)

    def arrive(self, **args: Any) -> None:
        store, actor = self.desk.store, self.desk.actor
        self.load(lambda: access_log.lines(store, actor), self._got)

    def _got(self, lines: list[AccessLine]) -> None:
        self.lines = lines
        self.draw()
        self.list.choose(0)
        self.list.setFocus()

    def draw(self) -> None:
        if self.lines is None:
            return
        today = self.desk.actor.today()
        self.list.set_rows([_row(line, formats.when(formats.stamp(line.at), today=today)) for line in self.lines])
        self.views.setCurrentIndex(0 if self.lines else 1)

    def open_family(self) -> None:
        place = self.list.chosen()
        household = self.lines[place].household if self.lines and 0 <= place < len(self.lines) else None
        if household is not None:
            self.desk.go("household", household=household)

    def back(self) -> None:
        self.desk.go("settings")


def _row(line: AccessLine, when: str) -> Row:
    about = privacy.name(line.about) or t("accesses.nobody")
    return Row(said("access", line.kind), line.user, about, when, icon=ICONS.get(line.kind, "eye"))
