"""A parameter is changed by two people of the county and reaches every laptop, through a real server.

- C1 entered by one, approved by another, published by the county: the laptops reckon by it
- C2 nobody approves their own: not in the window's workflow, and a forged approval is put aside by the server
- C3 nothing is published that is not approved, and nothing twice; the pack in force stays
- C4 a town's supervisor sees changes and cannot make them; a grid worker gets the pack and no change
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from fieldapp.domain.ids import review_id
from fieldapp.errors import RefusedError, StateError
from fieldapp.policy.api import Facts, assess, load_pack
from fieldapp.policy.changes import Entry
from fieldapp.store.api import WriteTx
from fieldapp.workflows import parameters
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.parameters import ChangeLine, ParametersPage
from sync.server.admin.publish import read_control
from sync.server.publishing import publish
from tests.sync.county import COUNTY, GRID_A, TOWN, County
from tests.sync.laptop import Laptop

TODAY = date(2026, 11, 21)
PACK = Path(__file__).resolve().parents[2] / "resources" / "policy" / "demo" / "pack.xlsx"
RISE = (Entry("dibao.standard_month.rural", "650", date(2027, 1, 1)),)
BASIS = {"document": "示例民发〔2026〕30号", "clause": "第2条", "issuer": "示例市民政局"}


@dataclass
class Desk:
    """Somebody at work with a laptop."""

    laptop: Laptop
    actor: Actor

    @classmethod
    def enrol(cls, county: County, user: str, role: str, area: str, folder: Path) -> Desk:
        county.user(user, role, area, name=user)
        laptop = Laptop.enrol(county, user, folder / user)
        me = laptop.profile.require_identity()
        return cls(laptop, Actor(me.user, me.name, me.role, me.county, me.scope, today=lambda: TODAY))

    def page(self) -> ParametersPage:
        self.laptop.sync()
        return parameters.page(self.laptop.store, self.actor, "zh")

    def change(self) -> ChangeLine:
        return self.page().changes[0]

    def enter(self) -> str:
        self.laptop.sync()
        drafted = parameters.draft(self.laptop.store, self.actor, RISE, **BASIS)
        entered = parameters.enter(self.laptop.store, self.actor, drafted)
        self.laptop.sync()
        return entered

    def decide(self, line: ChangeLine) -> None:
        parameters.approve(self.laptop.store, self.actor, line.id, line.leaves)
        self.laptop.sync()


@dataclass
class Office:
    county: County
    he: Desk
    chen: Desk


@pytest.fixture
def office(county: County, tmp_path: Path) -> Iterator[Office]:
    """The county's two people; a pack is in force."""
    name, content = read_control("pack", PACK, "county")
    county.service.write(lambda c: publish(county.service, c, name, content))
    made = Office(county, *(Desk.enrol(county, user, "county", COUNTY, tmp_path) for user in ("he", "chen")))
    yield made
    for desk in (made.he, made.chen):
        desk.laptop.close()


def test_entered_by_one_approved_by_another_and_on_every_laptop(office: Office, tmp_path: Path) -> None:  # C1 C4
    worker = Desk.enrol(office.county, "li", "grid_worker", GRID_A, tmp_path)
    entered = office.he.enter()
    line = office.chen.change()
    assert (line.state, line.own, line.entered_by, line.document) == ("waiting", False, "he", "示例民发〔2026〕30号")
    entry = line.entries[0]
    assert (entry.name, entry.was, entry.becomes, entry.since) == ("农村低保标准", "600", "650", "2027-01-01")
    office.chen.decide(line)
    assert office.he.change().state == "approved"
    assert worker.laptop.view(entered) is None or not worker.laptop.state(entered), "contents are for the desks"
    (listed,) = office.county.admin("parameters")
    assert (listed["state"], listed["approved_by"]) == ("approved", "chen")
    (told,) = office.county.admin("parameters", "--publish", entered)
    assert (told["name"], told["version"]) == ("pack/county", 2)
    assert office.he.change().state == "published"
    worker.laptop.sync()
    statement = worker.laptop.store.read_now(lambda tx: tx.control("pack/county"))
    assert statement is not None
    pack = load_pack(base64.b64decode(statement.body["content"]["base64"]))
    poor = Facts.from_case({"area": "rural", "members": [{"name": "甲", "role": "head", "age": 40}]})
    amounts = [assess(poor, pack, on).program("dibao").amount for on in (TODAY, date(2027, 1, 1))]
    assert amounts == [600_00, 650_00]
    newest = pack.versions("dibao.standard_month.rural")[-1]
    assert (newest.source, newest.entered_by, newest.approved_by) == ("示例民发〔2026〕30号", "he", "chen")
    now = next(line for line in office.chen.page().lines if line.key == "dibao.standard_month.rural")
    assert now.now is not None
    assert (now.now.words, [v.words for v in now.later], [v.words for v in now.before]) == ("600", ["650"], ["560"])
    worker.laptop.close()


def test_nobody_approves_their_own(office: Office) -> None:  # C2 C3
    entered = office.he.enter()
    line = office.he.change()
    assert line.own
    with pytest.raises(RefusedError, match=r"review\.own"):
        parameters.approve(office.he.laptop.store, office.he.actor, line.id, line.leaves)

    def forged(tx: WriteTx) -> str:
        state = {"subject": entered, "subject_leaves": list(line.leaves), "decision": "approved", "by": "chen",
                 "at": "2026-11-21T08:00:00Z"}  # fmt: skip
        return tx.create("review", f"{COUNTY}*", state, document_id=review_id(COUNTY, entered))

    office.he.laptop.store.write_now(forged)
    assert office.he.laptop.sync().quarantined == 1
    assert [line["state"] for line in office.county.admin("parameters")] == ["waiting"]
    with pytest.raises(AssertionError, match=r"parameters\.not_approved"):
        office.county.admin("parameters", "--publish", entered)


def test_one_change_after_another(office: Office) -> None:  # C3
    """Two drafted on the same pack: the first is published, the second has been overtaken and is entered again."""
    first, second = office.he.enter(), office.he.enter()
    office.chen.page()
    lines = {line.id: line for line in office.chen.page().changes}
    for id in (first, second):
        office.chen.decide(lines[id])
    office.county.admin("parameters", "--publish", first)
    for id in (first, second):
        with pytest.raises(AssertionError, match=r"parameters\.overtaken"):
            office.county.admin("parameters", "--publish", id)


def test_a_change_sent_back_says_why_and_a_supervisor_only_looks(office: Office, tmp_path: Path) -> None:  # C4
    office.he.enter()
    line = office.chen.change()
    with pytest.raises(StateError, match=r"review\.no_words"):
        parameters.send_back(office.chen.laptop.store, office.chen.actor, line.id, line.leaves, "  ")
    parameters.send_back(office.chen.laptop.store, office.chen.actor, line.id, line.leaves, "文号与附件不符")
    office.chen.laptop.sync()
    supervisor = Desk.enrol(office.county, "deng", "supervisor", TOWN, tmp_path)
    page = supervisor.page()
    assert (page.may_change, page.changes[0].state, page.changes[0].words) == (False, "returned", "文号与附件不符")
    drafted = parameters.draft(supervisor.laptop.store, supervisor.actor, RISE, **BASIS)
    with pytest.raises(RefusedError, match=r"refused\.role"):
        parameters.enter(supervisor.laptop.store, supervisor.actor, drafted)
    supervisor.laptop.close()
