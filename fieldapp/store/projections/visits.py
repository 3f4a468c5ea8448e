"""Visits and reports as lists read them: whose, when, by whom, what the desk decided; contents stay in the document.

Whether a decision still holds is asked by comparing leaves: a new leaf of a visit reopens it (protocol.md, "Merging").
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp.domain.documents import Visit
from fieldapp.domain.documents import rows as repeat_rows
from fieldapp.store.codec import to_text
from fieldapp.store.connection import Row, select_in
from fieldapp.store.projections.registry import Rows
from fieldapp.store.spans import span
from fieldapp.store.views import DocumentView

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx

NAME = "visits"
TYPES: frozenset[str] | None = frozenset({"visit", "report"})
TABLES = {
    "visit": "document TEXT PRIMARY KEY, type TEXT NOT NULL, area TEXT NOT NULL, household TEXT, purpose TEXT, "
    "lead TEXT, round TEXT, form_id TEXT, form_version TEXT, started_at TEXT, finished_at TEXT, last_at TEXT NOT NULL, "
    "conflicts INTEGER NOT NULL, urgent INTEGER NOT NULL, authors TEXT NOT NULL, leaves TEXT NOT NULL",
    "visit_by": "document TEXT NOT NULL, user TEXT NOT NULL, name TEXT, finished_at TEXT",
}
INDEXES = (
    ("visit_household", "visit(household, finished_at)"),
    ("visit_area", "visit(area, finished_at)"),
    ("visit_by_user", "visit_by(user, finished_at)"),
    ("visit_by_document", "visit_by(document)"),
)


@dataclass(frozen=True)
class VisitRow:
    """A finished visit or report. ``type`` is ``visit`` | ``report``; times are RFC 3339 in UTC.

    ``authors`` are the user ids that wrote to it, ``leaves`` the revisions a decision must name. ``decision`` is the
    one that holds for exactly these leaves (``approved`` | ``returned``), None while the visit waits.
    """

    id: str
    type: str
    area: str
    household: str | None
    purpose: str | None
    lead: str | None
    round: str | None
    form_id: str | None
    form_version: str | None
    started_at: str | None
    finished_at: str | None
    last_at: str
    conflicts: int
    urgent: bool
    authors: tuple[str, ...]
    leaves: tuple[str, ...]
    decision: str | None
    decided_by: str | None
    decided_at: str | None


def project(view: DocumentView) -> Rows:
    made = Visit.read(view.id, view.state)
    row = (
        view.id, view.type, view.area, made.household, made.purpose, made.lead, made.round, made.form_id,
        made.form_version, made.started_at, made.finished_at, view.last_at, len(view.merged.conflicts),
        int(view.state.get("urgent") is True), to_text(list(view.authors)), to_text(sorted(view.merged.leaves)),
    )  # fmt: skip
    by = [
        (view.id, str(person.get("user") or person.get("name") or key), person.get("name"), made.finished_at)
        for key, person in repeat_rows(made.investigators)
    ]
    return {"visit": [row], "visit_by": by}


def subjects(document: str, rows: Rows) -> set[str]:
    return set()


_COLUMNS = (
    "v.document, v.type, v.area, v.household, v.purpose, v.lead, v.round, v.form_id, v.form_version, v.started_at, "
    "v.finished_at, v.last_at, v.conflicts, v.urgent, v.authors, v.leaves, r.decision, r.decided_by, r.at"
)
_FROM = "FROM visit v LEFT JOIN review r ON r.subject = v.document AND r.subject_leaves = v.leaves AND r.contested = 0"
_NEWEST = "ORDER BY v.finished_at DESC, v.document"


def visit(tx: ReadTx, visit_id: str) -> VisitRow | None:
    found = tx.one(f"SELECT {_COLUMNS} {_FROM} WHERE v.document = ?", (visit_id,))
    return _read(found) if found else None


def of_household(tx: ReadTx, household: str) -> list[VisitRow]:
    """Visits and reports of a household and of all it is the same as, the newest first."""
    sql = (
        f"SELECT {_COLUMNS} {_FROM} WHERE v.household IN (SELECT ? UNION SELECT o.document FROM component m "
        f"JOIN component o ON o.canonical = m.canonical WHERE m.document = ?) {_NEWEST}"
    )
    return [_read(row) for row in tx.rows(sql, (household, household))]


def in_area(tx: ReadTx, area_prefix: str = "", limit: int = 500) -> list[VisitRow]:
    sql = f"SELECT {_COLUMNS} {_FROM} WHERE v.area >= ? AND v.area < ? {_NEWEST} LIMIT ?"
    return [_read(row) for row in tx.rows(sql, (*span(area_prefix), limit))]


def waiting(tx: ReadTx, area_prefix: str = "") -> list[VisitRow]:
    """Visits nobody has decided about as they stand: urgent ones first, then those waiting longest."""
    sql = (
        f"SELECT {_COLUMNS} {_FROM} WHERE v.type = 'visit' AND v.area >= ? AND v.area < ? AND r.decision IS NULL "
        "ORDER BY v.urgent DESC, v.finished_at, v.document"
    )
    return [_read(row) for row in tx.rows(sql, span(area_prefix))]


def count_waiting(tx: ReadTx, area_prefix: str = "") -> int:
    sql = f"SELECT count(*) {_FROM} WHERE v.type = 'visit' AND v.area >= ? AND v.area < ? AND r.decision IS NULL"
    found = tx.one(sql, span(area_prefix))
    return int(found[0]) if found else 0


def decided(tx: ReadTx, decision: str, area_prefix: str = "") -> list[VisitRow]:
    """Visits with this decision in force (``approved`` | ``returned``), the newest first."""
    sql = (
        f"SELECT {_COLUMNS} {_FROM} WHERE v.type = 'visit' AND v.area >= ? AND v.area < ? AND r.decision = ? {_NEWEST}"
    )
    return [_read(row) for row in tx.rows(sql, (*span(area_prefix), decision))]


def by_user(tx: ReadTx, user: str, limit: int = 200) -> list[VisitRow]:
    """Visits and reports ``user`` took part in, the newest first."""
    sql = (
        f"SELECT {_COLUMNS} {_FROM} WHERE v.document IN "
        f"(SELECT document FROM visit_by WHERE user = ?) {_NEWEST} LIMIT ?"
    )
    return [_read(row) for row in tx.rows(sql, (user, limit))]


def count_by(tx: ReadTx, user: str, since: str) -> dict[str, int]:
    """How many visits and reports ``user`` took part in since the UTC time, by purpose (``""`` for none given)."""
    sql = (
        "SELECT coalesce(v.purpose, ''), count(DISTINCT v.document) FROM visit_by b JOIN visit v "
        "ON v.document = b.document WHERE b.user = ? AND b.finished_at >= ? GROUP BY 1"
    )
    return {row[0]: row[1] for row in tx.rows(sql, (user, since))}


def count_in(tx: ReadTx, area_prefix: str, since: str) -> dict[str, int]:
    """How many visits finished below an area since the UTC time, by purpose (``""`` for none given); no reports."""
    sql = (
        "SELECT coalesce(purpose, ''), count(*) FROM visit WHERE type = 'visit' AND area >= ? AND area < ? "
        "AND finished_at >= ? GROUP BY 1"
    )
    return {row[0]: row[1] for row in tx.rows(sql, (*span(area_prefix), since))}


def counts_by_person(tx: ReadTx, areas: Sequence[str], since: str) -> dict[str, tuple[str, int, int]]:
    """User → (name, home visits, phone visits) finished within ``areas`` since the UTC time. Who was only named as the
    second investigator is counted with the user of that name, else under the name."""
    found: dict[str, tuple[str, int, int]] = {}
    sql = (
        "SELECT b.user, coalesce(b.name, b.user), sum(coalesce(v.purpose, '') <> 'phone'), sum(v.purpose = 'phone') "
        "FROM visit v JOIN visit_by b ON b.document = v.document WHERE v.type = 'visit' AND v.area >= ? AND v.area < ? "
        "AND v.finished_at >= ? GROUP BY 1, 2"
    )
    for area in areas:
        for user, name, home, phone in tx.rows(sql, (*span(area), since)):
            _, homes, phones = found.get(user, (name, 0, 0))
            found[user] = (name, homes + (home or 0), phones + (phone or 0))
    return _one_each(found)


def _one_each(found: dict[str, tuple[str, int, int]]) -> dict[str, tuple[str, int, int]]:
    users = {name: user for user, (name, _home, _phone) in found.items() if user != name}
    made: dict[str, tuple[str, int, int]] = {}
    for user, (name, home, phone) in found.items():
        one = users.get(name, user) if user == name else user
        _, homes, phones = made.get(one, (name, 0, 0))
        made[one] = (name, homes + home, phones + phone)
    return made


def investigators(tx: ReadTx, visit_id: str) -> list[str]:
    """Names of those who made the visit."""
    return [row[0] for row in tx.rows("SELECT name FROM visit_by WHERE document = ? AND name IS NOT NULL", (visit_id,))]


def investigators_of(tx: ReadTx, visit_ids: Iterable[str]) -> dict[str, list[str]]:
    """Names of those who made each of these visits, of a list at once."""
    found: dict[str, list[str]] = {}
    sql = "SELECT document, name FROM visit_by WHERE name IS NOT NULL AND document"
    for visit_id, name in select_in(tx.connection, sql, visit_ids):
        found.setdefault(visit_id, []).append(name)
    return found


def _read(row: Row) -> VisitRow:
    values = list(row)
    values[13] = bool(values[13])
    values[14], values[15] = tuple(json.loads(values[14])), tuple(json.loads(values[15]))
    return VisitRow(*values)
