"""Policies told at the door, with proof: one entry fills the visit, the plan and its page.

T1  T on the plan opens the telling with what the comparison found; told, understood, wish; submitted with a photo
T2  the plan says told, their wish, understood and the day, and P opens the telling that shows it
T3  the next telling asks only what is not told yet or was put off
T4  a policy written by hand is known by its name; one nobody knows stays in the visit alone
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from fieldapp.policy import api
from fieldapp.store.projections import households, visits
from fieldapp.workflows import plans, telling
from tests.journeys.laptop import Hands, Laptop
from tests.journeys.matters import CONTROL
from tests.policy.makers import family, look
from tests.store.county import GRID
from tests.ui.town import village

SAID = {"present_member": "邓光明", "told": "yes", "understood": "partly", "wish": "apply", "proof": "photo"}


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Laptop]:
    _profile, store, actor = village(tmp_path)
    made = Laptop.around(store, actor)
    yield made
    made.leave()
    store.close()


@pytest.fixture
def home(worker: Laptop) -> str:
    """邓光明's family, whose comparison a home visit froze ten days ago."""
    found: str = next(h.id for h in worker.store.read_now(households.in_area) if h.head_name == "邓光明")
    facts = family({"name": "邓光明", "age": 72})
    frozen = [{"facts": facts.to_json(), "result": api.to_json(look(facts))}]
    state = {"household": found, "purpose": "home_visit", "finished_at": "2026-11-10T03:00:00Z"}
    worker.store.write_now(lambda tx: tx.create("visit", GRID, {**state, "assessment": {"frozen": frozen}}))
    return found


def rows_to_tell(worker: Laptop, home: str) -> dict[str, Any]:
    return worker.store.read_now(lambda tx: telling.to_tell(tx, worker.desk.actor, home))


def plan_of(worker: Laptop, home: str) -> plans.PlanPage:
    return plans.page(worker.store, worker.desk.actor, home, "zh").result()


def test_one_entry_at_the_door_fills_the_plan(worker: Laptop, home: str, picture: Path) -> None:
    """T1, T2, T3"""
    wanted = [key for key in rows_to_tell(worker, home) if not key.startswith("@")]
    assert wanted, "the comparison found something to tell"
    worker.frame.open("plan", {"household": home})
    worker.wait(lambda: worker.frame.screens["plan"].page is not None)  # type: ignore[attr-defined]
    worker.press(Qt.Key.Key_T)
    worker.wait(lambda: worker.visits.form is not None)
    form = worker.form
    assert form.session.definition.id == "policy_telling"
    assert list(form.session.children("/policies")) == [f"/policies/{policy}" for policy in wanted]
    assert form.session.view(f"/policies/{wanted[0]}/policy_name").value

    assert len(wanted) > 2
    hands = Hands(form, picture, {**SAID, f"/policies/{wanted[1]}/wish": "later"})
    hands.say(f"/policies/{wanted[0]}/told", f"/policies/{wanted[1]}/told")
    hands.fill()
    assert hands.actions <= 12
    worker.press(Qt.Key.Key_Return, CONTROL)
    worker.wait(lambda: worker.visits.form is None)

    made = [row for row in worker.read(lambda tx: visits.of_household(tx, home)) if row.form_id == "policy_telling"]
    assert [row.purpose for row in made] == ["policy"]
    item = plan_of(worker, home).item(wanted[0])
    assert (item.told, item.wish, item.understood, item.told_on, item.visit) == (
        True, "apply", "partly", "2026-11-21", made[0].id,
    )  # fmt: skip
    assert [key for key in rows_to_tell(worker, home) if not key.startswith("@")] == wanted[1:], "put off, or not told"

    worker.frame.open("plan", {"household": home})
    worker.wait(lambda: not worker.frame.screens["plan"]._proof.isHidden())  # type: ignore[attr-defined]
    worker.press(Qt.Key.Key_P)
    worker.wait(lambda: worker.frame.current == "reports")


def test_a_policy_written_by_hand_is_known_by_its_name(worker: Laptop, home: str) -> None:
    """T4"""
    store, actor = worker.store, worker.desk.actor
    known = next(line for line in (plan_of(worker, home).assessed or pytest.fail("compared")).policies)
    rows = {
        "r1": {"@row": True, "policy_name": known.name, "told": "yes", "understood": "yes", "wish": "no"},
        "r2": {"@row": True, "policy_name": "本村自办的菜篮子", "told": "yes", "understood": "yes", "wish": "no"},
        "r3": {"@row": True, "policy": "heating", "told": "no"},
    }
    written = store.write_now(lambda tx: telling.keep_told(tx, actor, home, "v", {"policies": rows}))
    assert written == [known.id, "heating"]
    page = plan_of(worker, home)
    assert (page.item(known.id).wish, page.item("heating").told, page.item("heating").told_on) == ("no", False, None)
