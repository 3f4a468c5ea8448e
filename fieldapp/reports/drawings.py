"""Pictures as vectors: area maps and curves, in the colours of the screen."""

from __future__ import annotations

import math
from collections.abc import Iterator

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from fieldapp.reports.content import AreaMap, Counts, Curve, Shape
from fieldapp.reports.document import ACCENT, GROUND, INK, LINE, SECOND, STATE, WIDTH, draw_line
from fieldapp.reports.drawn import Drawn
from fieldapp.reports.fonts import BOLD, REGULAR

Point = tuple[float, float]
LABEL_SIZE = 7.5
LEGEND_HEIGHT = 7 * mm


class MapDrawing(Drawn):
    """Areas filled in their states' grounds with their names inside, north up, a degree of longitude as wide as it is
    there."""

    def __init__(self, content: AreaMap, height: float = 110 * mm) -> None:
        super().__init__()
        self.content, self.width, self.height = content, WIDTH, height

    def draw(self) -> None:
        self.canv.setFillColor(GROUND)
        self.canv.rect(0, LEGEND_HEIGHT, self.width, self.height - LEGEND_HEIGHT, stroke=0, fill=1)
        place = _projection(self.content.shapes, self.width, self.height - LEGEND_HEIGHT, LEGEND_HEIGHT)
        if place is not None:
            for shape in self.content.shapes:
                _draw_area(self.canv, shape, place)
            for shape in self.content.shapes:
                _draw_name(self.canv, shape, place)
        _draw_legend(self.canv, self.content.legend)


class _Projection:
    """From degrees to points of the drawing."""

    def __init__(self, west: float, south: float, squeeze: float, scale: float, left: float, bottom: float) -> None:
        self.west, self.south, self.squeeze, self.scale = west, south, squeeze, scale
        self.left, self.bottom = left, bottom

    def __call__(self, point: Point) -> Point:
        x = self.left + (point[0] - self.west) * self.squeeze * self.scale
        return x, self.bottom + (point[1] - self.south) * self.scale


def _projection(shapes: tuple[Shape, ...], width: float, height: float, below: float) -> _Projection | None:
    points = [point for shape in shapes for ring in shape.rings for point in ring]
    if not points:
        return None
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * squeeze, 1e-6), max(north - south, 1e-6)
    margin = 4 * mm
    scale = min((width - 2 * margin) / wide, (height - 2 * margin) / high)
    left = (width - wide * scale) / 2
    return _Projection(west, south, squeeze, scale, left, below + (height - high * scale) / 2)


def _draw_area(canvas: Canvas, shape: Shape, place: _Projection) -> None:
    ink, ground = STATE[shape.kind]
    canvas.setFillColor(ground)
    canvas.setStrokeColor(ink)
    canvas.setLineWidth(0.8)
    canvas.setLineJoin(1)
    for ring in shape.rings:
        path = canvas.beginPath()
        path.moveTo(*place(ring[0]))
        for point in ring[1:]:
            path.lineTo(*place(point))
        path.close()
        canvas.drawPath(path, stroke=1, fill=1)


def _draw_name(canvas: Canvas, shape: Shape, place: _Projection) -> None:
    """In the middle of the largest ring, left out where it would not fit."""
    ring = max(shape.rings, key=lambda each: _extent(each, place)[0], default=None)
    if not ring:
        return
    wide, x, y = _extent(ring, place)
    length = stringWidth(shape.name, REGULAR, LABEL_SIZE)
    if length <= wide:
        canvas.setFillColor(INK)
        draw_line(canvas, x - length / 2, y - LABEL_SIZE / 3, shape.name, LABEL_SIZE)


