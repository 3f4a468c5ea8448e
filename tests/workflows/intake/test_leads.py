"""Lead lists of departments: deadlines, repeats, mappings, and a lead that is the same lead in whatever file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from fieldapp.errors import InputError
from fieldapp.workflows.intake.gathering import Terms
from fieldapp.workflows.intake.headers import words_with
from tests.workflows.intake.makers import book, codes, number, read

HEADER = ["预警编号", "来源部门", "姓名", "证件号码", "住址", "预警内容", "下发日期", "办理时限"]
ONE = number("1983-02-02", 1)


def leads(*rows: Sequence[Any], header: Sequence[str] = HEADER, encoding: str = "utf-8", **options: Any) -> Any:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *rows])
    return read(out.getvalue().encode(encoding), "预警.csv", **options)


def lead(key: str = "YJ1", **cells: Any) -> list[Any]:
    values = dict(
        zip(HEADER, [key, "县残联", "龚明", ONE, "竹园村3组", "残疾等级变更", "20261118", "5个工作日"], strict=True)
    )
    return [{**values, **cells}[label] for label in HEADER]


@pytest.mark.parametrize(
    ("cell", "leaves", "problem"),
    [
        ("5个工作日", {"days": 5, "due_on": "2026-11-25"}, []),
        ("3", {"days": 3, "due_on": "2026-11-23"}, []),
        ("十个工作日内", {"days": 10, "due_on": "2026-12-02"}, []),
        ("24小时", {"days": 1, "due_on": "2026-11-19", "urgent": True}, []),
        ("2026-11-25", {"due_on": "2026-11-25"}, []),
        ("", {}, ["no_deadline"]),
        ("尽快", {}, ["unreadable_deadline"]),
    ],
)
def test_deadlines(cell: str, leaves: dict[str, Any], problem: list[str]) -> None:
    intake = leads(lead(办理时限=cell))
    state = intake.documents[0].state
    assert {key: state[key] for key in ("days", "due_on", "urgent") if key in state} == leaves
    assert codes(intake) == problem


def test_the_county_says_how_long_a_lead_may_take_and_which_days_are_worked() -> None:
    terms = Terms(days=5, after=lambda start, days: start + timedelta(days=days))
    states = [d.state for d in leads(lead("A", 办理时限=""), lead("B", 办理时限="3"), terms=terms).documents]
    assert [(state["days"], state["due_on"]) for state in states] == [(5, "2026-11-23"), (3, "2026-11-21")]


def test_the_same_number_is_one_lead_and_with_other_words_it_is_named() -> None:
    intake = leads(lead("YJ1"), lead("YJ1"), lead("YJ1", 预警内容="失业"))
    assert len(intake.documents) == 1
    assert codes(intake) == ["same_number_again", "same_number_other_content"]
    assert [line.fate for line in intake.lines] == ["header", "imported", "refused", "refused"]


def test_one_person_and_reason_under_a_new_number_comes_in_with_a_flag() -> None:
    intake = leads(lead("YJ1"), lead("YJ2"), lead("YJ3", 预警内容="失业"))
    assert [d.state["number"] for d in intake.documents] == ["YJ1", "YJ2", "YJ3"]
    assert codes(intake) == ["same_person_same_reason_new_number"]


def test_a_lead_sent_again_in_another_file_is_the_same_document() -> None:
    morning = leads(lead("YJ1"), lead("YJ2", 姓名="马金"))
    evening = leads(lead("YJ9", 姓名="孔福"), lead("YJ2", 姓名="马金"), encoding="gb18030")
    assert morning.documents[1].id == evening.documents[1].id
    assert morning.documents[0].id != evening.documents[0].id
    nameless = leads(lead("", 姓名="马金"))
    assert nameless.documents[0].id == leads(lead("YJ1"), lead("", 姓名="马金")).documents[1].id
    assert codes(nameless) == ["lead_without_number"]


def test_address_takes_a_lead_to_its_grid_and_the_rest_waits_with_the_importer() -> None:
    intake = leads(lead("A", 住址="周岭村3组26号"), lead("B", 住址="县城某处"), lead("C", 住址="竹园村3组"))
    assert [d.area for d in intake.documents] == ["341799101201-001", "341799", "341799101202-001"]
    town = leads(lead("B", 住址="县城某处"), target="341799101")
    assert town.documents[0].area == "341799101"


def test_empty_leads_are_refused_and_named() -> None:
    intake = leads(lead("A", 姓名="", 证件号码="", 预警内容=""))
    assert (intake.documents, codes(intake)) == ((), ["lead_without_content", "no_id"][:1])


def test_a_department_brings_its_own_words() -> None:
    header = ["卷宗流水", "来电者", "所求", "送达", "限办"]
    row = ["R-1", "龚明", "屋顶漏水", "2026/11/18", "5"]
    with pytest.raises(InputError, match="no_header"):
        leads(row, header=header)
    mapping = words_with(
        "leads: {number: [卷宗流水], name: [来电者], content: [所求], issued: [送达], deadline: [限办]}"
    )
    state = leads(row, header=header, words=mapping, source="12345热线").documents[0].state
    assert (state["number"], state["issued_on"], state["days"]) == ("R-1", "2026-11-18", 5)
    assert (state["source"], state["channel"]) == ("12345热线", "hotline")


@pytest.mark.parametrize(
    "mapping", ["leads: {numbr: [编号]}", "leads: [编号]", "- x", "persons: {name: [姓名]}", "a: : b"]
)
def test_a_mapping_that_fits_nothing_is_refused(mapping: str) -> None:
    with pytest.raises(InputError, match=r"intake\.mapping"):
        words_with(mapping)


def test_leads_in_a_workbook_with_a_title_and_a_total() -> None:
    rows = [["预警线索交办单"], [], HEADER, lead("A"), lead("B", 姓名="马金"), ["合计", 2]]
    intake = read(book(("11月", rows), merges=("A1:H1",)), "交办.xlsx")
    assert (intake.kind, intake.rows_read) == ("leads", 2)
    assert [line.fate for line in intake.lines] == ["title", "header", "imported", "imported", "total"]


def test_tabs_semicolons_and_bad_files() -> None:
    text = "\t".join(HEADER) + "\n" + "\t".join(lead("A")) + "\n"
    assert len(read(text.encode(), "a.csv").documents) == 1
    assert len(read(text.replace("\t", ";").encode("utf-16"), "a.csv").documents) == 1
    for data, code in [
        (b"", "empty"),
        (b"\xff\x81\x00", "not_text"),
        (b'a,"b\n', "quotes"),
        (b"a,b\n1,2\n", "no_header"),
    ]:
        with pytest.raises(InputError, match=code):
            read(data, "a.csv")
