"""A round's curve: how many doors were answered by each day, under the line of all of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import look
from ui.widgets import painting

Points = Sequence[tuple[str, int]]


class Curve(QWidget):
    """``set`` takes (day as shown, how many so far) in order and the number that is all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._points: Points = ()
        self._total = 0
        self._empty = ""

    def set(self, points: Points, total: int, words: str, empty: str) -> None:
        """``words`` are read aloud; ``empty`` stands where there is no point yet."""
        self._points, self._total, self._empty = tuple(points), total, empty
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 128)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        painter.setFont(look.font("small"))
        if not self._points or not self._total:
            painter.setPen(look.colour("second"))
            painter.drawText(QRectF(self.rect()), painting.CENTER, self._empty)
            return
        low = painter.fontMetrics().height() + 4
        area = QRectF(self.rect()).adjusted(4, 8, -4, -low)
        painter.setPen(QPen(look.colour("line"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(area.topLeft(), area.topRight())
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(QPen(look.colour("done"), 2))
        dots = self._dots(area)
        painter.drawPolyline(QPolygonF(dots))
        painter.setBrush(look.colour("done"))
        painter.drawEllipse(dots[-1], 3, 3)
        painter.setPen(look.colour("second"))
        under = QRectF(area.left(), area.bottom() + 2, area.width(), low)
        flags = Qt.AlignmentFlag
        painter.drawText(under, int(flags.AlignLeft), self._points[0][0])
        if len(self._points) > 1:
            painter.drawText(under, int(flags.AlignRight), self._points[-1][0])

    def _dots(self, area: QRectF) -> list[QPointF]:
        """From nothing at the left edge to the last day at the right one."""
        step = area.width() / len(self._points)
        high = [area.bottom() - area.height() * min(count / self._total, 1.0) for _day, count in self._points]
        return [area.bottomLeft(), *(QPointF(area.left() + step * n, top) for n, top in enumerate(high, 1))]
