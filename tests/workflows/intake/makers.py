"""Ledgers as offices keep them, made to order, and short ways to read them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

from fieldapp.domain.identity_number import check_digit
from fieldapp.workflows.intake.places import AreaTable
from fieldapp.workflows.intake.reading import read_file
from fieldapp.workflows.intake.result import Intake

TODAY = date(2026, 11, 21)
COUNTY = "341799"
AREAS = {
    "341799": "松岭县",
    "341799101": "柏叶镇",
    "341799102": "石桥镇",
    "341799101201": "周岭村",
    "341799101202": "竹园村",
    "341799101203": "新庄村",
    "341799102201": "新庄村",
    "341799101201-001": "第一网格（1-3组）",
    "341799101201-002": "第二网格（4、5、6组）",
    "341799101202-001": "竹园村网格",
    "341799102201-001": "一组",
}
HEADER = (
    *("序号", "户主姓名", "家庭人口", "姓名", "与户主关系", "性别"),
    *("身份证号码", "出生日期", "家庭住址", "联系电话", "备注"),
)


def number(born: str, serial: int = 1) -> str:
    """A whole ID number of the unassigned area: odd serials are men."""
    first = f"{COUNTY}{born.replace('-', '')}{serial:03d}"
    return first + check_digit(first)


def book(*sheets: tuple[str, Sequence[Sequence[Any]]], merges: Sequence[str] = (), **marks: Any) -> bytes:
    """Sheets of rows as .xlsx; ``merges`` and ``hidden_rows`` apply to the first."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets:
        tab = workbook.create_sheet(name)
        for row in rows:
            tab.append(list(row))
    first = workbook.worksheets[0]
    for merge in merges:
        first.merge_cells(merge)
    for row in marks.get("hidden_rows", ()):
        first.row_dimensions[row].hidden = True
    if marks.get("hidden"):
        first.sheet_state = "hidden"
        workbook.create_sheet("空白")
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def read(data: bytes, name: str = "台账.xlsx", target: str | None = None, **options: Any) -> Intake:
    return read_file(data, name, county=COUNTY, areas=AreaTable(AREAS, target), today=TODAY, **options)


def read_rows(*rows: Sequence[Any], sheet: str = "周岭村", **options: Any) -> Intake:
    """A ledger of one sheet under the usual header, which stands in row 1."""
    return read(book((sheet, [HEADER, *rows]), merges=options.pop("merges", ())), **options)


def persons(intake: Intake) -> dict[str, Any]:
    return {str(d.state["full_name"]): d for d in intake.documents if d.type == "person"}


def families(intake: Intake) -> list[list[str]]:
    """Names by household, in the order of the file."""
    homes: dict[str, list[str]] = {d.id: [] for d in intake.documents if d.type == "household"}
    for document in intake.documents:
        if document.type == "person":
            homes[document.state["membership"]["household"]].append(str(document.state["full_name"]))  # type: ignore[index,call-overload]
    return list(homes.values())


def codes(intake: Intake, row: int | None = None) -> list[str]:
    """The problems told, of one row or all; that a village is known without its grid is left out."""
    return sorted(p.code for p in intake.problems if row in (None, p.row) and p.code != "grid_unknown")
