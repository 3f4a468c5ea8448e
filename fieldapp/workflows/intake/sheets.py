"""A table as it lies in a file: rows with their numbers, and what merged cells share.

The readers (``workbook``, ``delimited``) make these; nothing beyond this module knows which file it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

Value: TypeAlias = str | int | float | bool | datetime | date | time | timedelta | None

MAX_COLUMNS = 256


@dataclass(frozen=True, slots=True, order=True)
class Merge:
    """A merged range, 1-based rows, 0-based columns, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Covered:
    """A cell under a merge: where its anchor stands and what the anchor says."""

    top: int
    left: int
    value: Value


@dataclass(frozen=True, slots=True)
class SheetRow:
    """``cells`` are the row's own values by 0-based column; ``covered`` the cells a merge hides."""

    number: int
    cells: tuple[Value, ...]
    covered: Mapping[int, Covered]

    def own(self, column: int) -> Value:
        return self.cells[column] if column < len(self.cells) else None

    def seen(self, column: int) -> Value:
        """What a reader of the sheet sees there: the cell's own value or the one merged over it from above."""
        here = self.own(column)
        if here is None and (cover := self.covered.get(column)) and cover.left == column:
            return cover.value
        return here

    @property
    def blank(self) -> bool:
        return all(is_blank(value) for value in self.cells)


@dataclass(frozen=True)
class Sheet:
    """One table. ``read`` streams its rows from the first; ``epoch`` is what serial dates count from."""

    name: str
    read: Callable[[], Iterator[tuple[int, tuple[Value, ...]]]]
    merges: tuple[Merge, ...] = ()
    epoch: datetime = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's dates have no zone
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    uncalculated: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    def rows(self) -> Iterator[SheetRow]:
        return with_merges(self.read(), self.merges)


def is_blank(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def with_merges(rows: Iterable[tuple[int, tuple[Value, ...]]], merges: Iterable[Merge]) -> Iterator[SheetRow]:
    """The rows with what merges cover. Only the merges that reach the current row are held."""
    waiting = sorted(merges, reverse=True)
    active: list[tuple[Merge, Value]] = []
    for number, cells in rows:
        if active:
            active = [pair for pair in active if pair[0].bottom >= number]
        while waiting and waiting[-1].top <= number:
            merge = waiting.pop()
            if merge.bottom >= number:
                anchor = cells[merge.left] if merge.top == number and merge.left < len(cells) else None
                active.append((merge, anchor))
        yield SheetRow(number, cells, _covered(number, active))


def _covered(number: int, active: list[tuple[Merge, Value]]) -> dict[int, Covered]:
    cover: dict[int, Covered] = {}
    for merge, value in active:
        for column in range(merge.left, min(merge.right, MAX_COLUMNS) + 1):
            if (number, column) != (merge.top, merge.left):
                cover[column] = Covered(merge.top, merge.left, value)
    return cover


def letter(column: int) -> str:
    """The letters over a 0-based column: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
