"""Families no case tells of, helped or not, in the window with a real server.

refused     the mutual-aid committee votes no: it ends there, nothing is paid, the fund is as it was
sealed      a worker reports harm to a child: on no family's file, the desk alone has it, with its duty to notify
relative    a family close to who decides: filed at the desk, visited by the county, always drawn for a re-check
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from fieldapp.workflows import households, rechecks
from fieldapp.workflows.matters import fund, lists, readings
from fieldapp.workflows.matters.fund import Line
from tests.journeys.county import JourneyCounty
from tests.journeys.laptop import Hands, Laptop
from tests.journeys.matters import (
    CONTROL,
    GRID,
    family,
    household_page,
    look_at,
    next_step,
    open_matter,
    pick,
    shown,
    sync,
    visit,
)
from tests.journeys.telling import people_of, told

VILLAGE = GRID[:12]
Laptops = tuple[Laptop, Laptop]


def test_the_committee_votes_no(two_laptops: Laptops, county_server: JourneyCounty, picture: Path) -> None:
    worker, supervisor = two_laptops
    home, _ = family(worker.store, GRID, ("罗志", "head", "1969-01-15"))
    fund.enter(
        supervisor.store,
        supervisor.desk.actor,
        VILLAGE,
        Line("mutual_aid", 3000_00, "2026-11-01", "村民捐款", who="村民"),
    ).result()
    sync(county_server)
    opened = open_matter(worker, home, "mutual_aid")
    worker.frame.screens["matters"].setFocus()
    worker.press(Qt.Key.Key_Return)
    worker.wait(lambda: "visit" in worker.frame.screens and worker.visits.form is not None)
    session = worker.form.session
    while len(session.children("/votes")) < 5:
        session.add_row("/votes")
    said: dict[str, Any] = {"for_whom": "罗志", "reason": "赌债", "asked": 1000, "committee": 6, "amount": 0}
    for place, row in enumerate(session.children("/votes"), 1):
        said |= {f"{row}/member": f"理事{place}", f"{row}/vote": "for" if place == 1 else "against"}
    Hands(worker.form, picture, said).fill()
    worker.press(Qt.Key.Key_Return, CONTROL)
    worker.wait(lambda: worker.visits.form is None)
    page = shown(worker, lambda page: page.id == opened.id and page.step("vote").state == "done")
    assert page.step("vote").entries[0].outcome == "未通过"
    assert page.closed_on, "a no ends it"
    assert page.next is None
    sync(county_server)
    (found,) = supervisor.read(lambda tx: list(readings.mutual_aids(tx, supervisor.desk.actor)))
    assert (found.in_favour, found.present, found.passed) == (1, 5, "no")
    assert fund.balance(supervisor.store, "mutual_aid", VILLAGE).result() == 3000_00
    chain = households.page(supervisor.store, supervisor.desk.actor, home).result().chain
    assert any(link.kind == "help" for link in chain), "asked for and refused stands on the chain too"
    assert not any(link.kind == "paid" for link in chain)


def test_a_report_of_harm_to_a_child(two_laptops: Laptops, county_server: JourneyCounty, picture: Path) -> None:
    worker, supervisor = two_laptops
    home, ids = family(worker.store, GRID, ("向军", "head", "1980-01-15"), ("向小", "son", "2017-01-15"))
    household_page(worker, home)
    worker.press(Qt.Key.Key_M)
    pick(worker, "sealed_report")
    pick(worker, ids["向小"])
    worker.wait(lambda: "visit" in worker.frame.screens and worker.visits.form is not None)
    said = {"who": "child", "kind": ["neglect"], "words": "孩子身上有伤", "danger": "yes", "called": "no"}
    Hands(worker.form, picture, said).fill()
    worker.press(Qt.Key.Key_Return, CONTROL)
    worker.wait(lambda: worker.visits.form is None)
    sync(county_server)
    assert worker.frame.current == "household"
    for laptop in two_laptops:
        chain = households.page(laptop.store, laptop.desk.actor, home).result().chain
        assert "侵害" not in str([(link.what, link.kind) for link in chain]), "on no family's file"
    assert [line.type for line in lists.board(worker.store, worker.desk.actor, "zh").result().open] == []
    (sealed,) = [
        line for line in lists.board(supervisor.store, supervisor.desk.actor, "zh").result().open
        if line.type == "sealed_report"
    ]  # fmt: skip
    page = look_at(supervisor, sealed.id)
    assert page.next is not None
    assert page.next.id == "notify"
    next_step(supervisor, picture, "notify", {})
    closed = next_step(supervisor, picture, "follow", {"closed": "yes"})
    assert closed.step("notify").state == "done"


def test_a_family_close_to_who_decides(two_laptops: Laptops, county_server: JourneyCounty, picture: Path) -> None:
    worker, supervisor = two_laptops
    county = Laptop.of(county_server.laptop("county"))
    facts = {"area": "rural", "members": [{"name": "邓光明", "role": "head", "age": 61}]}
    home, ids = family(worker.store, GRID, *people_of(facts))
    said = told(facts, ids, near_relative="yes", near_relative_of="邓丽，民政所，姐弟")
    visit_id, rules = visit(worker, home, picture, said)
    sync(county_server)
    assert "近亲属" in str(rules.frozen), "the sheet says what must be done"
    assert supervisor.read(lambda tx: rechecks.is_near_relative(tx, visit_id, home)), "said in the visit: always drawn"
    opened = open_matter(supervisor, home, "near_relative")
    next_step(supervisor, picture, "file", {})
    sync(county_server)
    look_at(county, opened.id)
    done = next_step(county, picture, "county_visit", {"outcome": "fits"})
    assert done.closed_on
    sync(county_server)
    chain = households.page(worker.store, worker.desk.actor, home).result().chain
    assert "近亲属备案" not in str([link.what for link in chain])
    county.leave()
