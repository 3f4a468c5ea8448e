"""A man without papers in the forest farm (cases.yaml, no-papers), played in the window by the people in it.

Found at a door nobody had on a list and recorded without a number; visited, everything 待核实 with what is missing
named; handed to several departments; visited again with what they found; the police record that turns up later is
offered as perhaps the same man, joined, and parted again. All along he is one document with one history.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from fieldapp.policy import api as policy
from fieldapp.policy.steps import gaps, walk
from fieldapp.policy.summary import topic
from fieldapp.store.api import ReadTx
from fieldapp.store.projections import people
from fieldapp.workflows import households
from fieldapp.workflows.assessing import Assessed, from_frozen, frozen_of
from tests.journeys.county import JourneyCounty
from tests.journeys.families import SAID
from tests.journeys.laptop import UNKNOWN, Hands, Laptop, press, settle, type_text
from tests.journeys.matters import CONTROL, sync
from tests.workflows.intake.makers import HEADER, book, number
from ui.screens.handing_over import HandOverSheet
from ui.screens.household import HouseholdPage
from ui.screens.importing.screen import DONE, PREVIEW, Importing
from ui.screens.screening.screen import Screening
from ui.screens.screening.sheets import NewFamilySheet
from ui.screens.twin_card import TwinCard

NAME = "逄姓男子"
NUMBER = number("1983-05-06", 7)
CASH = ("dibao", "edge", "rigid", "tekun", "dibao_single")
#: what nobody can say at the first visit
UNCLEAR = (
    "identity_known", "birth_date", "age_told", "already_programs", "labour_ability", "work", "income_kinds",
    "has_disability", "has_illness", "insured_medical", "selfcare_all", "needs_care", "family_income", "assets",
    "other_obligors", "housing_kind", "lives_together", "away", "status", "school",
)  # fmt: skip
FIRST = {
    **SAID, **dict.fromkeys(UNCLEAR, UNKNOWN), "purpose": "difficulty", "present_member": "林场护林员", "area": "urban",
    "living_place": "林场工棚", "id_kind": "none", "no_id_reason": "说不清自己是谁", "sex": "M", "relation": "head",
    "safe": "yes", "signer": "refused", "signer_relation": "不识字，不肯签", "near_relative": "no", "needs": ["急难"],
    "mood_permission": "yes", "behaviour": "unusual", "conclusion_text": "身份不明，须多部门查明",
}  # fmt: skip
LATER = {
    **SAID, "purpose": "revisit", "present_member": "林场护林员", "area": "urban", "living_place": "林场工棚",
    "already_programs": ["none"], "id_kind": "id_card", "id_number": NUMBER, "birth_date": "1983-05-06",
    "sex": "M", "relation": "head", "lives_together": "yes", "away": "none", "status": ["none"],
    "labour_ability": "none", "work": "none", "income_kinds": ["none"], "has_disability": "yes",
    "disability_kind": "mental", "disability_level": "2", "disability_card": "yes", "disability_needs": ["none"],
    "has_illness": "no", "medical_paid": 0, "rehabilitation_paid": 0, "own_assets": ["none"], "school": "none",
    "selfcare_all": "no", **{f"can_{act}": "yes" for act in ("eating", "dressing", "bed", "toilet", "walking_indoors")},
    "can_bathing": "no", "needs_care": "yes", "family_income": ["none"], "assets": ["none"], "other_obligors": "no",
    "living_12": 0, "family_spending": ["none"], "housing_kind": "工棚", "signer": "refused",
    "signer_relation": "不识字", "conclusion_text": "身份已查明，符合特困供养条件", "near_relative": "no",
    "monitored": "no", "marital": "single", "needs": ["照护"],
}  # fmt: skip


def found_at_a_door(worker: Laptop) -> tuple[str, str]:
    """N on the screening screen, a name and a place, nothing else. (household, person)"""
    worker.turn_to()
    worker.frame.open("screening", {})
    doors = worker.frame.screens["screening"]
    assert isinstance(doors, Screening)
    worker.wait(lambda: doors.found is not None and doors.found.round is not None)
    doors.setFocus()
    worker.press(Qt.Key.Key_N)
    worker.wait(lambda: bool(worker.frame.findChildren(NewFamilySheet)))
    for text in (NAME, "林场工棚", "", "", "说不清自己是谁"):
        field = worker.frame.focusWidget()
        if text:
            type_text(field, text)
        press(field, Qt.Key.Key_Return)

    def look(tx: ReadTx) -> list[Any]:
        return people.with_name(tx, NAME)

    worker.wait(lambda: bool(worker.read(look)))
    (man,) = worker.read(look)
    assert man.id_number is None
    assert man.household
    return man.household, man.id


def visit(worker: Laptop, home: str, photo: Path, said: dict[str, Any], *corrected: str) -> tuple[Assessed, Any]:
    worker.turn_to()
    form = worker.begin_visit(home, purpose=said["purpose"], partner="陈芳")
    visit_id = form.sheet.opening.header.visit
    hands = Hands(form, photo, said)
    hands.say(*(name for name in corrected if form.session.view(name).relevant))
    hands.fill()
    hands.say(*(name for name in corrected if form.session.view(name).relevant))
    worker.press(Qt.Key.Key_Return, CONTROL)
    worker.wait(lambda: worker.visits.form is None)
    frozen = frozen_of(worker.read(lambda tx: tx.document(visit_id)).record.assessment)
    assert frozen is not None
    return from_frozen(frozen), policy.from_json(frozen["result"])


def household_page(worker: Laptop, home: str) -> HouseholdPage:
    worker.turn_to()
    worker.frame.open("household", {"household": home})
    page = worker.frame.screens["household"]
    assert isinstance(page, HouseholdPage)
    worker.wait(lambda: page.page is not None and page.page.id == home)
    settle()
    return page


def hand_to_departments(worker: Laptop, home: str) -> None:
    page = household_page(worker, home)
    worker.press(Qt.Key.Key_T)
    sheet = worker.frame.findChildren(HandOverSheet)[-1]
    sheet.kind.choose("identity")
    for text in ("查明身份，做残疾评定，确定监护人", "县公安局、县残联、县民政局"):
        field = worker.frame.focusWidget()
        type_text(field, text)
        press(field, Qt.Key.Key_Return)
    worker.wait(lambda: any(link.open for link in page.page.chain))  # type: ignore[union-attr]


def import_police_record(supervisor: Laptop, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The police's list, imported by the town: a man with this number under his own name."""
    ledger = folder / "公安户籍协查名单.xlsx"
    row = [1, "逄大山", 1, "逄大山", "户主", "男", NUMBER, "1983-05-06", "周岭村1组"]
    ledger.write_bytes(book(("周岭村", [HEADER, row])))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(ledger), ""))
    supervisor.turn_to()
    supervisor.frame.open("importing", {})
    screen = supervisor.frame.screens["importing"]
    assert isinstance(screen, Importing)
    supervisor.wait(lambda: screen.area.count() > 0)
    supervisor.press(Qt.Key.Key_O)
    supervisor.wait(lambda: screen.pages.currentIndex() == PREVIEW)
    assert [problem.code for problem in screen.account.views["duplicate"]] == ["maybe_known"]  # type: ignore[union-attr]
    supervisor.press(Qt.Key.Key_Return)
    supervisor.wait(lambda: screen.pages.currentIndex() == DONE)


