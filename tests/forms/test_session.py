"""Filling a form: values, relevance, requirement, languages, undo."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from forms import api
from forms.session.session import Session
from tests.forms.making import NOW, TJB, env, fill, form

VISIT = f"""
| survey |
| | type | name | label::中文 (zh) | label::English (en) | hint::中文 (zh) | relevant | constraint | constraint_message::中文 (zh) | required | required_message::中文 (zh) | calculation | appearance | parameters | default | bind::tjb:fact | bind::tjb:unknown-of | readonly |
| | select_one yn | talks | 愿意谈吗 | Will they talk | | | | | yes | | | | | | | | |
| | begin_group | income | 收入 | Income | | ${{talks}} = 'yes' | | | | | | | | | | | |
| | integer | wage | ${{head}}的月工资 | Wage of ${{head}} | 看工资条 | | . >= 0 and . <= 50000 | 工资在 0 到 50000 元之间 | yes | 请填工资 | | | | | income.wage | | |
| | select_one state | wage_unk | 工资说不清 | Wage unknown | | | | | | | | minimal | | | | wage | |
| | decimal | rate | 比例 | Rate | | | | | | | | | | | | | |
| | end_group | | | | | | | | | | | | | | | | |
| | text | head | 户主 | Head | | | | | | | | | | | household.head | | |
| | calculate | yearly | | | | | | | | | ${{wage}} * 12 | | | | | | |
| | date | seen | 走访日期 | Day | | | | | | | | | | today() | | | |
| | note | thanks | 谢谢${{head}} | Thanks | | | | | | | | | | | | | |
| | select_multiple needs | needs | 需求 | Needs | | | | | | | | | | | | | |
| | range | score | 分 | Score | | | | | | | | | start=1 end=5 step=0.5 | | | | |
| | acknowledge | told | 已告知 | Told | | | | | | | | | | | | | |
| | text | fixed | 固定 | Fixed | | | | | | | | | | abc | | | yes |
| choices |
| | list_name | name | label::中文 (zh) | label::English (en) |
| | yn | yes | 是 | Yes |
| | yn | no | 否 | No |
| | state | unclear | 不清楚 | Unclear |
| | state | refused | 拒答 | Refused |
| | state | pending | 待核 | Pending |
| | needs | food | 粮食 | Food |
| | needs | coal | 取暖 | Coal |
| | needs | care | 照料 | Care |
| settings |
| | form_id | version | form_title | default_language | namespaces |
| | visit | 7 | 入户走访 | 中文 (zh) | {TJB} |
"""


@pytest.fixture
def visit() -> Session:
    return fill(VISIT)


def test_one_answer_names_everything_it_changed(visit: Session) -> None:
    visit.set("/talks", "yes")
    changes = visit.set("/income/wage", 1200)
    assert changes.values == {"/income/wage", "/yearly"}
    assert visit.view("/yearly").value == "14400"
    assert not changes.relevance
    assert visit.set("/talks", "no").relevance >= {"/income", "/income/wage", "/income/wage_unk", "/income/rate"}


def test_irrelevant_answers_stay_in_the_draft_and_out_of_the_submission(visit: Session) -> None:
    visit.set("/talks", "yes")
    visit.set("/income/wage", 1200)
    visit.set("/talks", "no")
    assert "income" not in visit.answers()
    assert "/income/wage" not in visit.touched()
    assert b"<wage>" not in visit.submission_xml()
    assert visit.save()["values"]["income"]["wage"] == "1200"
    visit.set("/talks", "yes")
    assert visit.answers()["income"]["wage"] == 1200


def test_missing_and_invalid_answers_can_be_jumped_to(visit: Session) -> None:
    visit.set("/talks", "yes")
    (missing,) = visit.problems()
    assert (missing.node_id, missing.kind, missing.message) == ("/income/wage", "required", "请填工资")
    assert missing.within == ("收入",)
    visit.set("/income/wage", 60000)
    (invalid,) = visit.problems()
    assert (invalid.kind, invalid.message) == ("constraint", "工资在 0 到 50000 元之间")
    with pytest.raises(api.FormIncomplete) as caught:
        visit.finalise()
    assert caught.value.problems == (invalid,)


@pytest.mark.parametrize("state", ["unclear", "refused", "pending"])
def test_every_fact_can_be_unclear_refused_or_pending(visit: Session, state: str) -> None:
    visit.set("/talks", "yes")
    visit.set("/income/wage", 900)
    visit.set("/income/wage_unk", state)
    assert visit.view("/income/wage").value is None
    assert visit.problems() == ()
    assert not visit.view("/income/wage").missing
    fact = next(f for f in visit.facts() if f.fact == "income.wage")
    assert (fact.value, fact.state.value) == (None, state)
    visit.set("/income/wage", 0)
    assert visit.view("/income/wage_unk").value is None
    fact = next(f for f in visit.facts() if f.fact == "income.wage")
    assert (fact.value, fact.state.value) == (0, "known")


def test_a_fact_nobody_answered_is_empty_and_an_irrelevant_one_is_not_there(visit: Session) -> None:
    assert [(f.fact, f.state.value) for f in visit.facts()] == [("household.head", "empty")]


def test_prefilled_answers_nobody_touched_are_not_asserted() -> None:
    visit = fill(VISIT, prefill={"head": "张桂兰", "talks": "yes", "income": {"wage": 800}, "gone": 1, "fixed": "x"})
    assert visit.view("/head").prefilled
    assert visit.touched() == {"/seen"}
    assert visit.answers()["income"] == {"wage": 800}
    visit.set("/income/wage", 800)
    assert "/income/wage" not in visit.touched()
    visit.set("/income/wage", 900)
    visit.set("/head", None)
    assert visit.touched() == {"/seen", "/income/wage", "/head"}
    assert visit.answers()["head"] is None
    assert not visit.view("/head").prefilled


def test_a_default_gives_way_to_what_is_known_even_to_nothing() -> None:
    assert fill(VISIT, prefill={"seen": "2026-10-01"}).touched() == {"/fixed"}
    cleared = fill(VISIT, prefill={"seen": None})
    assert cleared.view("/seen").value is None
    assert cleared.touched() == {"/fixed"}


def test_labels_speak_the_language_chosen_and_follow_the_answers_in_them(visit: Session) -> None:
    visit.set("/talks", "yes")
    assert "/income/wage" in visit.set("/head", "张桂兰").labels
    assert visit.view("/income/wage").label == "张桂兰的月工资"
    assert visit.view("/income/wage").hint == "看工资条"
    visit.set_language("English (en)")
    assert visit.view("/income/wage").label == "Wage of 张桂兰"
    assert [c.label for c in visit.view("/needs").choices] == ["Food", "Coal", "Care"]
    assert visit.definition.title() == "入户走访"
    visit.set_language("Klingon")
    assert visit.language == "中文 (zh)"


@pytest.mark.parametrize(
    ("question", "given", "seen", "stored"),
    [
        ("/needs", ["care", "food"], ("food", "care"), ["food", "care"]),
        ("/score", 2.5, Decimal("2.5"), "2.5"),
        ("/score", "3", Decimal("3"), "3"),
        ("/told", True, True, "OK"),
        ("/seen", date(2026, 1, 2), date(2026, 1, 2), "2026-01-02"),
        ("/head", "𬱖䶮", "𬱖䶮", "𬱖䶮"),
        ("/talks", "no", "no", "no"),
    ],
)
def test_values_have_one_python_form_and_one_json_form(
    visit: Session, question: str, given: Any, seen: Any, stored: Any
) -> None:
    visit.set(question, given)
    assert visit.view(question).value == seen
    assert visit.answers()[question[1:]] == stored


@pytest.mark.parametrize(
    ("question", "given", "code"),
    [
        ("/income/wage", "12a", "integer"), ("/income/wage", 3_000_000_000, "integer"), ("/talks", "maybe", "choice"),
        ("/income/wage", 1.5, "integer"), ("/seen", "2026-02-30", "date"), ("/needs", ["food", "gold"], "choice"),
        ("/income/rate", "NaN", "decimal"), ("/fixed", "x", "readonly"), ("/yearly", 1, "readonly"),
        ("/income", 1, "question"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_and_changes_nothing(
    visit: Session, question: str, given: Any, code: str
) -> None:
    before = visit.save()
    with pytest.raises(api.AnswerRefused) as caught:
        visit.set(question, given)
    assert caught.value.code == code
    assert caught.value.message("zh") != caught.value.message("en")
    assert visit.save() == before
    assert not visit.can_undo


def test_undo_and_redo_tell_what_they_changed(visit: Session) -> None:
    seen: list[api.ChangeSet] = []
    visit.observe(seen.append)
    visit.set("/talks", "yes")
    visit.set("/income/wage", 100)
    assert visit.undo().values == {"/income/wage", "/yearly"}
    assert visit.view("/income/wage").value is None
    assert visit.redo().values == {"/income/wage", "/yearly"}
    assert len(seen) == 4
    assert not visit.can_redo
    assert visit.redo() == api.ChangeSet()


def test_an_observer_hears_of_changes_once_and_can_leave(visit: Session) -> None:
    seen: list[api.ChangeSet] = []
    visit.observe(seen.append)
    visit.set("/head", "a")
    visit.set("/head", "a")
    visit.observe(None)
    visit.set("/head", "b")
    assert len(seen) == 1


def test_the_clock_is_the_one_given(visit: Session) -> None:
    assert visit.view("/seen").value == NOW.date()
    visit.set("/head", "a")
    assert [(e.event, e.node_id, e.at) for e in visit.audit()] == [("answer", "/head", "2026-11-21T09:30:00.000+08:00")]


def test_unknown_places_are_told(visit: Session) -> None:
    for wrong in ("/nothing", "/income/none", "/head/x", "income"):
        with pytest.raises(api.UnknownNode):
            visit.view(wrong)
        assert not visit.exists(wrong)


def test_a_finished_form_is_a_submission(visit: Session) -> None:
    visit.set("/talks", "no")
    visit.set("/head", "王 <&> 五")
    done = visit.finalise()
    assert done.xml.decode().startswith('<?xml version="1.0" encoding="UTF-8"?>\n<data id="visit" version="7">')
    assert "<head>王 &lt;&amp;&gt; 五</head>" in done.xml.decode()
    assert done.instance_id.startswith("uuid:")
    read = api.read_submission(visit.definition, done.xml)
    assert read == {k: v for k, v in done.answers.items() if v is not None}
    assert done.touched == {"/talks", "/head", "/seen", "/fixed"}


def test_two_sessions_of_one_form_do_not_meet() -> None:
    one, other = Session.open(form(VISIT), env()), Session.open(form(VISIT), env())
    one.set("/head", "a")
    assert other.view("/head").value is None
