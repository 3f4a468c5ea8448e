"""The boundary list of the fact sheet's section 7, one test each, named by it; values beside the line on both sides."""

from __future__ import annotations

from datetime import date

import pytest

from fieldapp.policy.api import CalendarMissing, Facts
from fieldapp.policy.clocks import notice_end, shipped_calendar
from fieldapp.policy.evaluation import Case
from fieldapp.policy.money import ROUNDINGS
from fieldapp.policy.rules import children, disability, income, property, tekun
from fieldapp.policy.rules import family as families
from tests.policy.makers import AFTER, BEFORE, demo, family, look, verdict, with_parameters


def per_person_is(yuan: str) -> Facts:
    """One rural adult with just this countable income."""
    return family({"age": 40}, income_month={"transfer": yuan})


def test_per_person_equal_to_the_standard_is_no() -> None:
    """dibao.income_low: 600 is not below 600; 599.99 is."""
    assert verdict(per_person_is("600"), "dibao") == "no_match"
    assert verdict(per_person_is("599.99"), "dibao") == "first_match"


def test_per_person_equal_to_one_and_a_half_standards_is_no() -> None:
    """edge.income_low against edge.standard: 900 is not below 900."""
    assert verdict(per_person_is("900"), "edge") == "no_match"
    assert verdict(per_person_is("899.99"), "edge") == "first_match"


def test_ratio_equal_to_the_threshold_is_no() -> None:
    """rigid.ratio_high: 60 % does not exceed 60 %; one yuan more does."""
    spending = {"living": 0, "other": 7200}
    assert verdict(family({"age": 40}, income_month={"transfer": 1000}, spending=spending), "rigid") == "no_match"
    spending["other"] = 7201
    assert verdict(family({"age": 40}, income_month={"transfer": 1000}, spending=spending), "rigid") == "first_match"


@pytest.mark.parametrize(("unable", "level"), [(0, "self"), (1, "partial"), (3, "partial"), (4, "full"), (6, "full")])
def test_three_items_not_done_are_partial_four_are_full(unable: int, level: str) -> None:
    """selfcare.level over selfcare.unable."""
    items = ("eating", "dressing", "bed", "toilet", "walking_indoors", "bathing")
    care = {item: "not able" if number < unable else "able" for number, item in enumerate(items)}
    c = Case(family({"age": 70, "self_care": care}), demo(), AFTER)
    assert tekun.self_care(c, "01").value == level


def test_four_items_not_done_are_full_whatever_is_open() -> None:
    open_items = {"eating": "unknown", "dressing": "unknown"}
    four = {"bed": "not able", "toilet": "not able", "walking_indoors": "not able", "bathing": "not able"}
    assert (
        tekun.self_care(Case(family({"age": 70, "self_care": {**open_items, **four}}), demo(), AFTER), "01").value
        == "full"
    )
    three = {**four, "bed": "able"}
    assert (
        tekun.self_care(Case(family({"age": 70, "self_care": {**open_items, **three}}), demo(), AFTER), "01").value
        is None
    )


def test_the_standard_changes_between_30_june_and_1_july() -> None:
    poor = family({"age": 40})
    assert look(poor, date(2026, 6, 30)).program("dibao").amount == 560_00
    assert look(poor, date(2026, 7, 1)).program("dibao").amount == 600_00


def test_a_difference_of_forty_fen_is_rounded_as_the_county_says() -> None:
    """dibao.amount: 599.60 leaves 0.40 yuan; up is 1 yuan, down 0, to the jiao 0.40."""
    nearly = per_person_is("599.6")
    for rounding, fen in (("up_to_yuan", 100), ("down_to_yuan", 0), ("half_up_to_yuan", 0), ("up_to_jiao", 40)):
        assert look(nearly, AFTER, with_parameters(dibao__rounding=rounding)).program("dibao").amount == fen
    assert look(nearly, AFTER, with_parameters(dibao__rounding=None)).program("dibao").amount is None
    assert ROUNDINGS["half_up_to_fen"](0) == 0


def test_a_family_of_one() -> None:
    c = Case(per_person_is("100"), demo(), AFTER)
    assert families.size(c).value == 1
    assert income.per_person(c).value == 100_00


