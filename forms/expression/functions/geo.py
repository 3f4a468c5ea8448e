"""Functions of places: WGS 84 points "lat lon alt acc", lines and shapes joined by ";"."""

from __future__ import annotations

import itertools
import math

from forms.expression.context import Context
from forms.expression.registry import MANY, function
from forms.expression.values import Value, XPathTypeError, nodes_of, spread, to_string

EARTH = 6378100.0  # metres, the radius JavaRosa takes
Point = tuple[float, float]


def read_points(text: str) -> list[Point] | None:
    """Latitude and longitude of each point in degrees; None when one is not a point."""
    points = []
    for part in text.split(";"):
        numbers = part.split()
        if not numbers:
            continue
        try:
            point = (float(numbers[0]), float(numbers[1]))
        except (ValueError, IndexError):
            return None
        if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
            return None
        points.append(point)
    return points


def _points(a: list[Value]) -> list[Point]:
    """Points as lax as JavaRosa takes them; raises XPathTypeError for what is no numbers."""
    found: list[Point] = []
    for value in spread(a):
        for part in to_string(value).split(";"):
            numbers = part.split()
            try:
                coordinates = [float(n) for n in numbers]
            except ValueError as error:
                raise XPathTypeError("not a place") from error
            if coordinates:
                found.append((coordinates[0], coordinates[1] if len(coordinates) > 1 else 0.0))
    return found


def _between(a: Point, b: Point) -> float:
    """Metres along the great circle."""
    lat1, lon1, lat2, lon2 = (math.radians(x) for x in (*a, *b))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


@function("distance", args=(1, MANY))
def distance(c: Context, a: list[Value]) -> Value:
    """Metres from point to point, to the centimetre."""
    points = _points(a)
    return round(math.fsum(_between(p, q) for p, q in itertools.pairwise(points)), 2)


@function("area", "enclosed-area", args=(1, 1))
def area(c: Context, a: list[Value]) -> Value:
    """Square metres inside the shape on a sphere, two decimals; fewer than three points enclose nothing."""
    points = _points([nodes_of(a[0], "area")])
    if len(points) < 3:
        return 0.0
    total = 0.0
    for (lat1, lon1), (lat2, lon2) in zip(points, [*points[1:], points[0]], strict=True):
        middle = 2 + math.sin(math.radians(lat1)) + math.sin(math.radians(lat2))
        total += math.radians(lon2 - lon1) * middle
    return round(abs(total * EARTH * EARTH / 2), 2)


@function("geofence", args=(2, 2))
def geofence(c: Context, a: list[Value]) -> Value:
    """Whether a point lies inside a closed shape, which must be an answer."""
    point, shape = _points([a[0]]), _points([nodes_of(a[1], "geofence")])
    if not point or not shape or len(shape) < 4 or shape[0] != shape[-1]:
        return False
    lat, lon = point[0]
    inside = False
    for (lat1, lon1), (lat2, lon2) in itertools.pairwise(shape):
        if (lon1 > lon) != (lon2 > lon) and lat < (lat2 - lat1) * (lon - lon1) / (lon2 - lon1) + lat1:
            inside = not inside
    return inside
