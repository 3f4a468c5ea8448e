"""A ledger as data: typed columns and rows, before it is a spreadsheet or a text file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

#: Money is integer 分; days are dates where they are whole, texts where only a year or month is known.
Cell: TypeAlias = "str | int | date | datetime | None"


class Kind(StrEnum):
    """What a column holds; ID numbers and phones are texts in every file, and masked unless somebody may see them."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    ID = "id"
    PHONE = "phone"


@dataclass(frozen=True)
class Column:
    """``key`` is the stable name that mappings use; ``width`` in characters, 0 by kind."""

    key: str
    title: str
    kind: Kind = Kind.TEXT
    width: float = 0


@dataclass(frozen=True)
class Ledger:
    """``rows`` hold one cell per column. ``title`` names the sheet and the file."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        assert all(len(row) == len(self.columns) for row in self.rows)
