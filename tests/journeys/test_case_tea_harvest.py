"""Nobody can pick 向军's tea (cases.yaml, tea-harvest), played in the window by the people in it.

A routine visit finds no new cash programme and one thing to do; a service is ordered with its day, seen by the town,
and closed with the day, the hours, a photo, the signature and the family's word.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fieldapp.workflows import households
from fieldapp.workflows.matters import readings
from tests.journeys import expecting
from tests.journeys.county import JourneyCounty
from tests.journeys.laptop import Laptop
from tests.journeys.matters import GRID, family, in_days, look_at, next_step, open_matter, sync, visit
from tests.journeys.telling import people_of, told

NEW_CASH = ("tekun", "dibao_single", "edge", "rigid", "temp_fast", "temp_expense")
OBLIGOR = {
    "other_obligors": "yes", "obligor_name": "向大", "obligor_relation": "child", "obligor_able": "yes",
    "obligor_age": 25,
}  # fmt: skip


def test_tea_harvest(
    two_laptops: tuple[Laptop, Laptop], county_server: JourneyCounty, picture: Path,
    the_case: Callable[[str], dict[str, Any]],
) -> None:  # fmt: skip
    worker, supervisor = two_laptops
    case = the_case("tea-harvest")
    home, people = family(worker.store, GRID, *people_of(case["facts"]))
    visit_id, rules = visit(worker, home, picture, told(case["facts"], people, **OBLIGOR))
    states = {line.id: line.state for line in rules.programs}
    assert case["expect"]["no_new_cash_program"]
    assert [name for name in NEW_CASH if states.get(name) == "first_match"] == []
    found = expecting.said(worker, visit_id)
    assert {found.result.match(policy).state.value for policy in case["facts"]["already"]} == {"has"}
    assert not [m.policy for m in found.result.matches if m.cash and m.state.value in ("first_match", "papers")]
    assert "obligor unable, as established: no" in " ".join(found.result.program("tekun").reasons("en"))

    open_matter(worker, home, "service")
    page = next_step(
        worker, picture, "order",
        {"service": "labour", "what": "十天内帮采茶", "provider": "镇志愿者队", "due": in_days(worker, 10), "hours": 12},
    )  # fmt: skip
    sync(county_server)
    seen = look_at(supervisor, page.id)
    due = seen.step("serve").due
    assert (seen.step("serve").state, seen.provider, str(due.on if due else "")) == ("open", "镇志愿者队", in_days(worker, 10))
    done = next_step(
        supervisor, picture, "serve",
        {"served_on": in_days(worker, 0), "hours": 12, "done": "采茶 60 斤", "family_word": "帮了大忙", "satisfied": "5"},
    )  # fmt: skip
    assert done.closed_on
    sync(county_server)
    actor = worker.desk.actor
    (found,) = worker.read(lambda tx: [each for each in readings.handed(tx, actor) if each.id == page.id])
    closed = {"date": found.served_on, "hours": found.hours, "photo": found.photo, "the family's word": found.word}
    assert all(closed[name] for name in case["expect"]["service_task"]["closed_with"])
    chain = [link.kind for link in households.page(worker.store, actor, home).result().chain]
    assert [kind for kind in chain if kind in ("visit", "help", "served", "due")] == ["visit", "help", "served", "due"]
