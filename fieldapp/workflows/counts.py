"""What the frame says at all times: how much waits where, how much is unsent, when the county last confirmed."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime

from fieldapp.store.api import ReadTx, Store
from fieldapp.store.projections import leads, visits
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters.lists import count_late
from fieldapp.workflows.places import places
from fieldapp.workflows.rounds import current_round


@dataclass(frozen=True)
class Counts:
    """``leads`` open ones; ``matters`` those over their term; ``returned`` visits the supervisor sent back;
    ``review`` visits waiting for this desk;
    ``refused`` records the county refused."""

    leads: int
    matters: int
    returned: int
    review: int
    unsent: int
    refused: int
    confirmed_at: datetime | None
    place: str
    round_number: int | None


def counts(store: Store, actor: Actor) -> Future[Counts]:
    def work(tx: ReadTx) -> Counts:
        state = tx.sync_state()
        names = places(tx)
        running = current_round(tx, actor)
        last = max(filter(None, (state.last_receipt_at, state.last_pull_at)), default=None)
        return Counts(
            leads=sum(leads.count_waiting(tx, area) for area in actor.scopes),
            matters=count_late(tx, actor),
            returned=sum(len(visits.decided(tx, "returned", area)) for area in actor.scopes),
            review=sum(visits.count_waiting(tx, area) for area in actor.scopes) if actor.at_desk else 0,
            unsent=state.unsent + state.unsent_blobs,
            refused=state.quarantined,
            confirmed_at=datetime.fromisoformat(last) if last else None,
            place=names.names.get(_shared_area(actor), ""),
            round_number=running.number if running else None,
        )

    return store.read(work)


def _shared_area(actor: Actor) -> str:
    """One grid or village by its own code; several grids of a village by the village."""
    if len(actor.scopes) == 1:
        return actor.scopes[0][:12]
    first = actor.scopes[0] if actor.scopes else actor.county
    lengths = (12, 9, 6)
    return next((first[:n] for n in lengths if all(s.startswith(first[:n]) for s in actor.scopes)), actor.county)
