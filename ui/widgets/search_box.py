"""The search box that is always there, with its list of results under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from ui.theme import icons, look
from ui.widgets import painting
from ui.widgets.rows import Row, RowList
from ui.words import t

PAUSE_MS = 60


@dataclass(frozen=True)
class Hit:
    """One result: how it looks, and what choosing it does."""

    row: Row
    choose: Callable[[], None]


class SearchField(QLineEdit):
    """A text field with a magnifier at the left and its key at the right while it is empty."""

    def __init__(self, hint: str, key: str = "") -> None:
        super().__init__()
        self._key = key
        self.setProperty("role", "search")
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        # Committed text only: a half-typed composition is not a query (textChanged does not fire for it).

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = painting.smooth(QPainter(self))
        middle = self.height() / 2
        icons.paint(painter, "search", QRectF(12, middle - 8, 16, 16), look.colour("second"))
        if self._key and not self.text() and not self.hasFocus():
            second, line = look.colour("second"), look.colour("control_line")
            painting.key_chip(painter, self.width() - 12, middle, self._key, second, line, look.colour("surface"))


class SearchBox(QWidget):
    """``asked`` fires after a pause in typing; ``show_hits`` shows what was found. Enter takes the chosen one."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.field = SearchField(t("search.hint"), "Ctrl K")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(lambda: self.asked.emit(self.field.text().strip()))
        self.field.textChanged.connect(lambda: self._pause.start(PAUSE_MS))
        self.field.installEventFilter(self)
        self._panel: QFrame | None = None
        self._list = RowList(accessible=t("search.results"))
        self._hits: Sequence[Hit] = ()
        self._enter_waits = False
        self._list.activated_row.connect(self._take)

    def focus(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        if self.field.text():
            self.asked.emit(self.field.text().strip())

    def show_hits(self, query: str, hits: Sequence[Hit]) -> None:
        """Show results of ``query``; ignored when something else has been typed meanwhile."""
        if query != self.field.text().strip():
            return
        self._hits = hits
        nothing = [Row(title=t("search.nothing"), second=t("search.nothing_do"), icon="search")]
        self._list.set_rows([hit.row for hit in hits] or nothing)
        self._list.choose(0)
        if self.field.hasFocus() and query:
            self._open_panel()
        else:
            self.close_panel()
        if self._enter_waits:
            self._enter_waits = False
            self._take(0)

    def _open_panel(self) -> None:
        window = self.window()
        if self._panel is None:
            self._panel = QFrame(window)
            self._panel.setProperty("role", "panel")
            column = QVBoxLayout(self._panel)
            column.setContentsMargins(1, 4, 1, 4)
            column.addWidget(self._list)
        corner = self.field.mapTo(window, self.field.rect().bottomLeft())
        tall = min(self._list.content_height() + 10, window.height() - corner.y() - 24)
        self._panel.setGeometry(corner.x(), corner.y() + 4, max(self.field.width(), 520), tall)
        self._panel.show()
        self._panel.raise_()

    def close_panel(self) -> None:
        if self._panel is not None:
            self._panel.hide()

    def is_open(self) -> bool:
        return self._panel is not None and self._panel.isVisible()

    def _take(self, index: int) -> None:
        if 0 <= index < len(self._hits):
            hit = self._hits[index]
            self.close_panel()
            self.field.clear()
            self.field.clearFocus()
            hit.choose()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        if event.type() == QEvent.Type.FocusOut:
            # A click on a result takes the focus first; the panel must outlive it.
            QTimer.singleShot(0, self._close_unless_focused)
        return False

    def _close_unless_focused(self) -> None:
        if not self.field.hasFocus() and not self._list.hasFocus():
            self.close_panel()

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.is_open():
            self._list.step(1 if key == Qt.Key.Key_Down else -1)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._pause.isActive() or not self.is_open():
                self._pause.stop()
                self._enter_waits = bool(self.field.text().strip())
                self.asked.emit(self.field.text().strip())
            else:
                self._take(self._list.chosen())
            return True
        if key == Qt.Key.Key_Escape:
            self.close_panel()
            self.field.clearFocus()
            return True
        return False
