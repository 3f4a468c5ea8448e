"""The programmes beyond the cases: bands, top-ups, obligors, versions, income left out, leaving, risk, needs."""

from __future__ import annotations

from datetime import date

import pytest

from fieldapp.policy.evaluation import Case
from fieldapp.policy.rules import dibao, income, labour, leaving, obligors, temporary, tier
from fieldapp.policy.rules import risk as risks
from tests.policy.makers import AFTER, BEFORE, demo, family, look, verdict, with_parameters


def test_bands_instead_of_the_difference() -> None:
    """dibao.band, dibao.difference: 150 falls in the second band."""
    pack = with_parameters(dibao__amount_mode="bands", dibao__bands="100=500; 300=350; 600=200")
    facts = family({"age": 40}, {"role": "wife", "age": 38}, income_month={"transfer": 300})
    assert look(facts, AFTER, pack).program("dibao").amount == 700_00


def test_top_ups_highest_or_all() -> None:
    """class_aid.person, class_aid.aged_70, class_aid.severe_disability, class_aid.total: 30 % beats 20 %."""
    facts = family({"age": 75, "disability": {"kind": "limb", "level": 1}})
    assert dibao.top_ups(Case(facts, demo(), AFTER)).value == 180_00
    assert dibao.top_ups(Case(facts, with_parameters(class_aid__stack="sum"), AFTER)).value == 300_00
    assert dibao.top_ups(Case(facts, with_parameters(class_aid__stack=None), AFTER)).value is None
    assert dibao.top_ups(Case(family({"age": 40}), with_parameters(class_aid__stack=None), AFTER)).value == 0


def test_start_month_and_review_interval() -> None:
    """dibao.review: half a year where somebody able has no steady work."""
    assert dibao.start_month(date(2026, 11, 21)) == date(2026, 12, 1)
    assert dibao.start_month(date(2026, 12, 31)) == date(2027, 1, 1)
    assert dibao.review(Case(family({"age": 75}), demo(), AFTER)).value == 12
    assert dibao.review(Case(family({"age": 40}), demo(), AFTER)).value == 6


@pytest.mark.parametrize(("kind", "key"), [("basic_pension", "basic_pension_excluded"), ("childcare", "childcare_excluded"),
                                           ("disability_subsidy", "disability_subsidy_excluded"),
                                           ("elder_allowance", "elder_allowance_excluded")])  # fmt: skip
def test_income_left_out_by_parameter(kind: str, key: str) -> None:
    """income.left_out: out, in, and open while the county has not said."""
    facts = family({"age": 70, f"{kind}_month": 190})
    for value, expected in (("yes", 0), ("no", 190_00), (None, None)):
        c = Case(facts, with_parameters(**{f"income__{key}": value}), AFTER)
        assert income.gross(c).value == expected


@pytest.mark.parametrize("kind", ["preferential", "assistance", "scholarship"])
def test_income_the_state_leaves_out(kind: str) -> None:
    assert income.gross(Case(family({"age": 70, f"{kind}_month": 800}), demo(), AFTER)).value == 0


def test_job_cost_by_share_fixed_and_never_above_the_wage() -> None:
    """income.job_cost.share, income.job_cost.person."""
    facts = family({"age": 40, "wage_month": 1000})
    share = with_parameters(job_cost__method="wage_ratio", job_cost__ratio="30%")
    assert income.countable(Case(facts, share, AFTER)).value == 700_00
    small = family({"age": 40, "wage_month": 200})
    assert income.countable(Case(small, demo(), AFTER)).value == 0
    assert income.countable(Case(facts, with_parameters(job_cost__method="none"), AFTER)).value == 1000_00
    assert income.countable(Case(facts, with_parameters(job_cost__method=None), AFTER)).value is None


def test_income_below_zero() -> None:
    """income.countable: floored where the county says so, open where it has not."""
    facts = family({"age": 40}, income_month={"business": -50})
    assert income.countable(Case(facts, demo(), AFTER)).value == 0
    assert income.countable(Case(facts, with_parameters(income__floor_zero="no"), AFTER)).value == -50_00
    assert income.countable(Case(facts, with_parameters(income__floor_zero=None), AFTER)).value is None


def test_rigid_spending_measures_begin_in_2025() -> None:
    facts = family({"age": 40}, income_month={"transfer": 1000}, spending={"other": 9000})
    assert "rigid" not in {program.id for program in look(facts, date(2024, 12, 31)).programs}
    assert look(facts, date(2025, 7, 1)).program("rigid")


