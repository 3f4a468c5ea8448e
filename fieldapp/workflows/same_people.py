"""People who may have been entered twice: shown on their household, joined by a person, undone exactly.

A join changes neither document: it is a third one (``same_as``) about the pair, so that switching it off gives back
what stood before, and both histories stay with their own document. A family whose every member has been joined with
one of another family was entered twice itself: the households are joined with the last pair, and parted with it.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from fieldapp.domain.identity_number import mask
from fieldapp.domain.ids import same_as_id
from fieldapp.errors import StateError
from fieldapp.store import duplicates
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.store.projections import people
from fieldapp.store.projections.people import PersonRow
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.places import places


@dataclass(frozen=True)
class Twin:
    """``person`` of this household and ``other`` who may be the same. ``reasons`` of ``duplicates.Pair``; ``about``
    are the other's birth date, masked number and place, as far as they are known."""

    person: str
    name: str
    other: str
    other_name: str
    about: tuple[str, ...]
    reasons: tuple[str, ...]


def twins_of(store: Store, household: str) -> Future[list[Twin]]:
    """Who in this household may also stand elsewhere; pairs already decided are left out."""

    def work(tx: ReadTx) -> list[Twin]:
        here = {row.id for row in people.members(tx, household)}
        return [_twin(tx, pair, here) for pair in duplicates.pairs(tx, here)]

    return store.read(work)


def decide(store: Store, actor: Actor, one: str, other: str, *, same: bool) -> Future[str]:
    """Say that two are one person, or that they are not; either can be said again the other way round.

    Returns the pair's document. Raises StateError ``state.unknown``; RefusedError.
    """

    def work(tx: WriteTx) -> str:
        view = tx.document(one)
        if view is None or tx.document(other) is None or one == other:
            raise StateError("state.unknown")
        actor.require("same_as", view.area)
        pair = _say(tx, actor, one, other, same=same)
        tx.finish()
        _settle_households(tx, actor, one, other)
        return pair

    return store.write(work)


def _say(tx: WriteTx, actor: Actor, one: str, other: str, *, same: bool) -> str:
    pair = same_as_id(actor.county, one, other)
    first, second = sorted((one, other))
    view, known = tx.document(first), tx.document(pair)
    if known is not None and known.state.get("on") is not same:
        tx.save(pair, {"/on": same})
    elif known is None and view is not None:
        tx.create("same_as", view.area, {"one": first, "other": second, "on": same}, document_id=pair)
    return pair


def _settle_households(tx: WriteTx, actor: Actor, one: str, other: str) -> None:
    """The households of the two are one exactly while every member of the smaller is a member of the other."""
    homes = {row.household for row in people.with_ids(tx, (one, other)) if row.household}
    if len(homes) < 2:
        return
    first, second = sorted(homes)
    groups = [{tx.canonical(person) for person in _own_members(tx, home)} for home in (first, second)]
    fewer, more = sorted(groups, key=len)
    within = bool(fewer) and fewer <= more
    if within or tx.document(same_as_id(actor.county, first, second)) is not None:
        _say(tx, actor, first, second, same=within)


def _own_members(tx: ReadTx, household: str) -> list[str]:
    """Those whose own document names this household, whatever it is joined with."""
    found = people.members(tx, household, joined=False)
    return [row.id for row in found if row.deceased_on is None]


def _twin(tx: ReadTx, pair: duplicates.Pair, here: set[str]) -> Twin:
    own, other = (pair.one, pair.other) if pair.one.id in here else (pair.other, pair.one)
    return Twin(own.id, own.full_name or "", other.id, other.full_name or "", _about(tx, other), pair.reasons)


def _about(tx: ReadTx, row: PersonRow) -> tuple[str, ...]:
    number = mask(row.id_number) if row.id_number else ""
    return tuple(part for part in (row.birth_date or "", number, places(tx).grid_words(row.area)) if part)
