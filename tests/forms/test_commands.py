"""python -m forms: what it writes, what it says, how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forms.__main__ import main
from tests.forms.making import workbook

FORM = """
| survey |
| | type | name | label::中文 (zh) | label::English (en) | required | constraint | relevant |
| | text | head | 户主 | Head | yes | | |
| | integer | wage | 工资 | Wage | | . >= 0 | |
| | begin_repeat | member | 成员 | Member | | | |
| | text | who | 姓名 | Name | yes | | |
| | end_repeat | | | | | | |
| settings |
| | form_id | version |
| | visit | 3 |
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "visit.xlsx").write_bytes(workbook(FORM))
    return tmp_path


def run(*arguments: object) -> int:
    return main([str(a) for a in arguments])


def fill(folder: Path, answers: object, *more: str) -> int:
    path = folder / "answers.json"
    path.write_text(answers if isinstance(answers, str) else json.dumps(answers), encoding="utf-8")
    return run("fill", folder / "visit.xlsx", "--answers", path, "--out", folder / "out.xml", *more)


def test_a_good_form_checks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", folder / "visit.xlsx", "--out", folder / "visit.xml") == 0
    assert "3 道题，版本 3" in capsys.readouterr().out
    assert run("check", folder / "visit.xlsx", "--lang", "en") == 0
    assert "3 questions" in capsys.readouterr().out
    assert (folder / "visit.xml").read_bytes().startswith(b"<?xml")


def test_a_faulty_form_says_where(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.xlsx").write_bytes(workbook(FORM.replace(". >= 0", ". >=")))
    assert run("check", folder / "bad.xlsx") == 1
    assert "工作表 survey 第 3 行 constraint 列" in capsys.readouterr().err
    assert run("check", folder / "none.xlsx", "--lang", "en") == 1
    assert "cannot be opened" in capsys.readouterr().err


def test_answers_become_a_submission(folder: Path) -> None:
    assert fill(folder, {"head": "王", "wage": 5, "member": [{"who": "甲"}, {"who": "乙"}]}) == 0
    text = (folder / "out.xml").read_text(encoding="utf-8")
    assert "<wage>5</wage><member><who>甲</who></member><member><who>乙</who></member>" in text


def test_rows_may_have_keys(folder: Path) -> None:
    assert fill(folder, {"head": "王", "member": {"@order": ["p2", "1"], "1": {"who": "甲"}, "p2": {"who": "乙"}}}) == 0


def test_missing_and_invalid_answers_are_named_by_path(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fill(folder, {"wage": -1}, "--lang", "en") == 1
    said = capsys.readouterr().out
    assert "/head: Head: " in said
    assert "/wage: Wage: " in said
    assert "/member/1/who: Name: " in said
    assert not (folder / "out.xml").exists()


def test_a_value_of_the_wrong_type_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fill(folder, {"head": "王", "wage": "much", "member": [{"who": "a"}]}) == 1
    assert "/wage: 请输入整数" in capsys.readouterr().out


def test_unknown_paths_are_each_named_and_nothing_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {"head": "王", "hed": 1, "member": [{"who": "a", "age": 3}], "wage": {"x": 1}}
    assert fill(folder, wrong) == 2
    said = capsys.readouterr().err
    assert [line.partition("：")[0] for line in said.splitlines()] == ["/hed", "/member/1/age", "/wage"]
    assert not (folder / "out.xml").exists()


@pytest.mark.parametrize("answers", ["", "{", "[1]", "3", '{"a":' * 3000])
def test_an_answers_file_that_is_none_is_refused(folder: Path, answers: str) -> None:
    assert fill(folder, answers) == 2


def test_the_clock_can_be_set_and_must_be_one(folder: Path) -> None:
    assert fill(folder, {"head": "王", "member": [{"who": "a"}]}, "--now", "2026-01-01T08:00") == 0
    assert fill(folder, {"head": "王"}, "--now", "yesterday") == 2
    assert fill(folder, {"head": "王"}, "--zone", "Mars/Base") == 2


def test_submissions_become_flat_tables(folder: Path) -> None:
    fill(folder, {"head": "=1+1", "wage": 5, "member": [{"who": "甲"}]})
    assert run("flatten", folder / "visit.xlsx", folder / "out.xml", "--out", folder / "flat") == 0
    assert (folder / "flat" / "visit.csv").read_text(encoding="utf-8-sig") == "KEY,head,wage\nout,=1+1,5\n"
    assert (folder / "flat" / "member.csv").read_text(encoding="utf-8-sig") == (
        "KEY,PARENT_KEY,who\nout/member/1,out,甲\n"
    )
    assert run("flatten", folder / "visit.xlsx", folder / "out.xml", "--out", folder / "flat.xlsx") == 0
    assert run("flatten", folder / "visit.xlsx", folder / "visit.xlsx", "--out", folder / "flat") == 2


def test_conformance_ends_with_the_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = {"id": "c", "expr": "1 + 1", "dialect": "xforms", "doc": "d", "context": "/"}
    data = {"meta": {}, "documents": {"d": "<a/>"}, "cases": [
        {**case, "expect": {"type": "number", "value": 2}}, {**case, "expect": {"type": "number", "value": 3}},
    ]}  # fmt: skip
    (folder / "cases.json").write_text(json.dumps(data), encoding="utf-8")
    assert run("conformance", folder / "cases.json") == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 1 failed, 0 left out"
    assert run("conformance", folder / "visit.xlsx") == 2
