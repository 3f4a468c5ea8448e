"""Find one family by whatever is remembered of it: a line to type in, what was found under it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.workflows import households as workflow
from fieldapp.workflows.households import HouseholdLine
from ui.desk import Desk
from ui.finding import row
from ui.questions.line import Line
from ui.widgets.rows import RowList
from ui.words import t

FOUND = 6
WAIT_MS = 60
TALL = 200


class HouseholdFinder(QWidget):
    """``chosen`` fires with a household's id, "" while nothing is; ``taken`` on Enter in the line."""

    chosen = Signal(str)
    taken = Signal()

    def __init__(self, desk: Desk, words: str, *, text: str = "") -> None:
        super().__init__()
        self._desk, self.household = desk, ""
        self._found: list[HouseholdLine] = []
        self.line = Line(words)
        self.line.setPlaceholderText(t("search.hint"))
        self._wait = QTimer(self, interval=WAIT_MS, singleShot=True)
        self._wait.timeout.connect(self._search)
        self.line.textChanged.connect(lambda _text: self._wait.start())
        self.line.leave.connect(self.taken)
        self.line.installEventFilter(self)
        self.list = RowList(accessible=words)
        self.list.setFixedHeight(TALL)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.chosen_row.connect(self._choose)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.line)
        lines.addWidget(self.list)
        if text:
            self.line.setText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step:
                self.list.step(step)
                return True
        return super().eventFilter(watched, event)

    def _search(self) -> None:
        text = self.line.text().strip()
        if not text:
            self._show([])
            return
        store, actor = self._desk.store, self._desk.actor
        self._desk.read(lambda: workflow.find(store, actor, text, limit=FOUND), self._show, owner=self)

    def _show(self, found: list[HouseholdLine]) -> None:
        self._found = [each for each in found if each.kind == "household"]
        self.list.set_rows([row(each) for each in self._found])
        self.list.choose(0)
        self._choose(self.list.chosen())

    def _choose(self, place: int) -> None:
        self.household = self._found[place].id if 0 <= place < len(self._found) else ""
        self.chosen.emit(self.household)
