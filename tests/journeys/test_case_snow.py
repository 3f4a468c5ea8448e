"""An old couple under a roof that may not bear the snow (cases.yaml, snow), played in the window by the people in it.

The cold round puts the flagged door first; it is answered 3, urgent; the emergency is opened from the family's page,
answered within 24 hours, help comes first and the papers after; somebody comes back every seven days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from fieldapp.domain.areas import board
from fieldapp.store.api import WriteTx
from fieldapp.workflows import households, leads
from fieldapp.workflows.matters import lists, readings
from tests.journeys import expecting
from tests.journeys.county import JourneyCounty
from tests.journeys.laptop import Laptop, settle
from tests.journeys.matters import GRID, family, in_days, look_at, next_step, open_matter, sync, visit
from tests.journeys.telling import people_of, told
from ui.screens.screening.report_sheet import ReportSheet
from ui.screens.screening.screen import Screening
from ui.screens.today import Today

PLACE, MEALS = "月亮湖社区安置点 2 号房", "一日三餐由社区食堂送"


def cold_round(supervisor: Laptop) -> str:
    """The town's extra round for the cold; flagged households are walked first."""

    def work(tx: WriteTx) -> str:
        state = {"title": "低温雨雪走访", "number": 1, "kind": "cold", "areas": [GRID], "opens_on": "2026-11-20",
                 "closes_on": "2026-11-24", "flagged_first": True}  # fmt: skip
        return tx.create("round", board("341799101"), state)

    return supervisor.store.write(work).result()


def answer_the_first_door(worker: Laptop, home: str) -> None:
    """3 at the first door of the round, the signal and "urgent" by their keys, Enter."""
    worker.turn_to()
    worker.frame.open("screening", {})
    screen = worker.frame.screens["screening"]
    assert isinstance(screen, Screening)
    worker.wait(lambda: screen.ready and screen.page is not None)
    assert screen.page is not None
    assert screen.page.household == home, "flagged households are screened first"
    worker.press(Qt.Key.Key_3)
    worker.wait(lambda: bool(worker.frame.findChildren(ReportSheet)))
    sheet = worker.frame.findChildren(ReportSheet)[-1]
    worker.wait(lambda: sheet.picks is not None)
    settle()
    assert sheet.picks is not None
    QTest.mouseClick(sheet.picks.chips["housing"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(sheet.urgent.chips["urgent"], Qt.MouseButton.LeftButton)
    sheet.setFocus()
    worker.press(Qt.Key.Key_Return)
    worker.wait(lambda: not worker.frame.findChildren(ReportSheet))


def test_snow(
    two_laptops: tuple[Laptop, Laptop], county_server: JourneyCounty, picture: Path,
    the_case: Callable[[str], dict[str, Any]],
) -> None:  # fmt: skip
    worker, supervisor = two_laptops
    case = the_case("snow")
    wanted = case["expect"]["rules"]
    flags = {"flags": ["unsafe_housing"], "doors": {"d1": {"@row": True, "number": "9", "order": 0.5}}}
    home, people = family(supervisor.store, GRID, *people_of(case["facts"]), **flags)
    cold_round(supervisor)
    sync(county_server)
    answer_the_first_door(worker, home)

    opened = open_matter(worker, home, "emergency")
    assert opened.due is not None
    assert opened.due.at, "the answer has its hour"
    assert opened.due.on is not None
    assert opened.due.on.isoformat() == in_days(worker, 1), case["expect"]["deadlines"][0]
    page = next_step(
        worker, picture, "respond", {"outcome": "relocated", "place": PLACE, "meals": MEALS, "words": "屋顶积雪开裂"}
    )
    third = page.step("help").due
    assert third is not None
    assert str(third.on) == "2026-11-24", case["expect"]["deadlines"][1]
    page = next_step(
        worker, picture, "help",
        {"measures": ["cash", "relocate"], "amount": 1500, "events": ["disaster"], "people": 2, "hardship": "yes"},
    )  # fmt: skip
    assert page.step("help").entries[0].amount == wanted["limit"] * 100
    assert {step.id for step in page.steps} == {"respond", "help", "papers"}, "no check, no notice"
    assert page.next is not None
    assert page.next.id == "papers"

    said = told(case["facts"], people, safe="no", event_kind=["traffic"], event_hardship="yes", event_people=2,
                event_words="车祸手术后在家", urgent="yes", purpose="difficulty")  # fmt: skip
    visit_id, rules = visit(worker, home, picture, said, purpose="difficulty")
    expecting.all_of(worker, visit_id, case["expect"])
    assert rules.revisit is not None
    assert rules.revisit.risk == wanted["risk"]

    sync(county_server)
    seen = look_at(supervisor, opened.id)
    done = next_step(supervisor, picture, "papers", {"words": "雪灾转移，补登记"})
    assert seen.id == done.id
    assert done.closed_on
    sync(county_server)
    actor = worker.desk.actor
    (found,) = [one for one in worker.read(lambda tx: list(readings.emergencies(tx, actor))) if one.id == opened.id]
    assert (found.relocated_to, found.meals, found.amount) == (PLACE, MEALS, 1500_00)
    family_page = households.page(worker.store, actor, home).result()
    assert family_page.revisit_on is not None
    assert family_page.revisit_on <= in_days(worker, 7), "high risk: within seven days until it is cleared"
    kinds = [link.kind for link in family_page.chain]
    assert all(kind in kinds for kind in ("door", "help", "step", "paid", "visit", "served", "due"))
    assert lists.board(worker.store, actor, "zh", household=home).result().open == ()
    assert [one.content for one in leads.inbox(worker.store, actor).result().open if one.household == home] == []
    come_back(worker, home, people, picture, case)


def come_back(worker: Laptop, home: str, people: dict[str, str], picture: Path, case: dict[str, Any]) -> None:
    """Seven days later the revisit is due; nothing has passed, so it is due again in seven; then it has."""
    later = Laptop.around(worker.store, replace(worker.desk.actor, today=lambda: date(2026, 11, 29)))
    later.turn_to()
    later.frame.open("today", {})
    settle()
    today = later.frame.screens["today"]
    assert isinstance(today, Today)
    assert today.board is not None
    assert [todo for todo in today.board.of("revisit") if todo.household == home], "a week later somebody is due there"
    still = told(case["facts"], people, safe="no", event_kind=["traffic"], event_hardship="yes", event_people=2,
                 event_words="仍在安置点", event_cleared="no", urgent="no", purpose="revisit")  # fmt: skip
    _visit, rules = visit(later, home, picture, still, purpose="revisit")
    assert rules.revisit is not None
    assert (rules.revisit.risk, rules.revisit.on) == ("high", "2026-12-06"), "every seven days until it has passed"
    passed = {**still, "safe": "yes", "event_cleared": "yes", "event_words": "房屋已加固，伤已愈"}
    _visit, rules = visit(later, home, picture, passed, purpose="revisit")
    assert rules.revisit is None or rules.revisit.risk != "high", rules.risk_reason
    later.leave()
