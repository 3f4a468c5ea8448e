"""小范 has leukaemia, no work, and is registered elsewhere (cases.yaml, stranger-with-leukaemia), played in the window.

Met on another errand and reported as urgent; the village's mutual-aid society votes member by member and pays first
from its own fund, its notice after, with dates and without the illness; separately the government's help where the
emergency happened.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from fieldapp.workflows import leads
from fieldapp.workflows.matters import fund, readings
from fieldapp.workflows.matters.fund import Line
from tests.journeys import expecting
from tests.journeys.county import JourneyCounty
from tests.journeys.laptop import Hands, Laptop, press, settle, type_text
from tests.journeys.matters import CONTROL, GRID, family, in_days, look_at, next_step, open_matter, shown, sync, visit
from tests.journeys.telling import people_of, told
from ui.screens.quick_report import QuickReportSheet

VILLAGE = GRID[:12]


def reported(worker: Laptop) -> str:
    """The worker's one-minute report on the anti-fraud errand; the lead's id."""
    worker.turn_to()
    worker.frame.open("today", {})
    settle()
    worker.press(Qt.Key.Key_R)
    worker.wait(lambda: bool(worker.frame.findChildren(QuickReportSheet)))
    sheet = worker.frame.findChildren(QuickReportSheet)[-1]
    worker.wait(lambda: sheet.signals is not None)
    for text in ("小范", "5组1号", ""):
        field = worker.frame.focusWidget()
        assert field is not None
        if text:
            type_text(field, text)
        press(field, Qt.Key.Key_Return)
    type_text(sheet.fields["note"].field, "反诈宣传时遇到，白血病，失业")
    assert sheet.signals is not None
    QTest.mouseClick(sheet.signals.chips["illness"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(next(iter(sheet.urgent.chips.values())), Qt.MouseButton.LeftButton)
    press(sheet.fields["note"].field, Qt.Key.Key_Return)
    worker.wait(lambda: _lead(worker) != "")
    return _lead(worker)


def _lead(laptop: Laptop) -> str:
    found = leads.inbox(laptop.store, laptop.desk.actor).result().open
    return next((line.id for line in found if line.name == "小范"), "")


def vote(worker: Laptop, picture: Path) -> None:
    """Six on the committee, four come, three are for it: each is written down with what they said."""
    worker.frame.screens["matters"].setFocus()
    worker.press(Qt.Key.Key_Return)
    worker.wait(lambda: "visit" in worker.frame.screens and worker.visits.form is not None)
    session = worker.form.session
    while len(session.children("/votes")) < 4:
        session.add_row("/votes")
    said: dict[str, Any] = {"for_whom": "小范", "reason": "白血病，失业", "asked": 1000, "committee": 6, "amount": 1000}
    for place, (row, voted) in enumerate(zip(session.children("/votes"), ("for", "for", "for", "against"), strict=True), 1):
        said |= {f"{row}/member": f"理事{place}", f"{row}/vote": voted}
    Hands(worker.form, picture, said).fill()
    worker.press(Qt.Key.Key_Return, CONTROL)
    worker.wait(lambda: worker.visits.form is None)


def test_stranger_with_leukaemia(
    two_laptops: tuple[Laptop, Laptop], county_server: JourneyCounty, picture: Path,
    the_case: Callable[[str], dict[str, Any]],
) -> None:  # fmt: skip
    worker, supervisor = two_laptops
    case = the_case("stranger-with-leukaemia")
    wanted = case["expect"]["mutual_aid"]
    home, people = family(worker.store, GRID, *people_of(case["facts"]))
    lead = reported(worker)
    donation = Line("mutual_aid", 24500_00, "2026-11-01", "村民捐款", who="村民")
    fund.enter(supervisor.store, supervisor.desk.actor, VILLAGE, donation).result()
    sync(county_server)

    opened = open_matter(worker, home, "mutual_aid")
    assert opened.origin == ("lead", lead), "the chain goes back to the report"
    vote(worker, picture)
    page = shown(worker, lambda page: page.step("vote").state == "done")
    assert page.step("vote").entries[0].outcome == "通过"
    sync(county_server)
    look_at(supervisor, page.id)
    page = next_step(supervisor, picture, "pay", {"receiver": "小范"})
    assert page.step("pay").entries[0].amount == wanted["payment"] * 100
    sync(county_server)
    look_at(worker, page.id)
    page = next_step(worker, picture, "notice", {"name": "范哲"})
    (entry,) = page.step("notice").entries
    assert entry.words == wanted["notice_name"]
    assert (entry.on, entry.until) == (in_days(worker, 0), in_days(worker, 7)), "its notice after, with dates"
    assert ("白血病" in str(entry.answers)) == wanted["notice_shows_illness"]
    sync(county_server)
    (found,) = supervisor.read(lambda tx: list(readings.mutual_aids(tx, supervisor.desk.actor)))
    assert [vote for _member, vote in found.votes] == ["for", "for", "for", "against"]
    assert (found.committee, found.present, found.in_favour, found.passed) == (6, 4, 3, "yes")
    assert found.balance_after == 23500_00
    lines = fund.lines(supervisor.store, "mutual_aid", VILLAGE).result()
    assert [line.balance for line in lines] == [24500_00, 23500_00]
    assert fund.balance(worker.store, "mutual_aid", VILLAGE).result() == 23500_00, "the worker sees the fund too"

    away = {f"/members/{people['小范']}/who/status": ["elsewhere"], "event_kind": ["illness"], "urgent": "yes",
            "event_hardship": "yes", "event_words": "化疗中断", "event_people": 1}  # fmt: skip
    visit_id, rules = visit(worker, home, picture, told(case["facts"], people, **away))
    fast = rules.program("temp_fast")
    assert fast is not None
    assert (fast.state, fast.amount) == ("first_match", 750_00), fast.reasons
    found = expecting.all_of(worker, visit_id, case["expect"], elsewhere=("dibao",))
    asked = found.result.program("dibao")
    assert asked.verdict.value == "to_check", "never refused here"
    assert case["expect"]["rules"]["dibao"] in [line.en for line in asked.advice]
    open_matter(worker, home, "emergency")
    said = {"outcome": "safe", "words": "住院缴费中断"}
    next_step(worker, picture, "respond", said)
    helped = next_step(
        worker, picture, "help", {"measures": ["cash"], "amount": 750, "events": ["illness"], "people": 1, "hardship": "yes"}
    )
    assert helped.step("help").entries[0].amount == 750_00
    assert {step.id for step in helped.steps} == {"respond", "help", "papers"}, "no check, no notice"
