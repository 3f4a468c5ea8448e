"""Which family of the generated county plays which part; the families of the cases play none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from fieldapp.store.projections.households import HouseholdRow

Fits = Callable[[HouseholdRow], bool]


def anybody(_row: HouseholdRow) -> bool:
    return True


def outside(row: HouseholdRow) -> bool:
    return row.tier is None and row.people > 1


def inside(row: HouseholdRow) -> bool:
    return row.tier == 2


def old_and_alone(row: HouseholdRow) -> bool:
    return bool({"lives_alone", "empty_nest"} & set(row.flags))


#: role → who is asked for it; in this order, so that the rare ones are given out first
ROLES: dict[str, Fits] = {
    "cut": inside,
    "elder": old_and_alone,
    "served": old_and_alone,
    "returned": old_and_alone,
    "emergency": old_and_alone,
    "applicant": outside,
    "illness": outside,
    "job": outside,
    "housing": outside,
    "school": outside,
    "papers": outside,
    "referred": anybody,
    "late": anybody,
    "aided": anybody,
    "crisis": anybody,
    "conference": anybody,
    "quiet": anybody,
    "contested": anybody,
    "begun": anybody,
}


class Families:
    """Gives every role a family of its own while there are enough, then the first ones again."""

    def __init__(self, rows: Iterable[HouseholdRow], cases: frozenset[str]) -> None:
        self.cases = cases
        free = [row for row in rows if row.id not in cases and row.people]
        if not free:
            raise ValueError("no families")
        everybody, self._of = list(free), {}
        for place, (role, fits) in enumerate(ROLES.items()):
            chosen = next((row for row in free if fits(row)), None) or next(iter(free), None)
            chosen = chosen or everybody[place % len(everybody)]
            free = [row for row in free if row.id != chosen.id]
            self._of[role] = chosen

    def of(self, role: str) -> str:
        return self._of[role].id

    def name(self, role: str) -> str:
        return self._of[role].head_name or ""

    def place(self, role: str) -> str:
        return self._of[role].address or ""


def cases_of(files: Path) -> frozenset[str]:
    """The households of the cases, as the generator wrote them down."""
    return frozenset(json.loads((files / "about.json").read_text("utf-8"))["cases"].values())
