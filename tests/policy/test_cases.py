"""The families of the case files: exactly what ``expect`` says, from facts to explanation, on both dates."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fieldapp.policy.api import Assessment, Facts, Pack, assess, load_pack
from fieldapp.policy.casefile import with_later
from fieldapp.policy.summary import explanations, summary
from fieldapp.policy.yamlfile import read_yaml
from tests.policy.makers import AFTER, BEFORE, DEMO

STATES = ("first_match", "no_match", "to_check", "papers", "has", "conflict")
SPOKEN = {"edge comes first": "not_asked", "not asked": "not_asked"}


class Played:
    """One case assessed on one day."""

    def __init__(self, case: dict[str, Any], shared: Path, on: Any) -> None:
        self.facts = Facts.from_case(case)
        self.pack = told_pack(shared)
        self.result: Assessment = assess(self.facts, self.pack, on)
        self.told = summary(self.facts, self.pack, on, self.result)
        lines = [line for trees in explanations(self.result, "en").values() for line in trees]
        self.said = "\n".join([*lines, *(line.en for line in self.result.procedure)])


@cache
def cases(shared: Path) -> list[dict[str, Any]]:
    return read_yaml((shared / "cases" / "cases.yaml").read_bytes())["cases"]  # type: ignore[no-any-return]


@cache
def told_pack(shared: Path) -> Pack:
    return load_pack(shared / "cases" / "cases.yaml")


def case_named(shared: Path, id: str) -> dict[str, Any]:
    return next(case for case in cases(shared) if case["id"] == id)


def holds(told: object, expected: object) -> bool:
    """An expectation is a value, or a state followed by words about it."""
    if isinstance(expected, str) and expected.split()[0] in STATES:
        return told == expected.split()[0].rstrip(",")
    return told == expected


def check(case: dict[str, Any], told: dict[str, Any], names: tuple[str, ...]) -> None:
    rules = case["expect"]["rules"]
    for name in names:
        assert holds(told[name], rules[name]), (name, told[name], rules[name])


def test_high_medical_bill(shared: Path) -> None:
    case = case_named(shared, "high-medical-bill")
    played = Played(case, shared, AFTER)
    check(case, played.told, ("dibao", "per_person", "amount", "of_which_top_up", "tier", "risk"))
    for words in case["expect"]["explains"]:
        assert words in played.said, words
    for policy, expected in case["expect"]["policies"].items():
        assert holds(played.result.match(policy).state.value, expected), policy
    assert len(played.result.match("edu_pre_comp").people) == 2
    assert list(played.result.need_names()) == case["expect"]["needs"]
    assert Played(case, shared, BEFORE).told["amount"] == case["expect"]["before_july"]["amount"]


def test_high_medical_bill_while_income_property_and_illness_are_open(shared: Path) -> None:
    facts = case_named(shared, "high-medical-bill")["facts"]
    members = [
        {k: v for k, v in m.items() if k not in ("illness", "self_paid_medical_12_months")} for m in facts["members"]
    ]
    members[1] |= {"illness": "unknown", "self_paid_medical_12_months": "unknown"}
    half = {**facts, "members": members, "income_month": "unknown", "property": "unknown"}
    del half["deposits"]
    result = assess(Facts.from_case(half), told_pack(shared), AFTER)
    for id in ("dibao", "dibao_single", "edge", "rigid", "temp_expense"):
        assert result.program(id).verdict.value == "to_check", id
    assert result.tier.tier is None


def test_death_in_the_family(shared: Path) -> None:
    case = case_named(shared, "death-in-the-family")
    played = Played(case, shared, AFTER)
    check(case, played.told, ("dibao", "per_person", "edge", "temp_expense"))
    assert case["expect"]["rules"]["reason"] in played.result.program("dibao").reasons("en")[0]
    assert "600 < 900" in " ".join(played.result.program("edge").reasons("en"))
    reasons = " ".join(played.result.program("temp_expense").reasons("en"))
    assert "6800 + 7000 ≥ 6000" in reasons
    assert "600 < 1850" in reasons
    veteran, care, monitored = (played.result.match(p) for p in case["expect"]["explained_non_matches"])
    assert {veteran.state.value, care.state.value, monitored.state.value} == {"no_match"}
    assert "the veteran was the uncle" in " ".join(veteran.reasons("en"))
    assert "disability level 1 or 2" in " ".join(care.reasons("en"))
    assert "monitored" in " ".join(monitored.reasons("en"))
    earlier = Played(case, shared, BEFORE)
    assert (earlier.told["dibao"], earlier.told["edge"]) == ("no_match", "first_match")
    assert "600 < 840" in " ".join(earlier.result.program("edge").reasons("en"))


def test_one_adult_alone(shared: Path) -> None:
    case = case_named(shared, "one-adult-alone")
    played = Played(case, shared, AFTER)
    check(case, played.told, ("dibao", "per_person", "edge", "dibao_single", "amount"))
    single = played.result.program("dibao_single")
    assert [dict(played.result.people)[row] for row in single.people] == ["任平"]
    assert "adult without work with severe disability" in played.said
    assert played.told["counted_income"] == 0
    assert Played(case, shared, BEFORE).told["amount"] == case["expect"]["before_july"]["amount"]


def test_home_early_and_after_the_job(shared: Path) -> None:
    case = case_named(shared, "home-early")
    check(case, Played(case, shared, AFTER).told, ("dibao", "per_person", "amount"))
    wanted = case["expect"]["after_job"]
    later = with_later(case, {"wage_month": wanted["wage_month"]})
    played = Played(later, shared, AFTER)
    for name in ("dibao", "per_person", "edge", "rigid", "exit_check"):
        assert holds(played.told[name], wanted[name]), name
    assert "1850 is not below 1850" in played.result.program("rigid").reasons("en")[0]


def test_snow(shared: Path) -> None:
    case = case_named(shared, "snow")
    played = Played(case, shared, AFTER)
    check(
        case,
        played.told,
        ("dibao", "per_person", "edge", "temp_fast", "limit", "economic_check", "public_notice", "risk"),
    )
    assert played.result.risk.revisit_days == 7
    assert "within 24 hours" in played.said
    assert "within 3 days" in played.said


def test_stranger_with_leukaemia(shared: Path) -> None:
    case = case_named(shared, "stranger-with-leukaemia")
    played = Played(case, shared, AFTER)
    rules = case["expect"]["rules"]
    assert played.told["temp_fast"] == "first_match"
    assert "local registration not required" in played.said
    assert played.told["limit"] == rules["limit"]
    dibao = played.result.program("dibao")
    assert dibao.verdict.value == "to_check"
    assert rules["dibao"] in [line.en for line in dibao.advice]


def test_no_papers_and_later(shared: Path) -> None:
    case = case_named(shared, "no-papers")
    played = Played(case, shared, AFTER)
    assert {p.verdict.value for p in played.result.programs} == {"to_check"}
    assert {m.state.value for m in played.result.matches} <= {"to_check", "no_match"}
    assert set(case["expect"]["rules"]["missing"]) <= set(played.told["missing"])
    later = Played(with_later(case), shared, AFTER)
    for name, wanted in case["expect"]["rules_later"].items():
        assert holds(later.told[name], wanted), name


def test_tea_harvest(shared: Path) -> None:
    case = case_named(shared, "tea-harvest")
    played = Played(case, shared, AFTER)
    assert not [m.policy for m in played.result.matches if m.cash and m.state.value in ("first_match", "papers")]
    assert {played.result.match(p).state.value for p in case["facts"]["already"]} == {"has"}
    assert played.told["tekun"] == "no_match"
    assert "obligor unable, as established: no" in " ".join(played.result.program("tekun").reasons("en"))
    assert "服务转介" in played.result.need_names()


def test_lupus(shared: Path) -> None:
    case = case_named(shared, "lupus")
    played = Played(case, shared, AFTER)
    check(case, played.told, ("dibao", "per_person", "amount", "of_which_top_up"))
    assert "210 was (560 − 455) × 2, without the deduction" in played.said
    assert "rigid spending 460 a month deducted" in played.said
    assert "job cost 300 deducted" in played.said
    assert "the standard of the month used: 600" in played.said
    assert Played(case, shared, BEFORE).told["amount"] == case["expect"]["before_july"]["amount"]
    assert "the standard of the month used: 560" in Played(case, shared, BEFORE).said


def test_leaving_the_program(shared: Path) -> None:
    case = case_named(shared, "leaving-the-program")
    played = Played(case, shared, AFTER)
    check(case, played.told, ("dibao", "per_person", "gradual_exit", "edge"))
    assert played.told["rigid"] == "not_asked"
    assert "not asked, edge comes first" in played.said
    for words in ("heard before anything is cut", "written reasons", "stays monitored"):
        assert words in played.said
    earlier = Played(case, shared, BEFORE)
    assert (earlier.told["edge"], earlier.told["rigid"]) == ("no_match", "no_match")
    assert "866.67 ≥ 840" in " ".join(earlier.result.program("edge").reasons("en"))
    assert "9600 / 40800 = 23.5 % does not exceed 60 %" in earlier.result.program("rigid").reasons("en")


@pytest.mark.parametrize("on", [AFTER, BEFORE])
def test_every_case_cites_the_law_in_force(shared: Path, on: Any) -> None:
    """Before 2026-07-01 the 2014 Regulation and the 2021 Measures; after that the Law, and no longer the Regulation."""
    for case in cases(shared):
        said = Played(case, shared, on).said
        assert ("the Law §" in said) == (on == AFTER), case["id"]
        assert ("the 2014 Regulation" in said) == (on == BEFORE), case["id"]
        assert not re.search(r"None|<fieldapp|Step\(", said)


def test_the_demo_county_says_the_same_as_the_parameters_of_the_cases(shared: Path) -> None:
    """The demo pack and county_parameters are two ways to one result."""
    told, demo = told_pack(shared), load_pack(DEMO / "pack.xlsx")
    for case in cases(shared):
        facts = Facts.from_case(case)
        for on in (AFTER, BEFORE):
            a, b = (summary(facts, pack, on, assess(facts, pack, on)) for pack in (told, demo))
            assert a == b, case["id"]
