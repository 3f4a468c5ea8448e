"""The county's map: towns, villages and grids that tile one shape, drawn by chance and dissolved into outlines.

A lattice of small cells is parted between towns, each town between villages, each village between grids, every time by
nearest centre. Every corner of the lattice is moved once, for all areas that share it, so that outlines meet.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any, TypeAlias

Cell: TypeAlias = tuple[int, int]
Point: TypeAlias = tuple[float, float]

CENTRE = (117.62, 30.31)
#: degrees of longitude and latitude of one cell; about 300 m
STEP = (0.0031, 0.0027)
CELLS_PER_GRID = 40
ROUNDS = 6
#: of a county, a town, a village and a grid (fieldapp.domain.areas)
AREA_CODE_SIZES = (6, 9, 12, 16)


def county_cells(count: int, chance: Random) -> list[Cell]:
    """About ``count`` cells in one piece, round with bays and spurs."""
    waves = [(chance.uniform(0.03, 0.12), chance.uniform(0, 2 * math.pi), k) for k in (2, 3, 5, 7)]
    radius = math.sqrt(count / math.pi)

    def reach(angle: float) -> float:
        return radius * (1 + sum(size * math.sin(k * angle + turn) for size, turn, k in waves))

    span = range(-int(radius * 1.6), int(radius * 1.6) + 1)
    return [(x, y) for x in span for y in span if math.hypot(x, y) <= reach(math.atan2(y, x))]


def part(cells: Sequence[Cell], count: int, chance: Random) -> list[list[Cell]]:
    """``cells`` in ``count`` compact parts of like size, north-west first."""
    centres: list[Point] = [(float(x), float(y)) for x, y in chance.sample(list(cells), count)]
    parts: list[list[Cell]] = []
    for _ in range(ROUNDS):
        parts = [[] for _ in centres]
        for x, y in cells:
            distances = [(x - cx) * (x - cx) + (y - cy) * (y - cy) for cx, cy in centres]
            parts[distances.index(min(distances))].append((x, y))
        parts = [_fed(parts, index) for index in range(len(parts))]
        centres = [_middle(each) for each in parts]
    return sorted(parts, key=lambda each: (-_middle(each)[1] * 2 + _middle(each)[0]))


def _fed(parts: list[list[Cell]], index: int) -> list[Cell]:
    """A part that got no cell takes one from the largest."""
    if not parts[index]:
        parts[index].append(max(parts, key=len).pop())
    return parts[index]


def _middle(cells: Sequence[Cell]) -> Point:
    return sum(x for x, _ in cells) / len(cells), sum(y for _, y in cells) / len(cells)


def walk(cells: Sequence[Cell]) -> list[Cell]:
    """The cells of a grid as somebody walks them: row by row, every other row backwards."""
    rows: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        rows[cell[1]].append(cell)
    path: list[Cell] = []
    for number, y in enumerate(sorted(rows, reverse=True)):
        path += sorted(rows[y], reverse=bool(number % 2))
    return path


def place(cell: Cell, chance: Random) -> Point:
    """(longitude, latitude) somewhere inside a cell."""
    x, y = cell[0] + chance.uniform(0.2, 0.8), cell[1] + chance.uniform(0.2, 0.8)
    return round(CENTRE[0] + x * STEP[0], 6), round(CENTRE[1] + y * STEP[1], 6)


class Outlines:
    """Outlines of areas made of cells; ``owner`` says which smallest area each cell belongs to."""

    def __init__(self, owner: Mapping[Cell, str], seed: int) -> None:
        self.owner = owner
        self.seed = seed
        self._cells: dict[str, list[Cell]] = defaultdict(list)
        for cell, code in owner.items():
            for size in AREA_CODE_SIZES:
                self._cells[code[:size]].append(cell)

    def geometry(self, prefix: str) -> dict[str, Any]:
        """The GeoJSON geometry of the area ``prefix`` with all below it."""
        edges = list(self._border(prefix))
        rings = [self._smooth(ring) for ring in _rings(edges)]
        rings.sort(key=_area, reverse=True)
        if len(rings) == 1:
            return {"type": "Polygon", "coordinates": [rings[0]]}
        return {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}

    def _border(self, prefix: str) -> Iterable[tuple[Cell, Cell]]:
        """Directed edges with the area at their left."""
        for x, y in self._cells[prefix]:
            for dx, dy, start, end in (
                (0, -1, (x, y), (x + 1, y)), (1, 0, (x + 1, y), (x + 1, y + 1)),
                (0, 1, (x + 1, y + 1), (x, y + 1)), (-1, 0, (x, y + 1), (x, y)),
            ):  # fmt: skip
                if not self.owner.get((x + dx, y + dy), "").startswith(prefix):
                    yield start, end

    def _smooth(self, ring: list[Cell]) -> list[Point]:
        """Each corner moves by a chance of its own, the same for every area that has it."""
        points = [self._corner(corner) for corner in ring]
        return [*points, points[0]]

    def _corner(self, corner: Cell) -> Point:
        chance = Random(f"{self.seed}/{corner}")
        x, y = corner[0] + chance.uniform(-0.42, 0.42), corner[1] + chance.uniform(-0.42, 0.42)
        return round(CENTRE[0] + x * STEP[0], 6), round(CENTRE[1] + y * STEP[1], 6)


def _rings(edges: list[tuple[Cell, Cell]]) -> list[list[Cell]]:
    following: dict[Cell, list[Cell]] = defaultdict(list)
    for start, end in edges:
        following[start].append(end)
    rings = []
    while following:
        start = next(iter(following))
        ring, here = [start], start
        while True:
            here = _next_corner(following, ring, here)
            if here == start:
                break
            ring.append(here)
        rings.append(ring)
    return rings


def _next_corner(following: dict[Cell, list[Cell]], ring: list[Cell], here: Cell) -> Cell:
    """Where two areas touch in a corner, turn left, so that rings do not cross themselves."""
    choices = following[here]
    index = 0
    if len(choices) > 1 and len(ring) > 1:
        back = ring[-2]
        index = max(range(len(choices)), key=lambda i: _turn(back, here, choices[i]))
    found = choices.pop(index)
    if not choices:
        del following[here]
    return found


def _turn(back: Cell, here: Cell, ahead: Cell) -> float:
    first = (here[0] - back[0], here[1] - back[1])
    second = (ahead[0] - here[0], ahead[1] - here[1])
    return first[0] * second[1] - first[1] * second[0]


def _area(ring: Sequence[Point]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))) / 2
