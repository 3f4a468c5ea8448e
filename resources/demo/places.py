"""The demo county's areas: codes, names, villagers' groups, and the cells of the map each grid has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, TypeAlias

from resources.demo.land import CELLS_PER_GRID, Cell, Outlines, county_cells, part

COUNTY, COUNTY_NAME = "341799", "安和县"
GROUPS = 9
Shape: TypeAlias = tuple[int, int, int]
"""towns, villages, grids"""
SMALLEST: Shape = (3, 24, 100)
HOUSEHOLDS_PER_GRID = 200

_TOWNS = ("柏叶镇", "石桥镇", "青溪镇", "枫林镇", "双河镇", "梅山镇", "云田镇", "白鹭镇", "长亭镇", "杉木镇")
_COMMUNITIES = ("月亮湖社区", "石桥街社区", "松林林场社区", "河东社区", "老街社区", "新城社区")
_VILLAGES = (
    "周岭村", "竹园村", "上湾村", "塘口村", "桐坑村", "枣树坪村", "古井村",
    "龙门村", "桥头村", "黄泥坳村", "大塘村", "茶亭村", "石壁村", "花园村",
    "青山村", "茶坞村", "水口村", "荷塘村", "樟树村", "平田村", "洪家村",
)  # fmt: skip
_FIRST, _SECOND = "东西南北上下前后大小新老高长", "岭湾塘坪坑岗坳圩洲桥井田坞店"


@dataclass(frozen=True)
class Grid:
    """A grid with the groups it covers and its cells; ``urban`` for a community's."""

    code: str
    village: str
    town: str
    groups: tuple[int, ...]
    urban: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Country:
    """Names by code, and the grids in order."""

    names: dict[str, str]
    grids: tuple[Grid, ...]

    def features(self, seed: int) -> Iterator[dict[str, Any]]:
        """GeoJSON features of every area, the county first."""
        outlines = Outlines({cell: grid.code for grid in self.grids for cell in grid.cells}, seed)
        for code, name in sorted(self.names.items()):
            yield {
                "type": "Feature",
                "properties": {"code": code, "name": name},
                "geometry": outlines.geometry(code),
            }


def country(shape: Shape, chance: Random) -> Country:
    """So many towns, villages and grids, drawn by chance."""
    towns_wanted, villages_wanted, grids_wanted = shape
    names = {COUNTY: COUNTY_NAME}
    grids: list[Grid] = []
    cells = county_cells(grids_wanted * CELLS_PER_GRID, chance)
    number = 0
    for town_number, town_cells in enumerate(part(cells, towns_wanted, chance)):
        town = f"{COUNTY}{101 + town_number}"
        names[town] = _town_name(town_number)
        count = _share(villages_wanted, towns_wanted, town_number)
        for place, village_cells in enumerate(part(town_cells, count, chance)):
            village = _village_code(town, place)
            names[village] = _village_name(town_number, place, number)
            wanted = _share(grids_wanted, villages_wanted, number)
            for grid in _village_grids(village, part(village_cells, wanted, chance), urban=place == 0):
                names[grid.code] = _grid_name(grid.groups)
                grids.append(grid)
            number += 1
    return Country(names, tuple(grids))


def _village_grids(village: str, parts: list[list[Cell]], *, urban: bool) -> Iterator[Grid]:
    for number, cells in enumerate(parts):
        groups = _groups(number, len(parts))
        yield Grid(f"{village}-{number + 1:03d}", village, village[:9], groups, urban, tuple(cells))


def _grid_name(groups: tuple[int, ...]) -> str:
    return f"{groups[0]}组" if len(groups) == 1 else f"{groups[0]}-{groups[-1]}组"


def shape_for(households: int) -> Shape:
    """Three towns, 24 villages, 100 grids; more of each where a grid would get over 200 households."""
    grids = max(SMALLEST[2], -(-households // HOUSEHOLDS_PER_GRID))
    villages = max(SMALLEST[1], grids * SMALLEST[1] // SMALLEST[2])
    return max(SMALLEST[0], villages // 18), villages, grids


def _share(total: int, parts: int, index: int) -> int:
    """``total`` dealt out evenly over ``parts``."""
    return total * (index + 1) // parts - total * index // parts


def _groups(number: int, grids: int) -> tuple[int, ...]:
    first, last = GROUPS * number // grids + 1, GROUPS * (number + 1) // grids
    return tuple(range(first, max(first, last) + 1))


def _village_code(town: str, place: int) -> str:
    """Communities count from 001, villages from 201 (facts.md §8)."""
    return f"{town}001" if place == 0 else f"{town}{200 + place}"


def _town_name(number: int) -> str:
    return _TOWNS[number] if number < len(_TOWNS) else f"{_FIRST[number % 14]}{_SECOND[number // 14 % 14]}乡"


def _village_name(town: int, place: int, number: int) -> str:
    if place == 0:
        return _COMMUNITIES[town] if town < len(_COMMUNITIES) else f"{_FIRST[town % 14]}{_SECOND[town // 14]}社区"
    listed = town * 7 + place - 1
    if town < SMALLEST[0] and place <= 7:
        return _VILLAGES[listed]
    return f"{_FIRST[number % 14]}{_SECOND[number // 14 % 14]}村"
