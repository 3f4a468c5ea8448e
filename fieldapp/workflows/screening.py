"""Screening a row of doors: what is shown at each, and what one key writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any

from fieldapp.domain.documents import DOOR_ANSWERS, Household, rows
from fieldapp.domain.ids import door_answer_id, new_document_id
from fieldapp.domain.pointers import ROW, Json, get, join, put
from fieldapp.errors import ProgrammingFault, StateError
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.store.projections import door_answers, households, leads
from fieldapp.store.projections.door_answers import AnswerRow
from fieldapp.store.projections.households import HouseholdRow
from fieldapp.workflows import new_family, rounds
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.new_family import NewFamily
from fieldapp.workflows.people import Member, members_of
from fieldapp.workflows.places import Ring, places
from fieldapp.workflows.rounds import RoundInfo

Writes = Mapping[str, Json]


@dataclass(frozen=True)
class Door:
    """One household in the row of doors. ``state`` is its colour; ``answer`` None while nobody was asked."""

    household: str
    area: str
    number: str
    head: str
    people: int
    state: str
    answer: str | None
    reason: str | None
    note: str | None
    at: str | None
    attempts: int
    flags: tuple[str, ...]
    revisit_on: str | None
    lat: float | None
    lon: float | None
    disputed: bool


@dataclass(frozen=True)
class DoorList:
    """The doors of one grid in walking order. ``grids``: (code, name) of all grids to choose from; ``rounds`` all that
    run here, ``round`` the one these answers belong to; ``next_grid`` another grid with a door nobody was asked at,
    "" for none or while this one has its own."""

    round: RoundInfo | None
    grid: str
    place: str
    doors: tuple[Door, ...]
    silent: int
    grids: tuple[tuple[str, str], ...]
    outlines: tuple[tuple[str, tuple[Ring, ...]], ...]
    rounds: tuple[RoundInfo, ...] = ()
    next_grid: str = ""

    @property
    def answered(self) -> bool:
        """Whether no door here is without an answer; some may want a second try."""
        return all(door.state != "todo" for door in self.doors)

    def left(self) -> Left:
        """What remains of this grid when no door is without an answer."""
        absent = [door for door in self.doors if door.answer == "nobody_home"]
        once = sum(door.attempts < rounds.ATTEMPTS_WANTED for door in absent)
        hard = sum(door.answer == "difficulty" for door in self.doors)
        return Left(once, len(absent) - once, hard, sum(door.disputed for door in self.doors))


@dataclass(frozen=True)
class Left:
    """Doors of a grid that is answered: ``absent_once`` keep the round open, ``absent_twice`` do not, ``difficulty``
    go on as reports to the town, ``disputed`` have two workers' answers."""

    absent_once: int
    absent_twice: int
    difficulty: int
    disputed: int


@dataclass(frozen=True)
class LastAnswer:
    """What the door said before: ``at`` and ``by`` may be unknown."""

    answer: str
    reason: str | None
    note: str | None
    at: str | None
    by: str | None


@dataclass(frozen=True)
class Program:
    """Help the family gets: the policy, 分 a month, since when."""

    policy: str
    amount_month: int | None
    since: str | None


@dataclass(frozen=True)
class DoorPage:
    """What is known before knocking."""

    household: str
    area: str
    head: str
    address: str
    place: str
    tier: int | None
    risk: str | None
    flags: tuple[str, ...]
    members: tuple[Member, ...]
    programs: tuple[Program, ...]
    last: LastAnswer | None
    leads: tuple[str, ...]
    revisit_on: str | None
    conflicts: int
    attempts: int


@dataclass(frozen=True)
class Told:
    """What is said at a door. ``whereabouts``: member id → place, only those that changed; ``how`` of ``HOW_KNOWN``."""

    answer: str
    how: str = "seen"
    reason: str | None = None
    note: str | None = None
    signals: tuple[str, ...] = ()
    whereabouts: Mapping[str, str] = field(default_factory=dict)
    died_on: str | None = None


@dataclass(frozen=True)
class Given:
    """A saved answer and how to take it back: (document, leaf → value before) in the order it was written."""

    household: str
    answer: str
    before: tuple[tuple[str, Writes], ...]


def door_list(
    store: Store, actor: Actor, grid: str | None = None, round_id: str | None = None
) -> Future[DoorList]:
    """The doors of ``grid``, by default the first of the user's grids that still has a silent door; of the round
    ``round_id`` while that runs, by default the current one: an extra round before a regular one."""
    return store.read(lambda tx: doors_of(tx, actor, grid, round_id))


