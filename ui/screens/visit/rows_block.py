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
    """A repeat inside a section. ``answered`` and ``typed`` as in the pane; rows come and go through the session."""

    answered = Signal(str, object)
    typed = Signal(str, str)

    def __init__(self, session: FormSession, host: Host, repeat_id: str) -> None:
        super().__init__()
        self._session, self._host, self._repeat = session, host, repeat_id
        self._open = ""
        self._pane: QuestionPane | None = None
        self._pressing = False
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(8)
        self._draw()

    def apply(self, changes: ChangeSet) -> None:
        if changes.rows_added or changes.rows_removed or changes.rows_moved:
            self._draw()
        elif self._pane is not None:
            self._pane.apply(changes)
            if any(one.startswith(self._repeat + "/") for one in changes.values):
                self._draw_titles()

    def press(self) -> None:
        self._pressing = True
        if self._pane is not None:
            self._pane.press()

    def commit(self) -> None:
        if self._pane is not None:
            self._pane.commit()

    def focus_node(self, node_id: str) -> bool:
        row = next((one for one in self._session.children(self._repeat) if node_id.startswith(one + "/")), "")
        if not row:
            return False
        self._show(row)
        return self._pane is not None and self._pane.focus_node(node_id)

    def _draw(self) -> None:
        from ui.screens.visit.pane import QuestionPane

        self.commit()
        clear(self._lines)
        self._pane = None
        self._titles: dict[str, ElidedText] = {}
        rows = self._session.children(self._repeat)
        if self._open not in rows:
            self._open = rows[-1] if rows else ""
        for row in rows:
            self._lines.addWidget(self._line(row))
            if row == self._open:
                self._pane = QuestionPane(self._session, self._host, row)
                self._pane.answered.connect(self.answered)
                self._pane.typed.connect(self.typed)
                if self._pressing:
                    self._pane.press()
                self._lines.addWidget(self._pane)
        if not rows:
            self._lines.addWidget(label(t("rows.none"), "secondbody"))
        if self._session.can_add(self._repeat):
            add = Button(t("rows.add", what=self._session.view(self._repeat).label), icon="plus")
            add.clicked.connect(self._add)
            self._lines.addWidget(add)

    def _line(self, row: str) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "well")
        across = QHBoxLayout(frame)
        across.setContentsMargins(12, 4, 4, 4)
        title = ElidedText(row_words(self._session, row), bold=row == self._open)
        self._titles[row] = title
        across.addWidget(title, 1)
        if row != self._open:
            open_it = Button(t("rows.open"), kind="quiet")
            open_it.clicked.connect(lambda: self._show(row))
            across.addWidget(open_it)
        if self._session.can_remove(row):
            drop = IconButton("trash-2", t("rows.remove", what=row_words(self._session, row)))
            drop.clicked.connect(lambda: self._session.remove_row(row))
            across.addWidget(drop)
        return frame

    def _draw_titles(self) -> None:
        for row, title in self._titles.items():
            title.set_text(row_words(self._session, row))

    def _show(self, row: str) -> None:
        if row != self._open:
            self.commit()
            self._open = row
            self._draw()

    def _add(self) -> None:
        self._open = f"{self._repeat}/{(key := new_document_id())}"
        self._session.add_row(self._repeat, key)
        if self._pane is not None:
            self._pane.focus_first()
