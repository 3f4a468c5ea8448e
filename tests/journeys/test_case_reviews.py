"""Three families whose case is a visit and its arithmetic (cases.yaml), each played in the window.

one-adult-alone      parents earn, the grown son with a mental disability counts alone
lupus                a dynamic review: what an illness costs changes the amount, and the sheet says why
leaving-the-program  a dynamic review: income rose, nothing is cut before the family is heard, the next tier is asked
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fieldapp.policy import api as policy
from fieldapp.store.projections import visits
from fieldapp.workflows.assessing import Assessed, frozen_of
from tests.journeys.bench import approve
from tests.journeys.county import JourneyCounty
from tests.journeys.laptop import Laptop
from tests.journeys.matters import GRID, family, sync, visit
from tests.journeys.telling import people_of, told

Case = Callable[[str], dict[str, Any]]
Laptops = tuple[Laptop, Laptop]


def played(worker: Laptop, photo: Path, case: dict[str, Any], **more: Any) -> tuple[str, Assessed]:
    """The family found, visited and reckoned: the visit's id and what the rules said."""
    facts = case["facts"]
    home, ids = family(worker.store, GRID, *people_of(facts))
    purpose = "review" if "review" in case["found_by"] else "routine"
    return visit(worker, home, photo, {**told(facts, ids, **more), "purpose": purpose}, purpose=purpose)


def holds(rules: Assessed, expected: dict[str, Any], *names: str) -> None:
    for name in names:
        line = rules.program(name)
        assert line is not None, name
        assert line.state == str(expected[name]).split()[0], (name, line.reasons)


def words(rules: Assessed, program: str) -> str:
    line = rules.program(program)
    assert line is not None
    return " ".join([*line.reasons, *(f"{step.text} {step.clause} {step.parameter}" for step in line.steps)])


def test_one_adult_alone(two_laptops: Laptops, picture: Path, the_case: Case) -> None:
    worker, _supervisor = two_laptops
    case = the_case("one-adult-alone")
    _visit, rules = played(worker, picture, case)
    expected = case["expect"]["rules"]
    holds(rules, expected, "dibao", "edge", "dibao_single")
    single = rules.program("dibao_single")
    assert single is not None
    assert single.amount == expected["amount"] * 100, "750 and three tenths of it: his own income alone, which is none"
    assert "1633" in words(rules, "dibao").replace(",", ""), "5,500 less two job costs, by three, to the cent"


def test_lupus(two_laptops: Laptops, county_server: JourneyCounty, picture: Path, the_case: Case) -> None:
    worker, supervisor = two_laptops
    case = the_case("lupus")
    visit_id, rules = played(worker, picture, case, already_programs=["dibao"])
    expected = case["expect"]["rules"]
    holds(rules, {**expected, "dibao": "first_match"}, "dibao")
    allowance = rules.program("dibao")
    assert allowance is not None
    assert allowance.amount == expected["amount"] * 100
    arithmetic = words(rules, "dibao").replace(",", "")
    for number in ("460", "300", "600", "225"):
        assert number in arithmetic, number
    sync(county_server)
    approve(supervisor, visit_id)


def test_leaving_the_program(two_laptops: Laptops, county_server: JourneyCounty, picture: Path, the_case: Case) -> None:
    worker, supervisor = two_laptops
    case = the_case("leaving-the-program")
    visit_id, rules = played(worker, picture, case, already_programs=["dibao"])
    expected = case["expect"]["rules"]
    holds(rules, expected, "dibao", "edge")
    arithmetic = words(rules, "dibao").replace(",", "")
    assert "866.67" in arithmetic
    frozen = frozen_of(worker.read(lambda tx: tx.document(visit_id)).record.assessment)
    assert frozen is not None
    result = policy.from_json(frozen["result"])
    steps = [line.zh for line in result.procedure]
    assert any("先听取意见" in line for line in steps), steps
    assert any("渐退" in line and "6 个月" in line for line in steps), steps
    sync(county_server)
    approve(supervisor, visit_id)
    state = worker.read(lambda tx: visits.visit(tx, visit_id))
    assert state.decision is None, "the worker hears of it with the next sync"
    sync(county_server)
    assert worker.read(lambda tx: visits.visit(tx, visit_id)).decision == "approved"
