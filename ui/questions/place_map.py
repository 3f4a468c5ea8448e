"""A small map of grid outlines, drawn without tiles, on which a place is pointed at."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QWidget

from ui.questions.host import Outline
from ui.theme import icons, look
from ui.widgets import painting

_MOVES = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # fmt: skip


class PlaceMap(QWidget):
    """Click or Enter points; arrows move the cross; + and - and the wheel go nearer and farther."""

    pointed = Signal(float, float)  # latitude, longitude

    def __init__(self, name: str, outlines: Sequence[Outline], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumHeight(220)
        self._outlines = outlines
        self.places: list[tuple[float, float]] = []
        points = [point for outline in outlines for point in outline.ring]
        self._centre = _middle(points)
        self._span = _span(points)
        self._cross = self._centre

    def sizeHint(self) -> QSize:
        return QSize(480, 220)

    def show_places(self, places: list[tuple[float, float]]) -> None:
        """(latitude, longitude) pairs to mark."""
        self.places = places
        if places:
            self._cross = (places[-1][1], places[-1][0])
            if not self._outlines:
                self._centre = self._cross
        self.update()

    def _scale(self) -> float:
        """Pixels per degree of latitude."""
        return min(self.width(), self.height()) / self._span

    def _at(self, longitude: float, latitude: float) -> QPointF:
        shrink = math.cos(math.radians(self._centre[1]))
        across = (longitude - self._centre[0]) * shrink * self._scale()
        down = (self._centre[1] - latitude) * self._scale()
        return QPointF(self.width() / 2 + across, self.height() / 2 + down)

    def _place(self, at: QPointF) -> tuple[float, float]:
        shrink = math.cos(math.radians(self._centre[1]))
        longitude = self._centre[0] + (at.x() - self.width() / 2) / self._scale() / shrink
        return longitude, self._centre[1] - (at.y() - self.height() / 2) / self._scale()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._cross = self._place(event.position())
        self._point()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._zoom(0.8 if event.angleDelta().y() > 0 else 1.25)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _MOVES:
            across, up = _MOVES[Qt.Key(key)]
            step = self._span / 40
            self._cross = (self._cross[0] + across * step, self._cross[1] + up * step)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._point()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(0.8)
        elif key == Qt.Key.Key_Minus:
            self._zoom(1.25)
        else:
            event.ignore()
        self.update()

    def _zoom(self, factor: float) -> None:
        self._span = min(max(self._span * factor, 0.0005), 20.0)
        self.update()

    def _point(self) -> None:
        self.pointed.emit(round(self._cross[1], 6), round(self._cross[0], 6))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        area = QRectF(self.rect())
        painting.box(painter, area, look.colour("ground"), look.colour("line"), look.metrics().radius)
        painter.setClipRect(area.adjusted(1, 1, -1, -1))
        painter.setFont(look.font("small"))
        for outline in self._outlines:
            ring = QPolygonF([self._at(x, y) for x, y in outline.ring])
            painter.setPen(QPen(look.colour("control_line"), 1.2))
            painter.setBrush(look.colour("surface"))
            painter.drawPolygon(ring)
            painter.setPen(look.colour("second"))
            painter.drawText(ring.boundingRect(), Qt.AlignmentFlag.AlignCenter, outline.name)
        for latitude, longitude in self.places:
            at = self._at(longitude, latitude)
            icons.paint(painter, "map-pin", QRectF(at.x() - 12, at.y() - 22, 24, 24), look.colour("accent"))
        if self.hasFocus():
            cross = self._at(*self._cross)
            painter.setPen(QPen(look.colour("accent"), 1.4))
            painter.drawLine(cross - QPointF(8, 0), cross + QPointF(8, 0))
            painter.drawLine(cross - QPointF(0, 8), cross + QPointF(0, 8))
            painting.focus_ring(painter, area, look.metrics().radius)


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    if not points:
        return 105.0, 35.0
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _span(points: Sequence[tuple[float, float]]) -> float:
    if not points:
        return 0.02
    ys = [y for _, y in points]
    return max(max(ys) - min(ys), 0.002) * 1.1
