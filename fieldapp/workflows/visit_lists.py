"""The visits of a worker: unfinished ones, those sent back, those waiting and those approved."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from fieldapp.domain.documents import Household
from fieldapp.errors import StateError
from fieldapp.store.api import ReadTx, Store
from fieldapp.store.projections import households, reviews, visits
from fieldapp.store.projections.visits import VisitRow
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.places import Places, places
from fieldapp.workflows.visit_drafts import DRAFT, unfinished

SHOWN = 100


@dataclass(frozen=True)
class VisitLine:
    """``state``: ``draft`` | ``returned`` | ``waiting`` | ``approved`` | ``sent`` (reports). ``at`` is when it was last
    saved or finished, ``words`` the supervisor's first open comment. ``id`` is the visit's and its draft's; ``purpose``
    is empty for a matter's step, whose form says it."""

    id: str
    household: str
    family: str
    place: str
    form_id: str
    purpose: str
    state: str
    at: str
    words: str = ""
    by: str = ""
    conflicts: int = 0


@dataclass(frozen=True)
class VisitBoard:
    """Newest first in each state."""

    lines: tuple[VisitLine, ...]

    def of(self, state: str) -> list[VisitLine]:
        return [line for line in self.lines if line.state == state]


def board(store: Store, actor: Actor) -> Future[VisitBoard]:
    def work(tx: ReadTx) -> VisitBoard:
        names = places(tx)
        drafts = _drafts(tx, names)
        unfinished = {line.id for line in drafts}
        made = [_line(tx, row, names) for row in visits.by_user(tx, actor.user, SHOWN) if row.id not in unfinished]
        return VisitBoard((*drafts, *made))

    return store.read(work)


def what_to_open(store: Store, visit_id: str) -> Future[str]:
    """How a visit is opened: ``resume`` its draft, ``mend`` what was returned, ``read`` what is settled or waiting.

    Raises StateError ``visit.unknown``.
    """

    def work(tx: ReadTx) -> str:
        draft = tx.draft(visit_id)
        if draft is not None and draft.kind == DRAFT:
            return "resume"
        row = visits.visit(tx, visit_id)
        if row is None:
            raise StateError("visit.unknown")
        return "mend" if row.decision == "returned" else "read"

    return store.read(work)


def _drafts(tx: ReadTx, names: Places) -> list[VisitLine]:
    found = []
    for draft, header in unfinished(tx):
        family, place = _family(tx, header.household, names)
        purpose = "" if header.fills_step else header.purpose
        line = VisitLine(draft.id, header.household, family, place, header.form_id, purpose, "draft", draft.saved_at)
        found.append(line)
    return found


def _line(tx: ReadTx, row: VisitRow, names: Places) -> VisitLine:
    family, place = _family(tx, row.household or "", names)
    review = reviews.of_subject(tx, row.id) if row.decision == "returned" else None
    return VisitLine(
        row.id, row.household or "", family, place, row.form_id or "", row.purpose or "",
        row.decision or ("waiting" if row.type == "visit" else "sent"),
        row.finished_at or row.last_at, (review.words or "") if review else "", row.decided_by or "", row.conflicts,
    )  # fmt: skip


def _family(tx: ReadTx, household: str, names: Places) -> tuple[str, str]:
    """The head's name and where they live."""
    row = households.household(tx, household)
    if row is not None:
        return row.head_name or "", row.address or names.grid_words(row.area)
    view = tx.document(household)
    record = view.record if view is not None else None
    return (record.head_name or "", record.address or "") if isinstance(record, Household) else ("", "")
