"""Long lists: type a part of a label, pick from what is left. Five thousand choices filter within one frame."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from forms.api import Choice
from ui.questions.line import Line
from ui.questions.overlay import Overlay
from ui.theme import look
from ui.words import t

_SHOWN_ROWS = 7
_Index = QModelIndex | QPersistentModelIndex


class ChoiceList(QAbstractListModel):
    """The choices whose label or value holds the typed text, those beginning with it first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[tuple[str, Choice]] = []
        self._shown: list[Choice] = []
        self._picked: frozenset[str] = frozenset()

    def set_choices(self, choices: Sequence[Choice]) -> None:
        self._all = [(f"{choice.label}\n{choice.value}".casefold(), choice) for choice in choices]
        self.search("")

    def search(self, text: str) -> None:
        wanted = text.strip().casefold()
        hits = [(words, choice) for words, choice in self._all if wanted in words]
        if wanted:
            hits.sort(key=lambda hit: not hit[0].startswith(wanted))
        self.beginResetModel()
        self._shown = [choice for _, choice in hits]
        self.endResetModel()

    def set_picked(self, picked: frozenset[str]) -> None:
        self._picked = picked
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def choice(self, row: int) -> Choice | None:
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        choice = self.choice(index.row())
        if choice is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return f"✓ {choice.label}" if choice.value in self._picked else choice.label
        return QSize(100, look.metrics().control) if role == Qt.ItemDataRole.SizeHintRole else None


class SearchBox(QWidget):
    """A line with a list hanging under it. Arrows and Enter pick, Esc folds; ``chosen(value)`` for every pick."""

    chosen = Signal(str)
    cleared = Signal()
    leave = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = Line(name, parent=self)
        self.line.setPlaceholderText(t("question.search_choice"))
        self.model = ChoiceList(self)
        self._standing = ""
        self._overlay: Overlay | None = None
        self._list = QListView()
        self._list.setModel(self.model)
        self._list.setUniformItemSizes(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setAccessibleName(name)
        self._list.clicked.connect(lambda index: self._take(index.row()))
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.line)
        self.line.textEdited.connect(self._typed)
        self.line.left.connect(self._left)
        self.line.installEventFilter(self)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        self.model.set_choices(choices)

    def show_standing(self, text: str, picked: frozenset[str]) -> None:
        """The answer as it stands: shown in the line while nobody searches."""
        self._standing = text
        self.model.set_picked(picked)
        if not (self.line.hasFocus() and self._unfolded()):
            self.line.setText(text)

    def set_locked(self, locked: bool) -> None:
        self.line.setReadOnly(locked)

    def _unfolded(self) -> bool:
        return self._overlay is not None and self._overlay.isVisible()

    def unfold(self, text: str = "") -> None:
        if self.line.isReadOnly():
            return
        self.model.search(text)
        self._list.setCurrentIndex(self.model.index(0))
        if self._overlay is None:
            self._overlay = Overlay(self.line)
            self._overlay.body.addWidget(self._list)
        rows = min(max(self.model.rowCount(), 1), _SHOWN_ROWS)
        self._overlay.unfold(max(self.width(), 280), rows * look.metrics().control + 4)

    def fold(self) -> None:
        if self._overlay is not None:
            self._overlay.fold()
        self.line.setText(self._standing)

    def _typed(self, text: str) -> None:
        self.line.settle()
        self.unfold(text)

    def _left(self) -> None:
        # A click on the list takes the cursor first on some platforms: fold only after it has been handled.
        QTimer.singleShot(0, self._fold_if_left)

    def _fold_if_left(self) -> None:
        if not self.line.hasFocus():
            self.fold()

    def _take(self, row: int) -> None:
        choice = self.model.choice(row)
        if choice is not None:
            self._standing = choice.label
            self.fold()
            self.chosen.emit(choice.value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        if event.type() == QEvent.Type.MouseButtonRelease and not self._unfolded():
            self.line.selectAll()
            self.unfold()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key, row = event.key(), self._list.currentIndex().row()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and not event.modifiers():
            if not self._unfolded():
                self.unfold()
            else:
                step = 1 if key == Qt.Key.Key_Down else -1
                place = max(0, min(row + step, self.model.rowCount() - 1))
                self._list.setCurrentIndex(self.model.index(place))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.line.composing():
            if self._unfolded():
                self._take(row)
            else:
                self.leave.emit()
        elif key == Qt.Key.Key_Escape and self._unfolded():
            self.fold()
        elif key == Qt.Key.Key_Delete and not self._unfolded():
            self.cleared.emit()
        else:
            return False
        return True
