"""Who walks which grid, as the desk says it (网格分工): several may share one.

What somebody may read and write is their scope, which only the county's admin command changes. An assignment is a
document on the grid's notice board that says who is meant to walk there: lists and leads read it everywhere at once,
and ``python -m sync.server admin assignments`` shows the county where it and the scopes differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from fieldapp.domain.areas import board
from fieldapp.domain.documents import Assignment, rows
from fieldapp.domain.ids import assignment_id
from fieldapp.domain.pointers import ROW, Json
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.store.projections import households
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.places import places


@dataclass(frozen=True)
class GridLine:
    """One grid: its households and the names of those who walk it."""

    grid: str
    name: str
    households: int
    workers: tuple[str, ...]


def listing(store: Store, actor: Actor) -> Future[tuple[GridLine, ...]]:
    """Every grid of this user's areas that is named or has households, in the order of codes."""

    def work(tx: ReadTx) -> tuple[GridLine, ...]:
        names, said = places(tx), _assignments(tx)
        counted = {grid: n for scope in actor.scopes for grid, n in households.counts(tx, scope).items()}
        grids = {grid for grid in counted if len(grid) == 16}
        grids |= {code for code in names.names for scope in actor.scopes if len(code) == 16 and code.startswith(scope)}
        return tuple(
            GridLine(grid, names.grid_words(grid), counted.get(grid, 0), said.get(grid, ()))
            for grid in sorted(grids)
        )

    return store.read(work)


def assign(store: Store, actor: Actor, grid: str, workers: Sequence[str]) -> Future[str]:
    """Say who walks ``grid``: each name once; those left out stand down. Raises RefusedError."""
    wanted = list(dict.fromkeys(name.strip() for name in workers if name.strip()))

    def work(tx: WriteTx) -> str:
        actor.require("assignment", grid)
        document = assignment_id(actor.county, grid)
        view = tx.document(document)
        if view is None:
            people: dict[str, Json] = {f"w{n}": _row(name, actor) for n, name in enumerate(wanted, 1)}
            return tx.create("assignment", board(grid), {"grid": grid, "workers": people}, document_id=document)
        standing = {str(row.get("name")): key for key, row in rows(view.state.get("workers"))}
        writes: dict[str, Json] = {
            f"/workers/{key}/{ROW}": False for name, key in standing.items() if name not in wanted
        }
        taken = len(view.state.get("workers") or {})
        for n, name in enumerate((each for each in wanted if each not in standing), taken + 1):
            writes |= {f"/workers/w{n}/{leaf}": value for leaf, value in _row(name, actor).items()}
        if writes:
            tx.save(document, writes)
        return document

    return store.write(work)


def of_grid(tx: ReadTx, grid: str) -> list[str]:
    return list(_assignments(tx).get(grid, ()))


def everybody(tx: ReadTx, scopes: Iterable[str]) -> list[str]:
    """Names assigned anywhere in ``scopes``."""
    own = tuple(scopes)
    return sorted({name for grid, names in _assignments(tx).items() if grid.startswith(own) for name in names})


def _assignments(tx: ReadTx) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for view in tx.of_type("assignment"):
        record = Assignment.read(view.id, view.state)
        if record.grid:
            found[record.grid] = tuple(str(row.get("name")) for _key, row in rows(record.workers) if row.get("name"))
    return found


def _row(name: str, actor: Actor) -> dict[str, Json]:
    return {ROW: True, "name": name, "since": actor.today().isoformat(), "by": actor.name}
