"""Rows of a repeat as a table: one line per row, one column per question; the row with the cursor opens below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.ids import new_document_id
from forms.api import ChangeSet, FormSession
from ui.questions.host import Host
from ui.screens.visit.row_words import row_words
from ui.widgets.button import Button, IconButton
from ui.widgets.card import clear
from ui.widgets.labels import ElidedText, label
from ui.words import t

if TYPE_CHECKING:
    from ui.screens.visit.pane import QuestionPane


class RowsBlock(QWidget):
    """A repeat inside a section. ``answered`` and ``typed`` as in the pane; rows come and go through the session.

    Several rows may stand open at once, to be compared and filled across; the cursor opens the one it goes to."""

    answered = Signal(str, object)
    typed = Signal(str, str)

    def __init__(self, session: FormSession, host: Host, repeat_id: str) -> None:
        super().__init__()
        self._session, self._host, self._repeat = session, host, repeat_id
        rows = session.children(repeat_id)
        self._open: set[str] = {rows[-1]} if rows else set()
        self._panes: dict[str, QuestionPane] = {}
        self._pressing = False
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(8)
        self._draw()

    def apply(self, changes: ChangeSet) -> None:
        if changes.rows_added or changes.rows_removed or changes.rows_moved:
            self._draw()
            return
        for pane in tuple(self._panes.values()):
            pane.apply(changes)
        if any(one.startswith(self._repeat + "/") for one in changes.values):
            self._draw_titles()

    def press(self) -> None:
        self._pressing = True
        for pane in tuple(self._panes.values()):
            pane.press()

    def commit(self) -> None:
        for pane in tuple(self._panes.values()):
            pane.commit()

    def focus_node(self, node_id: str) -> bool:
        row = next((one for one in self._session.children(self._repeat) if node_id.startswith(one + "/")), "")
        if not row:
            return False
        self._show(row)
        return self._panes[row].focus_node(node_id)

    def _draw(self) -> None:
        self.commit()
        clear(self._lines)
        self._panes = {}
        self._titles: dict[str, ElidedText] = {}
        rows = self._session.children(self._repeat)
        self._open &= set(rows)
        for row in rows:
            self._lines.addWidget(self._line(row))
            if row in self._open:
                self._lines.addWidget(self._pane(row))
        if not rows:
            self._lines.addWidget(label(t("rows.none"), "secondbody"))
        if self._session.can_add(self._repeat):
            add = Button(t("rows.add", what=self._session.view(self._repeat).label), icon="plus")
            add.clicked.connect(self._add)
            self._lines.addWidget(add)

    def _pane(self, row: str) -> QuestionPane:
        from ui.screens.visit.pane import QuestionPane

        pane = self._panes[row] = QuestionPane(self._session, self._host, row)
        pane.answered.connect(self.answered)
        pane.typed.connect(self.typed)
        if self._pressing:
            pane.press()
        return pane

    def _line(self, row: str) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "well")
        across = QHBoxLayout(frame)
        across.setContentsMargins(12, 4, 4, 4)
        is_open = row in self._open
        title = ElidedText(row_words(self._session, row), bold=is_open)
        self._titles[row] = title
        across.addWidget(title, 1)
        turn = Button(t("rows.close" if is_open else "rows.open"), kind="quiet")
        turn.setAccessibleName(f"{turn.text()} {row_words(self._session, row)}")
        turn.clicked.connect(lambda: self._turn(row))
        across.addWidget(turn)
        if self._session.can_remove(row):
            drop = IconButton("trash-2", t("rows.remove", what=row_words(self._session, row)))
            drop.clicked.connect(lambda: self._session.remove_row(row))
            across.addWidget(drop)
        return frame

    def _draw_titles(self) -> None:
        for row, title in self._titles.items():
            title.set_text(row_words(self._session, row))

    def _turn(self, row: str) -> None:
        """Open a row or close it; the others stay as they are."""
        self.commit()
        self._open ^= {row}
        self._draw()

    def _show(self, row: str) -> None:
        if row not in self._open:
            self._turn(row)

    def _add(self) -> None:
        row = f"{self._repeat}/{(key := new_document_id())}"
        self._open.add(row)
        self._session.add_row(self._repeat, key)
        if row in self._panes:
            self._panes[row].focus_first()
