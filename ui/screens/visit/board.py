"""The list of one's visits: sent back first, then unfinished, waiting, approved."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.workflows import route, visit_lists
from fieldapp.workflows.route import Stop
from fieldapp.workflows.visit_lists import VisitBoard, VisitLine
from ui.desk import Desk
from ui.formats import stamp, when
from ui.privacy import name, secret
from ui.screens.visit.kit import form_titles, kit_of
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.labels import label
from ui.widgets.notices import EmptyState
from ui.widgets.rows import Row, RowList
from ui.widgets.tabs import Tabs
from ui.words import said, t

STOP_TONES = {
    "urgent": "abnormal", "lead": "changed", "returned": "changed", "revisit": "accent", "second_try": "absent",
}  # fmt: skip
STATES = {"returned": "changed", "draft": "accent", "waiting": "todo", "approved": "done", "sent": "done"}
#: One's own visits, the day's route, what forms are called.
Found = tuple[VisitBoard, tuple[Stop, ...], dict[str, str]]


class Board(QWidget):
    """``opened(visit id)`` for a row, ``stopped(Stop)`` for one of the day's route, ``wanted_new`` for a new visit."""

    opened = Signal(str)
    wanted_new = Signal()
    stopped = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._model: VisitBoard | None = None
        self._stops: tuple[Stop, ...] = ()
        self._forms: dict[str, str] = {}
        self.view = "mine"
        self._shown: list[VisitLine] = []
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(16)
        head = QHBoxLayout()
        head.addWidget(label(t("screen.visit"), "title"), 1)
        self.tabs = Tabs((("mine", t("visit.mine")), ("route", t("visit.route"))), self.view)
        self.tabs.chosen.connect(self.show_view)
        head.addWidget(self.tabs)
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

    def ask(self) -> Found:
        """Both lists, and what their forms are called; not on the GUI thread."""
        store, actor = self._desk.store, self._desk.actor
        mine, stops = visit_lists.board(store, actor), route.route(store, actor)
        board = mine.result()
        return board, stops.result(), form_titles(kit_of(self._desk).shelf, {line.form_id for line in board.lines})

    def show_board(self, found: Found) -> None:
        self._model, self._stops, self._forms = found
        self.draw()
        if self._list.model().rowCount():
            self._list.choose(0)
            self._list.setFocus()

    def show_view(self, name: str) -> None:
        self.view = name
        self.tabs.select(name)
        self.draw()

    def draw(self) -> None:
        if self._model is None:
            return
        self._shown = [line for state in STATES for line in self._model.of(state)]
        if self.view == "route":
            self._list.set_rows([_stop(number, each) for number, each in enumerate(self._stops, 1)])
        else:
            self._list.set_rows([self._row(line) for line in self._shown])
        any_row = bool(self._stops if self.view == "route" else self._shown)
        self._card.heading.set_text(t("visit.route_long") if self.view == "route" else t("visit.mine"))
        self._card.setVisible(any_row)
        self._empty.setVisible(not any_row)

    def _row(self, line: VisitLine) -> Row:
        about = [line.place, said("purpose", line.purpose) if line.purpose else ""]
        words = t("visit.asked", words=secret(line.words)) if line.words else " · ".join(part for part in about if part)
        return Row(
            title=t("household.family", name=name(line.family)), beside=self._forms[line.form_id], second=words,
            right=when(stamp(line.at), today=self._desk.actor.today()),
            tag=(t(f"visit.state.{line.state}"), STATES[line.state]), icon="clipboard-list",
        )  # fmt: skip

    def _open(self, place: int) -> None:
        if self.view == "route" and 0 <= place < len(self._stops):
            self.stopped.emit(self._stops[place])
        elif self.view == "mine" and 0 <= place < len(self._shown):
            self.opened.emit(self._shown[place].id)


def _stop(number: int, each: Stop) -> Row:
    words = " · ".join(t(f"visit.stop.{reason}") for reason in each.reasons)
    return Row(
        number=str(number), title=t("household.family", name=name(each.family)), second=each.place,
        tag=(words, STOP_TONES[each.reasons[0]]),
    )  # fmt: skip
