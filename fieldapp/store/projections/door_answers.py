"""The answers of doors, by round: what lists, tallies and the closing of a round read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldapp.domain.documents import DoorAnswer
from fieldapp.domain.documents import rows as repeat_rows
from fieldapp.store.projections import tallies
from fieldapp.store.projections.registry import Rows
from fieldapp.store.projections.same_as import ALL_OF
from fieldapp.store.projections.tallies import Doors
from fieldapp.store.spans import span
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
    ("door_answer_kind", "door_answer(round, answer, area)"),
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


def of_round(tx: ReadTx, round_id: str, area_prefix: str = "") -> dict[str, AnswerRow]:
    """The answers of a round below an area, by household; of a family entered twice the newest, by its canonical id."""
    sql = f"SELECT {_COLUMNS} FROM door_answer WHERE round = ? AND area >= ? AND area < ?"
    found = (AnswerRow(*row) for row in tx.rows(sql, (round_id, *span(area_prefix))))
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
    for home, *row in tx.rows(sql, (round_id, *span(area_prefix))):
        made.setdefault(home, []).append(AnswerRow(*row))
    return made


def counted(tx: ReadTx, round_id: str, area_prefix: str = "") -> list[Doors]:
    """The answers of a round counted by grid, day and answer; of a family entered twice the newest alone."""
    found = tallies.doors(tx, round_id, area_prefix)
    for home, rows in _of_joined(tx, round_id, area_prefix).items():
        living = tx.one("SELECT people FROM card WHERE subject = ?", (home,)) or (0,)
        own = [row for row in rows if row.household == home]  # only here do the sums know who lives there
        found += [_counted(row, -1, 0) for row in rows[1:]] + [_counted(row, 0, -living[0]) for row in own]
        found.append(_counted(rows[0], 0, living[0]))
    return found


def _counted(row: AnswerRow, doors: int, people: int) -> Doors:
    """What this answer adds to the sums; one that was taken back adds nothing."""
    counts = int(row.answer is not None or row.conflicts > 0)
    attempts = min(row.attempts, tallies.MOST_ATTEMPTS) if row.answer == "nobody_home" else 0
    return Doors(row.area, (row.at or "")[:10], row.answer or "", attempts, doors * counts, people * counts)


def tally(tx: ReadTx, round_id: str, area_prefix: str = "") -> dict[str, int]:
    """How many doors have which answer; ``""`` counts those in conflict."""
    found: Counter[str] = Counter()
    for each in counted(tx, round_id, area_prefix):
        found[each.answer] += each.doors
    return {answer: many for answer, many in found.items() if many}


def answered(tx: ReadTx, round_id: str, area_prefix: str = "") -> dict[str, int]:
    """Grid → its doors with an answer of this round, or with two in conflict."""
    found: Counter[str] = Counter()
    for each in counted(tx, round_id, area_prefix):
        found[each.area] += each.doors
    return dict(found)


def with_answer(
    tx: ReadTx, round_id: str, area_prefix: str, answer: str, *, reasons: Sequence[str] = (), attempts: int = 0,
    limit: int = -1,
) -> list[AnswerRow]:  # fmt: skip
    """The answers of this kind below an area, those with one of ``reasons`` where any are named."""
    where, values = _kind(round_id, area_prefix, answer, reasons)
    sql = f"SELECT {_COLUMNS} FROM door_answer WHERE {where} AND attempts >= ? ORDER BY area, document LIMIT ?"
    return [AnswerRow(*row) for row in tx.rows(sql, (*values, attempts, limit))]


def count_with(tx: ReadTx, round_id: str, area_prefix: str, answer: str, reasons: Sequence[str]) -> int:
    """How many ``with_answer`` gives without a limit."""
    where, values = _kind(round_id, area_prefix, answer, reasons)
    found = tx.one(f"SELECT count(*) FROM door_answer WHERE {where}", values)
    return int(found[0]) if found else 0


def _kind(round_id: str, area_prefix: str, answer: str, reasons: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    where = "round = ? AND answer = ? AND area >= ? AND area < ?"
    if reasons:
        where += f" AND reason IN ({','.join('?' * len(reasons))})"
    return where, (round_id, answer, *span(area_prefix), *reasons)


def of_household(tx: ReadTx, household: str, limit: int = 20) -> list[AnswerRow]:
    """A household's answers and those of all it is the same as, the newest first."""
    sql = (
        f"SELECT {_COLUMNS} FROM door_answer WHERE household IN {ALL_OF} AND answer IS NOT NULL "
        "ORDER BY at DESC LIMIT ?2"
    )
    return [AnswerRow(*row) for row in tx.rows(sql, (household, limit))]


def count_by(tx: ReadTx, name: str, since: str) -> int:
    """Doors that the person of this name answered since the UTC time."""
    found = tx.one("SELECT count(*) FROM door_answer WHERE told_by = ? AND at >= ?", (name, since))
    return int(found[0]) if found else 0
