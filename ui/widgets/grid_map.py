"""A map without tiles: outlines of grids and doors in their colours, from the county's GeoJSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ui.theme import look
from ui.widgets import painting
from ui.words import t

Rings = tuple[tuple[tuple[float, float], ...], ...]
REACH = 20.0  # pixels around a door that count as a hit


@dataclass(frozen=True)
class Spot:
    """A door on the map: its place in the list, longitude, latitude, state, number to write beside it."""

    place: int
    lon: float
    lat: float
    state: str
    number: str


class GridMap(QWidget):
    """``chosen`` fires with the place of the door that was touched."""

    chosen = Signal(int)

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(200)
        self._outlines: tuple[tuple[str, Rings], ...] = ()
        self._here = ""
        self._spots: Sequence[Spot] = ()
        self._current = -1

    def show_grid(self, outlines: tuple[tuple[str, Rings], ...], here: str, spots: Sequence[Spot]) -> None:
        self._outlines, self._here, self._spots = outlines, here, spots
        self.update()

    def mark(self, place: int) -> None:
        """Ring the door that is open."""
        self._current = place
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        if not self._spots and not any(code == self._here for code, _rings in self._outlines):
            painter.setFont(look.font())
            painter.setPen(look.colour("second"))
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(QRectF(self.rect()).adjusted(24, 24, -24, -24), flags, t("screening.no_map"))
            return
        place = self._projection()
        for code, rings in self._outlines:
            here = code == self._here
            painter.setPen(QPen(look.colour("accent" if here else "control_line"), 2 if here else 1))
            painter.setBrush(look.colour("accent_ground" if here else "surface"))
            for ring in rings:
                painter.drawPolygon(QPolygonF([place(lon, lat) for lon, lat in ring]))
        for spot in self._spots:
            self._paint_spot(painter, place(spot.lon, spot.lat), spot)

    def _paint_spot(self, painter: QPainter, point: QPointF, spot: Spot) -> None:
        if spot.place == self._current:
            painter.setPen(QPen(look.colour("accent"), 2))
            painter.setBrush(look.colour("surface"))
            painter.drawEllipse(point, 16, 16)
        painting.state_mark(painter, point, spot.state)
        if spot.state == "todo":
            painter.setFont(look.font("small"))
            painter.setPen(look.colour("ink"))
            painter.drawText(QRectF(point.x() - 12, point.y() - 12, 24, 24), painting.CENTER, spot.number)

    def _projection(self) -> Callable[[float, float], QPointF]:
        """Longitude and latitude to pixels: the grid in hand fills the place, east-west shrunk by latitude."""
        points = [
            (lon, lat) for code, rings in self._outlines if code == self._here for ring in rings for lon, lat in ring
        ]
        points += [(spot.lon, spot.lat) for spot in self._spots]
        west, east = min(p[0] for p in points), max(p[0] for p in points)
        south, north = min(p[1] for p in points), max(p[1] for p in points)
        shrink = math.cos(math.radians((south + north) / 2))
        wide, tall = max((east - west) * shrink, 1e-6), max(north - south, 1e-6)
        size = min((self.width() - 64) / wide, (self.height() - 64) / tall)
        left = (self.width() - wide * size) / 2
        top = (self.height() - tall * size) / 2
        return lambda lon, lat: QPointF(left + (lon - west) * shrink * size, top + (north - lat) * size)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._spots:
            return
        place = self._projection()
        at = event.position()
        near = min(self._spots, key=lambda spot: _distance(place(spot.lon, spot.lat), at))
        if _distance(place(near.lon, near.lat), at) <= REACH:
            self.chosen.emit(near.place)


def _distance(one: QPointF, other: QPointF) -> float:
    return math.hypot(one.x() - other.x(), one.y() - other.y())
