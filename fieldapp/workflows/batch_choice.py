"""Which visits a batch is about: by grid or village, by time, by what the desk decided."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from fieldapp.store.api import ReadTx, Store
from fieldapp.store.projections import visits
from fieldapp.workflows.papers.asking import family_name
from fieldapp.workflows.report_data import report_number

APPROVED, RETURNED, WAITING = "approved", "returned", "waiting"


@dataclass(frozen=True)
class Choice:
    """``area`` is a code of any level; ``since`` and ``until`` ISO days, both included; ``state`` one of ``approved`` |
    ``returned`` | ``waiting`` | ``""`` for all."""

    area: str
    since: str = ""
    until: str = ""
    state: str = ""


@dataclass(frozen=True)
class ChosenVisit:
    """A visit of a batch: its number, the family and place for the list on screen, what the desk said."""

    id: str
    number: str
    family: str
    place: str
    finished_at: str
    state: str


def chosen(store: Store, choice: Choice) -> Future[list[ChosenVisit]]:
    """The visits of a choice, by area, then time, then number."""
    return store.read(lambda tx: choose(tx, choice))


def choose(tx: ReadTx, choice: Choice) -> list[ChosenVisit]:
    found = []
    for row in visits.in_area(tx, choice.area, limit=-1):
        day = (row.finished_at or "")[:10]
        state = row.decision or WAITING
        in_time = (not choice.since or day >= choice.since) and (not choice.until or day <= choice.until)
        view = tx.document(row.id) if row.type == "visit" and in_time and choice.state in ("", state) else None
        if view is not None:
            family, place = family_name(tx, row.household or "")
            entry = ChosenVisit(row.id, report_number(view), family, place, row.finished_at or row.last_at, state)
            found.append((row.area, entry.finished_at, entry.number, entry))
    return [entry for *_, entry in sorted(found, key=lambda each: each[:3])]
