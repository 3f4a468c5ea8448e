"""Whatever is answered, added, removed, moved or undone: the incremental result is the full one."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.problems import FormError
from forms.session.session import Session
from tests.forms.making import env, form, state

HOUSEHOLD = """
| survey |
| | type | name | label | relevant | constraint | required | calculation | choice_filter | repeat_count | readonly | trigger |
| | select_one yesno | poor | 困难 | | | yes | | | | | |
| | integer | members | 人数 | | . <= 4 | | | | | | |
| | begin_group | income | 收入 | ${poor} = 'yes' | | | | | | | |
| | integer | wage | 工资 | | . >= 0 | ${members} > 1 | | | | | |
| | integer | pension | 养老金 | ${wage} < 500 | | | | | | | |
| | calculate | total | | | | | coalesce(${wage}, 0) + coalesce(${pension}, 0) | | | | |
| | end_group | | | | | | | | | | |
| | begin_repeat | person | 成员 | ${poor} != 'no' | | | | | | | |
| | text | who | 姓名 ${place} | | | | | | | | |
| | calculate | place | | | | | position(..) | | | | |
| | integer | age | 年龄 | | . < 150 | ${who} != '' | | | | ${members} = 3 | |
| | calculate | running | | | | | coalesce(${age}, 0) + if(${place} > 1, indexed-repeat(${running}, ${person}, ${place} - 1), 0) | | | | |
| | begin_repeat | illness | 病种 | ${age} > 10 | | | | | | | |
| | select_one kind | kind | 类 | | | | | | | | |
| | select_one sort | sort | 种 | | | | | kind = ${kind} | | | |
| | integer | cost | 花费 | | | | | | | | |
| | calculate | share | | | | | round(${cost} div ${age}, 2) | | | | |
| | end_repeat | | | | | | | | | | |
| | calculate | spent | | | | | sum(${cost}) | | | | |
| | end_repeat | | | | | | | | | | |
| | calculate | people | | | | | count(${person}) | | | | |
| | calculate | ages | | | | | sum(${age}) + max(0, ${people}) | | | | |
| | calculate | all_spent | | | | | sum(${spent}) | | | | |
| | calculate | names | | | | | join(', ', ${who}) | | | | |
| | begin_repeat | child | 孩子 | | | | | | ${members} | | |
| | text | school | 学校 | | | | | | | | |
| | calculate | nth | | | | | concat(${school}, '/', position(..), '/', count(${child})) | | | | |
| | end_repeat | | | | | | | | | | |
| | select_multiple sort | needs | 需求 | | | | | kind = 'a' or ${poor} = 'yes' | | | |
| | calculate | needed | | | | | count-selected(${needs}) | | | | |
| | calculate | first | | | | | once(${people}) | | | | |
| | calculate | marked | | | | | ${people} + 1 | | | | ${needs} |
| choices |
| | list_name | name | label | kind |
| | yesno | yes | 是 | |
| | yesno | no | 否 | |
| | kind | a | 甲 | |
| | kind | b | 乙 | |
| | sort | a1 | 甲一 | a |
| | sort | a2 | 甲二 | a |
| | sort | b1 | 乙一 | b |
"""

VALUES: dict[str, list[Any]] = {
    "/poor": ["yes", "no", None], "/members": [0, 1, 2, 3, 5, None], "/income/wage": [0, 100, 600, None],
    "/income/pension": [50, None], "/person/who": ["张", "李四", None], "/person/age": [5, 12, 70, 200, None],
    "/person/illness/kind": ["a", "b", None], "/person/illness/sort": ["a1", "b1", None],
    "/person/illness/cost": [10, 250, None], "/child/school": ["一小", None],
    "/needs": [["a1"], ["a1", "b1"], None],
}  # fmt: skip
OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["set", "set", "set", "set", "add", "add", "remove", "move", "undo", "redo"]),
        st.integers(0, 10_000), st.integers(0, 10_000),
    ),
    max_size=25,
)  # fmt: skip


def act(session: Session, operation: tuple[str, int, int]) -> None:
    """One action on whatever the two numbers pick; what the form refuses is refused."""
    kind, first, second = operation
    try:
        if kind == "set":
            question = sorted(VALUES)[first % len(VALUES)]
            nodes = session.instances(question)
            if nodes:
                values = VALUES[question]
                session.set(nodes[second % len(nodes)], values[first // 7 % len(values)])
        elif kind == "add":
            repeats = ["/person", *(f"{p}/illness" for p in session.children("/person"))]
            session.add_row(repeats[first % len(repeats)])
        elif kind in ("remove", "move"):
            rows = [*session.instances("/person"), *session.instances("/person/illness")]
            row = rows[first % len(rows)] if rows else "/none"
            beside = session.children(row.rpartition("/")[0]) if rows else ()
            if kind == "remove":
                session.remove_row(row)
            else:
                session.move_row(row, [*beside, None][second % (len(beside) + 1)])
        else:
            session.undo() if kind == "undo" else session.redo()
    except FormError:
        return


def played(operations: list[tuple[str, int, int]]) -> Session:
    session = Session.open(form(HOUSEHOLD), env())
    for operation in operations:
        act(session, operation)
    return session


common = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@common
@given(OPERATIONS)
def test_incremental_equals_full_recomputation_byte_for_byte(operations: list[tuple[str, int, int]]) -> None:
    session = played(operations)
    before = json.dumps(state(session), ensure_ascii=False)
    session.recalculate_all()
    assert json.dumps(state(session), ensure_ascii=False) == before


@common
@given(OPERATIONS)
def test_saving_and_reopening_changes_nothing(operations: list[tuple[str, int, int]]) -> None:
    session = played(operations)
    draft = json.loads(json.dumps(session.save()))
    again = Session.open(form(HOUSEHOLD), env(), draft=draft)
    assert again.save() == session.save()
    assert state(again) == state(session)
    assert (again.answers(), again.touched()) == (session.answers(), session.touched())


@common
@given(OPERATIONS)
def test_undo_then_redo_changes_nothing_and_undoing_all_gives_the_fresh_form(
    operations: list[tuple[str, int, int]],
) -> None:
    session = played(operations)
    before = copy.deepcopy((state(session), session.answers(), session.touched()))
    steps = 0
    while session.can_undo:
        session.undo()
        steps += 1
    assert state(session) == state(Session.open(form(HOUSEHOLD), env()))
    for _ in range(steps):
        session.redo()
    assert (state(session), session.answers(), session.touched()) == before


@common
@given(OPERATIONS)
def test_what_a_change_set_does_not_name_did_not_change(operations: list[tuple[str, int, int]]) -> None:
    session = Session.open(form(HOUSEHOLD), env())
    seen: list[Any] = []
    session.observe(seen.append)
    for operation in operations:
        before = {s[0]: s for s in state(session)}
        seen.clear()
        act(session, operation)
        after = {s[0]: s for s in state(session)}
        named = set().union(*(c.nodes for c in seen)) if seen else set()
        for node_id in before.keys() & after.keys():
            assert before[node_id] == after[node_id] or node_id in named, node_id
        came = {r.row_id for c in seen for r in c.rows_added}
        assert {i for i in after.keys() - before.keys() if any(i == r or i.startswith(r + "/") for r in came)} == (
            after.keys() - before.keys()
        )


@pytest.mark.long
@settings(max_examples=3000, deadline=None)
@given(OPERATIONS)
def test_incremental_equals_full_recomputation_many_times(operations: list[tuple[str, int, int]]) -> None:
    session = played(operations)
    before = state(session)
    session.recalculate_all()
    assert state(session) == before
