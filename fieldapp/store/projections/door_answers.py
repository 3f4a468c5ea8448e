"""The answers of doors, by round: what lists, tallies and the closing of a round read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldapp.domain.documents import DoorAnswer
from fieldapp.domain.documents import rows as repeat_rows
from fieldapp.store.projections.registry import Rows
from fieldapp.store.views import DocumentView

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx

NAME = "door_answers"
TYPES: frozenset[str] | None = frozenset({"door_answer"})
TABLES = {
    "door_answer": "document TEXT PRIMARY KEY, area TEXT NOT NULL, round TEXT, household TEXT, answer TEXT, "
    "reason TEXT, how_known TEXT, at TEXT, told_by TEXT, note TEXT, signals INTEGER NOT NULL, "
    "attempts INTEGER NOT NULL, conflicts INTEGER NOT NULL"
}
INDEXES = (
    ("door_answer_round", "door_answer(round, area)"),
    ("door_answer_household", "door_answer(household, at)"),
    ("door_answer_teller", "door_answer(told_by, at)"),
)


@dataclass(frozen=True)
class AnswerRow:
    """One door's answer. ``answer`` is None while two workers' answers stand against each other (``conflicts``) or
    after it was taken back; ``attempts`` counts the times nobody was home."""

    id: str
    area: str
    round: str | None
    household: str | None
    answer: str | None
    reason: str | None
    how_known: str | None
    at: str | None
    by: str | None
    note: str | None
    signals: int
    attempts: int
    conflicts: int


def project(view: DocumentView) -> Rows:
    told = DoorAnswer.read(view.id, view.state)
    row = (
        view.id, view.area, told.round, told.household, told.answer, told.reason, told.how_known, told.at, told.by,
        told.note, len(told.signals), len(repeat_rows(told.attempts)), len(view.merged.conflicts),
    )  # fmt: skip
    return {"door_answer": [row]}


def subjects(document: str, rows: Rows) -> set[str]:
    return set()


_COLUMNS = (
    "document, area, round, household, answer, reason, how_known, at, told_by, note, signals, attempts, conflicts"
)
_UP = "\U0010ffff"


def of_round(tx: ReadTx, round_id: str, area_prefix: str = "") -> dict[str, AnswerRow]:
    """The answers of a round below an area, by household; of a family entered twice the newest, by its canonical id."""
    sql = f"SELECT {_COLUMNS} FROM door_answer WHERE round = ? AND area >= ? AND area < ?"
    found = (AnswerRow(*row) for row in tx.rows(sql, (round_id, area_prefix, area_prefix + _UP)))
    made = {row.household: row for row in found if row.household}
    for home, rows in _of_joined(tx, round_id, area_prefix).items():
        for row in rows:
            made.pop(row.household or "", None)
        made[home] = replace(rows[0], household=home)
    return made


def _of_joined(tx: ReadTx, round_id: str, area_prefix: str) -> dict[str, list[AnswerRow]]:
    """Canonical household -> the answers about any that are joined in it, the newest first. Few, so told apart here."""
    columns = ", ".join(f"a.{name.strip()}" for name in _COLUMNS.split(","))
    sql = (
        f"SELECT k.canonical, {columns} FROM component k JOIN door_answer a ON a.household = k.document "
        "WHERE a.round = ? AND a.area >= ? AND a.area < ? ORDER BY a.at DESC, a.document"
    )
    made: dict[str, list[AnswerRow]] = {}
    for home, *row in tx.rows(sql, (round_id, area_prefix, area_prefix + _UP)):
        made.setdefault(home, []).append(AnswerRow(*row))
    return made


def tally(tx: ReadTx, round_id: str, area_prefix: str = "") -> dict[str, int]:
    """How many doors have which answer; ``""`` counts those in conflict."""
    sql = (
        "SELECT coalesce(answer, ''), count(*) FROM door_answer WHERE round = ? AND area >= ? AND area < ? "
        "AND (answer IS NOT NULL OR conflicts > 0) GROUP BY 1"
    )
    counts = {row[0]: row[1] for row in tx.rows(sql, (round_id, area_prefix, area_prefix + _UP))}
    for older in (row for rows in _of_joined(tx, round_id, area_prefix).values() for row in rows[1:]):
        if older.answer is not None or older.conflicts:
            counts[older.answer or ""] -= 1
    return {answer: count for answer, count in counts.items() if count}


def by_day(tx: ReadTx, round_id: str, area_prefix: str = "") -> dict[str, int]:
    """UTC day → doors whose answer in force was given on it."""
    sql = (
        "SELECT substr(at, 1, 10), count(*) FROM door_answer WHERE round = ? AND area >= ? AND area < ? "
        "AND answer IS NOT NULL AND at IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    return {row[0]: row[1] for row in tx.rows(sql, (round_id, area_prefix, area_prefix + _UP))}


def people_accounted(tx: ReadTx, round_id: str, area_prefix: str = "") -> int:
    """Members of households whose door was answered by or for somebody: nobody home accounts for nobody."""
    found = tx.one(
        "SELECT coalesce(sum(people), 0) FROM (SELECT DISTINCT c.subject, c.people FROM door_answer a "
        "LEFT JOIN component k ON k.document = a.household "
        "JOIN card c ON c.subject = coalesce(k.canonical, a.household) "
        "WHERE a.round = ? AND a.area >= ? AND a.area < ? AND a.answer IS NOT NULL AND a.answer <> 'nobody_home')",
        (round_id, area_prefix, area_prefix + _UP),
    )
    return int(found[0]) if found else 0


def of_household(tx: ReadTx, household: str, limit: int = 20) -> list[AnswerRow]:
    """A household's answers and those of all it is the same as, the newest first."""
    sql = (
        f"SELECT {_COLUMNS} FROM door_answer WHERE household IN (SELECT ?1 UNION SELECT o.document FROM component m "
        "JOIN component o ON o.canonical = m.canonical WHERE m.document = ?1) AND answer IS NOT NULL "
        "ORDER BY at DESC LIMIT ?2"
    )
    return [AnswerRow(*row) for row in tx.rows(sql, (household, limit))]


def count_by(tx: ReadTx, name: str, since: str) -> int:
    """Doors that the person of this name answered since the UTC time."""
    found = tx.one("SELECT count(*) FROM door_answer WHERE told_by = ? AND at >= ?", (name, since))
    return int(found[0]) if found else 0
