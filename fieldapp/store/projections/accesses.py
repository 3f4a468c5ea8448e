"""Who looked at, printed or exported what: the access log by document and by user. Kinds and ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp.store.projections.registry import Rows
from fieldapp.store.views import DocumentView

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx

NAME = "accesses"
TYPES: frozenset[str] | None = frozenset({"access_log"})
TABLES = {
    "access": "document TEXT NOT NULL, at TEXT NOT NULL, user TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT",
}
INDEXES = (
    ("access_document", "access(document)"),
    ("access_subject", "access(subject, at)"),
    ("access_user", "access(user, at)"),
    ("access_at", "access(at)"),
)


@dataclass(frozen=True)
class Access:
    """One look at one document, by ``user`` at ``at`` (RFC 3339); ``subject`` is None for acts on no document."""

    id: str
    at: str
    user: str
    kind: str
    subject: str | None


def project(view: DocumentView) -> Rows:
    state = view.state
    user = view.authors[0] if view.authors else ""
    subjects_named = state.get("documents") or [None]
    at, kind = str(state.get("at") or view.first_at), str(state.get("kind") or "")
    return {"access": [(view.id, at, user, kind, subject) for subject in subjects_named]}


def subjects(document: str, rows: Rows) -> set[str]:
    return set()


_COLUMNS = "document, at, user, kind, subject"


def about(tx: ReadTx, document_id: str, limit: int = 200) -> list[Access]:
    """Who looked at a document, newest first."""
    sql = f"SELECT {_COLUMNS} FROM access WHERE subject = ? ORDER BY at DESC, document LIMIT ?"
    return [Access(*row) for row in tx.rows(sql, (document_id, limit))]


def of_user(tx: ReadTx, user: str, limit: int = 200) -> list[Access]:
    """What a user looked at, newest first: shown to the supervisor and to the worker it is about."""
    sql = f"SELECT {_COLUMNS} FROM access WHERE user = ? ORDER BY at DESC, document LIMIT ?"
    return [Access(*row) for row in tx.rows(sql, (user, limit))]


def recent(tx: ReadTx, limit: int = 200) -> list[Access]:
    """The latest acts of everybody whose log this device may read."""
    sql = f"SELECT {_COLUMNS} FROM access ORDER BY at DESC, document LIMIT ?"
    return [Access(*row) for row in tx.rows(sql, (limit,))]
