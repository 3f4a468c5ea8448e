"""Described families: near variants of the keys are understood, anything else is refused by name with the nearest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldapp.policy.__main__ import main
from fieldapp.policy.api import FactError, Facts
from tests.policy.makers import DEMO, family


def told(facts: Facts, name: str, row: str = "01") -> Any:
    answer = facts.get(name, "" if name.split(".")[0] in ("household", "event", "housing", "already", "need") else row)
    return answer.value if answer.state == "known" else answer.state


def test_not_listed_was_asked_and_answered_none_unless_it_says_unknown() -> None:
    facts = family({"age": 40, "illness": "unknown"})
    assert told(facts, "member.income.wage_month") == 0
    assert told(facts, "household.deposits") == 0
    assert told(facts, "member.disability.kind") == "none"
    assert told(facts, "member.illness") == "unclear"
    assert told(facts, "member.disability.card") == "missing", "a paper is not a 'none'"


@pytest.mark.parametrize(
    ("member", "fact", "value"),
    [
        ({"role": "daughter-in-law"}, "member.relation", "child_in_law"), ({"role": "elder brother"}, "member.relation", "sibling"),
        ({"role": "妻子"}, "member.relation", "spouse"), ({"disability": "limb level 2"}, "member.disability.level", 2),
        ({"disability": {"kind": "精神", "level": 1}}, "member.disability.kind", "mental"),
        ({"disability": {"type": "visual", "level": 1}}, "member.disability.kind", "visual"),
        ({"disability": {"kind": "limb"}}, "member.disability.level", "unclear"), ({"disability": "none"}, "member.disability.kind", "none"),
        ({"school": "junior high"}, "member.school", "middle"), ({"school": "undergraduate"}, "member.school", "university"),
        ({"school": "senior high school"}, "member.school", "high"), ({"work": "odd jobs"}, "member.work", "flexible"),
        ({"work": "unemployed"}, "member.work", "none"), ({"income_month": {"pension": 900}}, "member.income.pension_month", 90000),
        ({"income": {"wage": 900}}, "member.income.wage_month", 90000), ({"salary_month": "1,200.50"}, "member.income.wage_month", 120050),
        ({"father": "in prison 2 years"}, "member.father_months", 24), ({"parents": {"mother": "ill"}}, "member.mother", "ill"),
        ({"self_care": {"walking": "needs help"}}, "selfcare.walking_indoors", False), ({"member": False}, "member.lives_together", False),
        ({"id_number": "given"}, "member.identity", True), ({"id_number": "unknown"}, "member.identity", "unclear"),
        ({"already": ["disability_living"]}, "member.already", ("disability_living",)), ({"bank_card": "none"}, "member.bank_card", False),
        ({"sex": "女"}, "member.sex", "F"), ({"guardian": "none"}, "member.guardian", "none"), ({"veteran": "yes"}, "member.veteran", True),
    ],
)  # fmt: skip
def test_a_member_told_in_other_words(member: dict[str, Any], fact: str, value: object) -> None:
    assert told(family({"age": 40, **member}), fact) == value


@pytest.mark.parametrize(
    ("facts", "fact", "value"),
    [
        ({"savings": 100}, "household.deposits", 10000), ({"car": 1}, "household.passenger_cars", 1),
        ({"property": {"securities": 5}}, "household.securities", 500), ({"property": "none"}, "household.houses", 0),
        ({"income_month": {"rent": 300}}, "household.income.property_month", 30000),
        ({"spending_12_months": {"living": 9}}, "household.spending.living_12_months", 900),
        ({"event": "house burned in a storm"}, "event.kind", ("fire", "disaster")), ({"event": "none"}, "event.kind", ()),
        ({"event": "unknown"}, "event.kind", "unclear"), ({"housing": "unknown"}, "housing.safe", "unclear"),
        ({"already": ["dibao 210 a month since 2025-07"]}, "already.dibao_amount_month", 21000),
        ({"already": [{"policy": "dibao", "month": 210, "since": "2025-07"}]}, "already.programs", ("dibao",)),
        ({"obligors": "none"}, "household.other_obligors", False), ({"obligors": "unknown"}, "household.other_obligors", "unclear"),
        ({"needs": "照护"}, "need.ticked", ("照护",)), ({"household.debts": 7}, "household.debts", 700),
    ],
)  # fmt: skip
def test_a_family_told_in_other_words(facts: dict[str, Any], fact: str, value: object) -> None:
    assert told(family({"age": 40}, **facts), fact) == value


@pytest.mark.parametrize(("text", "able"), [("a grown son who lives apart and is able", True), ("a daughter, not able", False),
                                            ("a brother in Guangdong", "unclear")])  # fmt: skip
def test_an_obligor_in_a_sentence(text: str, able: object) -> None:
    facts = family({"age": 70}, obligors=[text])
    answer = facts.get("obligor.able", "o01")
    assert (answer.value if answer.state == "known" else answer.state) == able


@pytest.mark.parametrize(
    ("facts", "key", "nearest"),
    [
        ({"members": [{"role": "head", "wage_mnth": 1}]}, "wage_mnth", "wage_month"), ({"members": [], "depositts": 1}, "depositts", "deposits"),
        ({"members": [{"role": "huband"}]}, "huband", "husband"), ({"members": [], "income_month": {"wagee": 1}}, "wagee", "wage"),
        ({"members": [{"role": "head", "self_care": {"eatin": "able"}}]}, "eatin", "eating"),
    ],
)  # fmt: skip
def test_an_unknown_key_is_refused_by_name_with_the_nearest(facts: dict[str, Any], key: str, nearest: str) -> None:
    with pytest.raises(FactError) as refused:
        Facts.from_case({"area": "rural", **facts})
    assert refused.value.details["key"] == key
    assert refused.value.details["nearest"] == nearest


def test_values_out_of_range_are_refused() -> None:
    for wrong in (
        {"disability": {"kind": "limb", "level": 5}},
        {"wage_month": -1},
        {"wage_month": "1.234"},
        {"age": "old"},
    ):
        with pytest.raises(FactError):
            family({"age": 40, **wrong})


def test_the_command_says_it_in_json_and_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tmp_path / "facts.yaml"
    case.write_text("area: rural\nmembers: [{name: 甲, role: head, age: 40, illness: unknown}]\n", encoding="utf-8")
    pack = str(DEMO / "parameters.yaml")
    assert main(["assess", str(case), "--pack", pack, "--on", "2026-11-21", "--json"]) == 0
    told_json = json.loads(capsys.readouterr().out)
    assert told_json["summary"]["per_person"] == 0
    assert told_json["summary"]["amount"] == "to_check", "the top-up hangs on the illness"
    assert told_json["schema"] == "assessment/1"
    again = tmp_path / "again.json"
    again.write_text(json.dumps(told_json["facts"]), encoding="utf-8")
    assert main(["assess", str(again), "--pack", pack, "--on", "2026-11-21"]) == 0
    assert "初步符合" in capsys.readouterr().out


def test_the_command_names_what_it_cannot_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tmp_path / "facts.yaml"
    case.write_text("area: rural\nmembers: [{role: head, wage_mnth: 1}]\n", encoding="utf-8")
    assert main(["assess", str(case), "--pack", str(DEMO / "parameters.yaml"), "--on", "2026-11-21"]) == 2
    assert "nearest known: wage_month" in capsys.readouterr().err
    assert main(["assess", str(tmp_path / "none.yaml"), "--pack", str(DEMO / "parameters.yaml"), "--on", "2026-11-21"]) == 2
    assert main(["check", str(tmp_path / "none.xlsx")]) == 1
    assert main(["schema"]) == 0
    assert "member.income.wage_month\tmember\tmoney\t元/月" in capsys.readouterr().out
