"""Areas: division codes, grids, and who covers what.

A county is 6 digits, a town 9, a village or community 12 (统计用区划代码); a grid extends its village as ``-NNN``
(facts.md §8). The suffix ``*`` names the notice board of an area: what lies there is read by everyone above and below
(rounds, notices), while what lies in the area itself is read only by those whose scope covers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_AREA = re.compile(r"(\d{6}|\d{9}|\d{12}|\d{12}-\d{3})(\*?)")
LEVELS = {6: "county", 9: "town", 12: "village", 16: "grid"}


def is_area(text: object) -> bool:
    return isinstance(text, str) and _AREA.fullmatch(text) is not None


def level(area: str) -> str:
    """``county`` | ``town`` | ``village`` | ``grid``."""
    return LEVELS[len(area.rstrip("*"))]


def parent(area: str) -> str | None:
    """The area one level up; None above a county."""
    plain = area.rstrip("*")
    return {16: plain[:12], 12: plain[:9], 9: plain[:6]}.get(len(plain))


def board(area: str) -> str:
    """The notice board of ``area``."""
    return area.rstrip("*") + "*"


def covers(scope: str, area: str) -> bool:
    """Whether somebody responsible for ``scope`` is responsible for ``area``."""
    return area.rstrip("*").startswith(scope)


def may_read(scopes: Iterable[str], area: str) -> bool:
    """Whether one of ``scopes`` reads ``area``: it covers it, or ``area`` is a notice board above it."""
    plain = area.rstrip("*")
    return any(plain.startswith(scope) or (area.endswith("*") and scope.startswith(plain)) for scope in scopes)


def may_write(scopes: Iterable[str], area: str) -> bool:
    """Whether one of ``scopes`` covers ``area``."""
    return any(covers(scope, area) for scope in scopes)
