"""A round at the desk: opened with its scope and dates, proved door by door and person by person, closed.

村不漏户、户不漏人 is a list that is empty, not a percentage: ``silent`` are households without an answer, ``unmet`` the
people whom no answer accounts for. The first keeps the round open; the second is written into the closing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date

from fieldapp.domain.areas import board, covers
from fieldapp.domain.documents import ROUND_KINDS, Round
from fieldapp.domain.pointers import Json
from fieldapp.errors import ProgrammingFault, RefusedError, StateError
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.workflows import round_proof, rounds
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.places import places
from fieldapp.workflows.round_proof import DoorLine, PersonLine
from fieldapp.workflows.rounds import RoundInfo, RoundProgress


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
class RoundPage:
    """One round: how far, and the four lists, cut where they are very long; ``counts`` by list say how many there are.
    ``mine``: this user may close it."""

    progress: RoundProgress
    people: int
    silent: tuple[DoorLine, ...]
    unmet: tuple[PersonLine, ...]
    new: tuple[DoorLine, ...]
    vanished: tuple[DoorLine, ...]
    counts: Mapping[str, int]
    mine: bool

    @property
    def info(self) -> RoundInfo:
        return self.progress.round

    def proof(self) -> dict[str, int]:
        """The counts a closing rests on."""
        return {
            "households": self.progress.total, "people": self.people,
            **{name: self.counts[name] for name in ("unmet", "new", "vanished")},
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
        found = _page(tx, actor, round_id, whole=True)
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


def _page(tx: ReadTx, actor: Actor, round_id: str, *, whole: bool = False) -> RoundPage:
    view = tx.document(round_id)
    if view is None or not isinstance(view.record, Round):
        raise StateError("state.unknown")
    info = rounds.info_of(view.record)
    lists = round_proof.collect(tx, places(tx), info, rounds.scope_of(info, actor.scopes), whole=whole)
    mine = any(covers(scope, view.area) for scope in actor.scopes)
    return RoundPage(
        rounds.progress_of(tx, actor, info), lists.people, tuple(lists.silent), tuple(lists.unmet), tuple(lists.new),
        tuple(lists.vanished), dict(lists.counts), mine,
    )  # fmt: skip
