"""A page saved as .xls, as many platforms export under that name: one sheet per table, text cells only."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from fieldapp.errors import InputError
from fieldapp.workflows.intake.sheets import MAX_COLUMNS, Merge, Sheet, Value


def looks_like_html(text: str) -> bool:
    head = text[:4000].lstrip().lower()
    return head.startswith("<") and "<table" in head


def open_html(text: str, file: str) -> list[Sheet]:
    """The tables of a page as sheets ``""``, ``表2`` ...; raises InputError for a table too wide to read whole."""
    reader = _Tables(file)
    reader.feed(text)
    reader.close()
    filled = [table for table in reader.tables if table.rows]
    return [_sheet("" if number == 1 else f"表{number}", table) for number, table in enumerate(filled, 1)]


class _Table:
    """Cells by row as they come; a spanned place is left out of the row and told as a merge."""

    def __init__(self) -> None:
        self.rows: list[dict[int, str]] = []
        self.merges: list[Merge] = []
        self.taken: set[tuple[int, int]] = set()

    def add(self, text: str, across: int, down: int, file: str) -> None:
        row, column = len(self.rows), 0
        while (row, column) in self.taken:
            column += 1
        if column + across > MAX_COLUMNS:
            raise InputError("intake.too_wide", where=f"{file}/{row}", columns=MAX_COLUMNS)
        self.rows[-1][column] = text
        self.taken |= {(row + r, column + c) for r in range(down) for c in range(across)}
        if across > 1 or down > 1:
            self.merges.append(Merge(row, column, row + down - 1, column + across - 1))


def _sheet(name: str, table: _Table) -> Sheet:
    def read() -> Iterator[tuple[int, tuple[Value, ...]]]:
        for number, cells in enumerate(table.rows, 1):
            width = max(cells, default=-1) + 1
            yield number, tuple(cells.get(column) or None for column in range(width))

    return Sheet(name=name, read=read, merges=tuple(table.merges))


class _Tables(HTMLParser):
    """Collects tables in order; a table inside a cell is one of its own, after which the outer goes on."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self.tables: list[_Table] = []
        self._file = file
        self._open: list[_Table] = []
        self._text: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_cell()
            self._open.append(_Table())
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].rows.append({})
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            told = dict(attrs)
            self._span = (_span(told.get("colspan")), _span(told.get("rowspan")))
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()
        if tag == "table" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def close(self) -> None:
        super().close()
        self._end_cell()

    def _end_cell(self) -> None:
        if self._text is None or not self._open:
            return
        if not self._open[-1].rows:
            self._open[-1].rows.append({})
        self._open[-1].add("".join(self._text).strip(), *self._span, self._file)
        self._text = None


def _span(told: str | None) -> int:
    return min(int(told), 1000) if told and told.isdigit() and int(told) > 0 else 1
