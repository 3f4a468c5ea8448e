"""The list of one's visits: sent back first, then unfinished, waiting, approved."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.workflows import visit_lists
from fieldapp.workflows.visit_lists import VisitBoard, VisitLine
from ui.desk import Desk
from ui.formats import stamp, when
from ui.privacy import name, secret
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.labels import label
from ui.widgets.notices import EmptyState
from ui.widgets.rows import Row, RowList
from ui.words import said, t

STATES = {"returned": "changed", "draft": "accent", "waiting": "todo", "approved": "done", "sent": "done"}


class Board(QWidget):
    """``opened(visit id)`` for a row, ``wanted_new`` for a new visit."""

    opened = Signal(str)
    wanted_new = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._model: VisitBoard | None = None
        self._shown: list[VisitLine] = []
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(16)
        head = QHBoxLayout()
        head.addWidget(label(t("screen.visit"), "title"), 1)
        new = Button(t("visit.new"), kind="primary", key="Ctrl N")
        new.clicked.connect(self.wanted_new)
        head.addWidget(new)
        lines.addLayout(head)
        self._card = Card(t("visit.mine"), flush=True)
        self._list = RowList(accessible=t("visit.mine"))
        self._list.activated_row.connect(self._open)
        self._card.body.addWidget(self._list, 1)
        lines.addWidget(self._card, 1)
        begin = Button(t("visit.new"), kind="primary")
        begin.clicked.connect(self.wanted_new)
        self._empty = EmptyState("clipboard-list", t("visit.none"), t("visit.none_do"), begin)
        lines.addWidget(self._empty, 1)
        self._empty.hide()

    def ask(self) -> Future[VisitBoard]:
        return visit_lists.board(self._desk.store, self._desk.actor)

    def show_board(self, model: VisitBoard) -> None:
        self._model = model
        self.draw()
        if self._shown:
            self._list.choose(0)
            self._list.setFocus()

    def draw(self) -> None:
        if self._model is None:
            return
        self._shown = [line for state in STATES for line in self._model.of(state)]
        self._list.set_rows([self._row(line) for line in self._shown])
        self._card.setVisible(bool(self._shown))
        self._empty.setVisible(not self._shown)

    def _row(self, line: VisitLine) -> Row:
        about = [line.place, said("purpose", line.purpose)]
        words = t("visit.asked", words=secret(line.words)) if line.words else " · ".join(part for part in about if part)
        return Row(
            title=t("household.family", name=name(line.family)), beside=said("form", line.form_id), second=words,
            right=when(stamp(line.at), today=self._desk.actor.today()),
            tag=(t(f"visit.state.{line.state}"), STATES[line.state]), icon="clipboard-list",
        )  # fmt: skip

    def _open(self, place: int) -> None:
        if 0 <= place < len(self._shown):
            self.opened.emit(self._shown[place].id)
