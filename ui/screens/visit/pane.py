"""The questions of one section (of one member): only what is visible is built; a change refreshes what it names."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QVBoxLayout, QWidget

from forms.api import ChangeSet, FormSession, Kind, NodeView
from ui.questions.frame import QuestionFrame
from ui.questions.host import Host
from ui.screens.visit.rows_block import RowsBlock
from ui.theme import look
from ui.widgets.labels import label

ONE_COLUMN = 520  # pixels: narrower than this, questions stand one under another


class QuestionPane(QWidget):
    """Shows the questions under one group or row. ``answered`` carries what was answered, ``typed`` what is being
    written; ``past_end`` fires when Enter was pressed on the last question."""

    answered = Signal(str, object)
    typed = Signal(str, str)
    past_end = Signal()

    def __init__(
        self, session: FormSession, host: Host, container: str, *, skip: Collection[Kind] = ()
    ) -> None:
        super().__init__()
        self._session, self._host, self._container = session, host, container
        self._skip = skip
        self._pressing = False
        self._frames: dict[str, QuestionFrame] = {}
        self._blocks: dict[str, RowsBlock] = {}
        self._headings: dict[str, QWidget] = {}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addLayout(self._grid)
        lines.addStretch()
        self._shown: list[str] = []
        self._columns = 2
        self._arrange()

    def apply(self, changes: ChangeSet) -> None:
        """Refresh what ``changes`` names; build what became relevant, hide what did not."""
        for node_id in changes.nodes:
            frame = self._frames.get(node_id) or self._frames.get(self._asked_by(node_id))
            if frame is not None and self._session.exists(frame.view.id):
                self._refresh(frame)
        if changes.relevance or changes.rows_added or changes.rows_removed or changes.rows_moved:
            self._arrange()
        for block in tuple(self._blocks.values()):
            block.apply(changes)

    def press(self) -> None:
        """Show what is missing."""
        self._pressing = True
        for frame in self._frames.values():
            frame.press()
        for block in self._blocks.values():
            block.press()

    def commit(self) -> None:
        """Say at once whatever has been entered and not yet said."""
        for frame in tuple(self._frames.values()):  # an answer may bring a question
            frame.commit()
        for block in tuple(self._blocks.values()):
            block.commit()

    def frame(self, node_id: str) -> QuestionFrame | None:
        return self._frames.get(node_id)

    def focus_first(self) -> None:
        """Put the cursor on the first question without an answer, else on the first."""
        asked = [self._frames[one] for one in self._shown if one in self._frames and self._can_answer(one)]
        wanted = next((frame for frame in asked if frame.view.value is None and not frame.is_unknown()), None)
        target = wanted or (asked[0] if asked else None)
        if target is not None:
            target.focus_question()

    def focus_node(self, node_id: str) -> bool:
        """Put the cursor on a question; False when it does not stand here."""
        frame = self._frames.get(node_id) or self._frames.get(self._asked_by(node_id))
        if frame is not None:
            frame.focus_question()
            return True
        return any(block.focus_node(node_id) for block in self._blocks.values())

    def same_as_last(self) -> int:
        """Take last time's answers where this time has none; how many were taken."""
        taken = 0
        for frame in list(self._frames.values()):
            if frame.has_last() and frame.view.value is None and not frame.is_unknown() and frame.isVisible():
                frame.take_last()
                taken += 1
        return taken

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = 1 if self.width() < ONE_COLUMN * look.scale().body / 15 else 2
        if columns != self._columns:
            self._columns = columns
            self._arrange()

    def _asked_by(self, companion_id: str) -> str:
        """The question a companion belongs to (its sibling)."""
        if not self._session.exists(companion_id):
            return ""
        node = self._session.node_of(companion_id)
        if not node.unknown_of:
            return ""
        return companion_id.rsplit("/", 1)[0] + "/" + self._session.definition.node(node.unknown_of).name

    def _companion(self, view: NodeView) -> NodeView | None:
        if not view.node.companion:
            return None
        node_id = view.id.rsplit("/", 1)[0] + "/" + self._session.definition.node(view.node.companion).name
        return self._session.view(node_id) if self._session.exists(node_id) else None

    def _refresh(self, frame: QuestionFrame) -> None:
        view = self._session.view(frame.view.id)
        frame.refresh(view, self._companion(view))

    def _can_answer(self, node_id: str) -> bool:
        view = self._frames[node_id].view
        return view.node.kind is Kind.QUESTION and not view.readonly

    def _visible(self, container: str) -> list[str]:
        """Ids of what is shown, in order: questions, notes, headings of inner groups, inner repeats."""
        found: list[str] = []
        for child in self._session.children(container):
            view = self._session.view(child)
            node = view.node
            if not view.relevant or node.unknown_of or node.kind is Kind.VALUE:
                continue
            if node.kind in self._skip and container == self._container:
                continue  # a section of its own
            if node.kind is Kind.GROUP:
                found += [child, *self._visible(child)]
            else:
                found.append(child)
        return found

    def _arrange(self) -> None:
        """Lay out what is relevant now; widgets already built keep their place, their text and the cursor."""
        wanted = self._visible(self._container)
        _empty(self._grid)
        self._shown = wanted
        row = column = 0
        before: QWidget | None = None
        for node_id in wanted:
            widget, wide = self._widget(node_id)
            if wide or self._columns == 1:
                row += 1 if column else 0
                self._grid.addWidget(widget, row, 0, 1, 2)
                row, column = row + 1, 0
            else:
                self._grid.addWidget(widget, row, column)
                row, column = (row + 1, 0) if column else (row, 1)
            widget.show()
            if before is not None:
                QWidget.setTabOrder(before, widget)
            before = widget
        for node_id, frame in {**self._frames, **self._blocks, **self._headings}.items():
            if node_id not in wanted:
                frame.hide()

    def _widget(self, node_id: str) -> tuple[QWidget, bool]:
        kind = self._session.node_of(node_id).kind
        if kind is Kind.REPEAT:
            if node_id not in self._blocks:
                self._blocks[node_id] = self._block(node_id)
            return self._blocks[node_id], True
        if kind is Kind.GROUP:
            if node_id not in self._headings:
                self._headings[node_id] = label(self._session.view(node_id).label, "strong", wrap=True)
            return self._headings[node_id], True
        if node_id not in self._frames:
            self._frames[node_id] = self._frame(node_id)
        frame = self._frames[node_id]
        return frame, frame.wide

    def _frame(self, node_id: str) -> QuestionFrame:
        view = self._session.view(node_id)
        frame = QuestionFrame(view, self._companion(view), self._host)
        frame.answered.connect(self.answered)
        frame.typed.connect(self.typed)
        frame.leave.connect(self._next)
        if self._pressing:
            frame.press()
        return frame

    def _block(self, node_id: str) -> RowsBlock:
        block = RowsBlock(self._session, self._host, node_id)
        block.answered.connect(self.answered)
        block.typed.connect(self.typed)
        if self._pressing:
            block.press()
        return block

    def _next(self, node_id: str) -> None:
        """Enter: on to the next question that can be answered."""
        after = self._shown[self._shown.index(node_id) + 1 :] if node_id in self._shown else []
        for one in after:
            if one in self._frames and self._can_answer(one):
                self._frames[one].focus_question()
                return
        self.past_end.emit()


def _empty(grid: QLayout) -> None:
    while grid.count():
        grid.takeAt(0)
