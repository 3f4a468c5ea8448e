"""A map of areas without tiles: each outline filled by how far it is, named, the chosen one ringed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ui.theme import look
from ui.widgets import painting
from ui.words import t

Ring = tuple[tuple[float, float], ...]
EDGE = 12.0


@dataclass(frozen=True)
class Patch:
    """One area: its outer rings (longitude, latitude), the words on it, a tone for what its state is."""

    rings: tuple[Ring, ...]
    words: str
    tone: str


class AreaMap(QWidget):
    """``chosen`` fires with the place of the area that was touched."""

    chosen = Signal(int)

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setAccessibleName(words)
        self.setMinimumHeight(200)
        self._patches: Sequence[Patch] = ()
        self._current = -1

    def show_patches(self, patches: Sequence[Patch]) -> None:
        self._patches, self._current = patches, -1
        self.update()

    def mark(self, place: int) -> None:
        self._current = place
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        shapes = self._shapes()
        if not any(shapes):
            painter.setFont(look.font("small"))
            painter.setPen(look.colour("second"))
            words = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect(), words, t("coverage.no_map"))
            return
        for place, polygons in enumerate(shapes):
            self._paint_patch(painter, self._patches[place], polygons, chosen=place == self._current)

    def _paint_patch(self, painter: QPainter, patch: Patch, polygons: list[QPolygonF], *, chosen: bool) -> None:
        painter.setBrush(look.colour(f"{patch.tone}_ground"))
        painter.setPen(QPen(look.colour("accent" if chosen else "control_line"), 2.4 if chosen else 1))
        box = QRectF()
        for polygon in polygons:
            painter.drawPolygon(polygon)
            box = box.united(polygon.boundingRect())
        painter.setFont(look.font("small"))
        painter.setPen(look.colour(patch.tone))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), patch.words)

    def _shapes(self) -> list[list[QPolygonF]]:
        """The outlines on the widget: longitudes shrunk by the cosine of the latitude, so that nothing is stretched."""
        points = [point for patch in self._patches for ring in patch.rings for point in ring]
        if not points:
            return [[] for _ in self._patches]
        west, east = min(x for x, _ in points), max(x for x, _ in points)
        south, north = min(y for _, y in points), max(y for _, y in points)
        shrink = math.cos(math.radians((south + north) / 2))
        wide, tall = max((east - west) * shrink, 1e-6), max(north - south, 1e-6)
        scale = min((self.width() - 2 * EDGE) / wide, (self.height() - 2 * EDGE) / tall)
        left, top = (self.width() - wide * scale) / 2, (self.height() - tall * scale) / 2
        return [
            [
                QPolygonF([QPointF(left + (x - west) * shrink * scale, top + (north - y) * scale) for x, y in ring])
                for ring in patch.rings
            ]
            for patch in self._patches
        ]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for place, polygons in enumerate(self._shapes()):
            if any(one.containsPoint(event.position(), Qt.FillRule.OddEvenFill) for one in polygons):
                self.chosen.emit(place)
                return
