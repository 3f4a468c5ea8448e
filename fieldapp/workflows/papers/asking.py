"""What a paper is asked for, and what all papers have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fieldapp.domain.documents import Household
from fieldapp.errors import StateError
from fieldapp.reports.content import Imprint
from fieldapp.store.api import DocumentView, ReadTx
from fieldapp.store.projections import households
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.people import members_of
from fieldapp.workflows.places import places
from fieldapp.workflows.report_data import Forms, letterhead, report_number
from fieldapp.workflows.report_data_answers import local_time


@dataclass(frozen=True)
class Ask:
    """``subject`` is a document id, an area code or a form id, as the paper wants it; ``since`` and ``until`` are ISO
    days, both included; ``policy`` a programme of the households."""

    subject: str
    printed_at: datetime
    forms: Forms
    since: str = ""
    until: str = ""
    policy: str = ""

    def holds(self, day: str | None) -> bool:
        """Whether an ISO day or time lies within the period; unknown days do not."""
        return bool(day) and (not self.since or str(day)[:10] >= self.since) and (
            not self.until or str(day)[:10] <= self.until
        )  # fmt: skip

    @property
    def period(self) -> str:
        if not (self.since or self.until):
            return "全部"
        return f"{self.since or '……'} 至 {self.until or self.printed_at.astimezone().date().isoformat()}"


def asked_document(tx: ReadTx, ask: Ask, *types: str) -> DocumentView:
    """The document asked for. Raises StateError ``state.unknown``."""
    view = tx.document(ask.subject)
    if view is None or (types and view.type not in types):
        raise StateError("state.unknown")
    return view


def imprint_for(tx: ReadTx, actor: Actor, ask: Ask, view: DocumentView, title: str) -> Imprint:
    """The imprint of a paper about one document."""
    return _imprint(tx, actor, ask, view.area, title, report_number(view))


def imprint_of_area(tx: ReadTx, actor: Actor, ask: Ask, area: str, title: str) -> Imprint:
    """The imprint of a paper about an area and a period: its number is the day and the area's code."""
    number = f"{ask.printed_at.astimezone():%Y%m%d}-{area.rstrip('*')}"
    return _imprint(tx, actor, ask, area, title, number)


def _imprint(tx: ReadTx, actor: Actor, ask: Ask, area: str, title: str, number: str) -> Imprint:
    printed = local_time(ask.printed_at.isoformat())
    return Imprint(letterhead(tx, area), title, number, actor.name, printed, number)


def family_name(tx: ReadTx, household: str) -> tuple[str, str]:
    """(head's name, address or grid) of a household."""
    row = households.household(tx, household) if household else None
    if row is not None:
        return row.head_name or "", row.address or places(tx).grid_words(row.area)
    view = tx.document(household) if household else None
    record = view.record if view else None
    return (record.head_name or "", record.address or "") if isinstance(record, Household) else ("", "")


def family_size(tx: ReadTx, actor: Actor, household: str) -> int:
    """Members who have not died or moved away."""
    standing = members_of(tx, household, actor.today())
    return sum(one.whereabouts not in ("died", "moved_away") for one in standing)
