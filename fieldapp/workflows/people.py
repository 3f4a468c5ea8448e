"""Members of a household as screens show them: age, relation, where they are; numbers masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fieldapp.domain.identity_number import age_on, mask, mask_phone
from fieldapp.store.api import ReadTx
from fieldapp.store.projections import people
from fieldapp.store.projections.people import PersonRow

#: Where a member may be found at a door, in the order one key walks through.
WHEREABOUTS = ("home", "away_work", "school", "hospital", "institution", "moved_away", "died")


@dataclass(frozen=True)
class Member:
    """``whereabouts`` of ``WHEREABOUTS`` (``died`` from the date of death), None when nobody knows. ``id_masked`` and
    ``phone_masked`` are empty when there is none."""

    id: str
    name: str
    relation: str | None
    sex: str | None
    age: int | None
    whereabouts: str | None
    illness: str | None
    school: str | None
    work: str | None
    disability: str | None
    id_masked: str
    no_id_reason: str | None
    phone_masked: str
    conflicts: int


def members_of(tx: ReadTx, household: str, today: date) -> tuple[Member, ...]:
    """The household's members, head first; those who died or moved away last."""
    found = [_member(tx, row, today) for row in people.members(tx, household)]
    return tuple(sorted(found, key=lambda one: one.whereabouts in ("died", "moved_away")))


def age_from(birth: str | None, today: date) -> int | None:
    """Full years from a stored birth date (``YYYY`` and ``YYYY-MM`` count from their first day); None if unknown."""
    if not birth:
        return None
    parts = [int(part) for part in birth.split("-") if part.isdigit()]
    try:
        return age_on(date(*[*parts, 1, 1][:3]), today) if parts else None
    except ValueError:
        return None


def head_of(members: Sequence[Member]) -> Member | None:
    return next((one for one in members if one.relation == "head"), members[0] if members else None)


def _member(tx: ReadTx, row: PersonRow, today: date) -> Member:
    view = tx.document(row.id)
    state: Mapping[str, object] = view.state if view else {}
    disability = state.get("disability")
    level = disability.get("level") if isinstance(disability, Mapping) else None
    return Member(
        row.id, row.full_name or "", row.relation, row.sex, age_from(row.birth_date, today),
        "died" if row.deceased_on else row.whereabouts, _text(state.get("illness")), _text(state.get("school")),
        _text(state.get("work")), None if level is None else str(level),
        mask(row.id_number) if row.id_number else "", _text(state.get("no_id_reason")),
        mask_phone(row.phone) if row.phone else "", row.conflicts,
    )  # fmt: skip


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
