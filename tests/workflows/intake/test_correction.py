"""Bad rows out, mended, and in again: they join their households and write over nothing else."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from fieldapp.workflows.intake.correction import correction_csv, correction_rows, correction_workbook
from fieldapp.workflows.intake.result import Intake
from fieldapp.workflows.intake.text_workbook import text_workbook
from tests.workflows.intake.makers import HEADER, codes, number, persons, read, read_rows

WANG, LI = number("1950-03-05", 1), number("1952-07-09", 2)


def row(name: str, relation: str = "", id_number: Any = "", **cells: Any) -> list[Any]:
    values = {"姓名": name, "与户主关系": relation, "身份证号码": id_number, **cells}
    return [values.get(label) for label in HEADER]


@pytest.fixture
def bad() -> Intake:
    """A family with a nameless member and a member whose number the sheet rounded."""
    return read_rows(
        row("王一", "户主", WANG, 家庭住址="周岭村3组26号", 联系电话="13500000001"),
        row("", "配偶", LI, 性别="女"),
        row("王三", "子", 3.41799198001202e17, 备注="+HYPERLINK(1)"),
    )


def mended(intake: Intake, form: str, **by_name: dict[str, str]) -> Intake:
    """The correction file, with cells changed by original row, read again."""
    table = correction_rows(intake)
    head = table[0]
    for line in table[1:]:
        for label, value in by_name.get(f"r{line[2]}", {}).items():
            line[head.index(label)] = value
    if form == "csv":
        out = io.StringIO(newline="")
        csv.writer(out).writerows(table)
        return read(out.getvalue().encode("gb18030"), "待改正.csv")
    book = Workbook()
    for line in table:
        book.active.append(line)
    data = io.BytesIO()
    book.save(data)
    return read(data.getvalue(), "待改正.xlsx")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_mended_rows_join_their_household_under_their_first_ids(bad: Intake, form: str) -> None:
    assert codes(bad) == ["id_lost_digits", "row_without_name"]
    right = number("1980-01-20", 3)
    again = mended(bad, form, r3={"姓名": "李二"}, r4={"身份证号码": right})
    assert (again.kind, again.rows_read, codes(again)) == ("correction", 2, [])
    home = persons(bad)["王一"].state["membership"]["household"]
    assert {p.state["membership"]["household"] for p in persons(again).values()} == {home}
    assert persons(again)["王三"].id == persons(bad)["王三"].id
    assert persons(again)["李二"].id not in {d.id for d in bad.documents}
    assert {d.area for d in again.documents} == {"341799101201-001", None}


def test_only_what_the_office_changed_may_write(bad: Intake) -> None:
    again = mended(bad, "csv", r4={"身份证号码": number("1980-01-20", 3)})
    person = persons(again)["王三"]
    assert person.touched == {"/id_number", "/id_kind", "/birth_date", "/sex"}
    untouched = mended(bad, "csv")
    assert persons(untouched)["王三"].touched == frozenset()


def test_the_first_row_of_a_family_carries_its_household() -> None:
    intake = read_rows(row("王一", "户主", WANG[:-1] + "5", 家庭住址="周岭村3组26号"), row("李二", "配偶", LI))
    again = mended(intake, "csv", r2={"身份证号码": WANG, "家庭住址": "周岭村3组27号"})
    household = next(d for d in again.documents if d.type == "household")
    assert household.id == next(d.id for d in intake.documents if d.type == "household")
    assert household.touched == {"/address", "/doors/d1/number", "/doors/d1/order"}


def test_the_workbook_holds_text_only_and_runs_nothing(bad: Intake) -> None:
    sheet = load_workbook(io.BytesIO(correction_workbook(bad))).active
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert sheet.freeze_panes == "A2"
    assert "+HYPERLINK(1)" in {cell.value for cell in cells}
    assert LI in {cell.value for cell in cells}
    again = read(correction_workbook(bad), "待改正.xlsx")
    assert codes(again) == codes(bad)


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    risky = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "<b>&\"'", "a\x00b", WANG]
    cells = next(load_workbook(io.BytesIO(text_workbook("表", [risky]))).active.iter_rows())
    assert [cell.value for cell in cells] == [*risky[:-2], "ab", WANG]
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_csv_is_guarded_and_reads_back_the_same(bad: Intake) -> None:
    text = correction_csv(bad).decode("utf-8-sig")
    assert f"'{LI}" in text
    assert "'+HYPERLINK" in text
    again = read(correction_csv(bad), "待改正.csv")
    assert codes(again) == codes(bad)
    assert persons(again)["王三"].state["imported"]["备注"].startswith("+HYPERLINK")


def test_rows_cut_from_their_place_are_named(bad: Intake) -> None:
    again = mended(bad, "csv", r4={"户行号": ""})
    assert "family_unknown" in codes(again)
    assert [line.fate for line in again.lines].count("refused") == 2


def test_leads_are_mended_the_same_way() -> None:
    header = "预警编号,来源部门,姓名,证件号码,住址,预警内容,下发日期,办理时限\n"
    first = read((header + f"A1,县残联,龚明,{WANG},竹园村3组,失业,20261118,\n").encode(), "预警.csv")
    again = mended(first, "csv", r2={"办理时限": "5个工作日"})
    assert (again.documents[0].id, again.documents[0].state["days"]) == (first.documents[0].id, 5)
