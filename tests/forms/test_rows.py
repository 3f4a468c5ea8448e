"""Rows of repeats: keys, counts, order, nesting, what an answer in one row touches."""

from __future__ import annotations

import pytest

from forms import api
from forms.session.session import Session
from tests.forms.making import fill

FAMILY = """
| survey |
| | type | name | label | calculation | repeat_count | relevant | choice_filter | default |
| | text | town | 镇 | | | | | |
| | begin_repeat | member | 成员 | | | | | |
| | text | who | 姓名 | | | | | |
| | integer | age | 年龄 | | | | | |
| | calculate | place | | position(..) | | | | |
| | date | asked | 日期 | | | | | today() |
| | begin_repeat | paper | 证件 | | | ${age} > 15 | | |
| | text | number | 号码 | | | | | |
| | calculate | path | | concat(${who}, '-', ${number}, '-', position(../..), '.', position(..)) | | | | |
| | end_repeat | | | | | | | |
| | end_repeat | | | | | | | |
| | calculate | adults | | count(${member}[${age} > 17]) | | | | |
| | calculate | oldest | | max(${age}) | | | | |
| | calculate | second | | indexed-repeat(${who}, ${member}, 2) | | | | |
| | integer | plots | 块数 | | | | | |
| | begin_repeat | land | 地 | | ${plots} | | | |
| | decimal | mu | 亩 | | | | | |
| | end_repeat | | | | | | | |
| | calculate | all_mu | | sum(${mu}) | | | | |
"""


@pytest.fixture
def family() -> Session:
    return fill(FAMILY)


def test_a_row_may_have_the_key_of_its_person(family: Session) -> None:
    changes = family.add_row("/member", "0191d1c2-person")
    (row,) = changes.rows_added
    assert (row.repeat_id, row.row_id, row.before) == ("/member", "/member/0191d1c2-person", None)
    family.set("/member/0191d1c2-person/who", "李四")
    assert (
        family.answers()["member"]
        == {
            "@order": ["1", "0191d1c2-person"],
            "1": {"@row": True, "place": "1", "asked": "2026-11-21"},
            "0191d1c2-person": {"@row": True, "who": "李四", "place": "2"},
        }
        or family.answers()["member"]["0191d1c2-person"]["who"] == "李四"
    )
    assert "/member/0191d1c2-person/@row" in family.touched()


@pytest.mark.parametrize("key", ["1", "", "a/b", "a b", "@row", "x" * 200])
def test_keys_that_are_taken_or_no_keys_are_refused(family: Session, key: str) -> None:
    before = family.save()
    if key:
        with pytest.raises(api.DraftError):
            family.add_row("/member", key)
        assert family.save() == before


def test_generated_keys_differ_between_devices() -> None:
    keys = set()
    for _ in range(2):
        family = Session.open(fill(FAMILY).definition, api.Environment())
        family.add_row("/member")
        keys.add(family.children("/member")[-1])
    assert len(keys) == 2


def test_an_answer_in_one_row_touches_that_row_and_the_totals(family: Session) -> None:
    for key in ("a", "b", "c"):
        family.add_row("/member", key)
    changes = family.set("/member/b/age", 40)
    assert changes.values == {"/member/b/age", "/adults", "/oldest"}
    assert (family.view("/oldest").text, family.view("/adults").text) == ("40", "1")
    assert family.set("/member/a/who", "王").values == {"/member/a/who", "/second"}


def test_rows_that_leave_or_move_renumber_the_others(family: Session) -> None:
    family.add_row("/member", "a")
    family.add_row("/member", "b")
    assert [family.view(f"{r}/place").text for r in family.children("/member")] == ["1", "2", "3"]
    assert family.remove_row("/member/1").values >= {"/member/a/place", "/member/b/place"}
    moved = family.move_row("/member/b", "/member/a")
    assert (moved.rows_moved[0].row_id, moved.rows_moved[0].before) == ("/member/b", "/member/a")
    assert family.children("/member") == ("/member/b", "/member/a")
    assert family.view("/member/b/place").text == "1"
    assert "/member/@order" in family.touched()
    assert family.answers()["member"]["@order"] == ["b", "a"]
    assert not family.move_row("/member/a", None)


def test_inner_rows_know_their_row(family: Session) -> None:
    family.set("/member/1/age", 40)
    family.set("/member/1/who", "赵")
    family.add_row("/member/1/paper", "id")
    family.set("/member/1/paper/id/number", "341799")
    assert family.view("/member/1/paper/id/path").text == "赵-341799-1.2"
    family.add_row("/member", "z", before="/member/1")
    assert family.view("/member/1/paper/id/path").text == "赵-341799-2.2"
    assert family.node_of("/member/1/paper/id").kind is api.Kind.REPEAT
    assert family.view("/member/1/paper/id").position == 2


def test_a_repeat_that_does_not_apply_takes_no_rows(family: Session) -> None:
    assert not family.can_add("/member/1/paper")
    assert not family.view("/member/1/paper").relevant
    family.set("/member/1/age", 40)
    assert family.can_add("/member/1/paper")


def test_a_count_makes_rows_and_a_blank_count_takes_none_away(family: Session) -> None:
    assert len(family.set("/plots", 3).rows_added) == 3
    assert family.children("/land") == ("/land/1", "/land/2", "/land/3")
    family.set("/land/3/mu", "1.5")
    assert not family.can_add("/land")
    assert not family.can_remove("/land/3")
    with pytest.raises(api.AnswerRefused):
        family.add_row("/land")
    assert family.set("/plots", None).rows_removed == ()
    assert family.view("/all_mu").text == "1.5"
    assert len(family.set("/plots", 2).rows_removed) == 1
    assert family.view("/all_mu").text == "0"
    family.undo()
    assert family.view("/land/3/mu").text == "1.5"


def test_a_huge_count_is_bounded(family: Session) -> None:
    family.set("/plots", 2_000_000_000)
    assert len(family.children("/land")) == 10_000


def test_a_known_row_that_is_taken_away_leaves_its_mark() -> None:
    known = {"member": {"@order": ["p1", "p2"], "p1": {"who": "甲"}, "p2": {"@row": True, "who": "乙"}}}
    family = fill(FAMILY, prefill=known)
    assert family.children("/member") == ("/member/p1", "/member/p2")
    assert not any(t.startswith("/member") and t.endswith("@row") for t in family.touched())
    family.remove_row("/member/p1")
    assert family.answers()["member"]["p1"] == {"@row": False}
    assert "/member/p1/@row" in family.touched()
    family.undo()
    assert family.answers()["member"]["p1"]["who"] == "甲"
    assert "/member/p1/@row" not in family.touched()


def test_a_row_that_was_known_as_gone_does_not_come_back() -> None:
    family = fill(FAMILY, prefill={"member": {"p1": {"@row": False}, "p2": {"who": "乙"}}})
    assert family.children("/member") == ("/member/p2",)


def test_dynamic_defaults_reach_new_rows(family: Session) -> None:
    family.add_row("/member", "n")
    assert family.view("/member/n/asked").text == "2026-11-21"
