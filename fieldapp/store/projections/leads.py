"""Leads as an inbox reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp.domain.documents import Lead
from fieldapp.store.connection import Row
from fieldapp.store.projections.registry import Rows
from fieldapp.store.projections.same_as import ALL_OF
from fieldapp.store.spans import span
from fieldapp.store.views import DocumentView

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx

NAME = "leads"
TYPES: frozenset[str] | None = frozenset({"lead"})
TABLES = {
    "lead": "document TEXT PRIMARY KEY, area TEXT NOT NULL, number TEXT, source TEXT, channel TEXT, person_name TEXT, "
    "address TEXT, content TEXT, urgent INTEGER NOT NULL, issued_on TEXT, days INTEGER, due_on TEXT, assigned_to TEXT, "
    "checked_on TEXT, answered_on TEXT, withdrawn_on TEXT, household TEXT, person TEXT, outcome TEXT, "
    "conflicts INTEGER NOT NULL, assigned_on TEXT, near_relative INTEGER NOT NULL, misdirected INTEGER NOT NULL"
}
INDEXES = (
    ("lead_open", "lead(area, due_on) WHERE answered_on IS NULL AND withdrawn_on IS NULL"),
    ("lead_household", "lead(household)"),
    ("lead_answered", "lead(answered_on)"),
    ("lead_name", "lead(person_name)"),
)


@dataclass(frozen=True)
class LeadRow:
    """One lead. ``due_on`` is None when the office that sent it gave no term."""

    id: str
    area: str
    number: str | None
    source: str | None
    channel: str | None
    person_name: str | None
    address: str | None
    content: str | None
    urgent: bool
    issued_on: str | None
    days: int | None
    due_on: str | None
    assigned_to: str | None
    checked_on: str | None
    answered_on: str | None
    withdrawn_on: str | None
    household: str | None
    person: str | None
    outcome: str | None
    conflicts: int
    assigned_on: str | None
    near_relative: bool
    misdirected: bool

    @property
    def open(self) -> bool:
        return self.answered_on is None and self.withdrawn_on is None


def project(view: DocumentView) -> Rows:
    lead = Lead.read(view.id, view.state)
    row = (
        view.id, view.area, lead.number, lead.source, lead.channel, lead.person_name, lead.address, lead.content,
        int(bool(lead.urgent)), lead.issued_on, lead.days, lead.due_on, lead.assigned_to, lead.checked_on,
        lead.answered_on, lead.withdrawn_on, lead.household, lead.person, lead.answer.get("outcome"),
        len(view.merged.conflicts), lead.assigned_on, int(bool(lead.near_relative)),
        int(bool(lead.misdirected.get("at"))),
    )  # fmt: skip
    return {"lead": [row]}


def subjects(document: str, rows: Rows) -> set[str]:
    return set()


_COLUMNS = (
    "document, area, number, source, channel, person_name, address, content, urgent, issued_on, days, due_on, "
    "assigned_to, checked_on, answered_on, withdrawn_on, household, person, outcome, conflicts, "
    "assigned_on, near_relative, misdirected"
)
_OPEN = "answered_on IS NULL AND withdrawn_on IS NULL"


def waiting(tx: ReadTx, area_prefix: str = "", limit: int = -1) -> list[LeadRow]:
    """Open leads of an area: urgent ones first, then by the day they are due, those without a term last."""
    sql = (
        f"SELECT {_COLUMNS} FROM lead WHERE {_OPEN} AND area >= ? AND area < ? "
        "ORDER BY urgent DESC, due_on IS NULL, due_on, issued_on, document LIMIT ?"
    )
    return [_read(row) for row in tx.rows(sql, (*span(area_prefix), limit))]


def settled(tx: ReadTx, area_prefix: str = "", limit: int = 200) -> list[LeadRow]:
    """Answered and withdrawn leads of an area, the newest first."""
    sql = (
        f"SELECT {_COLUMNS} FROM lead WHERE NOT ({_OPEN}) AND area >= ? AND area < ? "
        "ORDER BY coalesce(answered_on, withdrawn_on) DESC, document LIMIT ?"
    )
    return [_read(row) for row in tx.rows(sql, (*span(area_prefix), limit))]


def lead(tx: ReadTx, lead_id: str) -> LeadRow | None:
    found = tx.one(f"SELECT {_COLUMNS} FROM lead WHERE document = ?", (lead_id,))
    return _read(found) if found else None


def of_household(tx: ReadTx, household: str) -> list[LeadRow]:
    sql = f"SELECT {_COLUMNS} FROM lead WHERE household IN {ALL_OF} ORDER BY issued_on, document"
    return [_read(row) for row in tx.rows(sql, (household,))]


def about(tx: ReadTx, person_name: str, household: str | None = None) -> list[LeadRow]:
    """Every lead about somebody of this name or about this household, the newest first."""
    sql = (
        f"SELECT {_COLUMNS} FROM lead WHERE person_name = ? OR (household IS NOT NULL AND household = ?) "
        "ORDER BY issued_on DESC, document"
    )
    return [_read(row) for row in tx.rows(sql, (person_name, household))]


def assignees(tx: ReadTx, area_prefix: str = "") -> list[str]:
    """Names that leads of an area were given to."""
    sql = "SELECT DISTINCT assigned_to FROM lead WHERE assigned_to IS NOT NULL AND area >= ? AND area < ? ORDER BY 1"
    return [str(row[0]) for row in tx.rows(sql, span(area_prefix))]


def count_waiting(tx: ReadTx, area_prefix: str = "") -> int:
    found = tx.one(f"SELECT count(*) FROM lead WHERE {_OPEN} AND area >= ? AND area < ?", span(area_prefix))
    return int(found[0]) if found else 0


def _read(row: Row) -> LeadRow:
    values = list(row)
    for flag in (8, -2, -1):
        values[flag] = bool(values[flag])
    return LeadRow(*values)
