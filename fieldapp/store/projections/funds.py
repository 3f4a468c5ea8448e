"""Lines of the ledgers of money, vouchers and points, and the balance of each account of a village."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp.domain.documents import FundEntry
from fieldapp.store.projections.registry import Rows
from fieldapp.store.spans import span
from fieldapp.store.views import DocumentView

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx

NAME = "funds"
TYPES: frozenset[str] | None = frozenset({"fund_entry"})
TABLES = {
    "fund_entry": "document TEXT PRIMARY KEY, area TEXT NOT NULL, account TEXT NOT NULL, amount INTEGER, day TEXT, "
    "words TEXT, who TEXT, person TEXT, household TEXT, matter TEXT, by TEXT, struck TEXT, at TEXT NOT NULL"
}
INDEXES = (
    ("fund_account", "fund_entry(account, area, day)"),
    ("fund_person", "fund_entry(person)"),
    ("fund_matter", "fund_entry(matter)"),
)
VILLAGE = 12  # letters of a village's code: accounts are kept by village


@dataclass(frozen=True)
class FundRow:
    """One line. ``amount`` 分 or points, negative when paid out, None while two people wrote different amounts."""

    id: str
    area: str
    account: str
    amount: int | None
    on: str | None
    words: str | None
    who: str | None
    person: str | None
    household: str | None
    matter: str | None
    by: str | None
    struck: str | None
    at: str


def project(view: DocumentView) -> Rows:
    entry = FundEntry.read(view.id, view.state)
    row = (
        view.id, view.area, entry.account or "", entry.amount, entry.on, entry.words, entry.who, entry.person,
        entry.household, entry.matter, entry.by, entry.struck, view.first_at,
    )  # fmt: skip
    return {"fund_entry": [row]}


def subjects(document: str, rows: Rows) -> set[str]:
    return set()


def home_of(area: str) -> str:
    """Where the accounts of an area are kept: the village's code, or the area itself above a village."""
    return area.rstrip("*")[:VILLAGE]


_COLUMNS = "document, area, account, amount, day, words, who, person, household, matter, by, struck, at"


def of_account(tx: ReadTx, account: str, area: str) -> list[FundRow]:
    """All lines of an account, struck ones too, by day."""
    sql = f"SELECT {_COLUMNS} FROM fund_entry WHERE account = ? AND area >= ? AND area < ? ORDER BY day, at, document"
    return [FundRow(*row) for row in tx.rows(sql, (account, *span(area)))]


def balance(tx: ReadTx, account: str, area: str) -> int:
    """What is in the account now; struck lines do not count."""
    sql = (
        "SELECT coalesce(sum(amount), 0) FROM fund_entry WHERE account = ? AND area >= ? AND area < ? "
        "AND struck IS NULL"
    )
    found = tx.one(sql, (account, *span(area)))
    return int(found[0]) if found else 0


def of_person(tx: ReadTx, person: str) -> list[FundRow]:
    sql = f"SELECT {_COLUMNS} FROM fund_entry WHERE person = ? ORDER BY day, at, document"
    return [FundRow(*row) for row in tx.rows(sql, (person,))]


def of_matter(tx: ReadTx, matter: str) -> list[FundRow]:
    sql = f"SELECT {_COLUMNS} FROM fund_entry WHERE matter = ? ORDER BY day, at, document"
    return [FundRow(*row) for row in tx.rows(sql, (matter,))]
