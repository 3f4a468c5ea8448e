"""邓山's liver cancer costs 118,000 yuan (cases.yaml, high-medical-bill), played in the window by the people in it.

The insurance bureau's lead stands in Today with its working days; the worker opens it by its key, visits, is told
待核实 while anything is open, and submits; the town reads it, approves with A, exports the report; the lead is closed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from fieldapp.store.projections import people, visits
from fieldapp.workflows import leads
from fieldapp.workflows.assessing import Assessed, from_frozen, frozen_of
from tests.journeys import expecting
from tests.journeys.bench import approve
from tests.journeys.county import JourneyCounty
from tests.journeys.deskwork import assign
from tests.journeys.families import SAID
from tests.journeys.laptop import UNKNOWN, Hands, Laptop, settle
from tests.journeys.matters import CONTROL, sync
from ui.screens.leads import Leads
from ui.screens.reports.screen import Reports
from ui.screens.today import Today
from ui.screens.visit.form_view import FormView

CASE = "high-medical-bill"
#: what hangs on income, property or illness: open until they are answered
DEPENDENT = ("dibao", "edge", "rigid", "tekun", "dibao_single")
FAMILY_SAID: dict[str, Any] = {
    "already_programs": ["none"],
    "family_income": ["business", "transfer"],
    "family_income_business": 400,
    "family_income_transfer": 150,
    "assets": ["deposits"],
    "assets_deposits": 6000,
    "needs": ["照护"],
    "monitored": "no",
    "living_12": 0,
    "lived_with_any": "no",
    "guardian": "parents",
    "child_permission": "yes",
    "father": "present",
    "mother": "present",
}


def open_the_lead(worker: Laptop) -> tuple[str, FormView]:
    """Today, the lead's own digit, Enter: the visit is open. Returns the lead."""
    worker.turn_to()
    worker.frame.open("today", {})
    settle()
    today = worker.frame.screens["today"]
    assert isinstance(today, Today)
    assert today.board is not None
    shown = today.board.of("emergency", "lead")
    place, todo = next((n, todo) for n, todo in enumerate(shown, 1) if todo.name == "邓山")
    assert todo.days_left == 3, "issued on Wednesday the 18th, five working days, today is Saturday the 21st"
    worker.press(Qt.Key(Qt.Key.Key_0 + place))
    screen = worker.frame.screens["leads"]
    assert isinstance(screen, Leads)
    worker.wait(lambda: screen.page is not None and screen.page.line.id == todo.document)
    worker.press(Qt.Key.Key_Return)
    worker.wait(lambda: worker.visits.form is not None)
    return str(todo.document), worker.form


def hand_over(supervisor: Laptop, county: JourneyCounty) -> None:
    """The town gives the bureau's lead to who walks that grid."""
    inbox = leads.inbox(supervisor.store, supervisor.desk.actor).result()
    assign(supervisor, next(line.id for line in inbox.open if line.name == "邓山"), "王梅")
    sync(county)


def fill(worker: Laptop, form: FormView, photo: Path) -> None:
    home = str(form.sheet.opening.header.household)
    names = {row.full_name: f"/members/{row.id}" for row in worker.read(lambda tx: people.members(tx, home))}
    husband, wife, youngest = names["邓山"], names["肖雨"], names["邓小"]
    own: dict[str, Any] = {
        f"{husband}/health/has_illness": "yes",
        f"{husband}/health/illness": "liver cancer",
        f"{husband}/health/medical_paid": 118000,
        f"{youngest}/schooling_now/school": "none",
    }
    told = [f"{youngest}/schooling_now/school"]
    for adult in (husband, wife):
        own |= {f"{adult}/income/{name}": answer for name, answer in (
            ("work", "none"), ("caring_for", "no"), ("registered_unemployed", "no"), ("wants_work", "yes"),
        )}  # fmt: skip
        told += [f"{adult}/income/{name}" for name in ("work", "caring_for", "registered_unemployed", "wants_work")]
    for pupil in (names["邓一"], names["邓二"]):
        own[f"{pupil}/schooling_now/education_paid"] = 0
        told.append(f"{pupil}/schooling_now/education_paid")
    for child in (names["邓一"], names["邓二"], youngest):
        told += [f"{child}/care/father", f"{child}/care/mother"]
    told += ["/basics/monitored", "/spending/living_12", "/events/lived_with_any", "/family/develops_business"]
    own["/family/develops_business"] = UNKNOWN
    hands = Hands(form, photo, {**SAID, **FAMILY_SAID, **own})
    hands.fill()
    hands.say(*told)
    hands.fill()


def states(result: Assessed | None) -> dict[str, str]:
    assert result is not None
    return {line.id: line.state for line in (*result.programs, *result.policies)}


def test_high_medical_bill(
    two_laptops: tuple[Laptop, Laptop], county_server: JourneyCounty, picture: Path, tmp_path: Path,
    the_case: Callable[[str], dict[str, Any]], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    worker, supervisor = two_laptops
    expected = the_case(CASE)["expect"]
    hand_over(supervisor, county_server)
    lead, form = open_the_lead(worker)
    visit = form.sheet.opening.header.visit
    worker.wait(lambda: form.sheet.result is not None)
    open_states = states(form.sheet.result)
    assert {name: open_states[name] for name in DEPENDENT} == dict.fromkeys(DEPENDENT, "to_check")

    fill(worker, form, picture)
    worker.press(Qt.Key.Key_Return, CONTROL)
    worker.wait(lambda: worker.visits.form is None)
    sync(county_server)

    record = supervisor.read(lambda tx: tx.document(visit)).record
    assert len(record.investigators) == 2
    assert record.answers["signing"]["consent"] == "yes"
    frozen = frozen_of(record.assessment)
    assert frozen is not None
    said = from_frozen(frozen)
    assert set(said.needs) == set(expected["needs"]), "as the screen names them"
    found = expecting.all_of(supervisor, visit, expected)
    assert len(found.result.match("edu_pre_comp").people) == 2

    approve(supervisor, visit)
    export(supervisor, visit, tmp_path, monkeypatch)
    sync(county_server)
    closed = worker.read(lambda tx: tx.document(lead)).record
    assert closed.answered_on == "2026-11-21"
    assert closed.answer["outcome"] == "true_needs_help"
    assert closed.answer["visit"] == visit
    evidence = worker.read(lambda tx: tx.blob(record.answers["housing"]["photo_door"]))
    assert sum(len(piece) for piece in evidence.pieces()) > 500
    assert worker.read(lambda tx: visits.visit(tx, visit)).decision == "approved"


def export(supervisor: Laptop, visit: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enter on the Reports screen; the file is a PDF and carries nobody's name."""
    out = folder / "papers"
    out.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(out))
    supervisor.frame.open("reports", {"visit": visit})
    papers = supervisor.frame.screens["reports"]
    assert isinstance(papers, Reports)
    supervisor.wait(lambda: bool(papers.preview.pdf))
    papers.setFocus()
    supervisor.press(Qt.Key.Key_Return)
    supervisor.wait(lambda: bool(list(out.glob("*.pdf"))))
    (paper,) = out.iterdir()
    assert paper.read_bytes().startswith(b"%PDF")
    assert "肖" not in paper.name
