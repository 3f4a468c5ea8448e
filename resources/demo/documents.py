"""Homes as documents: what an export of the county's registry would hold, one document a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.areas import board
from fieldapp.domain.ids import door_answer_id, imported_document_id
from fieldapp.domain.pointers import ROW
from resources.demo.hardship import Program, Standing
from resources.demo.homes import Home, Member
from resources.demo.identity import IdentityNumbers, phone
from resources.demo.land import Point
from resources.demo.places import COUNTY, Grid

Document = dict[str, Any]


@dataclass(frozen=True)
class Door:
    """A door on the walk: its number within the village, its place in the order, where it stands."""

    number: str
    order: float
    at: Point
    note: str | None = None


@dataclass(frozen=True)
class Household:
    """A family with its ids and doors, ready to be written."""

    id: str
    grid: Grid
    address: str
    doors: tuple[Door, ...]
    home: Home
    standing: Standing
    people: tuple[str, ...]
    numbers: tuple[str | None, ...]
    phone: str

    @property
    def head(self) -> Member:
        return self.home.members[0]


def document(kind: str, document_id: str, area: str, state: Mapping[str, Any]) -> Document:
    """One line of the export. Leaves that are None say nothing and are left out."""
    return {"document": document_id, "type": kind, "area": area, "state": _said(state)}


def _said(state: Mapping[str, Any]) -> dict[str, Any]:
    said = ((key, value) for key, value in state.items() if value is not None)
    return {key: _said(value) if isinstance(value, Mapping) else value for key, value in said}


class Registry:
    """Gives families their ids, numbers and phones, the same for one seed on every machine."""

    def __init__(self, seed: int) -> None:
        self.source = f"示范县户籍 {seed}"
        self.numbers = IdentityNumbers(COUNTY)
        self.count = 0

    def household(
        self, grid: Grid, place: int, address: str, doors: tuple[Door, ...], home: Home, standing: Standing
    ) -> Household:
        """The family at ``place`` (from 1) of its grid."""
        self.count += 1
        key = imported_document_id(COUNTY, self.source, grid.code, place * 20, kind="household")
        people = tuple(
            imported_document_id(COUNTY, self.source, grid.code, place * 20 + row, kind="person")
            for row in range(len(home.members))
        )
        numbers = tuple(None if m.no_id_reason else self.numbers.next(m.born, m.sex) for m in home.members)
        return Household(key, grid, address, doors, home, standing, people, numbers, phone(self.count))


def household_documents(family: Household) -> Iterator[Document]:
    """The household and its people."""
    home, standing = family.home, family.standing
    state: Document = {
        "head_name": family.head.name,
        "address": family.address,
        "phone": family.phone,
        "nature": "non_agricultural" if family.grid.urban else "agricultural",
        "doors": {f"d{number}": _door(door) for number, door in enumerate(family.doors, 1)},
        "tier": standing.tier,
        "risk": standing.risk,
    }
    if home.flags:
        state["flags"] = sorted(home.flags)
    if standing.programs:
        rows = enumerate(standing.programs, 1)
        state["programs"] = {f"p{number}": _program(program, family) for number, program in rows}
    if standing.revisit_on:
        on = standing.revisit_on.isoformat()
        state["revisit"] = {"on": on, "risk": standing.risk, "reason": standing.revisit_reason}
    yield document("household", family.id, family.grid.code, state)
    for index, member in enumerate(home.members):
        yield document("person", family.people[index], family.grid.code, _person(family, index, member))


def _door(door: Door) -> Document:
    longitude, latitude = door.at
    return {
        ROW: True, "number": door.number, "order": door.order, "lat": latitude, "lon": longitude, "note": door.note,
    }  # fmt: skip


def _program(program: Program, family: Household) -> Document:
    person = family.people[program.member] if program.member is not None else None
    return {
        ROW: True, "policy": program.policy, "since": program.since, "amount_month": program.amount, "person": person,
    }  # fmt: skip


def _person(family: Household, index: int, member: Member) -> Document:
    number = family.numbers[index]
    elsewhere = member.registered_elsewhere
    return {
        "full_name": member.name,
        "sex": member.sex,
        # Somebody without papers often has no known birthday either.
        "birth_date": member.born.isoformat() if number else str(member.born.year),
        "id_kind": "resident" if number else None,
        "id_number": number,
        "no_id_reason": member.no_id_reason,
        "phone": family.phone if index == 0 else phone(_own_line(family, index)) if member.age > 17 else None,
        "membership": {"household": family.id, "relation": member.relation, "lives_with_family": True},
        "register": {"kind": "urban" if family.grid.urban else "rural", "place": elsewhere},
        "disability": {"kind": member.disability[0], "level": member.disability[1]} if member.disability else None,
        "illness": member.illness,
        "school": member.school,
        "work": member.work,
        "whereabouts": member.whereabouts,
    }


def _own_line(family: Household, index: int) -> int:
    """Which phone a grown member has, far from those of the heads."""
    return int(family.id[:8], 16) % 40_000_000 + 50_000_000 + index


def round_document(round_id: str, **state: Any) -> Document:
    """A screening round on the county's notice board."""
    return document("round", round_id, board(COUNTY), state)


def round_id(seed: int, number: int) -> str:
    return imported_document_id(COUNTY, f"示范县排查 {seed}", "轮次", number, kind="round")


def answer_document(family: Household, of_round: str, **state: Any) -> Document:
    """The answer of a family's door in a round."""
    key = door_answer_id(COUNTY, of_round, family.id)
    return document("door_answer", key, family.grid.code, {"round": of_round, "household": family.id, **state})