def test_rigid_ratio_without_any_income_is_the_countys_choice() -> None:
    """rigid.no_income."""
    facts = family({"age": 40}, deposits=0, spending={"other": 9000}, cars=0)
    for choice, expected in ((None, None), ("exceeds", True), ("not", False)):
        from fieldapp.policy.rules import rigid

        assert rigid.ratio_high(Case(facts, with_parameters(rigid__zero_income=choice), AFTER)).value is expected


def test_small_and_fast_is_a_rule_of_2026() -> None:
    """temp_fast: before 2026 the emergency type of 2018, by the same Regulation."""
    facts = family({"age": 40}, event="fire")
    old, new = look(facts, date(2025, 12, 31)).program("temp_fast"), look(facts).program("temp_fast")
    assert (old.name[0], new.name[0]) == ("临时救助（急难型）", "临时救助（小额快救）")
    assert old.verdict == new.verdict == "first_match"
    assert old.step.about.version != new.step.about.version


def test_people_helped_and_the_limit() -> None:
    """temp_fast.people, temp_fast.per_person, temp_fast.limit."""
    facts = family({"age": 40}, {"age": 12}, event="house burned down")
    assert temporary.limit(Case(facts, demo(), AFTER)).value == 1200_00
    one = facts.with_answer("event.people_helped", 1)
    assert temporary.limit(Case(one, demo(), AFTER)).value == 600_00


@pytest.mark.parametrize(("line", "expected"), [("rigid.disposable_income_month", "first_match"), ("edge", "no_match"),
                                                ("dibao", "no_match")])  # fmt: skip
def test_the_income_line_of_the_expense_type(line: str, expected: str) -> None:
    """temp_expense.income_low."""
    facts = family({"age": 40}, income_month={"transfer": 1500}, spending={"other": 6000})
    assert verdict(facts, "temp_expense", AFTER, with_parameters(temp_expense__per_person_below=line)) == expected


def test_spending_for_people_who_lived_with_them_by_parameter() -> None:
    """temp_expense.lived_with, temp_expense.spending, temp_expense.high."""
    facts = family({"age": 40}, spending_for_people_who_lived_with_them_12_months=6000)
    key = "temp_expense__counts_spending_for_people_who_lived_with_them"
    assert verdict(facts, "temp_expense") == "first_match"
    assert verdict(facts, "temp_expense", AFTER, with_parameters(**{key: "no"})) == "no_match"
    assert verdict(facts, "temp_expense", AFTER, with_parameters(**{key: None})) == "to_check"


@pytest.mark.parametrize(
    ("obligor", "unable"),
    [
        ({"program": "tekun"}, True), ({"age": 61, "program": "dibao"}, True), ({"age": 59, "program": "dibao"}, False),
        ({"age": 71, "income_month": 1849, "property_ok": True}, True),
        ({"age": 71, "income_month": 1850, "property_ok": True}, False),
        ({"age": 71, "income_month": 100, "property_ok": False}, False),
        ({"age": 40, "disability": {"kind": "mental", "level": 3}, "income_month": 0, "property_ok": True}, True),
        ({"age": 40, "away": "sentence"}, True), ({"age": 40, "income_month": 0, "property_ok": True}, False),
    ],
)  # fmt: skip
def test_when_an_obligor_cannot_fulfil_the_duty(obligor: dict[str, object], unable: bool) -> None:
    """obligor.program, obligor.aged_dibao (obligor.aged_60, obligor.in_dibao), obligor.weak (obligor.aged_70,
    obligor.severe, obligor.old_or_disabled, obligor.income_low), obligor.away, obligor.unable, obligor.told."""
    told = {"able": True, "income_month": 9000, "property_ok": True, "age": 40} | obligor
    del told["able"]
    facts = family({"age": 70}, obligors=[told])
    step = obligors.listed_unable(Case(facts, demo(), AFTER), "o01")
    assert step.value is (True if unable else None), "not on the list: still to be established"
    said = family({"age": 70}, obligors=[{**told, "able": not unable}])
    assert obligors.no_obligor(Case(said, demo(), AFTER), "01").value is unable


