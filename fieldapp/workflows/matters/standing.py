"""What follows from a matter's steps and is kept with them, so that lists of thousands need no reckoning: what is
next, when the nearest term ends, and its result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.domain.pointers import Json, put
from fieldapp.store.api import ReadTx
from fieldapp.store.projections import people
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters.course import Circumstances, Course, course
from fieldapp.workflows.matters.procedure import Procedure
from fieldapp.workflows.matters.terms import calendar
from fieldapp.workflows.people import age_from

ADULT_FROM = 18


def circumstances(tx: ReadTx, actor: Actor, household: str) -> Circumstances:
    today = actor.today()
    return Circumstances(_adults(tx, household, actor), calendar(tx), today)


def read_course(tx: ReadTx, actor: Actor, procedure: Procedure, state: Mapping[str, Any]) -> Course:
    return course(procedure, state, circumstances(tx, actor, str(state.get("household") or "")))


def standing_words(tx: ReadTx, actor: Actor, procedure: Procedure, state: Mapping[str, Any]) -> dict[str, Json]:
    """The leaves ``next`` and ``due_on`` as they follow from ``state``."""
    found = read_course(tx, actor, procedure, state)
    due = found.due
    return {"next": [each.step.id for each in found.open], "due_on": due.text if due is not None else None}


def applied(state: Mapping[str, Any], writes: Mapping[str, Json]) -> dict[str, Any]:
    """The state as it reads after ``writes``; ``state`` stays as it is."""
    made: dict[str, Any] = _copy(state)
    for path, value in writes.items():
        put(made, path, value)
    return made


def _copy(value: Any) -> Any:
    return {key: _copy(inner) for key, inner in value.items()} if isinstance(value, Mapping) else value


def _adults(tx: ReadTx, household: str, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Living members of the family who have come of age; someone whose birth nobody knows counts as grown up."""
    found = []
    for row in people.members(tx, household):
        age = age_from(row.birth_date, actor.today())
        if not row.deceased_on and row.lives_with_family is not False and (age is None or age >= ADULT_FROM):
            found.append((row.id, row.full_name or ""))
    return tuple(found)
