"""Households and their doors, in walking order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fieldapp.domain.documents import Household
from fieldapp.domain.documents import rows as repeat_rows
from fieldapp.store.codec import to_text
from fieldapp.store.connection import Row, select_in
from fieldapp.store.projections import tallies
from fieldapp.store.projections.registry import Rows
from fieldapp.store.search.fold import fold
from fieldapp.store.spans import span
from fieldapp.store.views import DocumentView

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx

NAME = "households"
TYPES: frozenset[str] | None = frozenset({"household"})
TABLES = {
    "household": "document TEXT PRIMARY KEY, area TEXT NOT NULL, head_name TEXT, address TEXT, phone TEXT, "
    "nature TEXT, tier INTEGER, risk TEXT, revisit_on TEXT, flags TEXT NOT NULL, door TEXT, door_order REAL, "
    "conflicts INTEGER NOT NULL, address_key TEXT",
    "door": "document TEXT NOT NULL, row TEXT NOT NULL, area TEXT NOT NULL, number TEXT, walk REAL, lat REAL, "
    "lon REAL, note TEXT",
}
INDEXES = (
    ("household_area", "household(area, door_order, document)"),
    ("household_revisit", "household(revisit_on) WHERE revisit_on IS NOT NULL"),
    ("household_address", "household(address_key) WHERE address_key IS NOT NULL"),
    ("door_document", "door(document)"),
    ("door_walk", "door(area, walk)"),
)


@dataclass(frozen=True)
class HouseholdRow:
    """A household in a list. ``id`` is canonical; ``head_name`` the head member's, else what a ledger called the
    family. ``people`` counts living members. ``conflicts`` counts fields in conflict, members' included."""

    id: str
    area: str
    head_name: str | None
    address: str | None
    phone: str | None
    nature: str | None
    tier: int | None
    risk: str | None
    revisit_on: str | None
    flags: tuple[str, ...]
    door: str | None
    door_order: float | None
    people: int
    conflicts: int


@dataclass(frozen=True)
class DoorRow:
    """One door of a household; ``order`` is its place on the walk through the grid."""

    household: str
    row: str
    area: str
    number: str | None
    order: float | None
    lat: float | None
    lon: float | None
    note: str | None


def project(view: DocumentView) -> Rows:
    home = Household.read(view.id, view.state)
    if home.withdrawn:
        return {"household": [], "door": []}
    doors = [_door(view, key, row) for key, row in repeat_rows(home.doors)]
    doors.sort(key=lambda door: (door[4] is None, door[4] or 0.0, door[3] or ""))
    first = doors[0] if doors else (None,) * 8
    row = (
        view.id, view.area, home.head_name, home.address, home.phone, home.nature, home.tier, home.risk,
        home.revisit.get("on"), to_text(list(home.flags)), first[3], first[4], len(view.merged.conflicts),
        fold(home.address) if home.address else None,
    )  # fmt: skip
    return {"household": [row], "door": doors}


def _door(view: DocumentView, key: str, row: Any) -> tuple[Any, ...]:
    number = row.get("number")
    walk, lat, lon = (_number(row.get(name)) for name in ("order", "lat", "lon"))
    return (view.id, key, view.area, None if number is None else str(number), walk, lat, lon, row.get("note"))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def subjects(document: str, rows: Rows) -> set[str]:
    return {document}


_COLUMNS = (
    "h.document, h.area, coalesce(c.head_name, h.head_name), h.address, h.phone, h.nature, h.tier, h.risk, "
    "h.revisit_on, h.flags, h.door, h.door_order, coalesce(c.people, 0), h.conflicts + coalesce(c.conflicts, 0)"
)
#: Every canonical household stands once: the others of its component have no card.
_FROM = "FROM household h JOIN card c ON c.subject = h.document"


def household(tx: ReadTx, household_id: str) -> HouseholdRow | None:
    """The household; of one joined into another, the canonical one."""
    canonical = tx.canonical(household_id)
    found = tx.one(f"SELECT {_COLUMNS} {_FROM} WHERE h.document = ?", (canonical,))
    return _read(found) if found else None


def many(tx: ReadTx, ids: Iterable[str]) -> dict[str, HouseholdRow]:
    """The households of a list at once, by the ids asked for; of one joined into another, the canonical one."""
    asked = set(ids)
    joined: dict[str, str] = dict(
        select_in(tx.connection, "SELECT document, canonical FROM component WHERE document", asked)
    )
    wanted = {joined.get(each, each) for each in asked}
    read = select_in(tx.connection, f"SELECT {_COLUMNS} {_FROM} WHERE h.document", wanted)
    found = {row[0]: _read(row) for row in read}
    return {each: found[joined.get(each, each)] for each in asked if joined.get(each, each) in found}


def in_area(tx: ReadTx, area_prefix: str = "", *, limit: int = -1, offset: int = 0) -> list[HouseholdRow]:
    """Households by grid and walking order; ``limit`` −1 for all. Grids before ``offset`` are passed over whole."""
    first, left = _skip(tx, area_prefix, offset) if offset else (area_prefix, 0)
    sql = (
        f"SELECT {_COLUMNS} {_FROM} WHERE h.area >= ? AND h.area < ? "
        "ORDER BY h.area, h.door_order, h.document LIMIT ? OFFSET ?"
    )
    return [_read(row) for row in tx.rows(sql, (first, span(area_prefix)[1], limit, left))]


def _skip(tx: ReadTx, area_prefix: str, offset: int) -> tuple[str, int]:
    """The grid in which the place ``offset`` lies, and how many of its households stand before it."""
    for home in tallies.homes(tx, area_prefix):
        if home.households > offset:
            return home.area, offset
        offset -= home.households
    return span(area_prefix)[1], 0


def count(tx: ReadTx, area_prefix: str = "") -> int:
    """Canonical households of an area."""
    return sum(home.households for home in tallies.homes(tx, area_prefix))


def counts(tx: ReadTx, area_prefix: str = "") -> dict[str, int]:
    """Grid → its households, in the order of codes; grids without any are left out."""
    return {home.area: home.households for home in tallies.homes(tx, area_prefix) if home.households}


def grids(tx: ReadTx, area_prefix: str = "") -> list[str]:
    """The areas at or below ``area_prefix`` that hold households."""
    return list(counts(tx, area_prefix))


def doors(tx: ReadTx, area_prefix: str) -> list[DoorRow]:
    """The doors of an area in walking order; a family with two doors stands at both."""
    sql = (
        "SELECT document, row, area, number, walk, lat, lon, note FROM door WHERE area >= ? AND area < ? "
        "ORDER BY area, walk IS NULL, walk, number, document"
    )
    return [DoorRow(*row) for row in tx.rows(sql, span(area_prefix))]


def doors_of(tx: ReadTx, household_id: str) -> list[DoorRow]:
    sql = "SELECT document, row, area, number, walk, lat, lon, note FROM door WHERE document = ? ORDER BY walk, row"
    return [DoorRow(*row) for row in tx.rows(sql, (household_id,))]


def revisits_due(tx: ReadTx, until: str) -> list[HouseholdRow]:
    """Households whose revisit date is on or before the ISO date ``until``, oldest first."""
    sql = f"SELECT {_COLUMNS} {_FROM} WHERE h.revisit_on <= ? ORDER BY h.revisit_on, h.document"
    return [_read(row) for row in tx.rows(sql, (until,))]


def _read(row: Row) -> HouseholdRow:
    values = list(row)
    values[9] = tuple(json.loads(values[9]))
    return HouseholdRow(*values)
