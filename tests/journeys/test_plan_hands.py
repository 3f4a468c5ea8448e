"""Plan in the real window: what was told and wished stands beside the policy, and one key brings the family's sheet."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from fieldapp.policy import api
from fieldapp.store.projections import households
from fieldapp.workflows import plans
from tests.policy.makers import family, look
from tests.store.county import GRID
from tests.ui.hands import Hands
from tests.ui.town import village
from ui.screens.plan import Plan


def test_the_family_sheet_is_one_key_from_the_plan(tmp_path: Path) -> None:
    profile, store, actor = village(tmp_path)
    home = next(h.id for h in store.read_now(households.in_area) if h.head_name == "邓光明")
    facts = family({"name": "邓光明", "age": 40})
    frozen = [{"facts": facts.to_json(), "result": api.to_json(look(facts))}]
    state = {"household": home, "purpose": "home_visit", "finished_at": "2026-11-10T03:00:00Z"}
    visit = store.write_now(lambda tx: tx.create("visit", GRID, {**state, "assessment": {"frozen": frozen}}))
    plans.keep(store, actor, home, "dibao", {"told": True, "wish": "apply", "follower": "李秋"}).result()
    hands = Hands(profile, store, actor)
    plan = hands.open("plan", household=home)
    assert isinstance(plan, Plan)
    assert plan.page is not None
    assert (plan.page.visit, plan.page.item("dibao").wish) == (visit, "apply")
    hands.press(Qt.Key.Key_F)
    reports = hands.frame.current_screen()
    assert type(reports).__name__ == "Reports"
    assert (reports.papers.kind.id, reports.papers.asking.chosen()) == ("family_sheet", visit)  # type: ignore[attr-defined]
    hands.close()
    store.close()