def doors_of(tx: ReadTx, actor: Actor, grid: str | None = None, round_id: str | None = None) -> DoorList:
    info, running = rounds.round_to_walk(tx, actor, round_id)
    names = places(tx)
    grids = _grids(tx, actor, info)
    here = grid if grid in grids else _first_with_work(tx, grids, info)
    answers = door_answers.of_round(tx, info.id, here) if info and here else {}
    doors = [_door(tx, row, answers.get(row.id)) for row in households.in_area(tx, here)] if here else []
    if info and info.flagged_first:
        doors.sort(key=lambda door: not door.flags)
    silent = sum(rounds.is_silent(answers.get(door.household)) for door in doors) if info else 0
    outlines = tuple((code, names.outlines[code]) for code in grids if code in names.outlines)
    listed = tuple((code, names.grid_words(code)) for code in grids)
    place = names.grid_words(here) if here else ""
    found = DoorList(info, here, place, tuple(doors), silent, listed, outlines, tuple(running))
    others = [code for code in grids if code != here]
    onward = next(_with_work(tx, others, info), "") if found.answered else ""
    return replace(found, next_grid=onward)


def door_page(store: Store, actor: Actor, household: str, round_id: str | None) -> Future[DoorPage]:
    """Raises StateError ``state.unknown`` when the household is not here (any more)."""

    def work(tx: ReadTx) -> DoorPage:
        row = households.household(tx, household)
        view = tx.document(household)
        if row is None or view is None or not isinstance(view.record, Household):
            raise StateError("state.unknown")
        answers = door_answers.of_household(tx, household, limit=3)
        now = next((each for each in answers if each.round == round_id), None)
        return DoorPage(
            household, row.area, row.head_name or "", row.address or "", _place(tx, row), row.tier, row.risk, row.flags,
            members_of(tx, household, actor.today()), programs_of(view.record), _last(answers, round_id),
            tuple(lead.content or "" for lead in leads.of_household(tx, household) if lead.open), row.revisit_on,
            row.conflicts, now.attempts if now else 0,
        )  # fmt: skip

    return store.read(work)


def answer(store: Store, actor: Actor, round_id: str, household: str, told: Told) -> Future[Given]:
    """Save a door's answer, durable when the future resolves. Raises RefusedError, StateError ``round.closed``."""
    return store.write(lambda tx: give(tx, actor, round_id, household, told))


def give(tx: WriteTx, actor: Actor, round_id: str, household: str, told: Told) -> Given:
    """``answer`` inside a transaction, for those who write a report along with it."""
    if told.answer not in DOOR_ANSWERS:
        raise ProgrammingFault(f"no such answer: {told.answer}")
    view = tx.document(household)
    if view is None:
        raise StateError("state.unknown")
    actor.require("door_answer", view.area)
    _require_open(tx, round_id)
    before = [_write_answer(tx, actor, round_id, household, view.area, told)]
    before += [_write_member(tx, actor, person, where, told) for person, where in told.whereabouts.items()]
    return Given(household, told.answer, tuple(before))


def take_back(store: Store, actor: Actor, given: Given) -> Future[str]:
    """Write the values from before the answer again, the last write first; returns the household. Raises
    RefusedError."""

    def work(tx: WriteTx) -> str:
        view = tx.document(given.household)
        if view is None:
            raise StateError("state.unknown")
        actor.require("door_answer", view.area)
        for document, writes in reversed(given.before):
            tx.save(document, writes)
        return given.household

    return store.write(work)


def newly_found(
    store: Store, actor: Actor, round_id: str, grid: str, family: NewFamily, after: str | None
) -> Future[Given]:
    """Make household, people and the answer ``new`` at once; its door follows the household ``after`` on the walk.
    Taken back, the family is withdrawn with its answer."""

    def work(tx: WriteTx) -> Given:
        _require_open(tx, round_id)
        made = new_family.make(tx, actor, grid, family, after)
        given = give(tx, actor, round_id, made.household, Told("new", note=family.note or None))
        return replace(given, before=(*made.before, *given.before))

    return store.write(work)


def moved_in(store: Store, actor: Actor, household: str, name: str, relation: str | None) -> Future[str]:
    """Somebody new lives with the family; returns the person's id. Raises RefusedError."""

    def work(tx: WriteTx) -> str:
        view = tx.document(household)
        if view is None:
            raise StateError("state.unknown")
        actor.require("person", view.area)
        membership: dict[str, Json] = {"household": household, "lives_with_family": True}
        if relation:
            membership["relation"] = relation
        return tx.create("person", view.area, {"full_name": name, "membership": membership, "whereabouts": "home"})

    return store.write(work)


