"""A photo of the store at its place on a screen; a click or Enter opens it large."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from fieldapp.workflows import visit_files
from ui import tasks
from ui.desk import Desk
from ui.privacy import privacy
from ui.screens.base import UNBOUNDED
from ui.theme import look
from ui.widgets import painting
from ui.widgets.sheet import Sheet

NARROWEST = 40  # pixels


class Picture(QPushButton):
    """A photo at its place; a click or Enter opens it large. Hidden while privacy is on. One that ``fills`` is as wide
    as its place: the size says its height."""

    def __init__(self, words: str, size: QSize, *, fills: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setFixedSize(size)
        if fills:
            self.setMinimumWidth(NARROWEST)
            self.setMaximumWidth(UNBOUNDED)
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.image = QImage()

    def show_image(self, image: QImage) -> None:
        self.image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        painting.box(painter, self.rect().toRectF(), look.colour("todo_ground"), None, look.metrics().tag_radius)
        if not self.image.isNull() and not privacy().on:
            filled = self.image.scaled(
                self.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
            )
            left, top = (filled.width() - self.width()) // 2, (filled.height() - self.height()) // 2
            painter.drawImage(0, 0, filled, left, top, self.width(), self.height())
        if self.hasFocus():
            painting.focus_ring(painter, self.rect().toRectF(), look.metrics().tag_radius)


def stored_picture(desk: Desk, photo: tuple[str, str], size: QSize, *, fills: bool = False) -> Picture:
    """``photo`` is (words, blob id); the picture comes when it has been read."""
    made = Picture(photo[0], size, fills=fills)
    fetch_blob(desk, photo[1], lambda data: made.show_image(QImage.fromData(data)), made)
    made.clicked.connect(lambda: show_large(made.window(), photo[0], made.image))
    return made


def fetch_blob(desk: Desk, blob: str, done: Callable[[bytes], None], owner: QWidget) -> None:
    """``done`` with the bytes when this laptop holds them."""

    def arrived(data: bytes | None) -> None:
        if data is not None:
            done(data)

    tasks.run(visit_files.fetch(desk.store, blob), arrived, owner=owner, failed=desk.present)


def show_large(window: QWidget, words: str, image: QImage) -> None:
    sheet = Sheet(window, words, width=900)
    shown = QLabel()
    shown.setAccessibleName(words)
    room = QSize(840, max(320, window.height() - 200))
    if not image.isNull() and not privacy().on:
        kept = Qt.AspectRatioMode.KeepAspectRatio
        shown.setPixmap(QPixmap.fromImage(image).scaled(room, kept, Qt.TransformationMode.SmoothTransformation))
    sheet.body.addWidget(shown)
    sheet.open()
