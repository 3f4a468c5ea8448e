"""周老 came home early from migrant work (cases.yaml, home-early), played in the window by the people in it.

The collector reports in under a minute; the town and the grid see it after the next sync; the worker visits, refers to
human resources and writes the result down; a revisit confirms the income; the warning closes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from fieldapp.store.projections import people
from fieldapp.workflows import households, leads
from fieldapp.workflows.assessing import Assessed, from_frozen, frozen_of
from fieldapp.workflows.leads import LeadAnswer
from tests.journeys import expecting
from tests.journeys.county import JourneyCounty
from tests.journeys.families import SAID
from tests.journeys.laptop import Hands, Laptop, press, settle, type_text
from ui.questions.frame import QuestionFrame
from ui.screens.handing_over import HandOverSheet, ResultSheet
from ui.screens.quick_report import QuickReportSheet

CONTROL = Qt.KeyboardModifier.ControlModifier
WAGE = 4000


class PersonalHands(Hands):
    """Hands that answer some questions for one person: ``own`` maps a full node id to what to say there."""

    def __init__(self, form: Any, photo: Path, said: dict[str, Any], own: dict[str, Any]) -> None:
        super().__init__(form, photo, said)
        self._common, self._own = said, own

    def _give(self, frame: QuestionFrame) -> None:
        node_id, name = frame.view.id, frame.view.node.name
        self._said = {**self._common, name: self._own[node_id]} if node_id in self._own else self._common
        super()._give(frame)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    image.fill(QColor(90, 120, 60))
    path = tmp_path / "door.jpg"
    assert image.save(str(path), "JPEG")
    return path


@pytest.fixture
def laptops(county_server: JourneyCounty) -> Iterator[dict[str, Laptop]]:
    made = {who: Laptop.of(county_server.laptop(who)) for who in ("collector", "worker", "supervisor")}
    yield made
    for laptop in made.values():
        laptop.leave()


def sync(county: JourneyCounty) -> None:
    for _round in range(2):
        for laptop in county._laptops:
            laptop.sync()


def sheet_of(laptop: Laptop, kind: type[Any]) -> Any:
    laptop.wait(lambda: bool(laptop.frame.findChildren(kind)))
    settle()
    return laptop.frame.findChildren(kind)[-1]


def enter(laptop: Laptop, *texts: str) -> None:
    """Texts into fields one after the other, Enter behind each, as somebody types who never touches the mouse."""
    for text in texts:
        field = laptop.frame.focusWidget()
        assert isinstance(field, QWidget)
        if text:
            type_text(field, text)
        press(field, Qt.Key.Key_Return)


def report_quickly(collector: Laptop) -> None:
    collector.turn_to()
    collector.frame.open("today", {})
    settle()
    collector.press(Qt.Key.Key_R)
    sheet: QuickReportSheet = sheet_of(collector, QuickReportSheet)
    collector.wait(lambda: sheet.signals is not None)
    enter(collector, "周老", "2组3号", "")
    type_text(sheet.fields["note"].field, "提前返乡，干不了重活")
    assert sheet.signals is not None
    QTest.mouseClick(sheet.signals.chips["job"], Qt.MouseButton.LeftButton)
    press(sheet.fields["note"].field, Qt.Key.Key_Return)
    collector.wait(lambda: leads_of(collector) != [])


def leads_of(laptop: Laptop) -> list[str]:
    return [line.id for line in leads.inbox(laptop.store, laptop.desk.actor).result().open if line.channel == "collector"]


def visit(worker: Laptop, home: str, photo: Path, wage: int) -> tuple[str, Assessed]:
    """A home visit filled in the window: its id, and what the rules said, which is frozen with it."""
    names = {row.full_name: row.id for row in worker.read(lambda tx: people.members(tx, home))}
    old, mother = (f"/members/{names[name]}" for name in ("周老", "周母"))
    own: dict[str, Any] = {
        f"{old}/income/work": "employed" if wage else "returned_early",
        f"{old}/income/income_kinds": ["wage"] if wage else ["none"],
        f"{old}/income/income_kinds_wage": wage,
        f"{mother}/income/work": "none",
        f"{mother}/income/income_kinds": ["basic_pension"],
        f"{mother}/income/income_kinds_basic_pension": 190,
        "/family/assets": ["deposits"],
        "/family/assets_deposits": 8000,
    }
    said = {**SAID, "purpose": "revisit" if wage else "routine", "present_member": "周老", "living": "family"}
    worker.turn_to()
    form = worker.begin_visit(home, purpose=said["purpose"], partner="陈芳")
    visit_id = form.sheet.opening.header.visit
    PersonalHands(form, photo, said, own).fill()
    worker.press(Qt.Key.Key_Return, CONTROL)
    worker.wait(lambda: worker.visits.form is None)
    frozen = frozen_of(worker.read(lambda tx: tx.document(visit_id)).record.assessment)
    assert frozen is not None
    return visit_id, from_frozen(frozen)


def test_home_early(
    laptops: dict[str, Laptop], county_server: JourneyCounty, photo: Path, the_case: Callable[[str], dict[str, Any]]
) -> None:
    expect = the_case("home-early")["expect"]
    collector, worker, supervisor = laptops["collector"], laptops["worker"], laptops["supervisor"]
    home = county_server.stories["home-early"]
    report_quickly(collector)
    sync(county_server)
    (lead,) = leads_of(supervisor)
    assert leads_of(worker) == [lead], "the grid it belongs to sees it too"
    assert worker.read(lambda tx: tx.document(lead)).record.household == home

    first_id, first = visit(worker, home, photo, 0)
    expecting.all_of(worker, first_id, expect)
    allowance = first.program("dibao")
    assert allowance is not None
    assert (allowance.state, allowance.amount) == ("first_match", 1320_00)

    worker.frame.open("household", {"household": home})
    worker.wait(lambda: worker.frame.screens["household"].page is not None)  # type: ignore[attr-defined]
    worker.press(Qt.Key.Key_T)
    sheet_of(worker, HandOverSheet)
    enter(worker, "就近找活", "县人社局")
    page = worker.frame.screens["household"]
    worker.wait(lambda: any(link.open for link in page.page.chain))  # type: ignore[attr-defined]
    (open_link,) = [link for link in page.page.chain if link.open]  # type: ignore[attr-defined]
    page.close_task(open_link)  # type: ignore[attr-defined]
    sheet_of(worker, ResultSheet)
    enter(worker, "在镇上食品厂上班，月薪 4000 元", "", "很满意")
    worker.wait(lambda: not any(link.open for link in page.page.chain))  # type: ignore[attr-defined]

    after_id, after = visit(worker, home, photo, WAGE)
    job = {name: wanted for name, wanted in expect["after_job"].items() if name != "wage_month"}
    expecting.holds(expecting.said(worker, after_id), job)
    assert [after.program(name).state for name in ("dibao", "edge", "rigid")] == ["no_match"] * 3  # type: ignore[union-attr]
    answered = LeadAnswer("true_needs_help", "已在附近就业，收入核实", taken_into_help=True)
    leads.answer(worker.store, worker.desk.actor, lead, answered).result()
    sync(county_server)
    assert leads_of(supervisor) == []
    chain = [link.kind for link in households.page(supervisor.store, supervisor.desk.actor, home).result().chain]
    told = [kind for kind in chain if kind in ("lead", "report", "help", "served", "visit", "answered")]
    assert told.index("lead") < told.index("help") < told.index("served")
    assert told.count("visit") == 2
    assert "answered" in told
