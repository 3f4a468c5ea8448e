"""Reads a workbook within bounds, keeping sheet, row and column of every cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forms.problems import FormErrors, FormProblem

MAX_FILE = 20 * 1024 * 1024
MAX_UNPACKED = 120 * 1024 * 1024
MAX_ENTRIES = 2000
MAX_ROWS = {"survey": 6_000, "choices": 60_000}
OTHER_ROWS = 2_000
MAX_COLUMNS = 400
SHEETS = ("survey", "choices", "settings", "entities", "external_choices")
_EMPTY_RUN = 60  # a longer run of empty rows ends a sheet, as it does for pyxform


@dataclass(frozen=True)
class Row:
    """One row; ``number`` as Excel counts, ``cells`` by header."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    name: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]


Workbook = Mapping[str, Sheet]


def read_bytes(source: Path | bytes) -> bytes:
    """The file's bytes. Raises FormErrors when it is away or too large."""
    if isinstance(source, bytes):
        data = source
    else:
        try:
            if source.stat().st_size > MAX_FILE:
                raise FormErrors([_problem("workbook.too_large", limit="20 MB")])
            data = source.read_bytes()
        except OSError as error:
            raise FormErrors([_problem("workbook.unreadable")]) from error
    if len(data) > MAX_FILE:
        raise FormErrors([_problem("workbook.too_large", limit="20 MB")])
    return data


def _problem(code: str, sheet: str = "", row: int = 0, **words: str) -> FormProblem:
    return FormProblem(code, sheet, row, words=tuple(words.items()))


def check_archive(data: bytes) -> None:
    """Refuse what is no .xlsx and what would unpack beyond bounds, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FormErrors([_problem("workbook.not_one")]) from error
    if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED:
        raise FormErrors([_problem("workbook.bomb", limit="120 MB")])
    if not any(e.filename == "xl/workbook.xml" for e in entries):
        raise FormErrors([_problem("workbook.not_one")])


def read_workbook(data: bytes) -> Workbook:
    """The XLSForm sheets by lower-case name. Raises FormErrors."""
    import openpyxl

    check_archive(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as error:  # the library raises its own mixture for what is no workbook
        raise FormErrors([_problem("workbook.not_one")]) from error
    try:
        found: dict[str, Sheet] = {}
        for title in book.sheetnames:
            name = title.strip().lower()
            if name in SHEETS:
                found[name] = _read_sheet(name, book[title])
        if "survey" not in found and len(book.sheetnames) == 1:
            found["survey"] = _read_sheet("survey", book[book.sheetnames[0]])
    except FormErrors:
        raise
    except Exception as error:  # sheets are read as they are asked for, and may be broken each for itself
        raise FormErrors([_problem("workbook.not_one")]) from error
    finally:
        book.close()
    if "survey" not in found:
        raise FormErrors([_problem("workbook.no_survey")])
    return found


def _read_sheet(name: str, sheet: Any) -> Sheet:
    limit = MAX_ROWS.get(name, OTHER_ROWS)
    headers: list[str] = []
    rows: list[Row] = []
    empty = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), 1):
        if number == 1:
            headers = [" ".join(str(v).split()) if v is not None else "" for v in values]
            continue
        cells = {h: _text(v) for h, v in zip(headers, values, strict=False) if h and v is not None and _text(v)}
        if not cells:
            empty += 1
            if empty > _EMPTY_RUN:
                break
            continue
        empty = 0
        if number > limit + 1:
            raise FormErrors([_problem("workbook.too_many_rows", name, number, limit=str(limit))])
        rows.append(Row(number, cells))
    return Sheet(name, tuple(headers), tuple(rows))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\xa0", " ").strip()
