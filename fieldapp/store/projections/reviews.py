"""What supervisors decided about visits and reports, and for exactly which leaves of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fieldapp.domain.documents import Review
from fieldapp.domain.documents import rows as repeat_rows
from fieldapp.store.codec import to_text
from fieldapp.store.connection import Row
from fieldapp.store.projections.registry import Rows
from fieldapp.store.spans import span
from fieldapp.store.views import DocumentView

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx

NAME = "reviews"
TYPES: frozenset[str] | None = frozenset({"review"})
TABLES = {
    "review": "document TEXT PRIMARY KEY, area TEXT NOT NULL, subject TEXT, subject_leaves TEXT NOT NULL, "
    "decision TEXT, decided_by TEXT, at TEXT, open_comments INTEGER NOT NULL, words TEXT, conflicts INTEGER NOT NULL, "
    "contested INTEGER NOT NULL"
}
INDEXES = (("review_subject", "review(subject)"), ("review_decision", "review(decision, area)"))


@dataclass(frozen=True)
class ReviewRow:
    """A review. ``subject_leaves`` are the revisions it saw: on any others it holds no more. ``words`` is the first
    open comment's text, ``open_comments`` how many wait for an answer. ``contested``: two desks decided differently,
    so nothing is decided until a person settles it."""

    id: str
    area: str
    subject: str | None
    subject_leaves: tuple[str, ...]
    decision: str | None
    by: str | None
    at: str | None
    open_comments: int
    words: str | None
    conflicts: int
    contested: bool


@dataclass(frozen=True)
class Comment:
    """What a supervisor asks about one question; ``path`` is its pointer into the answers, "" for the whole visit."""

    row: str
    path: str
    text: str
    by: str
    at: str
    resolved: bool


def project(view: DocumentView) -> Rows:
    review = Review.read(view.id, view.state)
    waiting = [comment for comment in comments_of(view.state) if not comment.resolved]
    words = next((comment.text for comment in waiting if comment.text), None)
    contested = {"/decision", "/subject_leaves"} & set(view.merged.conflicts)
    row = (
        view.id, view.area, review.subject, to_text(sorted(review.subject_leaves)), review.decision, review.by,
        review.at, len(waiting), words, len(view.merged.conflicts), int(bool(contested)),
    )  # fmt: skip
    return {"review": [row]}


def subjects(document: str, rows: Rows) -> set[str]:
    return set()


def comments_of(state: Mapping[str, Any]) -> list[Comment]:
    """The comments in a review's state, oldest first."""
    found = [
        Comment(
            key, str(row.get("path") or ""), str(row.get("text") or ""), str(row.get("by") or ""),
            str(row.get("at") or ""), bool(row.get("resolved")),
        )
        for key, row in repeat_rows(state.get("comments"))
    ]  # fmt: skip
    return sorted(found, key=lambda comment: (comment.at, comment.row))


_COLUMNS = (
    "document, area, subject, subject_leaves, decision, decided_by, at, open_comments, words, conflicts, contested"
)


def of_subject(tx: ReadTx, subject: str) -> ReviewRow | None:
    found = tx.one(f"SELECT {_COLUMNS} FROM review WHERE subject = ?", (subject,))
    return _read(found) if found else None


def decided(tx: ReadTx, decision: str, area_prefix: str = "") -> list[ReviewRow]:
    """Reviews whose last word is ``approved`` or ``returned``, the newest first; see ``visits.decided`` for those that
    still hold."""
    sql = f"SELECT {_COLUMNS} FROM review WHERE decision = ? AND area >= ? AND area < ? ORDER BY at DESC, document"
    return [_read(row) for row in tx.rows(sql, (decision, *span(area_prefix)))]


def _read(row: Row) -> ReviewRow:
    values = list(row)
    values[3] = tuple(json.loads(values[3]))
    values[10] = bool(values[10])
    return ReviewRow(*values)
