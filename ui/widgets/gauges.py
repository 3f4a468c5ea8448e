"""Progress as a ring and as a bar of coloured parts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import look
from ui.widgets import painting

Parts = Sequence[tuple[str, int]]


class ProgressRing(QWidget):
    """``done`` of ``total`` as a ring with the percentage in it; full only when everything is done."""

    def __init__(self, done: int = 0, total: int = 0, words: str = "") -> None:
        super().__init__()
        self.setFixedSize(96, 96)
        self.set(done, total, words)

    def set(self, done: int, total: int, words: str = "") -> None:
        self._share = done / total if total else 0.0
        # 199 of 200 doors is 99 %, never 100: the last silent door must show.
        self._text = f"{int(self._share * 100)}%"
        self.setAccessibleName(words or self._text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        ring = QRectF(7, 7, 82, 82)
        painter.setPen(QPen(look.colour("todo_ground"), 12))
        painter.drawEllipse(ring)
        pen = QPen(look.colour("done"), 12)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawArc(ring, 90 * 16, -round(self._share * 360 * 16))
        painter.setFont(look.font("section", bold=True))
        painter.setPen(look.colour("ink"))
        painter.drawText(QRectF(self.rect()), painting.CENTER, self._text)


class SegmentedBar(QWidget):
    """Counts by tone as one thin bar; what is missing to ``total`` stays empty."""

    def __init__(self, parts: Parts = (), total: int = 0, words: str = "") -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set(parts, total, words)

    def set(self, parts: Parts, total: int, words: str = "") -> None:
        self._parts, self._total = tuple(parts), total
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        area = QRectF(self.rect())
        painting.box(painter, area, look.colour("todo_ground"), None, 4)
        if not self._total:
            return
        left = 0.0
        painter.setClipRect(self.rect())
        for tone, count in self._parts:
            wide = area.width() * count / self._total
            painter.fillRect(QRectF(left, 0, wide, 8), look.colour(tone))
            left += wide
