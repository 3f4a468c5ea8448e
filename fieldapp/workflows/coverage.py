"""How far the round is, from towns down to one grid, and who has visited how often; no ranking of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import accumulate

from fieldapp.domain.areas import level
from fieldapp.store.api import ReadTx, Store
from fieldapp.store.projections import door_answers, households, tallies, visits
from fieldapp.store.projections.tallies import Doors, Homes
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.places import Places, Ring, places
from fieldapp.workflows.rounds import ATTEMPTS_WANTED, STATES, RoundInfo, is_silent, round_to_walk, scope_of

LEVEL_LENGTHS = {"county": 9, "town": 12, "village": 16}
DAYS = 30


@dataclass(frozen=True)
class AreaProgress:
    """One area one level down. ``states`` counts doors by colour (done, changed, abnormal, absent, todo); ``silent``
    still keep the round open."""

    area: str
    name: str
    total: int
    states: Mapping[str, int]
    silent: int
    outlines: tuple[Ring, ...] = field(default=(), repr=False)

    @property
    def answered(self) -> int:
        return self.total - self.states.get("todo", 0)

    @property
    def share(self) -> float:
        return self.answered / self.total if self.total else 0.0


@dataclass(frozen=True)
class PersonVisits:
    """Visits of one person in the last ``DAYS`` days, home and phone; in the order of names, never of numbers."""

    user: str
    name: str
    home: int
    phone: int


@dataclass(frozen=True)
class SilentDoor:
    """A household that keeps the round open."""

    household: str
    family: str
    place: str
    attempts: int


@dataclass(frozen=True)
class CoveragePage:
    """``area`` is what is looked at, ``above`` where Backspace leads ("" at the top). ``members`` people live here,
    ``accounted`` of them stand behind an answered door. ``curve``: (ISO day, doors answered by then), ascending.
    ``running``: all rounds that run here. A round for a part of the area counts that part alone."""

    area: str
    name: str
    above: str
    round: RoundInfo | None
    parts: tuple[AreaProgress, ...]
    people: tuple[PersonVisits, ...]
    doors: tuple[SilentDoor, ...]
    members: int = 0
    accounted: int = 0
    curve: tuple[tuple[str, int], ...] = ()
    running: tuple[RoundInfo, ...] = ()

    @property
    def total(self) -> int:
        return sum(part.total for part in self.parts)

    @property
    def answered(self) -> int:
        return sum(part.answered for part in self.parts)


def page(store: Store, actor: Actor, area: str = "", round_id: str = "") -> Future[CoveragePage]:
    """Progress below ``area`` (by default where this user's responsibility begins); of a grid, its silent doors.
    ``round_id`` one of those that run, by default the current one."""

    def work(tx: ReadTx) -> CoveragePage:
        names, here = places(tx), area or _top(actor)
        info, running = round_to_walk(tx, actor, round_id)
        homes, counted = tallies.homes(tx, here), door_answers.counted(tx, info.id, here) if info else []
        doors = _doors(tx, names, info, here) if level(here) == "grid" else ()
        above = here[: max((n for n in (6, 9, 12) if n < len(here)), default=0)] if here != _top(actor) else ""
        return CoveragePage(
            here, names.grid_words(here), above, info, _parts(names, info, here, homes, counted), _people(tx, actor),
            doors, sum(home.people for home in homes if home.area.startswith(_within(info, here))),
            sum(each.people for each in counted if each.answer not in ("", "nobody_home")), _curve(counted),
            tuple(running),
        )  # fmt: skip

    return store.read(work)


def _within(info: RoundInfo | None, area: str) -> tuple[str, ...]:
    """What of the area the round is for: all of it, parts, or nothing."""
    return tuple(scope_of(info, (area,))) if info is not None else (area,)


def _curve(counted: Iterable[Doors]) -> tuple[tuple[str, int], ...]:
    by_day: Counter[str] = Counter()
    for each in counted:
        if each.answer and each.day:
            by_day[each.day] += each.doors
    days = sorted(day for day, doors in by_day.items() if doors)
    return tuple(zip(days, accumulate(by_day[day] for day in days), strict=True))


def _top(actor: Actor) -> str:
    """The smallest area that holds all this user is responsible for."""
    first = actor.scopes[0] if actor.scopes else actor.county
    lengths = (len(first), 12, 9, 6)
    return next(first[:n] for n in lengths if all(scope.startswith(first[:n]) for scope in actor.scopes) or n == 6)


def _parts(
    names: Places, info: RoundInfo | None, area: str, homes: Iterable[Homes], counted: Iterable[Doors]
) -> tuple[AreaProgress, ...]:
    """The areas one level down that the round reaches and in which there are households; a grid stands for itself."""
    length = LEVEL_LENGTHS.get(level(area), len(area))
    totals: Counter[str] = Counter({area: 0} if level(area) == "grid" else {})
    for home in homes:
        part = home.area[:length]
        if home.households and _within(info, part):
            totals[part] += home.households if home.area.startswith(_within(info, part)) else 0
    answered: dict[str, list[Doors]] = {}
    for each in counted:
        answered.setdefault(each.area[:length], []).append(each)
    return tuple(_part(names, part, totals[part], answered.get(part, [])) for part in sorted(totals))


def _part(names: Places, area: str, total: int, counted: Iterable[Doors]) -> AreaProgress:
    states = dict.fromkeys(("done", "changed", "abnormal", "absent"), 0)
    silent = total
    for each in counted:
        if each.answer:
            states[STATES.get(each.answer, "changed")] += each.doors
            silent -= each.doors if each.settled(ATTEMPTS_WANTED) else 0
    todo = max(total - sum(states.values()), 0)
    return AreaProgress(
        area, names.grid_words(area), total, {**states, "todo": todo}, max(silent, 0), _outlines(names, area)
    )


def _outlines(names: Places, area: str) -> tuple[Ring, ...]:
    """The area's own outline, else those of the grids in it."""
    own = names.outlines.get(area)
    if own:
        return own
    return tuple(ring for code, rings in sorted(names.outlines.items()) if code.startswith(area) for ring in rings)


def _doors(tx: ReadTx, names: Places, info: RoundInfo | None, area: str) -> tuple[SilentDoor, ...]:
    answers = door_answers.of_round(tx, info.id, area) if info is not None else {}
    return tuple(
        SilentDoor(
            row.id, row.head_name or "", row.address or names.grid_words(row.area),
            answers[row.id].attempts if row.id in answers else 0,
        )
        for row in households.in_area(tx, area)
        if is_silent(answers.get(row.id))
    )  # fmt: skip


def _people(tx: ReadTx, actor: Actor) -> tuple[PersonVisits, ...]:
    since = (actor.today() - timedelta(days=DAYS)).isoformat()
    counted = visits.counts_by_person(tx, actor.scopes, since)
    made = [PersonVisits(user, name, home, phone) for user, (name, home, phone) in counted.items()]
    return tuple(sorted(made, key=lambda person: person.name))
