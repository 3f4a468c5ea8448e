"""Everything handed over or granted, of whatever document type, as links of a household's chain of help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp.store.projections.registry import Rows
from fieldapp.store.views import DocumentView

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx

NAME = "helps"
TYPES: frozenset[str] | None = frozenset(
    {"task", "plan", "application", "referral", "conference", "emergency", "mutual_aid"}
)
TABLES = {
    "help": "document TEXT PRIMARY KEY, type TEXT NOT NULL, area TEXT NOT NULL, household TEXT, person TEXT, "
    "kind TEXT, title TEXT, provider TEXT, due_on TEXT, first_at TEXT NOT NULL, done_at TEXT, "
    "conflicts INTEGER NOT NULL"
}
INDEXES = (
    ("help_household", "help(household, first_at)"),
    ("help_person", "help(person, first_at)"),
    ("help_due", "help(due_on) WHERE done_at IS NULL"),
)


@dataclass(frozen=True)
class HelpRow:
    """``done_at`` is ``result.at`` of the document: when the help reached its result."""

    id: str
    type: str
    area: str
    household: str | None
    person: str | None
    kind: str | None
    title: str | None
    provider: str | None
    due_on: str | None
    first_at: str
    done_at: str | None
    conflicts: int


def project(view: DocumentView) -> Rows:
    state = view.state
    result = state.get("result")
    done = result.get("at") if isinstance(result, dict) else None
    texts = [_text(state.get(name)) for name in ("household", "person", "kind", "title", "provider", "due_on")]
    return {"help": [(view.id, view.type, view.area, *texts, view.first_at, _text(done), len(view.merged.conflicts))]}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def subjects(document: str, rows: Rows) -> set[str]:
    return set()


_COLUMNS = "document, type, area, household, person, kind, title, provider, due_on, first_at, done_at, conflicts"


def of_household(tx: ReadTx, household: str) -> list[HelpRow]:
    sql = f"SELECT {_COLUMNS} FROM help WHERE household = ? ORDER BY first_at, document"
    return [HelpRow(*row) for row in tx.rows(sql, (household,))]


def due(tx: ReadTx, until: str) -> list[HelpRow]:
    """Help without a result whose day is on or before the ISO day ``until``."""
    sql = f"SELECT {_COLUMNS} FROM help WHERE done_at IS NULL AND due_on <= ? ORDER BY due_on, document"
    return [HelpRow(*row) for row in tx.rows(sql, (until,))]
