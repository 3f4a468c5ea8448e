"""黎建's uncle has died and the family has paid for him (cases.yaml, death-in-the-family), played in the window.

The town office takes the walk-in down; the worker visits and the rules say what the case says; six departments confer
and each opinion is recorded; expense-type help is proposed for two people, posted, decided, paid and come back to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from fieldapp.policy.api import load_pack
from fieldapp.policy.workbook.writing import write_workbook
from fieldapp.workflows import households
from fieldapp.workflows.matters import readings
from tests.journeys import expecting
from tests.journeys.county import JourneyCounty
from tests.journeys.deskwork import take_down
from tests.journeys.laptop import Hands, Laptop, settle
from tests.journeys.matters import (
    CONTROL,
    GRID,
    family,
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
from ui.screens.leads import Leads

OFFICES = ("civil", "medical", "education", "veteran", "disabled", "rural")
ROOT = Path(__file__).resolve().parents[2]
WHY_NOT = {
    "veteran_aid": "叔父", "disability_care": "disability level 1 or 2",
    "rural_monitoring": "monitored",
}  # fmt: skip
OPINION = "同意由民政按支出型给予"


@pytest.fixture
def delegating(county_server: JourneyCounty, tmp_path: Path) -> Iterator[tuple[Laptop, Laptop]]:
    """(worker, supervisor) of a county that has handed small decisions to its towns, and published so."""
    told = (ROOT / "resources/policy/demo/parameters.yaml").read_text("utf-8")
    assert "approval.delegated: no" in told
    pack = tmp_path / "delegating.xlsx"
    parameters = tmp_path / "delegating.yaml"
    parameters.write_text(told.replace("approval.delegated: no", "approval.delegated: yes"), encoding="utf-8")
    pack.write_bytes(write_workbook(load_pack(parameters)))
    county_server.server.admin("publish", "pack", pack, "--name", "county")
    made = (Laptop.of(county_server.laptop("worker")), Laptop.of(county_server.laptop("supervisor")))
    yield made
    for laptop in made:
        laptop.leave()


def walk_in(supervisor: Laptop, home: str) -> str:
    """The person came to the town office: taken down as a lead of that door."""

    lead = take_down(supervisor, "黎建", "5组1号", "叔父去世，之前医药费由我家付", "本人来镇里说的")
    record = supervisor.read(lambda tx: tx.document(lead)).record
    assert (record.household, record.channel) == (home, "walk_in")
    return lead


def confer(supervisor: Laptop, picture: Path, home: str) -> None:
    """Opened from the lead by M; six opinions, the decision, who does what until when."""
    supervisor.turn_to()
    supervisor.frame.open("leads", {})
    screen = supervisor.frame.screens["leads"]
    assert isinstance(screen, Leads)
    supervisor.wait(lambda: screen.inbox is not None)
    assert screen.inbox is not None
    lead = next(line.id for line in screen.inbox.open if line.household == home)
    supervisor.frame.open("leads", {"lead": lead})
    supervisor.wait(lambda: screen.page is not None and screen.page.line.id == lead)
    settle()
    supervisor.press(Qt.Key.Key_M)
    pick(supervisor, "conference")
    opened = shown(supervisor, lambda page: page.procedure == "conference")
    assert opened.origin == ("lead", lead)
    supervisor.frame.screens["matters"].setFocus()
    supervisor.press(Qt.Key.Key_Return)
    supervisor.wait(lambda: "visit" in supervisor.frame.screens and supervisor.visits.form is not None)
    session = supervisor.form.session
    while len(session.children("/opinions")) < len(OFFICES):
        session.add_row("/opinions")
    said: dict[str, Any] = {"chair": "邓丽", "decision_text": "公示后按两人给予支出型临时救助", "responsible": "镇民政所",
                            "by_when": in_days(supervisor, 20), "minutes": "邓丽"}  # fmt: skip
    for row, office in zip(session.children("/opinions"), OFFICES, strict=True):
        said |= {f"{row}/department": office, f"{row}/opinion": OPINION}
    for row in session.children("/actions"):
        said |= {f"{row}/who": "civil", f"{row}/what": "公示、审核、发放", f"{row}/until": in_days(supervisor, 20)}
    Hands(supervisor.form, picture, said).fill()
    supervisor.press(Qt.Key.Key_Return, CONTROL)
    supervisor.wait(lambda: supervisor.visits.form is None)
    shown(supervisor, lambda page: page.id == opened.id and page.step("confer").state == "done")


def propose_and_pay(worker: Laptop, supervisor: Laptop, county: JourneyCounty, picture: Path, home: str) -> str:
    """Accepted and signed for in the village, posted and decided in town as the county has delegated it, paid."""
    opened = open_matter(worker, home, "temp_expense")
    assert opened.settings["approval.delegated"] is True
    next_step(worker, picture, "accept", {"outcome": "accepted", "near_relative": "no", "applied_by": "self"})
    for _adult in range(2):
        page = shown(worker)
        left = page.step("undertaking").left
        said = {"undertakes": "yes", "authorises": "yes", "capacity": "self"}
        next_step(worker, picture, "undertaking", said, row=left[0][0] if len(left) > 1 else "")
    worker.frame.screens["matters"].setFocus()
    worker.press(Qt.Key.Key_Return)
    page = shown(worker)
    pick(worker, page.step("visit").evidence[0][0])
    shown(worker, lambda page: page.step("visit").state == "done")
    page = next_step(worker, picture, "score", {"medical": 0, "education": 6800, "other": 0, "for_others": 7000})
    assert page.step("score").entries[0].amount == 13800_00
    sync(county)
    look_at(supervisor, opened.id)
    posted = {"until": in_days(supervisor, 7), "place": "村务公开栏", "shown_amount": 2000}
    page = next_step(supervisor, picture, "notice", posted)
    assert page.step("notice").entries[0].until == in_days(supervisor, 7)
    next_step(supervisor, picture, "notice_end", {"outcome": "none"})
    granted = {"outcome": "granted", "people": 2, "amount": 2000, "starts_on": in_days(supervisor, 8)}
    next_step(supervisor, picture, "confirm_town", granted)
    next_step(supervisor, picture, "told", {"how": "handed", "rights": "yes"})
    done = next_step(supervisor, picture, "pay", {"amount": 2000, "way": "card", "receiver": "黎建"})
    assert done.closed_on
    return opened.id


def test_death_in_the_family(
    delegating: tuple[Laptop, Laptop], county_server: JourneyCounty, picture: Path,
    the_case: Callable[[str], dict[str, Any]],
) -> None:  # fmt: skip
    worker, supervisor = delegating
    case = the_case("death-in-the-family")
    facts = case["facts"]
    home, people = family(supervisor.store, GRID, *people_of(facts))
    lead = walk_in(supervisor, home)
    sync(county_server)

    uncle = {"lived_with_any": "yes", "lived_with_name": "黎老", "lived_with_relation": "叔父", "lived_with_spent": 7000,
             "lived_with_was": ["tekun", "veteran"], "lived_with_died": "2026-06-12"}  # fmt: skip
    visit_id, _rules = visit(worker, home, picture, told(facts, people, **uncle))
    found = expecting.all_of(worker, visit_id, case["expect"])
    for policy, words in WHY_NOT.items():
        match = found.result.match(policy)
        assert match.state.value == "no_match", policy
        assert words in " ".join((*match.reasons("en"), *match.reasons("zh"))), policy
    assert set(WHY_NOT) == set(case["expect"]["explained_non_matches"])

    sync(county_server)
    confer(supervisor, picture, home)
    sync(county_server)
    matter = propose_and_pay(worker, supervisor, county_server, picture, home)
    sync(county_server)
    actor = worker.desk.actor
    (held,) = [one for one in worker.read(lambda tx: list(readings.conferences(tx, actor))) if one.household == home]
    assert [(office, opinion) for office, _who, opinion in held.opinions] == [(office, OPINION) for office in OFFICES]
    (paid,) = [one for one in worker.read(lambda tx: list(readings.applications(tx, actor))) if one.id == matter]
    assert (paid.people, paid.amount, paid.paid, paid.decision) == (2, 2000_00, 2000_00, "granted")
    chain = households.page(worker.store, actor, home).result().chain
    told_by = {"walk-in": ("lead", "walk_in"), "visit": ("visit", None), "conference": ("step", "会商"),
               "notice": ("step", "张贴公示"), "payment recorded by the town": ("paid", "发放"), "revisit date": ("due", None),
               "proposal": ("help", "临时救助申请（支出型）")}  # fmt: skip
    for name in case["expect"]["chain_of_help"]:
        kind, what = told_by[name]
        assert any(link.kind == kind and what in (None, link.what) for link in chain), name
    assert [link.document for link in chain if link.kind == "lead"] == [lead]
