"""What the desk does with a lead besides answering it: assign it, send it to the right grid, take it back, mark it."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from fieldapp.domain.pointers import Json
from fieldapp.errors import StateError
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.store.projections import households, leads, visits
from fieldapp.workflows import grid_workers
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.leads import open_lead
from fieldapp.workflows.places import places


@dataclass(frozen=True)
class Assignable:
    """Where a lead may go and who may get it: (code, name) of grids, names of people per grid."""

    grids: tuple[tuple[str, str], ...]
    workers: tuple[str, ...]


def assignable(store: Store, actor: Actor, lead_id: str) -> Future[Assignable]:
    """Those who walk the lead's grid first, then everybody at work in this user's areas. Raises ``state.unknown``."""

    def work(tx: ReadTx) -> Assignable:
        view, _lead = open_lead(tx, lead_id)
        names = places(tx)
        grids = sorted({grid for scope in actor.scopes for grid in (*households.grids(tx, scope), *_named(tx, scope))})
        own = grid_workers.of_grid(tx, view.area)
        since = actor.today().replace(month=1, day=1).isoformat()
        met = [name for _user, (name, _home, _phone) in visits.counts_by_person(tx, actor.scopes, since).items()]
        given = [name for scope in actor.scopes for name in leads.assignees(tx, scope)]
        everybody = dict.fromkeys([*own, *grid_workers.everybody(tx, actor.scopes), *sorted(met), *given])
        return Assignable(tuple((grid, names.grid_words(grid)) for grid in grids), tuple(everybody))

    return store.read(work)


def assign(store: Store, actor: Actor, lead_id: str, to: str, grid: str | None = None) -> Future[str]:
    """Give a lead to somebody, and with ``grid`` to the grid it belongs to: the county moves it at the next sync.

    Raises StateError ``lead.assignee`` without a name, ``lead.answered`` | ``lead.withdrawn``, RefusedError.
    """
    if not to.strip():
        raise StateError("lead.assignee")

    def work(tx: WriteTx) -> str:
        view, lead = open_lead(tx, lead_id)
        actor.require("lead", view.area)
        writes: dict[str, Json] = {
            "/assigned_to": to.strip(), "/assigned_on": actor.today().isoformat(), "/assigned_by": actor.name,
        }  # fmt: skip
        if lead.misdirected.get("at"):
            writes |= {"/misdirected/at": None, "/misdirected/words": None, "/misdirected/by": None}
        tx.save(lead_id, writes)
        if grid and grid != view.area:
            actor.require("lead", grid)
            tx.move(lead_id, grid)
        return lead_id

    return store.write(work)


def hand_back(store: Store, actor: Actor, lead_id: str, words: str) -> Future[str]:
    """A worker says the lead is not of this grid; the desk sends it on. Raises StateError ``lead.words``."""
    if not words.strip():
        raise StateError("lead.words")

    def work(tx: WriteTx) -> str:
        view, _lead = open_lead(tx, lead_id)
        actor.require("lead", view.area)
        return tx.save(
            lead_id,
            {
                "/misdirected/words": words.strip(), "/misdirected/at": actor.stamp(), "/misdirected/by": actor.name,
                "/assigned_to": None, "/assigned_on": None,
            },
        )  # fmt: skip

    return store.write(work)


def withdraw(store: Store, actor: Actor, lead_id: str, words: str) -> Future[str]:
    """The sender takes it back; whoever visits offline meanwhile keeps the visit. Raises StateError ``lead.words``."""
    if not words.strip():
        raise StateError("lead.words")

    def work(tx: WriteTx) -> str:
        view, _lead = open_lead(tx, lead_id)
        actor.require("lead", view.area)
        day: Json = actor.today().isoformat()
        return tx.save(lead_id, {"/withdrawn_on": day, "/withdrawn_why": words.strip(), "/withdrawn_by": actor.name})

    return store.write(work)


def mark_relative(store: Store, actor: Actor, lead_id: str, of: str) -> Future[str]:
    """The family is close to ``of``; "" takes the mark away. Its visits are then always drawn for a re-check."""

    def work(tx: WriteTx) -> str:
        view, _lead = open_lead(tx, lead_id)
        actor.require("lead", view.area)
        return tx.save(lead_id, {"/near_relative": bool(of.strip()), "/near_relative_of": of.strip() or None})

    return store.write(work)


def _named(tx: ReadTx, scope: str) -> list[str]:
    """Grids under a scope that the county has drawn, with or without households."""
    return [code for code in places(tx).names if len(code) == 16 and code.startswith(scope)]