def _extent(ring: tuple[Point, ...], place: _Projection) -> tuple[float, float, float]:
    """(width, middle x, middle y) in points."""
    xs, ys = zip(*map(place, ring), strict=True)
    return max(xs) - min(xs), (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2


def _draw_legend(canvas: Canvas, legend: tuple[tuple[str, str], ...]) -> None:
    x = 0.0
    for kind, word in legend:
        ink, ground = STATE[kind]
        canvas.setFillColor(ground)
        canvas.setStrokeColor(ink)
        canvas.rect(x, 4, 9, 9, stroke=1, fill=1)
        canvas.setFillColor(SECOND)
        x = draw_line(canvas, x + 13, 5, word, 8.5) + 14


class CurveDrawing(Drawn):
    """A growing number over days against its goal."""

    def __init__(self, content: Curve, height: float = 55 * mm) -> None:
        super().__init__()
        self.content, self.width, self.height = content, WIDTH, height

    def draw(self) -> None:
        left, bottom, top = 12 * mm, 8 * mm, self.height - 5 * mm
        most = max(self.content.goal, *self.content.values, 1)
        steps = max(len(self.content.days) - 1, 1)
        points = [
            (left + n * (self.width - left - 4 * mm) / steps, bottom + value / most * (top - bottom))
            for n, value in enumerate(self.content.values)
        ]
        self._axes(left, bottom, top, most, steps)
        self._line(points)

    def _axes(self, left: float, bottom: float, top: float, most: int, steps: int) -> None:
        canvas = self.canv
        canvas.setLineWidth(0.5)
        for value in sorted({0, most // 2, most}):
            y = bottom + value / most * (top - bottom)
            canvas.setStrokeColor(LINE)
            canvas.line(left, y, self.width - 4 * mm, y)
            canvas.setFillColor(SECOND)
            canvas.setFont(REGULAR, LABEL_SIZE)
            canvas.drawRightString(left - 4, y - 2.5, str(value))
        for n, day in _spread(self.content.days):
            x = left + n * (self.width - left - 4 * mm) / steps
            canvas.drawCentredString(x, bottom - 10, day)

    def _line(self, points: list[Point]) -> None:
        if not points:
            return
        canvas = self.canv
        canvas.setStrokeColor(ACCENT)
        canvas.setLineWidth(1.6)
        canvas.setLineJoin(1)
        path = canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.setFillColor(ACCENT)
        canvas.circle(*points[-1], 2.2, stroke=0, fill=1)
        said = f"{self.content.label} {self.content.values[-1]}"
        length = stringWidth(said, REGULAR, 8.5)
        x = min(points[-1][0] + 5, self.width - 4 * mm - length)
        draw_line(canvas, x, points[-1][1] - 12 if points[-1][1] > 20 * mm else points[-1][1] + 6, said, 8.5)


def _spread(days: tuple[str, ...], most: int = 8) -> Iterator[tuple[int, str]]:
    """As many labels as fit, the first and the last among them."""
    step = max(1, math.ceil((len(days) - 1) / (most - 1))) if len(days) > 1 else 1
    last = len(days) - 1
    for n, day in enumerate(days):
        if n == last or (n % step == 0 and last - n >= step / 2):
            yield n, day


class CountsDrawing(Drawn):
    """Numbers that carry weight, in a row of equal boxes."""

    def __init__(self, content: Counts) -> None:
        super().__init__()
        self.content, self.width, self.height = content, WIDTH, 17 * mm

    def draw(self) -> None:
        gap = 3 * mm
        side = (self.width - gap * (len(self.content.counts) - 1)) / len(self.content.counts)
        for n, count in enumerate(self.content.counts):
            ink, ground = STATE[count.kind]
            x = n * (side + gap)
            self.canv.setFillColor(ground)
            self.canv.roundRect(x, 2, side, self.height - 4, 3, stroke=0, fill=1)
            self.canv.setFillColor(ink)
            draw_line(self.canv, x + 8, self.height - 9 * mm, count.value, 17, BOLD)
            self.canv.setFillColor(SECOND)
            draw_line(self.canv, x + 8, 7, count.label, 8.5)
