"""A round at the desk: opened with its scope and dates, proved door by door and person by person, closed.

村不漏户、户不漏人 is a list that is empty, not a percentage: ``silent`` are households without an answer, ``unmet`` the
people whom no answer accounts for. The first keeps the round open; the second is written into the closing.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date

from fieldapp.domain.areas import board, covers
from fieldapp.domain.documents import ROUND_KINDS, Round
from fieldapp.domain.pointers import Json
from fieldapp.errors import ProgrammingFault, RefusedError, StateError
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.store.projections import door_answers, households, people
from fieldapp.store.projections.door_answers import AnswerRow
from fieldapp.store.projections.households import HouseholdRow
from fieldapp.workflows import rounds
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.places import Places, places
from fieldapp.workflows.rounds import ATTEMPTS_WANTED, RoundInfo, RoundProgress

#: Reasons that say nobody lives behind the door any more.
VANISHED = ("deceased", "empty_house")


@dataclass(frozen=True)
class NewRound:
    """``kind`` of ``ROUND_KINDS``; ``areas`` lie in the opener's own; ``flagged_first``: marked families in front."""

    title: str
    kind: str
    areas: tuple[str, ...]
    opens_on: date
    closes_on: date
    flagged_first: bool = False


@dataclass(frozen=True)
class DoorLine:
    """A household in one of the lists. ``people`` are names; ``reason`` and ``note`` what the answer says."""

    household: str
    family: str
    place: str
    people: tuple[str, ...] = ()
    attempts: int = 0
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class PersonLine:
    """Somebody no answer accounts for. ``why``: ``silent`` (the door has no answer) | ``not_met`` (nobody was home,
    twice) | ``nowhere`` (in no household, or two moves stand against each other)."""

    person: str
    name: str
    household: str | None
    place: str
    why: str


@dataclass(frozen=True)
class RoundPage:
    """One round: how far, and the four lists. ``mine``: this user may close it."""

    progress: RoundProgress
    people: int
    silent: tuple[DoorLine, ...]
    unmet: tuple[PersonLine, ...]
    new: tuple[DoorLine, ...]
    vanished: tuple[DoorLine, ...]
    mine: bool

    @property
    def info(self) -> RoundInfo:
        return self.progress.round

    def proof(self) -> dict[str, int]:
        """The counts a closing rests on."""
        return {
            "households": self.progress.total, "people": self.people, "unmet": len(self.unmet), "new": len(self.new),
            "vanished": len(self.vanished),
        }  # fmt: skip


def listing(store: Store, actor: Actor) -> Future[tuple[RoundInfo, ...]]:
    """Open rounds first, the one ending soonest in front; then closed ones, the newest first."""

    def work(tx: ReadTx) -> tuple[RoundInfo, ...]:
        found = rounds.all_rounds(tx, actor)
        going = [each for each in found if not each.closed_at]
        going.sort(key=lambda each: (each.closes_on or "9999", each.id))
        done = sorted((each for each in found if each.closed_at), key=lambda each: each.closed_at or "", reverse=True)
        return (*going, *done)

    return store.read(work)


def scopes_offered(store: Store, actor: Actor) -> Future[tuple[tuple[str, str], ...]]:
    """(code, name) of this user's areas and of those one level down, to choose a round's scope from."""

    def work(tx: ReadTx) -> tuple[tuple[str, str], ...]:
        names = places(tx)
        codes = [code for scope in actor.scopes for code in (scope, *names.children(scope))]
        return tuple((code, names.grid_words(code)) for code in dict.fromkeys(codes))

    return store.read(work)


def page(store: Store, actor: Actor, round_id: str) -> Future[RoundPage]:
    """Raises StateError ``state.unknown``."""
    return store.read(lambda tx: _page(tx, actor, round_id))


