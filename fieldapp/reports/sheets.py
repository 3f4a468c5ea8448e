"""Ledgers as files: real spreadsheets and text, made in memory, for no clear copy may lie in a temporary folder.

What people typed is never a formula: spreadsheets get it as text cells, text files with an apostrophe before what a
spreadsheet would run (=, +, -, @, tab, line end).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from fieldapp.reports.table import Cell, Column, Kind, Ledger

WIDTHS = {Kind.TEXT: 16, Kind.NUMBER: 8, Kind.MONEY: 12, Kind.DATE: 12, Kind.TIME: 17, Kind.ID: 21, Kind.PHONE: 14}
FORMATS = {
    Kind.TEXT: {"num_format": "@"},
    Kind.NUMBER: {"num_format": "0"},
    Kind.MONEY: {"num_format": "#,##0.00"},
    Kind.DATE: {"num_format": "yyyy-mm-dd"},
    Kind.TIME: {"num_format": "yyyy-mm-dd hh:mm"},
    Kind.ID: {"num_format": "@"},
    Kind.PHONE: {"num_format": "@"},
}
ENCODINGS = {"csv": "utf-8-sig", "csv-gb18030": "gb18030"}
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Excel's own limits.
MOST_TEXT, MOST_ROWS, MOST_NAME = 32_767, 1_048_575, 31
_BAD_IN_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))


def xlsx(ledgers: Sequence[Ledger], *, made_at: datetime, footer: str = "") -> bytes:
    """A workbook, one sheet per ledger: frozen head, filter, typed cells. The same ledgers and time, the same bytes."""
    import xlsxwriter

    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None), "author": "", "comments": ""})
        head = book.add_format({"bold": True, "bg_color": "#EDF0F3", "border": 1, "text_wrap": True, "valign": "top"})
        formats = {kind: book.add_format({**how, "valign": "top"}) for kind, how in FORMATS.items()}
        for ledger in ledgers:
            _sheet(book.add_worksheet(_sheet_name(ledger.title)), ledger, head, formats, footer)
    return made.getvalue()


def _sheet(sheet: Any, ledger: Ledger, head: Any, formats: dict[Kind, Any], footer: str) -> None:
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{footer.replace('&', '&&')}&R第 &P 页 共 &N 页")
    for at, column in enumerate(ledger.columns):
        sheet.set_column(at, at, column.width or WIDTHS[column.kind])
        sheet.write_string(0, at, column.title, head)
    for number, row in enumerate(ledger.rows[:MOST_ROWS], 1):
        for at, (column, cell) in enumerate(zip(ledger.columns, row, strict=True)):
            _write(sheet, number, at, cell, column.kind, formats)
    if ledger.rows:
        sheet.autofilter(0, 0, len(ledger.rows), len(ledger.columns) - 1)


def _write(sheet: Any, row: int, at: int, cell: Cell, kind: Kind, formats: dict[Kind, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(row, at, cell.replace(tzinfo=None), formats[Kind.TIME])
    elif isinstance(cell, date):
        sheet.write_datetime(row, at, cell, formats[Kind.DATE])
    elif isinstance(cell, int) and kind is Kind.MONEY:
        sheet.write_number(row, at, float(Decimal(cell) / 100), formats[kind])
    elif isinstance(cell, int) and kind is Kind.NUMBER:
        sheet.write_number(row, at, cell, formats[kind])
    else:
        sheet.write_string(row, at, _clean(str(cell))[:MOST_TEXT], formats[Kind.TEXT])


def _clean(text: str) -> str:
    """Without control characters, which XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or ord(c) >= 0x20)


def _sheet_name(title: str) -> str:
    return title.translate(_BAD_IN_NAME)[:MOST_NAME] or "台账"


def text(ledger: Ledger, form: str = "csv") -> bytes:
    """The ledger as comma-separated text. ``form``: ``csv`` (UTF-8 with its mark) | ``csv-gb18030``, which holds every
    character too."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([harmless(column.title) for column in ledger.columns])
    for row in ledger.rows:
        writer.writerow([spoken(cell, column) for cell, column in zip(row, ledger.columns, strict=True)])
    return made.getvalue().encode(ENCODINGS[form])


def spoken(cell: Cell, column: Column) -> str:
    """A cell as text: money in yuan with two decimals, days as ISO."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int):
        return f"{Decimal(cell) / 100:.2f}" if column.kind is Kind.MONEY else str(cell)
    return harmless(cell)


def harmless(typed: str) -> str:
    """``typed`` as no spreadsheet runs it; an apostrophe goes before what it would."""
    return f"'{typed}" if typed.startswith(RISKY) else typed