def test_a_spouse_in_prison_does_not_count_nor_does_the_income() -> None:
    """family.left_out, family.member, income.gross."""
    facts = family(
        {"age": 40, "wage_month": 900}, {"role": "wife", "age": 38, "away": "serving a sentence", "wage_month": 5000}
    )
    c = Case(facts, demo(), AFTER)
    assert families.size(c).value == 1
    assert income.gross(c).value == 900_00


@pytest.mark.parametrize("away", ["compulsory detox", "declared missing", "monk in a temple for three years"])
def test_others_left_out_of_the_family(away: str) -> None:
    assert families.size(Case(family({"age": 40}, {"age": 30, "away": away}), demo(), AFTER)).value == 1


def test_an_undergraduate_of_22_counts_a_postgraduate_is_not_on_the_list() -> None:
    """family.member."""
    student = family({"age": 50}, {"age": 22, "school": "university"})
    assert families.size(Case(student, demo(), AFTER)).value == 2
    post = family({"age": 50}, {"age": 24, "school": "postgraduate"})
    assert families.size(Case(post, demo(), AFTER)).value == 1


def test_the_eighteenth_birthday() -> None:
    """person.age, child.under_18: a child until the day before, not on the day."""

    def child(on: date) -> str:
        facts = family({"birth_date": "2008-11-21", "parents": "dead"})
        return verdict(facts, "orphan", on)

    assert child(date(2026, 11, 20)) == "first_match"
    assert child(date(2026, 11, 21)) == "no_match"
    assert families.full_years(date(2004, 2, 29), date(2022, 2, 28)) == 17
    assert families.full_years(date(2004, 2, 29), date(2022, 3, 1)) == 18


def test_intellectual_level_three_single_person_yes_care_subsidy_no() -> None:
    facts = family(
        {"age": 30, "disability": {"kind": "intellectual", "level": 3}, "long_care": True},
        {"role": "father", "age": 55, "wage_month": 2600},
    )
    result = look(facts)
    assert result.program("dibao_single").verdict.value == "first_match"
    assert result.match("disability_care").state.value == "no_match"


def test_parent_with_mental_level_four_unsupported_child_yes_single_person_no() -> None:
    """child.parent_severe against disability.single: four meanings, four functions."""
    parent = {"disability": {"kind": "mental", "level": 4}}
    facts = family({"age": 9, "father": parent, "mother": "in prison 12 months"})
    assert verdict(facts, "swwrfy") == "first_match"
    c = Case(family({"age": 30, "disability": {"kind": "mental", "level": 4}}), demo(), AFTER)
    assert disability.severe(c, "01").value is False


MEANINGS = (disability.for_single_person, disability.without_labour, disability.for_obligor, disability.for_parent)


@pytest.mark.parametrize(
    ("kind", "level", "meant"),
    [
        ("hearing", 1, (True, False, True, True)), ("limb", 2, (True, True, True, True)),
        ("visual", 2, (True, False, True, True)), ("limb", 3, (False, False, False, False)),
        ("mental", 3, (True, True, True, True)), ("intellectual", 4, (False, False, False, True)),
        ("visual", 1, (True, True, True, True)), ("speech", 4, (False, False, False, False)),
    ],
)  # fmt: skip
def test_the_four_meanings_of_severe_disability(kind: str, level: int, meant: tuple[bool, ...]) -> None:
    """disability.single, disability.no_labour, disability.obligor, disability.parent."""
    assert tuple(meaning(kind, level) for meaning in MEANINGS) == meant


def test_public_notice_across_spring_festival() -> None:
    """Seven days from 2026-02-10 end in the holiday; past it on Tuesday 24 February where the county says so."""
    posted = date(2026, 2, 10)
    assert notice_end(posted, 7, count_first_day=False, extend_over_holidays=False).last_day == date(2026, 2, 17)
    assert notice_end(posted, 7, count_first_day=False, extend_over_holidays=True).last_day == date(2026, 2, 24)
    assert notice_end(posted, 7, count_first_day=True, extend_over_holidays=False).last_day == date(2026, 2, 16)
    open_ = notice_end(posted, 7, count_first_day=None, extend_over_holidays=True)
    assert open_.last_day == date(2026, 2, 24), "both ways end in the holiday: no difference"
    assert notice_end(posted, 7, count_first_day=None, extend_over_holidays=False).open_parameters == (
        "publicity.count_first_day",
    )


