"""Which visits can be printed, in the order somebody looks for them."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from fieldapp.store.api import ReadTx, Store
from fieldapp.store.projections import households, visits
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.places import places

SHOWN = 500


@dataclass(frozen=True)
class Printable:
    """A visit with its decision (``approved`` | ``returned`` | "" while it waits): only approved ones are final."""

    id: str
    family: str
    place: str
    finished_at: str
    decision: str
    who: str


def printable(store: Store, actor: Actor) -> Future[list[Printable]]:
    """The newest visits of this user's areas, approved first."""

    def work(tx: ReadTx) -> list[Printable]:
        names, rows = places(tx), [row for area in actor.scopes for row in visits.in_area(tx, area, SHOWN)]
        rows = [row for row in rows if row.type == "visit"]
        homes = households.many(tx, [row.household for row in rows if row.household])
        by = visits.investigators_of(tx, [row.id for row in rows])
        found = []
        for row in rows:
            home = homes.get(row.household or "")
            place = (home.address if home else None) or names.grid_words(row.area)
            at, who = row.finished_at or row.last_at, "、".join(by.get(row.id, ()))
            family = (home.head_name or "") if home else ""
            found.append(Printable(row.id, family, place, at, row.decision or "", who))
        return sorted(found, key=lambda each: (each.decision != "approved", _newest_first(each.finished_at)))

    return store.read(work)


def _newest_first(at: str) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in at)