def test_a_years_limits_of_temporary_help_are_the_countys() -> None:
    """temp.times_left and temp.amount_left against temp.year_limit, or decided case by case: temp.year_ok."""
    ill = family({"age": 50, "self_paid_medical_12_months": 7000})
    often = ill.with_answer("already.temp_times_this_year", 3).with_answer("already.temp_amount_this_year", 7000)
    assert verdict(often, "temp_expense") == "first_match", "this county counts neither"
    times = with_parameters(temp__times_per_year=3)
    assert verdict(often, "temp_expense", AFTER, times) == "no_match"
    assert verdict(ill.with_answer("already.temp_times_this_year", 2), "temp_expense", AFTER, times) == "first_match"
    money = with_parameters(temp__year_limit_months_of_standard_per_household=10)
    assert verdict(often, "temp_expense", AFTER, money) == "no_match"
    assert verdict(often.with_answer("event.case_by_case", True), "temp_expense", AFTER, money) == "first_match"
    undecided = with_parameters(temp__times_per_year=None)
    assert verdict(often, "temp_expense", AFTER, undecided) == "to_check"


def test_extreme_poverty_has_a_property_table_of_its_own_where_the_city_made_one() -> None:
    """tekun.property_ok: without one, what holds for the allowance."""
    old = family({"age": 66}).with_answer("household.deposits", 8000)
    assert verdict(old, "tekun") == "first_match"
    own = with_parameters(tekun__property__deposit_limit_months_of_standard_per_person=12)
    assert (verdict(old, "tekun", AFTER, own), verdict(old, "dibao", AFTER, own)) == ("no_match", "first_match")
    no_deposits = with_parameters(tekun__property__vehicle_limit=0)
    richer = old.with_answer("household.deposits", 990_000)
    assert verdict(richer, "tekun", AFTER, no_deposits) == "first_match", "only what the table limits is tested"
    assert verdict(richer.with_answer("household.passenger_cars", 1), "tekun", AFTER, no_deposits) == "no_match"


def test_members_are_each_others_obligors() -> None:
    """obligor.nobody_able, obligor.own_income, obligor.none_apart: a son who earns; a minor owes nothing."""
    old = {"age": 75}
    assert verdict(family(old, {"role": "son", "age": 40, "wage_month": 3000}), "tekun") == "no_match"
    assert verdict(family(old, {"role": "grandson", "age": 30, "wage_month": 3000}), "tekun") == "first_match"
    assert obligors.no_obligor(Case(family(old, {"role": "son", "age": 12}), demo(), AFTER), "01").value is True
    assert obligors.are_obligors("child", "spouse")
    assert not obligors.are_obligors("sibling", "head")


def test_extreme_poverty_and_its_livelihood() -> None:
    """tekun.aged, tekun.no_labour, tekun.own_income, tekun.household_income, tekun.share, tekun.income,
    tekun.income_low, tekun.no_livelihood, tekun.person, tekun.someone, tekun.conditions, tekun.whole_family."""
    assert verdict(family({"age": 60}), "tekun") == "first_match"
    assert verdict(family({"age": 59}), "tekun") == "no_match"
    assert verdict(family({"age": 60, "pension_month": 600}), "tekun") == "no_match"
    assert verdict(family({"age": 60, "basic_pension_month": 600}), "tekun") == "first_match"
    assert verdict(family({"age": 60}, income_month={"transfer": 700}), "tekun") == "no_match"


@pytest.mark.parametrize(("care", "fen"), [("able", 880_00), ("not able", 1380_00)])
def test_base_and_care(care: str, fen: int) -> None:
    """tekun.base, tekun.care, tekun.amount, tekun.total."""
    assert look(family({"age": 70, "self_care": care})).program("tekun").amount == fen


def test_an_undecided_care_standard_leaves_the_amount_open_not_the_person() -> None:
    result = look(family({"age": 70}), AFTER, with_parameters(tekun__care_month__self=None)).program("tekun")
    assert (result.verdict.value, result.amount) == ("first_match", None)


def test_single_person_groups() -> None:
    """single.group, single.edge_disability, single.edge_illness, single.adult, single.not_family, single.someone,
    single.person, single.adult_without_work_disability, single.income_low, single.gap, single.before_rounding,
    single.amount, single.total."""

    def of(member: dict[str, object], wage: int, groups: str) -> str:
        pack = with_parameters(single_person__groups=groups)
        return verdict(family({"age": 50, "wage_month": wage}, {"age": 30, **member}), "dibao_single", AFTER, pack)

    ill = {"illness": "leukaemia", "wage_month": 500}
    severe = {"disability": {"kind": "hearing", "level": 2}, "wage_month": 500}
    assert of(ill, 1700, "edge_illness") == "first_match"
    assert of(ill, 3000, "edge_illness") == "no_match", "not an edge household"
    assert of(severe, 1700, "edge_disability") == "first_match"
    assert of(severe, 1700, "adult_without_work_disability") == "no_match", "has work"
    assert of({"disability": {"kind": "hearing", "level": 2}}, 3000, "adult_without_work_disability") == "first_match"
    two = {"disability": {"kind": "mental", "level": 1}}
    both = look(family({"age": 50, "wage_month": 9000}, {"age": 30, **two}, {"role": "daughter", "age": 28, **two}))
    assert both.program("dibao_single").amount == 2 * 780_00


