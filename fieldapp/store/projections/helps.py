"""Everything handed over or granted, of whatever document type, as links of a household's chain of help."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp.domain.documents import rows as repeat_rows
from fieldapp.store.codec import to_text
from fieldapp.store.connection import Row
from fieldapp.store.projections.registry import Rows
from fieldapp.store.projections.same_as import ALL_OF
from fieldapp.store.spans import span
from fieldapp.store.views import DocumentView

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx

NAME = "helps"
TYPES: frozenset[str] | None = frozenset(
    {
        "task", "errand", "plan", "application", "referral", "conference", "emergency", "mutual_aid", "filing",
        "sealed_report",
    }
)  # fmt: skip
#: Never on a family's chain, sheet or ledger: the desk finds them in its own list of matters.
SEALED = frozenset({"sealed_report", "filing"})
TABLES = {
    "help": "document TEXT PRIMARY KEY, type TEXT NOT NULL, area TEXT NOT NULL, household TEXT, person TEXT, "
    "kind TEXT, title TEXT, provider TEXT, due_on TEXT, first_at TEXT NOT NULL, done_at TEXT, "
    "conflicts INTEGER NOT NULL, procedure TEXT, next TEXT NOT NULL, opened_by TEXT, steps INTEGER NOT NULL"
}
INDEXES = (
    ("help_household", "help(household, first_at)"),
    ("help_person", "help(person, first_at)"),
    ("help_due", "help(due_on) WHERE done_at IS NULL"),
    ("help_running", "help(area, type) WHERE done_at IS NULL"),
)


@dataclass(frozen=True)
class HelpRow:
    """``done_at`` is ``result.at`` of the document: when the help reached its result. ``next`` are the ids of the steps
    that are open now, ``steps`` how many are done."""

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
    procedure: str | None
    next: tuple[str, ...]
    opened_by: str | None
    steps: int


def project(view: DocumentView) -> Rows:
    state = view.state
    result = state.get("result")
    done = result.get("at") if isinstance(result, dict) else None
    texts = [_text(state.get(name)) for name in ("household", "person", "kind", "title", "provider", "due_on")]
    following = state.get("next")
    steps = sum(not row.get("undone") for _key, row in repeat_rows(state.get("steps")))
    more = (
        _text(state.get("procedure")), to_text(list(following) if isinstance(following, list | tuple) else []),
        _text(state.get("opened_user")), steps,
    )  # fmt: skip
    conflicts = len(view.merged.conflicts)
    return {"help": [(view.id, view.type, view.area, *texts, view.first_at, _text(done), conflicts, *more)]}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def subjects(document: str, rows: Rows) -> set[str]:
    return set()


_COLUMNS = (
    "document, type, area, household, person, kind, title, provider, due_on, first_at, done_at, conflicts, procedure, "
    "next, opened_by, steps"
)


def of_household(tx: ReadTx, household: str) -> list[HelpRow]:
    """The chain of help; what is sealed is not on it."""
    sql = f"SELECT {_COLUMNS} FROM help WHERE household IN {ALL_OF} ORDER BY first_at, document"
    return [row for row in map(_read, tx.rows(sql, (household,))) if row.type not in SEALED]


def of_person(tx: ReadTx, person: str) -> list[HelpRow]:
    """What one member was given for themselves; what is sealed is not on it."""
    sql = f"SELECT {_COLUMNS} FROM help WHERE person = ? ORDER BY first_at, document"
    return [row for row in map(_read, tx.rows(sql, (person,))) if row.type not in SEALED]


def is_filed(tx: ReadTx, household: str) -> bool:
    """Whether the family is registered as close to somebody who decides (近亲属备案)."""
    sql = f"SELECT 1 FROM help WHERE household IN {ALL_OF} AND type = 'filing' LIMIT 1"
    return tx.one(sql, (household,)) is not None


def matter(tx: ReadTx, matter_id: str) -> HelpRow | None:
    found = tx.one(f"SELECT {_COLUMNS} FROM help WHERE document = ?", (matter_id,))
    return _read(found) if found else None


def due(tx: ReadTx, until: str) -> list[HelpRow]:
    """Help without a result whose day is on or before the ISO day ``until``."""
    sql = f"SELECT {_COLUMNS} FROM help WHERE done_at IS NULL AND due_on < ? ORDER BY due_on, document"
    return [_read(row) for row in tx.rows(sql, (until + "~",))]


def without_term(tx: ReadTx, area_prefix: str) -> list[HelpRow]:
    """Matters of an area that run and have no term, the oldest first."""
    sql = (
        f"SELECT {_COLUMNS} FROM help WHERE done_at IS NULL AND due_on IS NULL AND type <> 'plan' "
        "AND area >= ? AND area < ? ORDER BY first_at, document"
    )
    return [_read(row) for row in tx.rows(sql, span(area_prefix))]


def count_late(tx: ReadTx, area_prefix: str, today: str, types: Collection[str]) -> int:
    """How many matters of these types in an area are over their term on the ISO day."""
    marks = ",".join("?" * len(types))
    sql = (
        f"SELECT count(*) FROM help WHERE done_at IS NULL AND due_on < ? AND type IN ({marks}) "
        "AND area >= ? AND area < ?"
    )
    found = tx.one(sql, (today, *types, *span(area_prefix)))
    return int(found[0]) if found else 0


def count_running(tx: ReadTx, area_prefix: str, types: Collection[str]) -> int:
    """How many matters of these types have no result yet."""
    marks = ",".join("?" * len(types))
    sql = f"SELECT count(*) FROM help WHERE done_at IS NULL AND type IN ({marks}) AND area >= ? AND area < ?"
    found = tx.one(sql, (*types, *span(area_prefix)))
    return int(found[0]) if found else 0


def running(tx: ReadTx, area_prefix: str = "", limit: int = 1_000_000) -> list[HelpRow]:
    """Matters without a result, sealed ones too, the nearest term first."""
    sql = (
        f"SELECT {_COLUMNS} FROM help WHERE done_at IS NULL AND type <> 'plan' AND area >= ? AND area < ? "
        "ORDER BY due_on IS NULL, due_on, first_at, document LIMIT ?"
    )
    return [_read(row) for row in tx.rows(sql, (*span(area_prefix), limit))]


def settled(tx: ReadTx, area_prefix: str = "", limit: int = 300) -> list[HelpRow]:
    """Matters with their result, sealed ones too, the newest first."""
    sql = (
        f"SELECT {_COLUMNS} FROM help WHERE done_at IS NOT NULL AND area >= ? AND area < ? "
        "ORDER BY done_at DESC, document LIMIT ?"
    )
    return [_read(row) for row in tx.rows(sql, (*span(area_prefix), limit))]


def _read(row: Row) -> HelpRow:
    values = list(row)
    values[13] = tuple(json.loads(values[13]))
    return HelpRow(*values)
