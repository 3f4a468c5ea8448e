"""Where a row belongs: village and grid, read from what ledgers call them, against the county's table of areas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fieldapp.domain import areas
from fieldapp.workflows.intake.values import chinese_number

_NUMBER = r"[一二三四五六七八九十百〇零\d]{1,4}"
_UNIT = r"\s*(?:村民)?(?:小组|组|队)"
_GROUP = re.compile(rf"第?({_NUMBER}){_UNIT}")
_SPAN = re.compile(rf"({_NUMBER})\s*组?\s*[-—–~至到]\s*({_NUMBER}){_UNIT}")
_LIST = re.compile(rf"((?:{_NUMBER}[、,，和])+{_NUMBER}){_UNIT}")
_SUFFIX = re.compile(r"(?:村民委员会|居民委员会|村委会|居委会|社区居委会)$")


@dataclass(frozen=True)
class AreaTable:
    """The county's areas: code (``fieldapp.domain.areas``) -> name. ``target`` narrows to one of them and below,
    and takes the rows whose place is not recognised."""

    names: Mapping[str, str]
    target: str | None = None
    _villages: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)
    _grids: Mapping[tuple[str, int], str] = field(init=False, repr=False, compare=False, default_factory=dict)
    _grids_by_name: Mapping[str, Mapping[str, str]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        villages: dict[str, tuple[str, ...]] = {}
        grids: dict[tuple[str, int], str] = {}
        by_name: dict[str, dict[str, str]] = {}
        for code, name in sorted(self.names.items()):
            if self.target and not (areas.covers(self.target, code) or areas.covers(code, self.target)):
                continue
            if areas.level(code) == "village":
                short = _SUFFIX.sub("", name)
                villages[short] = (*villages.get(short, ()), code)
            elif areas.level(code) == "grid":
                by_name.setdefault(code[:12], {})[name] = code
                for group in groups_of(name):
                    grids.setdefault((code[:12], group), code)
        object.__setattr__(self, "_villages", villages)
        object.__setattr__(self, "_grids", grids)
        object.__setattr__(self, "_grids_by_name", by_name)

    def find(self, texts: Iterable[str]) -> Found:
        """The area named by ``texts``, the most telling first: the row's own columns, its address, sheet, title."""
        words = [text for text in texts if text]
        if self.target and areas.level(self.target) == "grid":
            return Found(self.target)
        village = self._village(words)
        if village is None:
            return Found(self.target)
        return Found(self._grid(village, words) or village)

    def _grid(self, village: str, words: list[str]) -> str | None:
        grids = self._grids_by_name.get(village, {})
        group = next((group for text in words if (group := group_in(text)) is not None), None)
        if group is not None and (grid := self._grids.get((village, group))):
            return grid
        named = next((grids[text] for text in words if text in grids), None)
        only = next(iter(grids)) if len(grids) == 1 else None
        # A village's only grid takes everyone, unless it says which groups it has.
        return named or (grids[only] if only and (group is None or not groups_of(only)) else None)

    def _village(self, words: list[str]) -> str | None:
        if self.target and areas.level(self.target) == "village":
            return self.target
        for text in words:
            names = [name for name in self._villages if name in text]
            if names:
                return self._in_town(self._villages[max(names, key=len)], words)
        codes = {code for codes in self._villages.values() for code in codes}
        return codes.pop() if len(codes) == 1 else None

    def _in_town(self, codes: tuple[str, ...], words: list[str]) -> str | None:
        """Of villages of one name, the one whose town is named; None while it could be several."""
        if len(codes) == 1:
            return codes[0]
        named = [code for code in codes if any(self.names.get(code[:9], "\0") in text for text in words)]
        return named[0] if len(named) == 1 else None


@dataclass(frozen=True)
class Found:
    """``area`` is None when no village was recognised; a village where the grid was not."""

    area: str | None

    @property
    def grid_known(self) -> bool:
        return self.area is not None and areas.level(self.area) == "grid"


def group_in(text: str) -> int | None:
    """The villagers' group an address names: ``周岭村3组26号`` and ``六组九号`` are 3 and 6."""
    match = _GROUP.search(text)
    return chinese_number(match[1]) if match else None


def groups_of(grid_name: str) -> tuple[int, ...]:
    """The groups a grid's name lists: ``第一网格（1-2组）`` is 1, 2; ``三、四组`` 3, 4."""
    if match := _SPAN.search(grid_name):
        first, last = chinese_number(match[1]), chinese_number(match[2])
        return tuple(range(first, last + 1)) if first and last and last - first < 100 else ()
    if match := _LIST.search(grid_name):
        numbers = [chinese_number(part) for part in re.split("[、,，和]", match[1])]
        return tuple(number for number in numbers if number is not None)
    single = group_in(grid_name)
    return (single,) if single is not None else ()


def door_of(address: str) -> tuple[str, int]:
    """The door within its village and a first walking order: ``周岭村3组26号`` is (``3组26号``, 3026)."""
    door = re.sub(r"\s", "", address)
    door = re.sub(r"^.*?(?:村|社区|居委会)(?=.)", "", door) or door
    group = group_in(door) or 0
    number = re.search(r"([一二三四五六七八九十百〇零\d]+)\s*(?:号|栋|幢|室|-)", _GROUP.sub("", door))
    return door, group * 1000 + ((chinese_number(number[1]) or 0) if number else 0)