def test_own_property_of_the_person_insured_alone() -> None:
    """property.own_ok, income.own, income.own_after_costs."""
    member = {"age": 30, "disability": {"kind": "mental", "level": 1}, "deposits": 20000}
    assert verdict(family({"age": 50, "wage_month": 9000}, member), "dibao_single") == "no_match"
    member["deposits"] = 14400
    assert verdict(family({"age": 50, "wage_month": 9000}, member), "dibao_single") == "first_match"


def test_where_one_applies() -> None:
    """family.counting, place.local, place.any_local, place.by_permit, place.here."""
    away = {"age": 40, "registered_elsewhere": True}
    assert verdict(family(away), "dibao") == "to_check"
    assert verdict(family(away, {"role": "wife", "age": 38}), "dibao") == "first_match"
    permit = {**away, "residence_permit": True}
    allowed = with_parameters(dibao__residence_permit="yes")
    assert verdict(family(permit), "dibao", AFTER, allowed) == "first_match"
    assert verdict(family(away), "dibao", AFTER, allowed) == "to_check"
    assert verdict(family(permit), "dibao", AFTER, with_parameters(dibao__residence_permit="no")) == "to_check"


def test_labour_as_assessed_and_as_derived() -> None:
    """labour.able, labour.derived, labour.age, labour.not_pupil, labour.not_severe, labour.not_ill, labour.jobless,
    labour.no_wage, labour.able_jobless, labour.some_able_jobless."""

    def able(**member: object) -> object:
        return labour.able(Case(family({"age": 30, **member}), demo(), AFTER), "01").value

    assert able() is True
    assert able(age=15) is False
    assert able(age=60) is False
    assert able(school="university") is False
    assert able(illness="lung cancer") is False
    assert able(disability={"kind": "limb", "level": 2}) is False
    assert able(age=70, labour_ability="weak") is True
    assert labour.some_able_jobless(Case(family({"age": 30, "wage_month": 1}), demo(), AFTER)).value is False


def test_leaving_with_a_new_job_and_without() -> None:
    """leaving.above, leaving.new_job, gradual_exit, gradual_exit.months, exit_check, procedure.cut, cut.lower, cut.less,
    recalculation.then."""
    earns = {"age": 40, "wage_month": 2000}
    c = Case(family({**earns, "newly_employed": True}, already=["dibao"]), demo(), AFTER)
    assert (leaving.gradual_exit(c).value, leaving.exit_months(c).value) == (True, 6)
    assert leaving.exit_check(c).value == "done"
    assert leaving.gradual_exit(Case(family(earns, already=["dibao"]), demo(), AFTER)).value is False
    less = Case(family({"age": 40}, already=["dibao 700 a month since 2025-07"]), demo(), AFTER)
    assert leaving.would_cut(less).value is True, "600 is less than the 700 now paid"
    more = Case(family({"age": 40}, already=["dibao 560 a month since 2025-07"]), demo(), AFTER)
    assert leaving.would_cut(more).value is False
    assert leaving.explains_present(more) is not None
    assert leaving.explains_present(less) is None, "nothing gives 700"


def test_circles_by_the_countys_table() -> None:
    """tier, tier.in_circle, status.has, status.program, status.told."""
    assert look(family({"age": 70})).tier.tier == 1
    assert look(family({"age": 40}, already=["dibao"], deposits=90000)).tier.tier == 2, "what it has counts"
    assert look(family({"age": 40, "wage_month": 5000}, other_hardship=True)).tier.tier == 3
    assert look(family({"age": 40, "wage_month": 5000})).tier.tier == 0
    assert look(family({"age": 40, "wage_month": 5000}, monitored=True)).tier.by == "monitored"
    assert look(family({"age": 40}), AFTER, with_parameters(tier__1=None)).tier.tier is None
    assert tier.placed_by(Case(family({"age": 40}), demo(), AFTER)) == "dibao"


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({"urgent": True}, "high"), ({"event": "traffic accident"}, "high"),
        ({"event": {"what": "fire", "cleared": True}}, "none"), ({"carer_died": "2026-08-23"}, "high"),
        ({"carer_died": "2026-08-22"}, "none"), ({"housing": {"safe": False}, "round": "weather"}, "high"),
        ({"housing": {"safe": False}}, "none"), ({"lead": "true_needs_help"}, "medium"), ({"already": ["edge"]}, "low"),
    ],
)  # fmt: skip
def test_risk_of_a_household(facts: dict[str, object], level: str) -> None:
    """risk, risk.level, risk.urgent, risk.open_event, risk.not_cleared, risk.carer_died, risk.unsafe_weather,
    risk.weather_round, risk.unsafe, risk.lead_true, risk.in_program."""
    assert look(family({"age": 40, "wage_month": 5000}, {"role": "wife", "age": 39}, **facts)).risk.level == level