def twin_card(worker: Laptop, home: str) -> TwinCard:
    page = household_page(worker, home)
    worker.wait(lambda: bool(page.findChildren(TwinCard)))
    settle()
    return page.findChildren(TwinCard)[-1]


def test_no_papers(
    two_laptops: tuple[Laptop, Laptop], county_server: JourneyCounty, picture: Path, tmp_path: Path,
    the_case: Callable[[str], dict[str, Any]], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    worker, supervisor = two_laptops
    expected = the_case("no-papers")["expect"]
    home, man = found_at_a_door(worker)

    first, at_first = visit(worker, home, picture, FIRST)
    programs = {line.id: line.state for line in first.programs}
    assert {name: programs[name] for name in CASH} == dict.fromkeys(CASH, expected["rules"]["everything"])
    missing = {topic(gap) for program in at_first.programs for gap in gaps(program.step)}
    assert set(expected["rules"]["missing"]) <= missing
    assert first.open_facts
    hand_to_departments(worker, home)
    sync(county_server)
    chain = households.page(supervisor.store, supervisor.desk.actor, home).result().chain
    assert [link.kind for link in chain if link.open] == ["help"]

    at = f"/members/{man}"
    later, result = visit(worker, home, picture, LATER, f"{at}/who/id_kind", f"{at}/who/birth_date", f"{at}/who/marital")
    rules = expected["rules_later"]
    support = later.program("tekun")
    assert support is not None
    assert (support.state, support.amount) == (rules["tekun"], rules["amount"] * 100), support.reasons
    assert result.tier.tier == rules["tier"]
    reckoned = {step.id: step.value for step in walk([result.program("tekun").amount_step])}
    assert reckoned["selfcare.level"] == rules["self_care"]

    state = worker.read(lambda tx: tx.document(man)).state
    assert (state["id_number"], state["birth_date"]) == (NUMBER, "1983-05-06")
    history = worker.read(lambda tx: tx.revisions(man))
    assert len(history) >= 3
    assert worker.read(lambda tx: [row.id for row in people.members(tx, home)]) == [man]

    sync(county_server)
    import_police_record(supervisor, tmp_path, monkeypatch)
    sync(county_server)
    (other,) = {row.id for row in worker.read(lambda tx: people.with_number(tx, NUMBER))} - {man}
    card = twin_card(worker, home)
    assert [(twin.other, twin.reasons) for twin in card.twins] == [(other, ("number",))]
    press(card.same[0], Qt.Key.Key_Space)
    worker.wait(lambda: worker.read(lambda tx: tx.canonical(man) == tx.canonical(other)))
    settle()
    assert twin_card(worker, home).twins == []
    assert worker.read(lambda tx: len(tx.revisions(man))) == len(history)
    worker.press(Qt.Key.Key_Z, CONTROL)
    worker.wait(lambda: worker.read(lambda tx: (tx.canonical(man), tx.canonical(other))) == (man, other))
    assert worker.read(lambda tx: [row.id for row in people.members(tx, home)]) == [man]
