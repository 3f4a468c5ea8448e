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
        names = places(tx)
        found = []
        for area in actor.scopes:
            for row in visits.in_area(tx, area, SHOWN):
                if row.type != "visit":
                    continue
                home = households.household(tx, row.household) if row.household else None
                found.append(
                    Printable(
                        row.id, (home.head_name or "") if home else "",
                        (home.address if home else None) or names.grid_words(row.area), row.finished_at or row.last_at,
                        row.decision or "", "、".join(visits.investigators(tx, row.id)),
                    )
                )  # fmt: skip
        return sorted(found, key=lambda each: (each.decision != "approved", _newest_first(each.finished_at)))

    return store.read(work)


def _newest_first(at: str) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in at)
