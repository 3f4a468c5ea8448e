"""Ledgers as files offices open: real cells, numbers as text, nothing that runs, nothing left in temporary folders."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.errors import RefusedError
from fieldapp.reports import mapping, sheets
from fieldapp.reports.mapping import MappingError
from fieldapp.reports.table import Column, Kind, Ledger
from fieldapp.workflows import ledger_export
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.ledgers.making import NUMBER, ledger
from fieldapp.workflows.ledgers.registry import BOOKS
from fieldapp.workflows.papers.asking import Ask
from tests.reports.homes import ID_NUMBER, PHONE, PRINTED
from tests.reports.town import Town, town
from tests.store.county import VILLAGE
from tests.workflows.doors import actor

AT = datetime(2026, 11, 21, 10, 5)  # noqa: DTZ001 -- spreadsheets know no zones
ROSTER = (NUMBER, *BOOKS["roster"].columns)
#: Ledger -> (rows in the small town, what stands in one of them).
HOLDS = {
    "screening": (14, ("三组", "十一月排查", "疑似困难")),
    "alerts": (2, ("YJ-001", "县医保局", "属实，需要救助", date(2026, 11, 18), "是")),
    "visits": (1, ("肖雨", "核查预警线索", 5, "待审核", "二圈层")),
    "roster": (1, ("最低生活保障", "肖雨", date(2026, 11, 1))),
    "people": (25, ("邓小䶮", date(2018, 5, 6))),
    "service_orders": (1, ("采茶帮工", "青年志愿者协会", 6)),
    "revisits": (0, ()),
}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def ask(forms: FormShelf) -> Ask:
    return Ask(VILLAGE, PRINTED, forms.best)


def read(here: Town, book: str, ask: Ask, **how: bool) -> Ledger:
    return here.home.store.write_now(lambda tx: ledger(tx, here.home.actor, book, ask, **how))


#: Filled from matters, in test_matters_on_paper.
ELSEWHERE = {
    "acceptance", "adjustments", "near_relatives", "temporary_help", "tekun", "mutual_aid", "referrals", "hotline",
    "materials", "winter", "rechecks",
}  # fmt: skip


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_every_ledger_is_read_here() -> None:
    assert set(HOLDS) | ELSEWHERE == set(BOOKS)


@pytest.mark.parametrize("book", sorted(HOLDS))
def test_a_ledger_holds_what_the_doors_said(here: Town, book: str, ask: Ask) -> None:
    made = read(here, book, ask)
    count, wanted = HOLDS[book]
    assert len(made.rows) == count
    assert not wanted or any(set(wanted) <= set(row) for row in made.rows), made.rows
    assert [row[0] for row in made.rows] == list(range(1, count + 1))


def test_cells_are_typed_and_the_head_stands_still(here: Town, ask: Ask) -> None:
    sheet = opened(sheets.xlsx([read(here, "roster", ask)], made_at=AT)).active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref
    cells = {column.value: cell for column, cell in zip(sheet[1], sheet[2], strict=True)}
    assert cells["月金额（元）"].value == 3490
    assert cells["月金额（元）"].number_format == "#,##0.00"
    assert cells["起保月"].is_date
    assert cells["家庭人口"].value == 5


def test_id_numbers_are_text_and_masked_until_the_desk_asks(here: Town, ask: Ask) -> None:
    masked = next(row for row in read(here, "alerts", ask).rows if "YJ-001" in row)
    assert ID_NUMBER not in masked
    assert not any(PHONE in str(cell) for cell in masked)
    whole = read(here, "alerts", ask, unmask=True)
    sheet = opened(sheets.xlsx([whole], made_at=AT)).active
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value == ID_NUMBER]
    assert [(cell.data_type, cell.number_format) for cell in found] == [("s", "@")]
    with pytest.raises(RefusedError):
        here.home.store.write_now(lambda tx: ledger(tx, actor(), "alerts", ask, unmask=True))


def test_a_formula_in_a_name_is_only_a_name(here: Town, ask: Ask) -> None:
    made = read(here, "alerts", ask)
    sheet = opened(sheets.xlsx([made], made_at=AT)).active
    evil = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=cmd")]
    assert [cell.data_type for cell in evil] == ["s"]
    assert b"'=cmd" in sheets.text(made)
    assert b",=cmd" not in sheets.text(made)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=30))
def test_no_text_runs_and_none_is_lost(typed: str) -> None:
    assert not sheets.harmless(typed).startswith(sheets.RISKY)
    made = Ledger("x", (Column("a", "a"),), ((typed.replace("\r", " "),),))
    (_, row) = csv.reader(io.StringIO(sheets.text(made).decode("utf-8-sig"), newline=""))
    assert row[0].removeprefix("'") == typed.replace("\r", " ").removeprefix("'")


def test_rare_characters_survive_both_encodings() -> None:
    made = Ledger("名册", (Column("name", "姓名"),), (("邓𬱖䶮",),))
    assert sheets.text(made).startswith(b"\xef\xbb\xbf")
    assert "邓𬱖䶮" in sheets.text(made).decode("utf-8-sig")
    assert "邓𬱖䶮" in sheets.text(made, "csv-gb18030").decode("gb18030")


def test_the_same_ledger_and_time_give_the_same_bytes(here: Town, ask: Ask) -> None:
    made = read(here, "people", ask)
    assert sheets.xlsx([made], made_at=AT) == sheets.xlsx([made], made_at=AT)


def test_no_clear_file_lies_in_temporary_folders(monkeypatch: pytest.MonkeyPatch, here: Town, ask: Ask) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("mkstemp", "NamedTemporaryFile", "TemporaryFile", "mkdtemp", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, refuse)
    assert sheets.xlsx([read(here, "people", ask)], made_at=AT)


def test_a_ledger_is_exported_whole_and_logged(here: Town, ask: Ask, tmp_path: Path) -> None:
    path = ledger_export.export_ledger(here.home.store, here.home.actor, "people", ask, tmp_path).result().path
    assert path.name == f"人员名册_{VILLAGE}_20261121.xlsx"
    assert opened(path.read_bytes()).active.max_row == 26
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_the_provincial_columns_by_yaml_and_by_workbook(here: Town, ask: Ask) -> None:
    made = read(here, "roster", ask)
    by_text = mapping.read(
        "columns:\n- {title: 姓名, from: head}\n- {title: 类别, from: policy, codes: {最低生活保障: '11'}, otherwise: '99'}\n"
        "- {title: 起保, from: since, date: '%Y%m'}\n- {title: 金额, from: amount}\n- {title: 单位, value: 柏叶镇}\n".encode(),
        made.columns,
    )
    shown = mapping.apply(made, by_text)
    assert [column.title for column in shown.columns] == ["姓名", "类别", "起保", "金额", "单位"]
    assert shown.rows == (("肖雨", "11", "202611", "3490.00", "柏叶镇"),)
    book = openpyxl.Workbook()
    book.active.append(mapping.HEAD)
    book.active.append(("类别", "policy", None, None, "最低生活保障=11；特困人员供养=12", "99"))
    data = io.BytesIO()
    book.save(data)
    assert mapping.apply(made, mapping.read(data.getvalue(), made.columns)).rows == (("11",),)


def test_the_template_names_every_column_and_reads_back(here: Town, ask: Ask) -> None:
    made = read(here, "roster", ask)
    targets = mapping.read(mapping.template(made, made_at=AT), made.columns)
    assert mapping.apply(made, targets).columns[5].title == made.columns[5].title


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [("columns:\n- {title: a, from: nothing}", "mapping.source", "1"), ("columns:\n- {title: a}\n- {from: head}", "mapping.title", "2"),
     ("columns:\n- {title: a, from: since, date: 年月}", "mapping.date", "1"), ("{", "mapping.unreadable", ""), ("a: 1", "mapping.unreadable", "")],
)  # fmt: skip
def test_a_wrong_mapping_is_refused_by_its_line(text: str, code: str, where: str) -> None:
    with pytest.raises(MappingError) as caught:
        mapping.read(text.encode(), ROSTER)
    assert (caught.value.code, caught.value.where) == (code, where)


def test_flat_form_data_joins_rows_and_keeps_what_was_asked_apart_out(here: Town, ask: Ask, forms: FormShelf, tmp_path: Path) -> None:
    form = forms.newest("home_visit")
    path = ledger_export.export_flat_form(here.home.store, here.home.actor, form, ask, tmp_path).result().path
    book = opened(path.read_bytes())
    main, members = book["home_visit"], book["members"]
    head = [cell.value for cell in members[1]]
    assert head[:2] == ["KEY", "PARENT_KEY"]
    assert members.max_row == 6
    assert {row[1].value for row in members.iter_rows(min_row=2)} == {main["A2"].value} == {here.home.visit}
    assert "care/mood" not in head
    assert "3417**********4425" in [cell.value for cell in members[2]]
    assert "列说明" in book.sheetnames


def test_periods_bound_a_ledger(here: Town, ask: Ask) -> None:
    assert len(read(here, "screening", replace(ask, since="2026-11-05", until="2026-11-06")).rows) == 2


def test_money_is_written_as_yuan_in_text() -> None:
    assert sheets.spoken(349000, Column("a", "a", Kind.MONEY)) == "3490.00"
    assert sheets.spoken(-5, Column("a", "a", Kind.NUMBER)) == "-5"