@pytest.mark.parametrize(
    ("member", "level"),
    [
        ({"danger_to_self": True}, "high"), ({"illness": "lung cancer", "lives_alone": True}, "high"),
        ({"illness": "lung cancer"}, "medium"), ({"age": 70, "lives_alone": True}, "medium"), ({"age": 69, "lives_alone": True}, "none"),
        ({"disability": {"kind": "speech", "level": 2}}, "medium"), ({}, "none"),
    ],
)  # fmt: skip
def test_risk_of_a_person(member: dict[str, object], level: str) -> None:
    """risk.self_harm, risk.ill_alone, risk.ill_alone_person, risk.alone, risk.ill, risk.aged, risk.aged_alone,
    risk.aged_alone_person, risk.disabled."""
    result = look(family({"age": 40, "wage_month": 9000, **member}, {"role": "wife", "age": 39, "wage_month": 9000}))
    assert result.risk.level == level


def test_a_level_that_holds_is_told_while_a_higher_one_is_open() -> None:
    facts = family({"age": 40, "illness": "lung cancer", "danger_to_self": "unknown"}, {"age": 39})
    c = Case(facts, demo(), AFTER)
    assert look(facts).risk.level == "medium"
    assert risks.open_above(c)


NEEDS = [
    ({}, {"event": "fire"}, "急难"), ({"chronic": True}, {}, "医疗健康"), ({"needs_rehabilitation": True}, {}, "康复"),
    ({"needs_care": True}, {}, "照护"), ({"age": 66, "lives_alone": True}, {}, "关怀探访"), ({"mood": "low"}, {}, "心理"),
    ({"school": "middle"}, {}, "教育资助"), ({}, {"housing": {"danger_level": "D"}}, "住房"), ({}, {"legal": True}, "法律"),
    ({"age": 9, "parents": "dead"}, {}, "儿童保护"), ({"age": 80, "elder_level": 2}, {}, "养老"),
    ({}, {"housing": {"barriers": True}}, "无障碍/适老"), ({}, {"event": {"member_died": True}}, "殡葬"),
    ({}, {"housing": {"heating_difficulty": True}}, "取暖/能源"), ({}, {"need": "someone to fetch medicine"}, "服务转介"),
    ({"wage_month": 0}, {}, "就业"), ({}, {}, "基本生活"), ({}, {"needs_ticked": ["慈善"]}, "慈善"),
]  # fmt: skip


@pytest.mark.parametrize(("member", "facts", "need"), NEEDS, ids=[need for _, _, need in NEEDS])
def test_every_need_of_the_vocabulary(member: dict[str, object], facts: dict[str, object], need: str) -> None:
    """need.condition, need.low_income, need.基本生活 医疗健康 need.医疗健康 need.康复 need.照护 need.关怀探访 need.心理
    need.教育资助 need.住房 need.就业 need.急难 need.法律 need.儿童保护 need.养老 need.无障碍/适老 need.殡葬
    need.取暖/能源 need.服务转介."""
    assert need in look(family({"age": 40, **member}, **facts)).need_names()
    assert need not in look(family({"age": 40, "wage_month": 9000})).need_names()


def test_before_and_after_on_one_family() -> None:
    facts = family({"age": 40}, income_month={"transfer": 580})
    assert (verdict(facts, "dibao", BEFORE), verdict(facts, "dibao", AFTER)) == ("no_match", "first_match")


def test_a_risk_says_in_plain_words_what_it_rests_on() -> None:
    """The situation for a level that holds; what is still to be asked while none is certain."""
    assert look(family({"age": 75, "lives_alone": True})).risk.reason() == "老年人独居"
    assert look(family({"age": 40}, {"age": 39}, urgent=True)).risk.reason("en") == "urgent signal open"
    open_ = look(family({"age": 40, "illness": "unknown", "lives_alone": "unknown"}, {"age": 39})).risk
    assert (open_.level, open_.reason()) == ("unknown", "还要问清：病种、独居")
    assert look(family({"age": 40, "wage_month": 9000})).risk.reason() == ""
