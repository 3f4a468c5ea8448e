"""Drafts, moving them between form versions, comparing submissions, flat tables."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forms import api
from forms.session.session import Session
from tests.forms.making import env, fill, form

OLD = """
| survey |
| | type | name | label | calculation |
| | text | head | 户主 | |
| | integer | wage | 工资 | |
| | select_one house | house | 住房 | |
| | text | nickname | 绰号 | |
| | begin_group | land | 土地 | |
| | decimal | mu | 亩 | |
| | end_group | | | |
| | begin_repeat | member | 成员 | |
| | text | who | 姓名 | |
| | integer | age | 年龄 | |
| | end_repeat | | | |
| | calculate | count1 | | count(${member}) |
| choices |
| | list_name | name | label |
| | house | own | 自有 |
| | house | rent | 租住 |
| settings |
| | form_id | version |
| | visit | 1 |
"""
NEW = (
    OLD.replace("| visit | 1 |", "| visit | 2 |")
    .replace("| integer | wage |", "| decimal | wage |")
    .replace("| | text | nickname | 绰号 | |\n", "| | text | phone | 电话 | |\n")
    .replace("| | house | rent | 租住 |", "| | house | lend | 借住 |")
    .replace("| integer | age |", "| text | age |")
)


def filled() -> Session:
    session = fill(OLD)
    for node, value in {
        "/head": "王五", "/wage": 800, "/house": "rent", "/nickname": "小五", "/land/mu": "3.5",
        "/member/1/who": "李", "/member/1/age": 40,
    }.items():  # fmt: skip
        session.set(node, value)
    return session


def test_a_draft_is_json_and_reopens_as_it_was() -> None:
    session = filled()
    session.set_language("none")
    draft = json.loads(json.dumps(session.save(), ensure_ascii=False))
    again = Session.open(form(OLD), env(), draft=draft)
    assert again.save() == draft
    assert again.answers() == session.answers()
    assert again.touched() == session.touched()
    assert [e.event for e in again.audit()] == ["answer"] * 7


def test_an_identifier_is_drawn_once() -> None:
    session = filled()
    once = session.submission_xml()
    assert Session.open(form(OLD), env(), draft=session.save()).submission_xml() == once


def test_a_draft_moves_to_the_next_version_by_path() -> None:
    draft = filled().save()
    before = json.dumps(draft, sort_keys=True)
    moved, report = api.migrate_draft(draft, form(OLD), form(NEW))
    assert json.dumps(draft, sort_keys=True) == before
    assert set(report.kept) == {"/head", "/land/mu", "/member/1/who"}
    assert {(c.path, c.old, c.new) for c in report.cast} == {("/wage", 800, "800"), ("/member/1/age", 40, "40")}
    assert {(o.path, o.label, o.value) for o in report.orphaned} == {
        ("/house", "住房", "rent"), ("/nickname", "绰号", "小五")
    }  # fmt: skip
    assert report.added == ("/phone",)
    session = Session.open(form(NEW), env(), draft=moved)
    assert session.answers()["wage"] == "800"
    assert session.view("/count1").text == "1"
    assert session.save()["orphans"]["/nickname"]["value"] == "小五"
    assert "/nickname" not in session.touched()


def test_the_worker_can_read_what_became_of_the_answers() -> None:
    _, report = api.migrate_draft(filled().save(), form(OLD), form(NEW))
    assert "“绰号”新版没有对应的题：答案 小五 仍保存在草稿里。" in report.lines("zh")
    assert report.lines("en")[0] == "Form moved from version 1 to 2: 3 answers stay as they are."


def test_an_orphan_comes_home_when_its_question_does() -> None:
    moved, _ = api.migrate_draft(filled().save(), form(OLD), form(NEW))
    third = OLD.replace("| visit | 1 |", "| visit | 3 |")
    home, report = api.migrate_draft(moved, form(NEW), form(third))
    session = Session.open(form(third), env(), draft=home)
    assert session.answers()["nickname"] == "小五"
    assert session.answers()["house"] == "rent"
    assert "/nickname" in report.kept
    assert session.save()["orphans"] == {}


def test_a_draft_of_another_form_does_not_move() -> None:
    draft = filled().save() | {"form": "other"}
    with pytest.raises(api.DraftError):
        api.migrate_draft(draft, form(OLD), form(NEW))


def test_two_submissions_are_compared_question_by_question() -> None:
    a = filled().answers()
    session = filled()
    session.set("/house", "own")
    session.set("/wage", None)
    session.set("/member/1/age", 41)
    session.add_row("/member", "p9")
    session.set("/member/p9/who", "赵")
    found = api.compare(form(OLD), a, session.answers())
    assert [(d.path, d.label, d.old_text, d.new_text) for d in found] == [
        ("/wage", "工资", "800", ""),
        ("/house", "住房", "租住", "自有"),
        ("/member/1/age", "年龄", "40", "41"),
        ("/member/p9/@row", "成员", "", "✓"),
        ("/member/p9/who", "姓名", "", "赵"),
    ]
    assert api.compare(form(OLD), a, a) == []


def test_answers_are_spoken_with_the_labels_of_their_choices() -> None:
    assert api.answer_text(form(OLD), "/house", "own") == "自有"
    assert api.answer_text(form(OLD), "/house", "gone") == "gone"
    assert api.answer_text(form(OLD), "/wage", 12) == "12"
    assert api.answer_text(form(OLD), "/wage", None) == ""


def test_flat_tables_join_by_key() -> None:
    session = filled()
    session.add_row("/member", "p9")
    session.set("/member/p9/who", "赵")
    main, members = api.flatten(form(OLD), {"v1": session.answers(), "v2": {"head": "空"}})
    assert main.columns == ("KEY", "head", "wage", "house", "nickname", "land/mu", "count1")
    assert main.rows[0] == ("v1", "王五", 800, "rent", "小五", "3.5", "2")
    assert main.rows[1][:3] == ("v2", "空", "")
    assert members.name == "/member"
    assert members.columns == ("KEY", "PARENT_KEY", "who", "age")
    assert members.rows == (("v1/member/1", "v1", "李", 40), ("v1/member/p9", "v1", "赵", ""))


def test_the_last_submission_gives_defaults() -> None:
    again = """
| survey |
| | type | name | label | default |
| | text | road | 路 | ${last-saved#road} |
| | integer | rooms | 间 | |
"""
    session = fill(again, last_saved={"road": "东大街", "rooms": 3})
    assert session.answers() == {"road": "东大街"}
    assert fill(again).answers() == {}


def changed(draft: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {**draft, **values}


def test_a_draft_of_another_version_must_move_first() -> None:
    with pytest.raises(api.DraftError) as caught:
        Session.open(form(NEW), env(), draft=filled().save())
    assert caught.value.code == "draft.other_form"
