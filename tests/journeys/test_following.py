"""Following a family in the real window: a revisit where nothing changed, a call, a member who left.

F1  a revisit where nothing changed is at most 10 actions, and the next one is as far away as the county says
F2  a call is counted as a call
F3  a member taken out of the form leaves the family in the registry, for the reason given, once it is submitted
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from fieldapp.store.projections import people
from fieldapp.workflows import households
from tests.journeys.county import JourneyCounty
from tests.journeys.laptop import Hands, Laptop, settle
from tests.journeys.matters import CONTROL, GRID, family
from tests.journeys.telling import told
from ui.widgets.pick_sheet import PickSheet

SAME = {
    "present_member": "向军", "state": "same", "help_arrived": "yes", "urgent": "no", "income_changed": "no",
    "close": "no",
}  # fmt: skip
CALLED = {"talked_to": "向军", "reached": "yes", "state": "normal", "visit_needed": "no"}
HUSBAND = {"name": "向军", "role": "head", "age": 46, "disability": {"kind": "limb", "level": 1}}
FACTS = {"area": "rural", "members": [HUSBAND]}


@pytest.fixture
def worker(county_server: JourneyCounty) -> Iterator[Laptop]:
    made = Laptop.of(county_server.laptop("worker"))
    yield made
    made.leave()


@pytest.fixture
def home(worker: Laptop) -> tuple[str, dict[str, str]]:
    """向军's family, due for a revisit."""
    due = {"on": "2026-11-20", "risk": "medium", "reason": "重度残疾"}
    who = (("向军", "head", "1980-01-15"), ("向妻", "spouse", "1982-01-15"))
    return family(worker.store, GRID, *who, risk="medium", revisit=due)


def submit(worker: Laptop) -> None:
    worker.press(Qt.Key.Key_Return, CONTROL)
    worker.wait(lambda: worker.visits.form is None)


def test_a_revisit_where_nothing_changed(worker: Laptop, home: tuple[str, dict[str, str]], picture: Path) -> None:
    """F1"""
    form = worker.begin_visit(home[0], purpose="revisit", form="revisit")
    hands = Hands(form, picture, SAME)
    hands.fill()
    submit(worker)
    assert hands.actions + 1 <= 10, hands.actions
    state = worker.read(lambda tx: tx.document(home[0])).state
    assert (state["revisit"]["on"], state["risk"]) == ("2026-12-21", "medium"), "thirty days, by the county's parameter"


def test_a_call_is_counted_as_a_call(worker: Laptop, home: tuple[str, dict[str, str]], picture: Path) -> None:
    """F2"""
    before = households.page(worker.store, worker.desk.actor, home[0]).result()
    Hands(worker.begin_visit(home[0], purpose="phone", form="phone_visit"), picture, CALLED).fill()
    submit(worker)
    after = households.page(worker.store, worker.desk.actor, home[0]).result()
    assert after.phone_count - before.phone_count == 1


def test_a_member_who_died_leaves_the_family(
    worker: Laptop, home: tuple[str, dict[str, str]], picture: Path
) -> None:
    """F3"""
    house, ids = home
    form = worker.begin_visit(house, partner="陈芳")
    form.jump(f"/members/{ids['向妻']}/who/relation")
    form.remove_row(f"/members/{ids['向妻']}")
    worker.wait(lambda: bool(worker.frame.findChildren(PickSheet)))
    settle()
    worker.press(Qt.Key.Key_2)
    worker.wait(lambda: not form.session.exists(f"/members/{ids['向妻']}"))
    assert worker.read(lambda tx: people.person(tx, ids["向妻"])).deceased_on is None, "nothing before it is submitted"
    Hands(form, picture, told(FACTS, ids)).fill()
    submit(worker)
    left = worker.read(lambda tx: people.person(tx, ids["向妻"]))
    assert (left.deceased_on, left.household) == ("2026", house), "she stays on the family's page, and in no form"
    form = worker.begin_visit(house)
    assert list(form.session.children("/members")) == [f"/members/{ids['向军']}"]
