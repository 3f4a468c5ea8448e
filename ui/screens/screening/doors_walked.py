"""A row of doors as a walker goes along it: the next one, and a door as its answer leaves it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from fieldapp.workflows import rounds
from fieldapp.workflows.screening import Door, Told


def next_from(doors: Sequence[Door], place: int, wanted: Callable[[Door], bool]) -> int:
    """The next such door after ``place``, round the end; -1 for none."""
    order = [*range(place + 1, len(doors)), *range(0, max(place, 0))]
    return next((each for each in order if wanted(doors[each])), -1)


def told_door(door: Door, told: Told, at: str) -> Door:
    """The door as the answer leaves it, without asking the store for the whole row of doors again."""
    return replace(
        door, answer=told.answer, reason=told.reason, note=told.note, at=at, state=rounds.STATES[told.answer],
        attempts=door.attempts + (told.answer == "nobody_home"),
    )  # fmt: skip


def door_is_silent(door: Door) -> bool:
    return door.answer is None or (door.answer == "nobody_home" and door.attempts < rounds.ATTEMPTS_WANTED)
