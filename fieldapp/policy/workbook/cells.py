"""Rows of a workbook with the place of every cell; formulas and broken files are refused here."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from fieldapp.policy.problems import PackError, Problem
from fieldapp.policy.workbook.sheets import SHEETS, TOP, heading_to_key

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MOST_ROWS = 5_000
MOST_BYTES = 64 * 1024 * 1024
DANGEROUS = ("=", "+", "@", "\t", "\r")


class Row:
    """One row: values by column key, and where each stands ("参数!C5")."""

    def __init__(self, sheet: str, number: int, values: Mapping[str, Any], letters: Mapping[str, str]) -> None:
        self.sheet, self.number, self.values, self.letters = sheet, number, values, letters

    def place(self, key: str = "") -> str:
        """The cell of a column; the row when the column is not there."""
        return f"{self.sheet}!{self.letters.get(key, '')}{self.number}"

    def text(self, key: str) -> str:
        """The cell as text, "" when empty."""
        value = self.values.get(key)
        return "" if value is None else str(value).strip()

    def problem(self, key: str, code: str, zh: str, en: str) -> Problem:
        return Problem(self.place(key), f"pack.{code}", zh, en)


def open_workbook(data: bytes, where: str) -> Workbook:
    """The workbook with its formulas as text; PackError when it is none, or far too large unpacked."""
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MOST_BYTES:
            raise PackError([_whole(where, "too_large", "文件解压后过大", "too large when unpacked")])
        return load_workbook(BytesIO(data), read_only=True, data_only=False)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError) as error:
        problem = _whole(where, "not_a_workbook", "不是可用的工作簿", f"not a workbook: {type(error).__name__}")
        raise PackError([problem]) from None


def _whole(where: str, code: str, zh: str, en: str) -> Problem:
    return Problem(where, f"pack.{code}", zh, en)


def rows_of(book: Workbook, name: str, problems: list[Problem]) -> Iterator[Row]:
    """The data rows of a sheet; missing sheets, headings and cells, and formulas go to ``problems``."""
    if name not in book.sheetnames:
        problems.append(_whole(name, "no_sheet", f"缺少工作表“{name}”", f"the sheet {name} is missing"))
        return
    letters: dict[str, str] = {}
    for number, cells in enumerate(book[name].iter_rows(), 1):
        if number == 1:
            letters = _letters(name, cells, problems)
            continue
        if number <= TOP or all(cell.value in (None, "") for cell in cells):
            continue
        if number > MOST_ROWS:
            problems.append(_whole(f"{name}!A{number}", "too_many_rows", "行数过多", "too many rows"))
            return
        yield _row(name, number, cells, letters, problems)


def _letters(name: str, cells: Any, problems: list[Problem]) -> dict[str, str]:
    known = heading_to_key(name)
    found = {known[str(cell.value)]: cell.column_letter for cell in cells if str(cell.value) in known}
    for column in SHEETS[name]:
        if column.required and column.key not in found:
            problems.append(_whole(f"{name}!1", "no_heading", f"缺少列“{column.heading}”",
                                   f"the column {column.heading} is missing"))  # fmt: skip
    return found


def _row(name: str, number: int, cells: Any, letters: Mapping[str, str], problems: list[Problem]) -> Row:
    by_letter = {getattr(cell, "column_letter", ""): cell for cell in cells}
    values = {}
    for key, letter in letters.items():
        cell = by_letter.get(letter)
        values[key] = value = None if cell is None else _plain(cell.value)
        if cell is not None and (getattr(cell, "data_type", "") == "f" or _is_formula(value)):
            problems.append(_whole(f"{name}!{letter}{number}", "formula", "单元格里是公式，请改成值",
                                   "a formula stands in the cell; put the value"))  # fmt: skip
            values[key] = None
    row = Row(name, number, values, letters)
    for column in SHEETS[name]:
        if column.required and column.key in letters and not row.text(column.key):
            problems.append(row.problem(column.key, "empty_cell", f"“{column.heading}”没有填",
                                        f"{column.heading} is empty"))  # fmt: skip
    return row


def _is_formula(value: object) -> bool:
    return isinstance(value, str) and (value.startswith(DANGEROUS) or (value.startswith("-") and not _number(value)))


def _number(text: str) -> bool:
    return text[1:].replace(".", "", 1).isdigit()


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value


def day(row: Row, key: str, problems: list[Problem]) -> date | None:
    """A date cell, also as text 2026-07-01 or 2026/7/1 or 2026年7月1日."""
    value = row.values.get(key)
    if value is None or isinstance(value, date):
        return value
    text = str(value).strip().replace("日", "")
    parts = re.split("[-/.年月]", text)
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2])) if len(parts) == 3 else date.fromisoformat(text)
    except (ValueError, IndexError):
        problems.append(row.problem(key, "bad_date", f"“{value}”不是日期，例：2026-07-01", f"{value} is not a date"))
        return None
