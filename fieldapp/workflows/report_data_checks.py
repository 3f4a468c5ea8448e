"""What the county's information check found beside what the family had said (核对差异), for the visit report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.reports.content import Grid
from fieldapp.store.api import ReadTx
from fieldapp.store.projections import helps
from fieldapp.workflows.matters import readings
from fieldapp.workflows.matters.check_report import figure

TITLE = "信息核对差异"
HEAD, WIDTHS = ("核对项目", "对象", "申报", "核对结果", "数据来源", "核对日期"), (2, 1.3, 1.5, 1.8, 2, 1.4)


def checks(tx: ReadTx, household: str) -> Grid | None:
    """The differences of the family's newest check; None when nothing was checked or nothing differs."""
    found = (readings.read(tx, row.id) for row in helps.of_household(tx, household) if row.type == "application")
    checked = [entry for each in found if each is not None and (entry := each.last("check")) is not None]
    newest = max(checked, key=lambda entry: entry.on, default=None)
    rows = tuple(_row(row, newest.on) for row in newest.report if row.get("differs")) if newest else ()
    return Grid(TITLE, HEAD, rows, WIDTHS) if rows else None


def _row(row: Mapping[str, Any], on: str) -> tuple[str, ...]:
    declared = row.get("declared_value")
    said = figure(declared if isinstance(declared, int) else None, str(row.get("unit") or "")) or "—"
    told = (str(row.get(name) or "") for name in ("item", "name"))
    return *told, said, str(row.get("found") or ""), str(row.get("source") or ""), str(row.get("day") or on)
