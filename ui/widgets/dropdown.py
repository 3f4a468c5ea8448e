"""A choice that folds out."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from ui.theme import icons, look
from ui.widgets import painting

CHEVRON = 20


class Dropdown(QComboBox):
    """Shows that it folds out, in the colours in force; scrolling past it changes nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not by the wheel

    def showPopup(self) -> None:
        self.view().setAccessibleName(self.accessibleName())  # the list is a window of its own to a screen reader
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painting.elided(self, self.currentText(), self.width() - CHEVRON - 24, self.font())
        box = QRectF(self.width() - CHEVRON - 8, (self.height() - CHEVRON) / 2, CHEVRON, CHEVRON)
        icons.paint(QPainter(self), "chevron-down", box, look.colour("second"))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.view().isVisible():
            super().wheelEvent(event)
        else:
            event.ignore()
