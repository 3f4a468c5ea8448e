"""A county's mapping of a ledger to the columns of the provincial system, so that nobody types twice.

A workbook (``template`` makes one to fill in) or YAML:

    ledger: roster
    columns:
      - {title: 身份证号, from: id_number}
      - {title: 与户主关系, from: relation, codes: {户主: "01", 配偶: "02"}, otherwise: "99"}
      - {title: 起保日期, from: since, date: "%Y%m%d"}
      - {title: 填报单位, value: 柏叶镇}
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml

from fieldapp.errors import InputError
from fieldapp.reports.sheets import spoken, xlsx
from fieldapp.reports.table import Cell, Column, Ledger

HEAD = ("省平台列名", "本程序列", "固定值", "日期格式", "代码对照", "其余代码")
SHEET = "列对照"
_KEYS = {"title", "from", "value", "date", "codes", "otherwise"}


class MappingError(InputError):
    """``mapping.unreadable`` | ``mapping.title`` | ``mapping.source`` | ``mapping.codes`` | ``mapping.date``; ``where``
    names the line."""

    code = "mapping"


@dataclass(frozen=True)
class Target:
    """One column of the provincial file: taken from ``source`` or always ``value``. ``codes`` translates words;
    ``otherwise`` stands for words without a code, None lets them through."""

    title: str
    source: str = ""
    value: str = ""
    date: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None


def read(data: bytes, columns: Sequence[Column]) -> tuple[Target, ...]:
    """The mapping in a workbook or a YAML text, held against the ledger's columns. Raises MappingError."""
    rows = list(_workbook(data) if data[:2] == b"PK" else _yaml(data))
    if not rows:
        raise MappingError("mapping.unreadable")
    return tuple(_target(where, row, {column.key for column in columns}) for where, row in rows)


def apply(ledger: Ledger, targets: Sequence[Target]) -> Ledger:
    """The ledger in the provincial system's columns, all texts."""
    place = {column.key: at for at, column in enumerate(ledger.columns)}
    rows = tuple(
        tuple(
            _translated(target, row[place[target.source]], ledger.columns[place[target.source]])
            if target.source
            else target.value
            for target in targets
        )
        for row in ledger.rows
    )
    return Ledger(ledger.title, tuple(Column(target.title, target.title) for target in targets), rows)


def template(ledger: Ledger, *, made_at: datetime) -> bytes:
    """A workbook to fill in: every column of the ledger under its own name, with an example of a code list."""
    rows = tuple((column.title, column.key, "", "", "", "") for column in ledger.columns)
    example = ("（示例）与户主关系", "relation", "", "", "户主=01；配偶=02", "99")
    columns = tuple(Column(title, title, width=22) for title in HEAD)
    return xlsx([Ledger(SHEET, columns, (*rows, example))], made_at=made_at)


def _translated(target: Target, cell: Cell, column: Column) -> str:
    if target.date and isinstance(cell, date):
        return cell.strftime(target.date)
    said = spoken(cell, column)
    if not target.codes:
        return said
    return target.codes.get(said, said if target.otherwise is None else target.otherwise)


def _target(where: str, row: Mapping[str, Any], keys: set[str]) -> Target:
    title, source = str(row.get("title") or "").strip(), str(row.get("from") or "").strip()
    if not title or set(row) - _KEYS:
        raise MappingError("mapping.title", where=where)
    if source and source not in keys:
        raise MappingError("mapping.source", where=where, source=source)
    codes = row.get("codes") or {}
    if not isinstance(codes, Mapping):
        raise MappingError("mapping.codes", where=where)
    pattern = str(row.get("date") or "")
    if pattern and "%" not in pattern:
        raise MappingError("mapping.date", where=where)
    otherwise = row.get("otherwise")
    return Target(
        title, source, str(row.get("value") or ""), pattern, {str(k): str(v) for k, v in codes.items()},
        None if otherwise in (None, "") else str(otherwise),
    )  # fmt: skip


def _yaml(data: bytes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        body = yaml.safe_load(data.decode("utf-8-sig"))
        columns = body["columns"]
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError):
        raise MappingError("mapping.unreadable") from None
    for number, row in enumerate(columns, 1):
        if not isinstance(row, Mapping):
            raise MappingError("mapping.unreadable", where=str(number))
        yield str(number), row


def _workbook(data: bytes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    import openpyxl

    try:
        sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        rows = list(sheet.iter_rows(values_only=True))
    except Exception as failure:  # the library raises its own mixture for what is no workbook
        raise MappingError("mapping.unreadable") from failure
    if not rows or tuple(str(cell or "").strip() for cell in rows[0][: len(HEAD)]) != HEAD:
        raise MappingError("mapping.unreadable", where="1")
    for number, cells in enumerate(rows[1:], 2):
        title, source, value, pattern, codes, otherwise = (_plain(cell) for cell in (*cells, *[None] * 6)[:6])
        if title and not title.startswith("（示例）"):
            pairs = dict(_pairs(codes, str(number)))
            yield str(number), {
                "title": title, "from": source, "value": value, "date": pattern, "codes": pairs, "otherwise": otherwise,
            }  # fmt: skip


def _plain(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _pairs(text: str, where: str) -> Iterator[tuple[str, str]]:
    for pair in text.replace("；", ";").split(";"):
        word, sign, code = pair.partition("=")
        if pair.strip() and not sign:
            raise MappingError("mapping.codes", where=where)
        if pair.strip():
            yield word.strip(), code.strip()
