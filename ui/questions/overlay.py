"""A sheet that hangs under a field, over what follows, without taking the cursor from the field."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget


class Overlay(QFrame):
    """A child of the window, not a window: input methods go on working and every platform draws it.

    It folds when the window is resized, when a click lands outside it and its field, and when its field is no longer
    shown; it dies with its field.
    """

    def __init__(self, field: QWidget) -> None:
        super().__init__(field.window())
        self.setProperty("role", "toast")
        self._field = field
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(1, 1, 1, 1)
        self.hide()
        field.installEventFilter(self)
        field.destroyed.connect(self.deleteLater)  # a child of the window, it would outlive its form

    def unfold(self, width: int, height: int) -> None:
        """Show under the field, or above it when there is more room there."""
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        below = self._field.mapTo(window, QPoint(0, self._field.height() + 4))
        room = window.height() - below.y() - 8
        if room < height and below.y() - self._field.height() - 16 > room:
            height = min(height, below.y() - self._field.height() - 16)
            below.setY(below.y() - self._field.height() - 8 - height)
        else:
            height = min(height, room)
        left = max(8, min(below.x(), window.width() - width - 8))
        self.setGeometry(left, below.y(), width, max(height, 48))
        self.show()
        self.raise_()
        window.installEventFilter(self)

    def fold(self) -> None:
        self.hide()
        self.window().removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field:
            if event.type() == QEvent.Type.Hide:
                self.fold()
        elif event.type() in (QEvent.Type.Resize, QEvent.Type.MouseButtonPress, QEvent.Type.WindowDeactivate):
            self.fold()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.fold()
            self._field.setFocus()
