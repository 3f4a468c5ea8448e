"""Every document's current reading: what ``tx.document`` and ``tx.of_type`` serve. Most documents are one revision and
have no content of their own here: they are read from it, which makes a save and the store a third smaller."""

from __future__ import annotations

from fieldapp.store.projections.registry import Rows
from fieldapp.store.views import DocumentView, to_row

NAME = "documents"
TYPES: frozenset[str] | None = None
TABLES = {
    "document": "document TEXT PRIMARY KEY, type TEXT NOT NULL, area TEXT NOT NULL, conflicts INTEGER NOT NULL, "
    "last_at TEXT NOT NULL, content BLOB"
}
INDEXES = (
    ("document_type", "document(type, area)"),
    ("document_conflicts", "document(type) WHERE conflicts > 0"),
)


def project(view: DocumentView) -> Rows:
    return {"document": [to_row(view)]}


def subjects(document: str, rows: Rows) -> set[str]:
    return set()
