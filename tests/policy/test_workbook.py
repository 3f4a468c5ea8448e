"""The county's workbook: it reads back as it was written; every fault is refused by its cell, and nothing changes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from fieldapp.policy.api import PackError, load_pack
from fieldapp.policy.packfile import to_bytes
from fieldapp.policy.workbook.sheets import SHEETS, heading_to_key
from fieldapp.policy.workbook.writing import write_workbook
from tests.policy.makers import DEMO, demo

Edit = Callable[[Any], None]


@pytest.fixture(scope="module")
def written() -> bytes:
    return write_workbook(demo())


def edited(data: bytes, edit: Edit) -> bytes:
    book = load_workbook(BytesIO(data))
    edit(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def column(sheet: str, key: str) -> int:
    keys = [heading_to_key(sheet)[c.heading] for c in SHEETS[sheet]]
    return keys.index(key) + 1


def row_of(book: Any, sheet: str, key: str, wanted: str, nth: int = 0) -> int:
    rows = [r for r in range(3, book[sheet].max_row + 1) if book[sheet].cell(r, column(sheet, key)).value == wanted]
    return rows[nth]


def put(sheet: str, at: tuple[str, str], key: str, value: object, nth: int = 0) -> Edit:
    """An edit of one cell: in the row where column at[0] says at[1]."""

    def edit(book: Any) -> None:
        book[sheet].cell(row_of(book, sheet, *at, nth), column(sheet, key)).value = value

    return edit


def problems(data: bytes) -> list[tuple[str, str]]:
    """(code, cell) of every fault."""
    with pytest.raises(PackError) as refused:
        load_pack(data)
    assert all(problem.zh and problem.en for problem in refused.value.problems)
    return [(problem.code, problem.where) for problem in refused.value.problems]


def test_it_reads_back_as_written_and_the_shipped_workbook_is_the_shipped_pack(written: bytes) -> None:
    assert load_pack(written).digest == demo().digest
    assert load_pack(DEMO / "pack.xlsx").digest == demo().digest
    assert load_pack(to_bytes(demo())).digest == demo().digest


RURAL = ("key", "dibao.standard_month.rural")
FAULTS: list[tuple[str, Edit, str, str]] = [
    ("a missing year", put("参数", RURAL, "until", "2027-01-01", 1), "参数!F{}", "pack.missing_year"),
    ("a stretch without a value", put("参数", RURAL, "until", "2026-06-01", 0), "参数!E{}", "pack.missing_stretch"),
    ("a negative amount", put("参数", RURAL, "value", -5), "参数!C{}", "pack.bad_value"),
    ("not a number", put("参数", RURAL, "value", "六百"), "参数!C{}", "pack.bad_value"),
    ("overlapping dates", put("参数", RURAL, "until", None, 0), "参数!E{}", "pack.overlap"),
    ("ends before it begins", put("参数", RURAL, "until", "2026-06-30", 1), "参数!F{}", "pack.dates"),
    ("an injected formula", put("参数", RURAL, "value", "=1+1"), "参数!C{}", "pack.formula"),
    ("a formula in a text", put("参数", RURAL, "source", "=HYPERLINK(\"http://x\")"), "参数!G{}", "pack.formula"),
    ("a command in a text", put("政策", ("id", "dibao"), "note", "@SUM(A1)"), "政策!R{}", "pack.formula"),
    ("an unknown parameter", put("参数", RURAL, "key", "dibao.standard_month.rurall", 1), "参数!A{}", "pack.unknown_parameter"),
    ("entered and approved by one", put("参数", RURAL, "approved_by", "县低保中心录入岗"), "参数!K{}", "pack.same_person"),
    ("nobody approved", put("参数", RURAL, "approved_by", None), "参数!K{}", "pack.empty_cell"),
    ("no date", put("参数", RURAL, "since", "七月"), "参数!E{}", "pack.bad_date"),
    ("above the law's ceiling", put("参数", ("key", "dibao.gradual_exit_months"), "value", 7), "参数!C{}", "pack.bad_value"),
    ("an unknown need", put("政策", ("id", "dibao"), "needs", "基本生话"), "政策!E{}", "pack.unknown_need"),
    ("an unknown mark", put("政策", ("id", "dibao"), "mark", "SURE"), "政策!K{}", "pack.not_among"),
    ("an unknown amount", put("政策", ("id", "elder_age"), "amount", "elder.month"), "政策!I{}", "pack.unknown_parameter"),
    ("no condition", put("条件", ("policy", "stray"), "policy", "strey", 0), "条件!{}{}", "pack.no_parent"),
    ("an unknown fact", put("条件", ("name", "member.veteran"), "name", "member.veterann"), "条件!F{}", "pack.unknown_fact"),
    ("an unknown rule", put("条件", ("name", "dibao"), "name", "dibaoo"), "条件!F{}", "pack.unknown_rule"),
    ("no words", put("条件", ("name", "member.veteran"), "zh", None), "条件!F{}", "pack.no_words"),
    ("a value the fact has not", put("条件", ("name", "household.area"), "value", "suburb"), "条件!F{}", "pack.bad_value"),
    ("a rule compared with a word", put("条件", ("name", "person.age"), "value", "old"), "条件!F{}", "pack.bad_value"),
    ("a node below itself", put("条件", ("policy", "dibao"), "parent", "1.1", 0), "条件!D{}", "pack.circle"),
    ("an unknown paper", put("材料", ("policy", "dibao"), "doc", "doc.idcard"), "材料!C{}", "pack.unknown_fact"),
    ("an unknown policy in a relation", put("关系", ("a", "orphan"), "b", "swwrfi"), "关系!B{}", "pack.unknown_policy"),
    ("an unknown relation", put("关系", ("a", "orphan"), "kind", "forbids"), "关系!C{}", "pack.unknown_relation"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "place", "code"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_refused_by_its_cell(written: bytes, edit: Edit, place: str, code: str) -> None:
    found = problems(edited(written, edit))
    assert code in dict(found), found
    where = next(where for said, where in found if said == code)
    sheet, letter = place.split("!")[0], place.split("!")[1].rstrip("{}")
    assert where.startswith(f"{sheet}!{letter}"), found
    assert where[-1].isdigit(), found


def test_policies_whose_conditions_need_each_other_go_in_a_circle(written: bytes) -> None:
    def edit(book: Any) -> None:
        sheet = book["条件"]
        for policy, other in (("stray", "disaster"), ("disaster", "stray")):
            row = row_of(book, "条件", "policy", policy)
            while sheet.cell(row, column("条件", "kind")).value not in ("fact", "rule"):
                row += 1
            top = row_of(book, "条件", "policy", policy)
            values = {"policy": policy, "node": "9", "parent": "1", "kind": "policy", "name": other, "compare": "is",
                      "value": "yes", "zh": "另一政策", "en": "the other"}  # fmt: skip
            assert sheet.cell(top, column("条件", "node")).value == "1"
            sheet.append([values.get(c.key) for c in SHEETS["条件"]])

    found = problems(edited(written, edit))
    assert "pack.circle" in dict(found)
    assert all(where.startswith("条件!") for _, where in found)


def test_files_that_are_no_workbook_or_too_large(tmp_path: Any) -> None:
    for data in (b"PK\x03\x04 nothing", b"PK"):
        assert set(dict(problems(data))) == {"pack.not_a_workbook"}
    assert set(dict(problems(b"{}"))) == {"pack.not_a_pack"}
    assert set(dict(problems(b"a: ["))) == {"pack.not_yaml"}
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (65 * 1024 * 1024))
    assert set(dict(problems(bomb.getvalue()))) == {"pack.too_large"}
    empty = BytesIO()
    Workbook().save(empty)
    assert set(dict(problems(empty.getvalue()))) == {"pack.no_sheet"}


def test_columns_may_stand_in_another_order_and_dates_be_typed_as_offices_do(written: bytes) -> None:
    def edit(book: Any) -> None:
        sheet = book["关系"]
        rows = [[cell.value for cell in row][::-1] for row in sheet.iter_rows()]
        for number, row in enumerate(rows, 1):
            for at, value in enumerate(row, 1):
                sheet.cell(number, at).value = value
        book["参数"].cell(row_of(book, "参数", *RURAL, 1), column("参数", "since")).value = "2026年7月1日"

    assert load_pack(edited(written, edit)).digest == demo().digest


def test_a_refused_pack_leaves_the_old_one_in_force(written: bytes) -> None:
    before = demo().digest
    problems(edited(written, FAULTS[2][1]))
    assert demo().digest == before


def test_a_text_that_would_be_a_formula_is_never_written() -> None:
    bad = demo().replaced(
        relations=[*demo().relations[1:], type(demo().relations[0])("dibao", "class_aid", "includes", "=1")]
    )
    with pytest.raises(ValueError, match="formula"):
        write_workbook(bad)
