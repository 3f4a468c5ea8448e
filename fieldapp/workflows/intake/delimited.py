"""A text file as a table: GB18030, UTF-8 or UTF-16 with or without BOM; comma, tab, semicolon, bar, or a page's table.

Rows are numbered as a spreadsheet program shows them: a quoted line break does not start a row.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from fieldapp.errors import InputError
from fieldapp.workflows.intake.html_table import looks_like_html, open_html
from fieldapp.workflows.intake.sheets import MAX_COLUMNS, Sheet, Value
from fieldapp.workflows.intake.xml_table import looks_like_xml_workbook, open_xml_workbook

MAX_BYTES = 256 * 1024 * 1024
_AS_FORMULA = re.compile(r'="([^"]*)"')
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def open_delimited(data: bytes, file: str) -> list[Sheet]:
    """The file as a list of one sheet named ``""``; raises InputError for what is not text or has an open quote."""
    if len(data) > MAX_BYTES:
        raise InputError("intake.too_big", where=file)
    text = decode(data, file)
    if looks_like_xml_workbook(text):
        return open_xml_workbook(text, file)
    if looks_like_html(text):
        return open_html(text, file)
    separator = _separator(text)

    def read() -> Iterator[tuple[int, tuple[Value, ...]]]:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        try:
            for number, cells in enumerate(lines, start=1):
                if len(cells) > MAX_COLUMNS:
                    raise InputError("intake.too_wide", where=f"{file}/{number}", columns=MAX_COLUMNS)
                if cells:
                    yield number, tuple(_shown(cell) if cell.strip() else None for cell in cells)
        except csv.Error as error:
            raise InputError("intake.broken_quotes", where=f"{file}/{lines.line_num}") from error

    return [Sheet(name="", read=read)]


def _shown(cell: str) -> str:
    """``="3417..."`` is how some systems keep a spreadsheet program from rounding a number: what it shows is meant."""
    found = _AS_FORMULA.fullmatch(cell.strip())
    return found[1] if found else cell


def decode(data: bytes, file: str) -> str:
    """The text of ``data``; UTF-8 is tried before GB18030, for GB18030 accepts nearly everything."""
    encodings = [name for mark, name in _BOMS if data.startswith(mark)] or _without_bom(data)
    readable = 0
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            readable = max(readable, error.start)
            continue
        if "\0" not in text:
            return text
    line = data.count(b"\n", 0, readable) + 1
    raise InputError("intake.not_text", where=f"{file}/{line}")


def _without_bom(data: bytes) -> list[str]:
    """A separator in UTF-16 is a byte beside a zero; where the zeros stand says which half comes first."""
    head = data[:4000]
    if b"\0" not in head:
        return ["utf-8", "gb18030"]
    return ["utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"]


def _separator(text: str) -> str:
    """What parts the first lines most often; a comma where nothing does."""
    head = text[:4000]
    return max(",\t;|", key=lambda mark: (head.count(mark), mark == ","))
