"""Three families whose case is a visit and its arithmetic (cases.yaml), each played in the window.

one-adult-alone      parents earn, the grown son with a mental disability counts alone
lupus                a dynamic review: what an illness costs changes the amount, and the sheet says why
leaving-the-program  a dynamic review: income rose, nothing is cut before the family is heard, the next tier is asked
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from fieldapp.policy import api as policy
from fieldapp.store.projections import visits
from fieldapp.workflows import households
from fieldapp.workflows.assessing import Assessed, frozen_of
from fieldapp.workflows.matters import readings
from tests.journeys import expecting
from tests.journeys.bench import approve
from tests.journeys.county import JourneyCounty
from tests.journeys.laptop import Laptop
from tests.journeys.matters import (
    GRID,
    family,
    fill_step,
    in_days,
    look_at,
    next_step,
    open_matter,
    pick,
    shown,
    sync,
    visit,
)
from tests.journeys.telling import people_of, told
from ui.screens.matters.screen import BY_HAND

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


def test_one_adult_alone(two_laptops: Laptops, county_server: JourneyCounty, picture: Path, the_case: Case) -> None:
    worker, supervisor = two_laptops
    case = the_case("one-adult-alone")
    visit_id, rules = played(worker, picture, case)
    found = expecting.all_of(worker, visit_id, case["expect"], elsewhere=("counted_income",))
    insured = found.result.program("dibao_single")
    assert [dict(found.result.people)[row] for row in insured.people] == ["任平"]
    assert found.told["counted_income"] == 0, "only his own"
    expected = case["expect"]["rules"]
    holds(rules, expected, "dibao", "edge", "dibao_single")
    single = rules.program("dibao_single")
    assert single is not None
    assert single.amount == expected["amount"] * 100, "750 and three tenths of it: his own income alone, which is none"
    assert "1633" in words(rules, "dibao").replace(",", ""), "5,500 less two job costs, by three, to the cent"
    sync(county_server)
    approve(supervisor, visit_id)


def test_lupus(two_laptops: Laptops, county_server: JourneyCounty, picture: Path, the_case: Case) -> None:
    worker, supervisor = two_laptops
    case = the_case("lupus")
    paid = {"already_programs": ["dibao"], "dibao_amount": 210, "dibao_since": "2025-07-01"}
    visit_id, rules = played(worker, picture, case, **paid)
    expected = case["expect"]["rules"]
    found = expecting.all_of(worker, visit_id, {**case["expect"], "explains": []})
    for part in ("210 was (560 − 455) × 2, without the deduction", "rigid spending 460 a month deducted",
                 "job cost 300 deducted", "the standard of the month used: 600"):  # fmt: skip
        assert part in found.words, part
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
    found = expecting.all_of(worker, visit_id, case["expect"], elsewhere=("rigid",))
    assert found.told["rigid"] == "not_asked"
    assert "not asked, edge comes first" in found.words
    for part in ("heard before anything is cut", "written reasons", "stays monitored"):
        assert part in found.words, part
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
    home = worker.read(lambda tx: tx.document(visit_id)).record.household
    heard_then_stopped(worker, supervisor, county_server, picture, home, visit_id)


def heard_then_stopped(
    worker: Laptop, supervisor: Laptop, county: JourneyCounty, picture: Path, home: str, visit_id: str
) -> None:
    """The review of a family in the programme: nothing is decided before it is heard, then told in writing with reasons;
    it is come back to afterwards."""
    opened = open_matter(worker, home, "adjust")
    said = {"outcome": "stop", "exit_check": "yes", "reason": "income", "words": "就业增收，人均 866.67 元"}
    page = next_step(worker, picture, "found", said)
    assert page.step("decide").state == "waiting", "nothing is cut before the family is heard"
    while shown(worker).next is not None and shown(worker).next.id == "visit":  # type: ignore[union-attr]
        worker.frame.screens["matters"].setFocus()
        worker.press(Qt.Key.Key_Return)
        pick(worker, visit_id)
        page = shown(worker, lambda page: page.step("visit").state == "done")
    page = next_step(worker, picture, "hear", {"outcome": "objects", "words": "希望给半年过渡"})
    assert page.step("decide").state == "waiting", "nor before the information check"
    sync(county)
    look_at(supervisor, opened.id)
    supervisor.frame.screens["matters"].setFocus()
    before = shown(supervisor)
    supervisor.press(Qt.Key.Key_Return)
    pick(supervisor, BY_HAND)
    fill_step(supervisor, picture, before, "check", {"outcome": "agrees"})
    decided = {
        "outcome": "stop",
        "starts_on": in_days(supervisor, 180),
        "words": "人均 866.67 元，高于 600 元；渐退 6 个月",
    }
    next_step(supervisor, picture, "decide", decided)
    done = next_step(supervisor, picture, "told", {"how": "handed", "rights": "yes"})
    assert done.closed_on
    sync(county)
    (change,) = worker.read(
        lambda tx: [one for one in readings.adjustments(tx, worker.desk.actor) if one.id == opened.id]
    )
    assert (change.change, change.heard_words, bool(change.told_on)) == ("stop", "希望给半年过渡", True)
    assert "866.67" in change.reasons
    page_now = households.page(worker.store, worker.desk.actor, home).result()
    assert page_now.revisit_on is not None, "stays monitored"