def open_round(store: Store, actor: Actor, wanted: NewRound) -> Future[str]:
    """Start a round, on the notice board of the scope it lies in, so that every walker there gets it. The round's id.

    Raises StateError ``round.title`` | ``round.dates`` | ``round.where``, RefusedError (areas outside one scope).
    """
    if wanted.kind not in ROUND_KINDS:
        raise ProgrammingFault(f"no such kind of round: {wanted.kind}")
    if not wanted.title.strip():
        raise StateError("round.title")
    if wanted.closes_on < wanted.opens_on or wanted.closes_on < actor.today():
        raise StateError("round.dates")
    if not wanted.areas:
        raise StateError("round.where")

    def work(tx: WriteTx) -> str:
        area = _board_of(actor, wanted.areas)
        actor.require("round", area)
        year = str(wanted.opens_on.year)
        number = 1 + sum((each.opens_on or "").startswith(year) for each in rounds.all_rounds(tx, actor))
        state: dict[str, Json] = {
            "title": wanted.title.strip(), "number": number, "kind": wanted.kind, "areas": list(wanted.areas),
            "opens_on": wanted.opens_on.isoformat(), "closes_on": wanted.closes_on.isoformat(),
            "flagged_first": wanted.flagged_first, "opened_by": actor.name,
        }  # fmt: skip
        return tx.create("round", board(area), state)

    return store.write(work)


def close_round(store: Store, actor: Actor, round_id: str) -> Future[None]:
    """Close a round and write down what that rests on. Raises StateError ``round.silent`` with ``n`` while a door is
    silent, ``round.closed``, ``state.unknown``; RefusedError for a round that lies above this user's areas."""

    def work(tx: WriteTx) -> None:
        view = tx.document(round_id)
        if view is None or not isinstance(view.record, Round):
            raise StateError("state.unknown")
        actor.require("round", view.area)
        if view.record.closed_at:
            raise StateError("round.closed")
        found = _page(tx, actor, round_id)
        if found.silent:
            raise StateError("round.silent", n=len(found.silent))
        proof = {f"/proof/{name}": count for name, count in found.proof().items()}
        tx.save(round_id, {"/closed_at": actor.stamp(), "/closed_by": actor.name, **proof})

    return store.write(work)


def _board_of(actor: Actor, areas: Iterable[str]) -> str:
    """The scope that holds all of ``areas``."""
    for scope in actor.scopes:
        if all(covers(scope, area) for area in areas):
            return scope
    raise RefusedError("refused.scope", area="、".join(areas))


def _page(tx: ReadTx, actor: Actor, round_id: str) -> RoundPage:
    view = tx.document(round_id)
    if view is None or not isinstance(view.record, Round):
        raise StateError("state.unknown")
    info, names = rounds.info_of(view.record), places(tx)
    silent: list[DoorLine] = []
    unmet: list[PersonLine] = []
    new: list[DoorLine] = []
    gone: list[DoorLine] = []
    everybody = 0
    for area in rounds.scope_of(info, actor.scopes):
        answers = door_answers.of_round(tx, info.id, area)
        everybody += people.count(tx, area)
        for row in households.in_area(tx, area):
            answer = answers.get(row.id)
            if rounds.is_silent(answer):
                silent.append(_door(tx, row, answer, names, with_people=True))
                unmet += _members(tx, row, names, "silent")
            elif answer is not None and answer.answer == "nobody_home":
                unmet += _members(tx, row, names, "not_met")
            elif answer is not None and answer.answer == "new":
                new.append(_door(tx, row, answer, names))
            elif answer is not None and answer.reason in VANISHED:
                gone.append(_door(tx, row, answer, names))
        unmet += [
            PersonLine(each.id, each.full_name or "", None, names.grid_words(each.area), "nowhere")
            for each in people.without_household(tx, area)
        ]
    mine = any(covers(scope, view.area) for scope in actor.scopes)
    counted = rounds.progress_of(tx, actor, info)
    return RoundPage(counted, everybody, tuple(silent), tuple(unmet), tuple(new), tuple(gone), mine)


def _door(
    tx: ReadTx, row: HouseholdRow, answer: AnswerRow | None, names: Places, *, with_people: bool = False
) -> DoorLine:
    living = tuple(one.full_name or "" for one in people.members(tx, row.id) if not one.deceased_on)
    return DoorLine(
        row.id, row.head_name or "", row.address or names.grid_words(row.area), living if with_people else (),
        min(answer.attempts, ATTEMPTS_WANTED) if answer else 0, (answer.reason or "") if answer else "",
        (answer.note or "") if answer else "",
    )  # fmt: skip


def _members(tx: ReadTx, row: HouseholdRow, names: Places, why: str) -> list[PersonLine]:
    place = row.address or names.grid_words(row.area)
    living = [one for one in people.members(tx, row.id) if not one.deceased_on and one.whereabouts != "moved_away"]
    return [PersonLine(one.id, one.full_name or "", row.id, place, why) for one in living]
