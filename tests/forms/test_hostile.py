"""Bad input: a clear refusal, nothing changed, memory bounded."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest

from forms import api
from forms.session.session import Session
from tests.forms.making import env, form, workbook

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def refused(data: bytes) -> api.FormProblem:
    with pytest.raises(api.FormErrors) as caught:
        api.compile_xlsform(data)
    for problem in caught.value.problems:
        assert problem.text("zh")
        assert problem.text("en")
    return caught.value.problems[0]


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"PK\x03\x04" + b"\0" * 300, b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"type,name\ntext,a\n"]
)
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    assert refused(data).code == "workbook.not_one"


def test_another_zip_is_no_workbook() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refused(buffer.getvalue()).code == "workbook.not_one"


def test_a_zip_bomb_is_not_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (200 * 1024 * 1024))
    tracemalloc.start()
    assert refused(buffer.getvalue()).code == "workbook.bomb"
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_form_of_a_hundred_thousand_rows_is_refused_early() -> None:
    good = io.BytesIO(workbook("| survey |\n| | type | name | label |\n| | text | q | 题 |"))
    rows = "".join(f'<row r="{n}"><c t="inlineStr" r="A{n}"><is><t>text</t></is></c></row>' for n in range(1, 100_001))
    sheet = f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, sheet if "sheet1" in name else source.read(name))
    problem = refused(buffer.getvalue())
    assert (problem.code, problem.sheet, problem.row) == ("workbook.too_many_rows", "survey", 6002)


def test_a_broken_sheet_is_refused() -> None:
    good = io.BytesIO(workbook("| survey |\n| | type | name | label |\n| | text | a | b |"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data[: len(data) // 2] if "sheet1" in name else data)
    refused(buffer.getvalue())


def test_a_workbook_without_questions_is_refused() -> None:
    refused(workbook("| choices |\n| | list_name | name | label |\n| | a | b | c |\n| other |\n| | x |"))
    refused(workbook("| survey |\n| | type | name | label |"))
    refused(workbook("| survey |\n| | a | b | c |\n| | text | q | l |"))


@pytest.mark.parametrize(
    "xml",
    [
        b"", b"<a/>", b"<html><head/><body/></html>", b"\xff\xfe\x00", b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        b"<h:html xmlns:h='x'><h:head><model><instance/></model></h:head><h:body/></h:html>",
    ],
)  # fmt: skip
def test_what_is_no_xform_is_refused(xml: bytes) -> None:
    with pytest.raises(api.FormErrors):
        api.load_xform(xml)


SMALL = """
| survey |
| | type | name | label | calculation |
| | integer | a | A | |
| | begin_repeat | r | R | |
| | text | t | T | |
| | end_repeat | | | |
"""


@pytest.mark.parametrize(
    "draft",
    [
        {}, {"values": 1}, {"format": 9, "form": "data", "version": "", "values": {}}, {"values": {}, "format": 1},
        {"format": 1, "form": "data", "version": "", "values": {}, "log": [1]},
        {"format": 1, "form": "data", "version": "9", "values": {}},
    ],
)  # fmt: skip
def test_a_draft_that_is_none_is_refused(draft: dict[str, object]) -> None:
    with pytest.raises(api.DraftError):
        Session.open(form(SMALL), env(), draft=draft)


@pytest.mark.parametrize("prefill", [{"a": {"b": 1}}, {"r": 5}, {"a": "x", "r": {"k": 1}}, {"r": {"k": {"t": {}}}}])
def test_a_prefill_that_does_not_fit_is_left_alone(prefill: dict[str, object]) -> None:
    session = Session.open(form(SMALL), env(), prefill=prefill)
    assert session.view("/a").value is None


@pytest.mark.parametrize("xml", [b"", b"<other/>", b"<data id='other'/>", b"<data><a></data>"])
def test_a_submission_of_another_form_is_refused(xml: bytes) -> None:
    with pytest.raises(api.DraftError):
        api.read_submission(form(SMALL), xml)


def test_circles_that_reach_a_session_end() -> None:
    xml = (
        b'<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model>'
        b'<instance><data id="c"><a/><b/><go/></data></instance>'
        b'<bind nodeset="/data/a" type="int" calculate="/data/b + 1 + coalesce(/data/go, 0)"/>'
        b'<bind nodeset="/data/b" type="int" calculate="coalesce(/data/a, 0) + 1"/></model></h:head>'
        b'<h:body><input ref="/data/go"><label>go</label></input></h:body></h:html>'
    )
    session = Session.open(api.load_xform(xml), env())
    session.set("/go", "1")
    assert "circle" in session.recalculation.faults.values()


def test_failing_calculations_are_blank_and_told() -> None:
    session = Session.open(
        form(SMALL.replace("| | begin", "| | calculate | d | | date(${t1}) |\n| | text | t1 | T | |\n| | begin")), env()
    )
    session.set("/t1", "not a date")
    assert session.view("/d").text == ""
    assert session.recalculation.faults == {"/d": "XPathTypeError"}
    session.set("/t1", "2026-01-02")
    assert (session.view("/d").text, session.recalculation.faults) == ("2026-01-02", {})
