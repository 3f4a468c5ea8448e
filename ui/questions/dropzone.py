"""A place that takes files: chosen, dropped, or pasted with Ctrl+V."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from ui.theme import icons, look
from ui.widgets import painting


class DropZone(QPushButton):
    """Enter or a click opens the file dialog. ``files`` carries paths, ``image`` a pasted picture."""

    files = Signal(list)
    image = Signal(object)

    def __init__(self, words: str, icon: str, filters: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._icon, self._filters = words, icon, filters
        self.setAccessibleName(words)
        self.setAcceptDrops(True)
        self.setMinimumHeight(96)
        self.clicked.connect(self._choose)

    def _choose(self) -> None:
        found, _ = QFileDialog.getOpenFileName(self, self._words, "", self._filters)
        if found:
            self.files.emit([Path(found)])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take(event.mimeData())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.take(QGuiApplication.clipboard().mimeData())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def take(self, data: QMimeData) -> None:
        """What was dropped or pasted: local files first, else a picture."""
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        picture = data.imageData() if data.hasImage() else None
        if paths:
            self.files.emit(paths)
        elif isinstance(picture, QImage):
            self.image.emit(picture)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        area = QRectF(self.rect())
        fill = look.colour("hover" if self.underMouse() else "ground")
        painting.box(painter, area, fill, look.colour("control_line"), look.metrics().radius)
        middle = area.center()
        icons.paint(painter, self._icon, QRectF(middle.x() - 12, middle.y() - 28, 24, 24), look.colour("second"))
        painter.setPen(look.colour("second"))
        painter.setFont(look.font("small"))
        words = QRectF(8, middle.y() + 2, area.width() - 16, 2 * look.line_height("small"))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap), self._words)
        if self.hasFocus():
            painting.focus_ring(painter, area, look.metrics().radius)
