"""Families of the cases answered question by question on the home visit give what their described facts give.

This is where form and rules meet: a question bound to the wrong fact, or a gate that loses a "none", shows here.
"""

from __future__ import annotations

import functools
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from fieldapp.policy.api import Assessment, Facts, assess, fact_names, load_pack
from forms.api import Environment, FormDefinition, FormSession, compile_xlsform, open_session
from tests.cases.filling import Investigator

ROOT = Path(__file__).resolve().parents[2]
ON = date(2026, 11, 21)
ZONE = ZoneInfo("Asia/Shanghai")
CASH = ("dibao", "edge", "rigid", "tekun", "dibao_single")


@functools.cache
def form() -> FormDefinition:
    return compile_xlsform(ROOT / "forms/definitions/home_visit.xlsx", vocabulary=frozenset(fact_names())).definition


def case_named(shared: Path, name: str) -> dict[str, Any]:
    cases = yaml.safe_load((shared / "cases/cases.yaml").read_text(encoding="utf-8"))["cases"]
    return next(case for case in cases if case["id"] == name)


def visited(case: dict[str, Any]) -> FormSession:
    env = Environment(now=lambda: datetime(2026, 11, 21, 9, 0, tzinfo=ZONE), zone=ZONE)
    session = open_session(form(), env)
    Investigator(session, ON).family(case)
    return session


def assessed(session: FormSession) -> Assessment:
    return assess(Facts.from_answers(session.facts()), load_pack(ROOT / "resources/policy/demo/parameters.yaml"), ON)


@pytest.mark.parametrize(
    ("name", "allowance"),
    [
        ("high-medical-bill", 3490_00),
        ("lupus", 930_00),
        ("home-early", 1320_00),
    ],
)
def test_allowance_of_a_family_answered_on_the_form(shared: Path, name: str, allowance: int) -> None:
    result = assessed(visited(case_named(shared, name))).program("dibao")
    assert result.verdict.value == "first_match", result.reasons()
    assert result.amount == allowance


@pytest.mark.parametrize("name", ["high-medical-bill", "one-adult-alone", "home-early", "lupus", "leaving-the-program"])
def test_the_form_says_what_the_described_facts_say(shared: Path, name: str) -> None:
    case = case_named(shared, name)
    told = assess(Facts.from_case(case["facts"]), load_pack(ROOT / "resources/policy/demo/parameters.yaml"), ON)
    answered = assessed(visited(case))
    for program in CASH:
        expected, found = told.program(program), answered.program(program)
        assert (program, found.verdict, found.amount) == (program, expected.verdict, expected.amount), program
    assert (answered.tier.tier, answered.risk.level) == (told.tier.tier, told.risk.level)


@pytest.mark.parametrize("name", ["high-medical-bill", "one-adult-alone", "home-early", "lupus", "no-papers"])
def test_what_a_visit_froze_is_read_back_as_it_was(shared: Path, name: str) -> None:
    facts = Facts.from_answers(visited(case_named(shared, name)).facts())
    assert Facts.from_json(json.loads(json.dumps(facts.to_json()))) == facts


def test_a_man_without_papers_is_to_be_checked_everywhere(shared: Path) -> None:
    answered = assessed(visited(case_named(shared, "no-papers")))
    assert {answered.program(program).verdict.value for program in CASH} == {"to_check"}


def test_an_untouched_form_is_a_candidate_for_nothing() -> None:
    env = Environment(now=lambda: datetime(2026, 11, 21, 9, 0, tzinfo=ZONE), zone=ZONE)
    untouched = assessed(open_session(form(), env))
    assert {untouched.program(program).verdict.value for program in CASH} == {"to_check"}


def test_every_required_answer_of_a_normal_family_is_asked_once(shared: Path) -> None:
    """Short first: what a family without trouble must answer, beside the photo and the signatures."""
    session = visited(case_named(shared, "home-early"))
    left = [problem.node_id for problem in session.problems()]
    assert left == ["/housing/photo_door", "/signing/sign_investigator_1", "/signing/sign_investigator_2"]