def test_a_calendar_without_2027() -> None:
    with pytest.raises(CalendarMissing) as missing:
        shipped_calendar().add(date(2026, 12, 28), 10)
    assert missing.value.details["year"] == 2027


def test_an_empty_parameter_is_not_set_never_no() -> None:
    poor = family({"age": 40})
    for pack in (with_parameters(dibao__standard_month__rural=None), with_parameters(edge__multiplier=None)):
        edge = look(per_person_is("700"), AFTER, pack).program("edge")
        assert edge.verdict.value == "to_check"
        assert "参数未定" in " ".join(edge.reasons())
    assert (
        verdict(poor, "dibao", AFTER, with_parameters(property__deposit_limit_months_of_standard_per_person=None))
        == "to_check"
    )


def test_minors_of_16_and_17_before_and_since_the_law() -> None:
    """tekun.minor: under 16 before; since the Law 16 and 17 wait for the province's limit."""
    child = family({"age": 17, "parents": "dead"})
    c_before, c_after = Case(child, demo(), BEFORE), Case(child, demo(), AFTER)
    assert tekun.minor(c_before, "01").value is False
    assert tekun.minor(c_after, "01").value is None
    c_limit = Case(child, with_parameters(tekun__child_age_limit="18"), AFTER)
    assert tekun.minor(c_limit, "01").value is True
    assert tekun.minor(Case(family({"age": 15}), demo(), BEFORE), "01").value is True


def test_six_months_of_a_parents_absence() -> None:
    """child.long_enough."""
    for months, expected in ((5, "no_match"), (6, "first_match")):
        facts = family({"age": 9, "father": {"status": "out of contact", "months": months}, "mother": "dead"})
        assert verdict(facts, "swwrfy") == expected


def test_deposits_at_and_above_the_limit_and_the_way_of_exemption() -> None:
    """property.financial_within, property.financial_ok: at the limit is within; above, exempted as necessary."""
    at, above = family({"age": 40}, deposits=14400), family({"age": 40}, deposits="14400.01")
    assert verdict(at, "dibao") == "first_match"
    assert verdict(above, "dibao") == "no_match"
    exempted = above.with_answer("household.property_exempted", True)
    assert verdict(exempted, "dibao") == "first_match"


def test_a_car_has_a_way_of_exemption() -> None:
    """property.vehicles_ok."""
    car = family({"age": 40}, vehicles=1)
    assert verdict(car, "dibao") == "no_match"
    assert verdict(car.with_answer("household.car_exempted", "yes"), "dibao") == "first_match"
    asked = car.with_answer("household.car_exempted", None, state="unclear")
    assert verdict(asked, "dibao") == "to_check"


@pytest.mark.parametrize(("key", "fact"), sorted(property.COUNTED_THINGS.items()))
def test_kinds_of_property_the_county_limits(key: str, fact: str) -> None:
    """property.things_ok: tested only where the county has a line; an empty line leaves it open."""
    rich = family({"age": 40}).with_answer(fact, 2)
    assert verdict(rich, "dibao") == "first_match"
    assert verdict(rich, "dibao", AFTER, with_parameters(**{f"property__{key}": 1})) == "no_match"
    assert verdict(rich, "dibao", AFTER, with_parameters(**{f"property__{key}": None})) == "to_check"


def test_the_parents_of_an_orphan_and_of_an_unsupported_child() -> None:
    """orphan.person, swwrfy.person and child.not_orphan exclude each other."""
    both = family({"age": 9, "parents": "dead"})
    assert (verdict(both, "orphan"), verdict(both, "swwrfy")) == ("first_match", "no_match")
    c = Case(family({"age": 9, "father": "dead", "mother": {"status": "ill"}}), demo(), AFTER)
    assert children.orphan_person(c, "01").value is False
    assert children.unsupported_person(c, "01").value is True