def _write_answer(
    tx: WriteTx, actor: Actor, round_id: str, household: str, area: str, told: Told
) -> tuple[str, Writes]:
    document = door_answer_id(actor.county, round_id, household)
    leaves: dict[str, Json] = {
        "/answer": told.answer, "/how_known": told.how, "/at": actor.stamp(), "/by": actor.name,
        "/reason": told.reason, "/note": told.note, "/signals": list(told.signals) or None,
    }  # fmt: skip
    for person, where in told.whereabouts.items():
        leaves[join("members", person)] = where
    if told.answer == "nobody_home":
        attempt = new_document_id()
        leaves |= {
            join("attempts", attempt, ROW): True,
            join("attempts", attempt, "at"): actor.stamp(),
            join("attempts", attempt, "how"): told.how,
        }
    view = tx.document(document)
    state: Mapping[str, Any] = view.state if view else {}
    before: dict[str, Json] = {path: get(state, path) for path in leaves}
    for path in leaves:
        if path.endswith("/" + ROW):
            before[path] = False
    if view is None:
        fresh: dict[str, Json] = {"round": round_id, "household": household}
        for path, value in leaves.items():
            if value is not None:
                put(fresh, path, value)
        tx.create("door_answer", area, fresh, document_id=document)
    else:
        told_now = {path: value for path, value in leaves.items() if value is not None or before[path] is not None}
        tx.save(document, told_now)
    written = {path: value for path, value in before.items() if leaves[path] is not None or value is not None}
    return document, written


def _write_member(tx: WriteTx, actor: Actor, person: str, where: str, told: Told) -> tuple[str, Writes]:
    view = tx.document(person)
    if view is None:
        raise StateError("state.unknown")
    leaf = "/deceased_on" if where == "died" else "/whereabouts"
    value = (told.died_on or str(actor.today().year)) if where == "died" else where
    before = {leaf: get(view.state, leaf)}
    tx.save(person, {leaf: value})
    return person, before


def _require_open(tx: ReadTx, round_id: str) -> None:
    view = tx.document(round_id)
    if view is None:
        raise StateError("state.unknown")
    if view.state.get("closed_at"):
        raise StateError("round.closed")


def _grids(tx: ReadTx, actor: Actor, info: RoundInfo | None) -> list[str]:
    """The grids here that hold households, in the user's part of the round."""
    scopes = rounds.scope_of(info, actor.scopes) if info else list(actor.scopes)
    found: set[str] = set()
    for area in scopes:
        found.update(households.grids(tx, area))
    return sorted(found)


def _first_with_work(tx: ReadTx, grids: Sequence[str], info: RoundInfo | None) -> str:
    return next(_with_work(tx, grids, info), grids[0] if grids else "")


def _with_work(tx: ReadTx, grids: Sequence[str], info: RoundInfo | None) -> Iterator[str]:
    """Those of ``grids`` with a door nobody has answered, in their order."""
    answered = door_answers.answered(tx, info.id) if info else {}
    homes = households.counts(tx) if info else {}
    for grid in grids:
        if info is None or homes.get(grid, 0) > answered.get(grid, 0):
            yield grid


def _door(tx: ReadTx, row: HouseholdRow, told: AnswerRow | None) -> Door:
    place = households.doors_of(tx, row.id)
    first = place[0] if place else None
    return Door(
        row.id, row.area, row.door or "", row.head_name or "", row.people, rounds.state_of(told),
        told.answer if told else None, told.reason if told else None, told.note if told else None,
        told.at if told else None, told.attempts if told else 0, row.flags, row.revisit_on,
        first.lat if first else None, first.lon if first else None, bool(told and told.conflicts),
    )  # fmt: skip


def _place(tx: ReadTx, row: HouseholdRow) -> str:
    return places(tx).grid_words(row.area)


def programs_of(record: Household) -> tuple[Program, ...]:
    found = []
    for _key, row in rows(record.programs):
        amount = row.get("amount_month")
        month = amount if isinstance(amount, int) else None
        found.append(Program(str(row.get("policy") or ""), month, row.get("since")))
    return tuple(found)


def _last(answers: Sequence[AnswerRow], round_id: str | None) -> LastAnswer | None:
    for each in answers:
        if each.round != round_id and each.answer:
            return LastAnswer(each.answer, each.reason, each.note, each.at, each.by)
    return None
