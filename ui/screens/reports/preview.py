"""Pages of a paper inside the program: pictures in memory, one at a time, nothing written to disk."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from fieldapp.reports import pages
from fieldapp.reports.pages import PagePicture
from ui import tasks
from ui.privacy import privacy
from ui.screens.base import scroll_area
from ui.widgets.card import Card
from ui.widgets.labels import label
from ui.words import t

PAGE_WIDTH = 760


class PagePreview(Card):
    """``show_pdf`` draws the first page, ``turn`` another; ``say`` puts words where the page would be."""

    def __init__(self) -> None:
        super().__init__()
        self.pdf = b""
        self.number = self.count = 0
        self.counted = label("", "second")
        area, inner = scroll_area()
        inside = QVBoxLayout(inner)
        self._picture = QLabel()
        self._picture.setAccessibleName(t("reports.page"))
        self._picture.setWordWrap(True)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        inside.addWidget(self._picture)
        self.body.addWidget(area, 1)
        self._area = area

    def say(self, words: str) -> None:
        self.pdf, self.number, self.count = b"", 0, 0
        self.counted.setText("")
        self._picture.setText(words)

    def show_pdf(self, pdf: bytes) -> None:
        self.pdf, self.number, self.count = pdf, 0, 0
        self.counted.setText("")
        self.draw()

    def turn(self, step: int) -> None:
        place = self.number + step
        if 0 <= place < self.count:
            self.number = place
            self.draw()

    def draw(self) -> None:
        if self.pdf:
            pdf, number, ratio = self.pdf, self.number, self.devicePixelRatioF()
            wide = min(PAGE_WIDTH, max(self.width() - 64, 320))
            drawing = lambda: pages.picture(pdf, number, round(wide * ratio))  # noqa: E731
            tasks.run(drawing, lambda drawn: self._show(pdf, number, drawn), owner=self)

    def _show(self, pdf: bytes, number: int, drawn: PagePicture) -> None:
        if pdf is not self.pdf or number != self.number:
            return  # another paper or page was asked for meanwhile
        self.count = drawn.pages
        self.counted.setText(t("reports.page_of", n=number + 1, all=drawn.pages))
        if privacy().on:
            self._picture.setText(t("reports.hidden"))
            return
        image = QImage(drawn.pixels, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGB32).copy()
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self._picture.setPixmap(QPixmap.fromImage(image))
        self._area.verticalScrollBar().setValue(0)


def framed(*inside: QWidget) -> QWidget:
    """Widgets one under another, the last taking the room."""
    frame = QWidget()
    lines = QVBoxLayout(frame)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(12)
    for place, widget in enumerate(inside):
        lines.addWidget(widget, int(place == len(inside) - 1))
    return frame
