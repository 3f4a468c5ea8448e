"""Ledgers and lead lists with the bad habits of offices: what is in them comes in, the rest is named by row and reason.

Every variant holds the same family of three (张三 the head, 李四 his wife, 张小 their son) unless it says otherwise.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from fieldapp.workflows.intake.result import Intake
from tests.workflows.intake.makers import HEADER, book, codes, families, number, persons, read

ZHANG, LI, XIAO = number("1960-03-05", 1), number("1962-07-08", 2), number("1990-01-02", 3)
ROWS: list[list[Any]] = [
    [1, "张三", 3, "张三", "户主", "男", ZHANG, "1960-03-05", "周岭村1组", "13800000001", ""],
    ["", "", "", "李四", "配偶", "女", LI, "1962-07-08", "", "", ""],
    ["", "", "", "张小", "之子", "男", XIAO, "1990-01-02", "", "", ""],
]
WHOLE = [["张三", "李四", "张小"]]


def with_cell(row: int, column: str, value: Any) -> list[list[Any]]:
    rows = [list(line) for line in ROWS]
    rows[row][HEADER.index(column)] = value
    return rows


def text(rows: Sequence[Sequence[Any]], encoding: str = "gb18030", mark: bytes = b"", **how: Any) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, **how).writerows(rows)
    return mark + out.getvalue().encode(encoding)


def page(rows: Sequence[Sequence[Any]]) -> bytes:
    """What platforms call .xls: a page with a title over all columns, and cells of the family merged down."""
    def cells(line: Sequence[Any], spans: dict[int, int]) -> str:
        return "".join(f'<td rowspan="{spans.get(n, 1)}">{value}</td>' for n, value in enumerate(line) if value is not None)

    body = [cells(rows[0], {0: 3, 1: 3, 2: 3, 8: 3}), *(cells([None if n in (0, 1, 2, 8) else v for n, v in enumerate(row)], {}) for row in rows[1:])]  # fmt: skip
    head = "".join(f"<th>{label}</th>" for label in HEADER)
    lines = "".join(f"<tr>{line}" for line in body)
    return f"<html><body><table><tr><td colspan=11>困难家庭花名册</td></tr><tr>{head}</tr>{lines}</table></body></html>".encode("gb18030")


TWO_LINES = [
    ["2026年困难家庭花名册"], ["填报单位：周岭村委会", "", "", "填报日期：2026年11月1日"],
    ["序号", "户主信息", "", "", "家庭成员信息", "", "", "", "备注"],
    ["", "姓名", "身份证号", "电话", "姓名", "与户主关系", "性别", "身份证号", ""],
    [1, "张三", ZHANG, "13800000001", "张三", "户主", "男", ZHANG, ""], ["", "", "", "", "李四", "妻", "女", LI, ""],
    ["", "", "", "", "张小", "长子", "男", XIAO, ""], ["合计", "", "", "", "3人"], ["制表人：王五", "", "审核人：赵六"],
]  # fmt: skip
MERGED = ["A1:I1", "B3:D3", "E3:H3", "A3:A4", "I3:I4", "A5:A7", "B5:B7", "C5:C7", "D5:D7"]
SHEET = "周岭村"
FILES: dict[str, tuple[Callable[[], bytes], dict[str, int]]] = {
    "title lines, two header lines, merged families, a total, a sign-off": (lambda: book((SHEET, TWO_LINES), merges=MERGED), {}),
    "utf-8": (lambda: text([HEADER, *ROWS], "utf-8"), {}),
    "utf-8 with a mark": (lambda: text([HEADER, *ROWS], "utf-8", b"\xef\xbb\xbf"), {}),
    "utf-16 with a mark": (lambda: text([HEADER, *ROWS], "utf-16"), {}),
    "utf-16 without one": (lambda: text([HEADER, *ROWS], "utf-16-le"), {}),
    "utf-16 the other way round": (lambda: text([HEADER, *ROWS], "utf-16-be"), {}),
    "tabs": (lambda: text([HEADER, *ROWS], delimiter="\t"), {}),
    "semicolons under a line that says so": (lambda: b"sep=;\r\n" + text([HEADER, *ROWS], delimiter=";"), {}),
    "bars": (lambda: text([HEADER, *ROWS], delimiter="|"), {}),
    "everything quoted, a line break and quotes inside": (
        lambda: text([HEADER, *with_cell(0, "备注", '说"好"\n第二行')], quoting=csv.QUOTE_ALL), {}),
    "a page called .xls": (lambda: page(ROWS), {}),
    "full-width digits and a lower-case x": (
        lambda: book((SHEET, [HEADER, *with_cell(0, "身份证号码", "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c.lower() for c in ZHANG))])), {}),
    "a spaced number with an apostrophe": (
        lambda: book((SHEET, [HEADER, *with_cell(1, "身份证号码", f"'{LI[:6]} {LI[6:14]} {LI[14:]}")])), {}),
    "a number with its label": (lambda: book((SHEET, [HEADER, *with_cell(1, "身份证号码", f"身份证号：{LI}")])), {}),
    "blanks inside a name": (lambda: book((SHEET, [HEADER, *with_cell(1, "姓名", " 李　四 ")])), {}),
    "a number the sheet rounded": (lambda: book((SHEET, [HEADER, *with_cell(1, "身份证号码", float(LI[:15] + "000"))])), {"id_lost_digits": 1}),
    "a number in science notation": (lambda: book((SHEET, [HEADER, *with_cell(1, "身份证号码", "3.41799E+17")])), {"id_lost_digits": 1}),
    "a wrong check digit": (lambda: book((SHEET, [HEADER, *with_cell(1, "身份证号码", LI[:-1] + ("0" if LI[-1] != "0" else "1"))])), {"wrong_check_digit": 1}),
    "an old number": (lambda: book((SHEET, [HEADER, *with_cell(1, "身份证号码", LI[:6] + LI[8:17])])), {"old_15_digit_id": 1}),
    "no number": (lambda: book((SHEET, [HEADER, *with_cell(1, "身份证号码", "无证")])), {"no_id": 1}),
    "the other sex": (lambda: book((SHEET, [HEADER, *with_cell(1, "性别", "男")])), {"sex_differs_from_id": 1}),
    "another head count": (lambda: book((SHEET, [HEADER, *with_cell(0, "家庭人口", "5人")])), {"member_count_differs": 1}),
    "a row again": (lambda: book((SHEET, [HEADER, *ROWS, ROWS[1]])), {"duplicate_person": 1}),
    "the whole table again on a second sheet": (lambda: book((SHEET, [HEADER, *ROWS]), ("副本", [HEADER, *ROWS])), {"duplicate_person": 3}),
    "a header again at the page break, totals, a group line, notes": (
        lambda: book((SHEET, [HEADER, *ROWS, ["小计", "", "3人"], [], HEADER, ["本页合计：3人"], ["注：数据截至11月"], ["周岭村二组"]])), {}),
    "a hidden row": (lambda: book((SHEET, [HEADER, *ROWS]), hidden_rows=(3,)), {"hidden_row": 1}),
    "columns nobody knows": (lambda: book((SHEET, [[*HEADER, "幸福指数"], *([*row, "高"] for row in ROWS)])), {}),
    "another village than there is": (lambda: book(("无名村", [HEADER, *with_cell(0, "家庭住址", "黑土村9组")])), {}),
}  # fmt: skip


def accounted(intake: Intake) -> bool:
    """No line without a fate, and no refused one without a reason at its row."""
    reasons = {(p.sheet, p.row) for p in intake.problems}
    return all(line.fate != "refused" or (line.sheet, line.row) in reasons for line in intake.lines)


@pytest.mark.parametrize("name", FILES)
def test_the_same_family_out_of_every_file(name: str) -> None:
    make, flags = FILES[name]
    intake = read(make(), "周岭村.csv")
    assert families(intake) == WHOLE
    assert dict(Counter(codes(intake))) == flags
    assert accounted(intake)
    again = read(make(), "周岭村.csv")
    assert [d.id for d in again.documents] == [d.id for d in intake.documents]
    people = persons(intake)
    assert people["张三"].state["id_number"] == ZHANG
    assert people["李四"].state["membership"]["relation"] == "spouse"  # type: ignore[index,call-overload]


def test_a_second_head_opens_a_family_and_a_missing_one_is_said() -> None:
    assert families(read(book((SHEET, [HEADER, *with_cell(1, "与户主关系", "户主")])))) == [["张三"], ["李四", "张小"]]
    orphaned = read(book((SHEET, [HEADER, *with_cell(0, "与户主关系", "之弟")])))
    assert families(orphaned) == WHOLE
    assert codes(orphaned) == ["family_without_head"]


@pytest.mark.parametrize(
    ("cell", "iso"),
    [("1950.3.5", "1950-03-05"), ("1950年3月5日", "1950-03-05"), ("19500305", "1950-03-05"), (18327, "1950-03-05"),
     ("1950-3", "1950-03"), ("二〇〇四年", "2004"), ("1950,3,5", "1950-03-05"), ("‘1950-03-05", "1950-03-05"),
     ("１９５０．３．５", "1950-03-05"), (datetime(1950, 3, 5), "1950-03-05"),  # noqa: DTZ001
     ("1950/3/5 0:00:00", "1950-03-05"),
     ("3/5/1950", None), ("50.3.5", None), ("1950-13-05", None)],
)  # fmt: skip
def test_birth_dates_as_they_are_written(cell: Any, iso: str | None) -> None:
    row = [1, "王五", 1, "王五", "户主", "", "无", cell, "周岭村1组", "", ""]
    intake = read(book((SHEET, [HEADER, row])))
    assert persons(intake)["王五"].state.get("birth_date") == iso
    assert ("unreadable_date" in codes(intake)) == (iso is None)


LEADS = ["预警编号", "来源部门", "姓名", "证件号码", "住址", "预警内容", "下发日期", "办理时限"]
LEAD = ["YJ1", "县医保局", "张三", ZHANG, "周岭村1组", "自付费用高", "20261118", "5个工作日"]


@pytest.mark.parametrize(
    ("told", "due"),
    [("3", "2026-11-23"), ("三个工作日", "2026-11-23"), ("24小时", "2026-11-19"), ("2026-11-25", "2026-11-25"),
     ("11月25日前", "2026-11-25"), ("1月10日之前反馈", "2027-01-10"), ("2026年11月25日前办结", "2026-11-25"),
     ("尽快", None), ("一周", "2026-11-25"), ("0", None)],
)  # fmt: skip
def test_deadlines_as_departments_write_them(told: str, due: str | None) -> None:
    intake = read(text([LEADS, [*LEAD[:7], told]]), "预警.csv")
    assert [d.state.get("due_on") for d in intake.documents] == [due]
    assert ("unreadable_deadline" in codes(intake)) == (due is None)


def test_leads_again_empty_and_without_a_number() -> None:
    rows = [LEAD, LEAD, [*LEAD[:5], "别的原因", *LEAD[6:]], ["YJ2", *LEAD[1:]], ["", *LEAD[1:]], ["YJ3", "县医保局"], ["合计", "", "1条"]]
    intake = read(text([["第47周预警清单"], LEADS, *rows, ["备注：请按时反馈"]]), "预警.csv")
    assert Counter(codes(intake)) == {
        "same_number_again": 1, "same_number_other_content": 1, "same_person_same_reason_new_number": 2,
        "lead_without_number": 1, "lead_without_content": 1,
    }  # fmt: skip
    assert (len(intake.documents), intake.rows_read) == (3, 6)
    assert accounted(intake)


def test_leads_under_two_header_lines() -> None:
    lines = [["预警线索"], ["编号", "部门", "对象", "", "", "内容", "日期", ""], ["", "", "姓名", "证件号", "住址", "", "下发", "时限"], LEAD]
    merges = ["C2:E2", "G2:H2", "A2:A3", "B2:B3", "F2:F3"]
    (lead,) = read(book(("线索", lines), merges=merges), "线索.xlsx").documents
    assert (lead.state["number"], lead.state["issued_on"], lead.state["due_on"]) == ("YJ1", "2026-11-18", "2026-11-25")
