"""The county's desk: the impact of a change before it holds, and who probably misses something; cancelled half way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from fieldapp.errors import InputError, StateError
from fieldapp.policy.api import PackError
from fieldapp.policy.changes import Entry
from fieldapp.store.api import Store
from fieldapp.workflows import county_run, parameter_workbook, parameters
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.county_run import GapRun
from tests.workflows.county_desk import county_desk

BASIS = {"document": "示例民发〔2026〕30号", "clause": "第2条", "issuer": "示例市民政局"}
RISE = (Entry("dibao.standard_month.rural", "650", date(2027, 1, 1)),)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Store, Actor]]:
    _, store, actor = county_desk(tmp_path)
    yield store, actor
    store.close()


def test_who_probably_misses_something_and_who_probably_no_longer_may(desk: tuple[Store, Actor]) -> None:
    store, actor = desk
    run, seen = GapRun(store, actor, pack=parameters.in_force(store, actor)), []
    assert run.run(lambda done, of: seen.append((done, of)), lambda: False)
    found = {(line.family.head, line.program, line.kind) for line in run.lines}
    assert found == {("黄国强", "dibao", "not_receiving"), ("邓光明", "dibao", "no_longer")}
    assert (run.households, run.compared, seen) == (6, 5, [(6, 6)])
    assert all(line.reasons for line in run.lines)
    assert "4700 不低于 600" in next(line for line in run.lines if line.kind == "no_longer").reasons[0]


def test_the_impact_of_a_higher_standard(desk: tuple[Store, Actor]) -> None:
    """620 is below 650: enters the allowance and leaves the edge; two get 50 more a month: 30 + 50 + 50."""
    store, actor = desk
    run = parameters.impact_run(store, actor, parameters.draft(store, actor, RISE, **BASIS))
    assert run.run(lambda done, of: None, lambda: False)
    told = {(line.family.head, line.program, line.kind, line.before, line.after) for line in run.lines}
    assert told == {
        ("黄国强", "dibao", "changes", 600_00, 650_00), ("向军", "dibao", "changes", 600_00, 650_00),
        ("罗志", "dibao", "enters", 0, 30_00), ("罗志", "edge", "leaves", 0, 0),
    }  # fmt: skip
    assert run.tally.cost_difference == 130_00
    assert parameters.page(store, actor, "zh").changes == (), "looking changes nothing"


def test_a_run_stops_when_told(desk: tuple[Store, Actor], monkeypatch: pytest.MonkeyPatch) -> None:
    store, actor = desk
    monkeypatch.setattr(county_run, "AT_ONCE", 2)
    run, seen = GapRun(store, actor, pack=parameters.in_force(store, actor)), []
    assert not run.run(lambda done, of: seen.append(done), lambda: bool(seen))
    assert (seen, run.compared) == ([2], 2)


def test_values_in_force_with_document_and_dates(desk: tuple[Store, Actor]) -> None:
    store, actor = desk
    lines = {line.key: line for line in parameters.page(store, actor, "zh").lines}
    rural = lines["dibao.standard_month.rural"]
    assert rural.now is not None
    assert (rural.now.words, rural.now.since, rural.now.source, rural.set_by) == (
        "600", "2026-07-01", "示例民发〔2026〕18号", "province")  # fmt: skip
    assert lines["edge.valid_months"].now is not None
    assert lines["edge.valid_months"].now.words == "", "参数未定"
    assert dict(lines["class_aid.stack"].choices) == {"highest": "每人取高", "sum": "叠加"}


def test_a_workbook_edited_in_a_spreadsheet_is_a_change_for_a_second_person(
    desk: tuple[Store, Actor], tmp_path: Path
) -> None:
    store, actor = desk
    file = tmp_path / "参数.xlsx"
    assert parameter_workbook.save(store, actor, file) == "参数.xlsx"
    with pytest.raises(InputError, match=r"parameters\.nothing_new"):
        parameter_workbook.read(store, actor, file)
    book = openpyxl.load_workbook(file)
    sheet = book["参数"]
    heads = [str(cell.value) for cell in sheet[1]]
    row = next(r for r in sheet.iter_rows(min_row=2) if r[0].value == "edge.multiplier")
    last = {head: cell.value for head, cell in zip(heads, row, strict=True)}
    row[heads.index("失效日")].value = date(2027, 1, 1)
    sheet.append([{**last, "值": "2", "生效日": date(2027, 1, 1), "失效日": None, "文号": "示例民发〔2026〕31号", "条款": "第3条"}[h] for h in heads])  # fmt: skip
    book.save(file)
    change = parameter_workbook.read(store, actor, file)
    assert change.entries == (Entry("edge.multiplier", "2", date(2027, 1, 1)),)
    assert (change.document, change.entered_by) == ("示例民发〔2026〕31号", "何建")
    sheet.cell(sheet.max_row, heads.index("值") + 1).value = "-2"
    book.save(file)
    with pytest.raises(PackError, match="参数!"):
        parameter_workbook.read(store, actor, file)


def test_without_a_pack_there_is_nothing_to_change(tmp_path: Path) -> None:
    _, store, actor = county_desk(tmp_path, pack=False)
    assert parameters.page(store, actor, "zh").lines == ()
    with pytest.raises(StateError, match=r"parameters\.no_pack"):
        parameters.draft(store, actor, RISE, **BASIS)
    store.close()
