"""Matching in six states, the plan, the family's sheet, and the questions the next visit asks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fieldapp.policy.api import Facts
from fieldapp.policy.plan import Followed, family_sheet, plan
from fieldapp.policy.schema import published
from tests.policy.makers import AFTER, demo, family, look, with_parameters

LIMB = {"age": 30, "disability": {"kind": "limb", "level": 3}}


def state(facts: Facts, policy: str, **parameters: Any) -> str:
    return look(facts, AFTER, with_parameters(**parameters) if parameters else None).match(policy).state.value


def test_in_the_allowance_assessed_and_without_a_card_the_card_is_missing() -> None:
    match = look(family({**LIMB, "disability_card": "no"})).match("disability_living")
    assert (match.state.value, [p[0] for p in match.papers]) == ("papers", ["残疾人证"])
    assert "待补材料：残疾人证" in match.reasons()


def test_what_the_checking_mechanism_knows_is_never_demanded_as_paper() -> None:
    facts = family({**LIMB, "disability_card": "no"}, cdpf_matched=True)
    match = look(facts).match("disability_living")
    assert (match.state.value, match.papers, match.bring) == ("first_match", (), ())


def test_an_edge_household_where_the_county_does_not_extend() -> None:
    facts = family({**LIMB, "wage_month": 1100})
    match = look(facts).match("disability_living")
    assert match.state.value == "no_match"
    reasons = " ".join(match.reasons())
    assert "低保家庭" in reasons
    assert "本县已延伸到低保边缘" in reasons
    assert state(facts, "disability_living", disability_living__extend_edge="yes") == "first_match"
    assert state(facts, "disability_living", disability_living__extend_edge=None) == "to_check"


def test_without_the_disability_told_it_is_to_be_checked() -> None:
    match = look(family({"age": 30, "disability": "unknown"})).match("disability_living")
    assert match.state.value == "to_check"
    assert "有残疾等级评定" in " ".join(match.reasons())


def test_extreme_poverty_excludes_the_living_subsidy_in_so_many_words() -> None:
    match = look(family({"age": 70, "disability": {"kind": "limb", "level": 1}})).match("disability_living")
    assert match.state.value == "no_match"
    assert "特困人员" in " ".join(match.reasons())


def test_had_already_and_in_conflict_with_what_is_had() -> None:
    facts = family({"age": 70}, already=["tekun"])
    result = look(facts)
    assert result.match("tekun").state.value == "has"
    assert result.match("dibao").state.value == "conflict"
    assert result.match("dibao").clashes == ("tekun",)
    assert "相斥" in " ".join(result.match("dibao").reasons())
    assert {c.relation for c in result.conflicts} == {"excludes"}


def test_a_policy_one_member_has_is_still_open_for_the_other() -> None:
    facts = family({**LIMB, "already": ["disability_living"]}, {"role": "wife", **LIMB})
    match = look(facts).match("disability_living")
    assert (match.state.value, match.people) == ("first_match", ("02",))
    assert look(family({**LIMB, "already": ["disability_living"]})).match("disability_living").state.value == "has"


def test_a_policy_paid_by_list_asks_for_no_papers() -> None:
    match = look(family({"age": 40})).match("medical_insure")
    assert (match.state.value, match.bring, match.papers) == ("first_match", (), ())
    assert "按名单发放" in " ".join(match.reasons())


PEOPLE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("edu_high", {"age": 16, "school": "vocational"}, {}), ("edu_univ", {"age": 20, "school": "university"}, {}),
    ("rural_house", {}, {"housing": {"danger_level": "D"}}), ("public_post", {"registered_unemployed": True}, {}),
    ("disaster", {}, {"event": {"disaster_damage": True}}), ("child_rehab", {"age": 5, "autism": True}, {}),
    ("aids", {**LIMB, "aids_needed": True}, {}), ("elder_consume", {"age": 66, "elder_level": 2}, {}),
    ("accessible_home", {"disability": {"kind": "limb", "level": 1}}, {"housing": {"barriers": True}}),
    ("aging_home", {"age": 81}, {"housing": {"barriers": True}}), ("elder_visit", {"age": 66, "lives_alone": True}, {}),
    ("stray", {"stray": True}, {}), ("legal_aid", {}, {"legal": True}), ("judicial_aid", {}, {"unpaid_crime_damage": True}),
    ("childcare", {"age": 2}, {}), ("charity", {}, {"needs_ticked": ["慈善"]}), ("veteran_aid", {"veteran": True}, {}),
    ("industry_aid", {}, {"can_and_wants_to_develop_a_business": True}), ("rural_monitoring", {}, {"monitored": True}),
    ("emergency_medical", {"needs_emergency_care": True}, {}), ("class_aid", {"age": 12}, {}),
    ("disability_care", {"disability": {"kind": "limb", "level": 2}, "long_care": True}, {}),
    ("medical_aid", {"self_paid_medical_12_months": 10}, {}), ("edu_pre_comp", {"age": 8, "school": "primary"}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "member", "facts"), PEOPLE, ids=[p[0] for p in PEOPLE])
def test_each_policy_finds_the_family_it_is_for_and_not_the_one_beside(
    policy: str, member: dict[str, Any], facts: dict[str, Any]
) -> None:
    poor = {"age": 40}
    assert state(family(poor, {"role": "son", "age": 17, **member}, **facts), policy) == "first_match"
    assert (
        state(family({"age": 40, "wage_month": 9000}, {"role": "wife", "age": 39, "wage_month": 9000}), policy)
        == "no_match"
    )


@pytest.mark.parametrize(("policy", "parameters", "facts"), [
    ("heating", {"heating__offered": "yes"}, {}), ("price_subsidy", {"price_subsidy__running": "yes"}, {}),
    ("funeral", {"funeral__offered": "yes"}, {"event": {"member_died": True}}),
])  # fmt: skip
def test_what_the_county_has_not_decided_is_to_be_checked_not_no(
    policy: str, parameters: dict[str, str], facts: dict[str, Any]
) -> None:
    poor = family({"age": 40}, **facts)
    assert state(poor, policy, **parameters) == "first_match"
    assert state(poor, policy, **dict.fromkeys(parameters, None)) == "to_check"
    assert state(poor, policy, **dict.fromkeys(parameters, "no")) == "no_match"


def test_old_age_allowance_from_the_countys_age() -> None:
    facts = family({"age": 82})
    assert state(facts, "elder_age") == "to_check"
    assert state(facts, "elder_age", elder_age__from_age=80) == "first_match"
    assert state(facts, "elder_age", elder_age__from_age=90) == "no_match"
    assert state(family({"age": 59}), "elder_age") == "no_match", "nobody old: the county's age does not matter"


def test_public_rental_is_for_towns() -> None:
    assert state(family({"age": 40}, area="urban", housing={"difficult": True}), "public_rental") == "first_match"
    assert state(family({"age": 40}, housing={"difficult": True}), "public_rental") == "no_match"


def test_entries_from_memory_are_for_staff_until_the_county_has_approved_them() -> None:
    result = look(family({"age": 40, "veteran": True}))
    assert not result.match("veteran_aid").to_public
    places = {p.id: p.where for p in demo().policies}
    assert "veteran_aid" not in {line.policy for line in family_sheet(result, places)}
    approved = demo().replaced(policies=[
        type(p)(**{f: getattr(p, f) for f in p.__struct_fields__} | {"approved_by": "县民政局"}) for p in demo().policies
    ])  # fmt: skip
    again = look(family({"age": 40, "veteran": True}), AFTER, approved)
    assert "veteran_aid" in {line.policy for line in family_sheet(again, places)}


def test_the_familys_sheet_speaks_plainly_and_never_says_a_bare_no() -> None:
    lines = family_sheet(look(family({"age": 40})), {"dibao": "户籍所在地乡镇街道"})
    dibao = next(line for line in lines if line.policy == "dibao")
    assert dibao.words == "您家初步符合，可以申请（约 600 元）"
    assert dibao.bring == ("身份证明", "核对授权书", "诚信承诺书")
    assert not [line for line in lines if "不符合" in line.words]


def test_the_plan_puts_the_urgent_first_and_says_who_must_be_told() -> None:
    result = look(family({"age": 40}, {"role": "daughter", "age": 8, "school": "primary"}, event="fire"))
    noted = {("dibao", ""): Followed("dibao", date(2026, 11, 21), "wants", "网格员丙", date(2026, 12, 21))}
    lines = plan(result, noted)
    assert lines[0].match.policy == "temp_fast"
    assert lines[0].urgent
    by_policy = {(line.match.policy, line.person): line for line in lines}
    assert not by_policy["dibao", ""].must_tell
    assert by_policy["edu_pre_comp", "02"].must_tell
    assert by_policy["dibao", ""].followed.follower == "网格员丙"
    states = [str(line.match.state) for line in lines if not line.urgent]
    assert states == sorted(states, key=["first_match", "papers", "conflict", "to_check", "has", "no_match"].index)


def test_questions_are_ranked_by_the_policies_that_hang_on_them() -> None:
    facts = family({"age": 40, "disability": "unknown", "veteran": "unknown"}, {"role": "wife", "age": 39})
    questions = look(facts).questions
    order = [q.fact for q in questions]
    assert order.index("member.disability.kind") < order.index("member.veteran")
    assert questions[0].row == "01"
    assert list(map(len, (q.policies for q in questions))) == sorted((len(q.policies) for q in questions), reverse=True)


def test_the_published_schemas_are_those_of_the_code() -> None:
    for path, text in published().items():
        assert path.read_text(encoding="utf-8") == text, (
            f"write them again: python -m fieldapp.policy schema --write ({path.name})"
        )


def test_facts_of_a_form_session_with_rows_and_states() -> None:
    class Told:
        def __init__(self, fact: str, value: object, rows: tuple[str, ...] = (), state: str = "known") -> None:
            self.fact, self.value, self.rows, self.state = fact, value, rows, state

    facts = Facts.from_answers([
        Told("household.area", "rural"), Told("member.income.wage_month", "1200.5", ("p1", "i1")),
        Told("member.income.wage_month", 100, ("p1", "i2")), Told("member.veteran", "no", ("p1",)),
        Told("member.illness", None, ("p1",), "refused"), Told("selfcare.eating", "yes"), Told("household.deposits", None, (), "empty"),
        Told("need.ticked", ("照护", "住房")),
    ])  # fmt: skip
    assert facts.get("member.income.wage_month", "p1").value == 130050
    assert facts.get("member.illness", "p1").state == "refused"
    assert facts.get("selfcare.eating", "person").value is True
    assert facts.get("household.deposits").state == "empty"
    assert facts.get("member.veteran", "p1").value is False
    assert facts.over(family({"age": 50})).get("member.age", "01").value == 50
