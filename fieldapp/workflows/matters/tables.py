"""Small tables offices send (.xlsx, .csv) as rows of texts, found by the words in their head row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fieldapp.errors import InputError

MAX_BYTES = 32 * 1024 * 1024
LOOKED_AT = 12  # rows from the top in which the head is looked for


def read_table(file: Path, heads: Mapping[str, str], wanted: str) -> list[dict[str, str]]:
    """The rows below the head that has the column ``wanted``; ``heads`` are head words → column names.

    Raises InputError ``table.unreadable`` | ``table.no_head`` with the file, or what the readers of ``intake`` say.
    """
    try:
        data = file.read_bytes()
    except OSError:
        raise InputError("file.unreadable", where=file.name) from None
    if len(data) > MAX_BYTES:
        raise InputError("intake.too_big", where=file.name)
    found = [row for sheet in _sheets(data, file) for row in _rows(list(sheet), heads, wanted)]
    if not found:
        raise InputError("table.no_head", where=file.name, head=wanted)
    return found


def _sheets(data: bytes, file: Path) -> Iterator[Iterator[list[str]]]:
    from fieldapp.workflows.intake.delimited import open_delimited
    from fieldapp.workflows.intake.workbook import open_workbook

    opened = open_workbook if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0" else open_delimited
    for sheet in opened(data, file.name):
        yield ([_text(value) for value in cells] for _number, cells in sheet.read())


def _rows(sheet: list[list[str]], heads: Mapping[str, str], wanted: str) -> Iterator[dict[str, str]]:
    at = next((place for place, row in enumerate(sheet[:LOOKED_AT]) if wanted in map(_bare, row)), None)
    if at is None:
        return
    names = [heads.get(_bare(cell), "") for cell in sheet[at]]
    for cells in sheet[at + 1 :]:
        row = {name: cell for name, cell in zip(names, cells, strict=False) if name and cell}
        if row.get(heads[wanted]):
            yield row


def _bare(cell: str) -> str:
    """A head without the blanks, brackets and units offices put into it: ``金 额（元）`` → ``金额``."""
    return cell.split("（")[0].split("(")[0].replace(" ", "").replace("　", "").replace("*", "")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
