"""Names and outlines of areas, and which days are worked: from the county's control documents ``areas``, ``holidays``.

``areas`` content is a GeoJSON FeatureCollection: ``properties`` {code, name}, ``geometry`` a Polygon, MultiPolygon or
null. ``holidays`` content is {days_off: [ISO day], work_days: [ISO day]}: holidays on weekdays, and weekends worked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from fieldapp.domain.areas import parent
from fieldapp.policy.working_days import WorkingDays
from fieldapp.store.api import ReadTx

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Places:
    """Area code → name and outer rings ((longitude, latitude), ...)."""

    names: Mapping[str, str] = field(default_factory=dict)
    outlines: Mapping[str, tuple[Ring, ...]] = field(default_factory=dict, repr=False)

    def name(self, area: str | None) -> str:
        """What people call the area; the code itself when the county has not named it."""
        plain = (area or "").rstrip("*")
        return self.names.get(plain, plain)

    def grid_words(self, area: str | None) -> str:
        """A grid with its village: 周岭村 3 组; larger areas by their own name."""
        plain = (area or "").rstrip("*")
        above = parent(plain) if len(plain) == 16 else None
        own = self.names.get(plain) or (str(int(plain[-3:])) if above else plain)
        if above is None:
            return own
        village = self.names.get(above, "")
        return own if village and own.startswith(village) else f"{village} {own}".strip()

    def together(self, areas: Sequence[str]) -> str:
        """Several areas in few words: 周岭村 1-2组、3-4组; areas nobody has named are left out."""
        named = [area for area in areas if area in self.names]
        grids: dict[str, list[str]] = {}
        for area in named:
            above = parent(area) if len(area) == 16 else None
            village = self.names.get(above or "", "")
            own = self.names[area]
            grids.setdefault(village, []).append(own.removeprefix(village).strip() or own)
        return "，".join(f"{village} {'、'.join(own)}".strip() for village, own in grids.items())

    def children(self, area: str) -> list[str]:
        """Codes one level down that the county has named, in order."""
        return sorted(code for code in self.names if parent(code) == area)


def places(tx: ReadTx) -> Places:
    found = tx.control("areas")
    return _places(found.body_bytes) if found else Places()


def working_days(tx: ReadTx) -> WorkingDays:
    found = tx.control("holidays")
    return _working_days(found.body_bytes) if found else WorkingDays()


@lru_cache(maxsize=2)
def _places(body: bytes) -> Places:
    names: dict[str, str] = {}
    outlines: dict[str, tuple[Ring, ...]] = {}
    for feature in json.loads(body)["content"].get("features", ()):
        about = feature.get("properties") or {}
        code = str(about.get("code", ""))
        names[code] = str(about.get("name") or code)
        rings = _rings(feature.get("geometry"))
        if rings:
            outlines[code] = rings
    return Places(names, outlines)


def _rings(geometry: Mapping[str, Any] | None) -> tuple[Ring, ...]:
    if not geometry:
        return ()
    shapes = {"Polygon": [geometry.get("coordinates", [])], "MultiPolygon": geometry.get("coordinates", [])}
    return tuple(
        tuple((float(point[0]), float(point[1])) for point in polygon[0])
        for polygon in shapes.get(str(geometry.get("type")), [])
        if polygon
    )


@lru_cache(maxsize=2)
def _working_days(body: bytes) -> WorkingDays:
    content = json.loads(body)["content"]
    return WorkingDays(frozenset(content.get("days_off", ())), frozenset(content.get("work_days", ())))
