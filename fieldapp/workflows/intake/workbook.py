"""An .xlsx file as sheets: streamed, and bounded against files that only pretend to be small.

openpyxl reads the values in read-only mode; that mode does not tell of merges, hidden rows or formulas that were never
calculated, so a scan of the sheet's XML (expat, no tree, no entities) collects those first.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from fieldapp.errors import InputError
from fieldapp.workflows.intake.sheets import MAX_COLUMNS, Merge, Sheet, Value

if TYPE_CHECKING:
    from openpyxl import Workbook

MAX_PARTS = 4_000
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_SHARED_STRINGS = 256 * 1024 * 1024
MAX_RATIO = 250
RATIO_COUNTS_FROM = 8 * 1024 * 1024
MAX_MERGES = 1_500_000

_DAMAGED = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, SyntaxError,
    KeyError, ValueError, TypeError, AttributeError, IndexError, RuntimeError, NotImplementedError,
)  # fmt: skip
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def open_workbook(data: bytes, file: str) -> list[Sheet]:
    """The sheets of a workbook in their order; raises InputError for what is no workbook or too big to be one."""
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise InputError("intake.old_or_locked_workbook", where=file)
    try:
        _check_size(data, file)
        return _sheets(data, file)
    except InputError:
        raise
    except _DAMAGED as error:
        raise InputError("intake.not_a_workbook", where=file, kind=type(error).__name__) from error


def _check_size(data: bytes, file: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if not any(part.filename == "[Content_Types].xml" for part in parts):
            ods = any(part.filename == "content.xml" for part in parts)
            raise InputError("intake.open_document" if ods else "intake.archive", where=file)
        total = sum(part.file_size for part in parts)
        bomb = total > RATIO_COUNTS_FROM and total > MAX_RATIO * max(len(data), 1)
        strings = max((p.file_size for p in parts if p.filename.endswith("sharedStrings.xml")), default=0)
        if len(parts) > MAX_PARTS or total > MAX_UNPACKED or bomb or strings > MAX_SHARED_STRINGS:
            raise InputError("intake.too_big", where=file)


def _sheets(data: bytes, file: str) -> list[Sheet]:
    from openpyxl import load_workbook  # slow to import, and only imports need it

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    archive = zipfile.ZipFile(io.BytesIO(data))
    sheets = []
    for tab in book.worksheets:
        tab.reset_dimensions()
        with archive.open(_part_name(tab)) as part:
            marks = _scan(part, f"{file}/{tab.title}")
        sheets.append(_sheet(book, tab, marks, file))
    return sheets


def _part_name(tab: Any) -> str:
    """The sheet's file inside the workbook; the read-only sheet keeps it, openpyxl has no public name for it."""
    name: str = tab._worksheet_path
    return name


def _sheet(book: Workbook, tab: Any, marks: _Marks, file: str) -> Sheet:
    def read() -> Iterator[tuple[int, tuple[Value, ...]]]:
        try:
            for number, cells in enumerate(tab.iter_rows(values_only=True), start=1):
                if cells:
                    yield number, _narrow(cells, f"{file}/{tab.title}/{number}")
        except _DAMAGED as error:
            raise InputError("intake.not_a_workbook", where=f"{file}/{tab.title}", kind=type(error).__name__) from error

    return Sheet(
        name=tab.title,
        read=read,
        merges=tuple(marks.merges),
        epoch=book.epoch if isinstance(book.epoch, datetime) else datetime(1899, 12, 30),  # noqa: DTZ001
        hidden=tab.sheet_state != "visible",
        hidden_rows=frozenset(marks.hidden_rows),
        uncalculated=frozenset(marks.uncalculated),
    )


def _narrow(cells: tuple[Value, ...], where: str) -> tuple[Value, ...]:
    if len(cells) > MAX_COLUMNS and any(value is not None for value in cells[MAX_COLUMNS:]):
        raise InputError("intake.too_wide", where=where, columns=MAX_COLUMNS)
    return cells[:MAX_COLUMNS]


@dataclass
class _Marks:
    """What the scan of a sheet's XML finds beside the values, and where it stands."""

    where: str
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    row: int = 0
    column: int = -1
    formula: bool = False
    value: bool = False
    in_value: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            cell = _CELL.fullmatch(attributes.get("r", ""))
            self.column = _column(cell[1]) if cell else self.column + 1
            self.formula = self.value = False
        elif tag == "f":
            self.formula = True
        elif tag == "v":
            self.in_value = True
        elif tag == "row":
            self._next_row(attributes)
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "v":
            self.in_value = False
        elif tag == "c" and self.formula and not self.value:
            self.uncalculated.add((self.row, self.column))

    def characters(self, words: str) -> None:
        self.value = self.value or (self.in_value and not words.isspace())

    def _next_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self.row + 1))
        if number <= self.row:
            # The reader would skip such a row without a word.
            raise InputError("intake.rows_out_of_order", where=f"{self.where}/{number}")
        self.row, self.column = number, -1
        if attributes.get("hidden") in ("1", "true"):
            self.hidden_rows.add(number)

    def _merge(self, reference: str) -> None:
        corners = [_CELL.fullmatch(corner) for corner in reference.replace("$", "").split(":")]
        if len(corners) != 2 or corners[0] is None or corners[1] is None:
            return
        first, last = corners[0], corners[1]
        self.merges.append(Merge(int(first[2]), _column(first[1]), int(last[2]), _column(last[1])))
        if len(self.merges) > MAX_MERGES:
            raise InputError("intake.too_big", where=self.where)


def _scan(part: Any, where: str) -> _Marks:
    marks = _Marks(where)
    parser = expat.ParserCreate()
    parser.StartElementHandler = marks.start
    parser.EndElementHandler = marks.end
    parser.CharacterDataHandler = marks.characters
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.ParseFile(part)
    return marks


def _no_doctype(*_: object) -> None:
    raise ValueError("a sheet with a document type")


def _column(letters: str) -> int:
    index = 0
    for character in letters:
        index = index * 26 + ord(character) - 64
    return index - 1
