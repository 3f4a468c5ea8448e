"""A visit agreed on for a day: one key on the family's page, then it stands on that day's board and route."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from fieldapp.errors import StateError
from fieldapp.workflows import route, today, visit_planning
from tests.ui.hands import Hands, at_work, settle
from tests.ui.town import family_of, village
from ui.screens.household import HouseholdPage
from ui.screens.plan_visit_sheet import PlanVisitSheet

Key = Qt.Key


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    with at_work(*village(tmp_path)) as made:
        yield made


def due(hands: Hands, on: date) -> list[tuple[str, str]]:
    later = replace(hands.desk.actor, today=lambda: on)
    return [(todo.name, todo.words) for todo in today.board(hands.desk.store, later).result().of("revisit")]


def test_agreed_with_a_key_and_there_on_the_day(hands: Hands) -> None:
    home = family_of(hands.desk.store, "谢冬梅")
    page = hands.open("household", household=home)
    assert isinstance(page, HouseholdPage)
    hands.press(Key.Key_D)
    sheet = hands.frame.findChildren(PlanVisitSheet)[-1]
    hands.type("2026-11-20")
    hands.press(Key.Key_Return)
    hands.press(Key.Key_Return)
    assert sheet.isVisible(), "yesterday is refused where it stands"
    sheet.fields["planned_on"].field.selectAll()
    sheet.fields["planned_on"].field.setFocus()
    hands.type("2026-11-24")
    hands.press(Key.Key_Return)
    hands.type("带她去办残疾证")
    hands.press(Key.Key_Return)
    settle(lambda: page.page is not None and page.page.revisit_on == "2026-11-24")
    assert ("谢冬梅", "带她去办残疾证") not in due(hands, date(2026, 11, 23))
    assert ("谢冬梅", "带她去办残疾证") in due(hands, date(2026, 11, 24))
    on_the_day = replace(hands.desk.actor, today=lambda: date(2026, 11, 24))
    stops = route.route(hands.desk.store, on_the_day).result()
    assert ("谢冬梅", ("second_try",)) not in [(stop.family, stop.reasons) for stop in stops]
    assert any(stop.family == "谢冬梅" and "revisit" in stop.reasons for stop in stops)

    hands.press(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(lambda: page.page is not None and page.page.revisit_on is None)


def test_the_day_the_risk_had_set_comes_back_when_the_visit_is_made(hands: Hands) -> None:
    store, actor = hands.desk.store, hands.desk.actor
    home = family_of(hands.desk.store, "钱福")
    visit_planning.agree(store, actor, home, date(2026, 11, 25), "送棉被").result()
    visit_planning.agree(store, actor, home, date(2026, 11, 26), "送棉被").result()
    state = store.read_now(lambda tx: tx.document(home)).state  # type: ignore[union-attr]
    assert state["revisit"]["usual_on"] == "2026-11-21"
    assert visit_planning.made(state) == {
        "/revisit/on": "2026-11-21", "/revisit/planned_by": None, "/revisit/usual_on": None,
    }  # fmt: skip
    assert visit_planning.made({"revisit": {"on": "2026-11-21"}}) == {}


def test_no_visit_is_agreed_on_for_a_day_that_is_over(hands: Hands) -> None:
    with pytest.raises(StateError) as caught:
        visit_planning.agree(hands.desk.store, hands.desk.actor, family_of(hands.desk.store, "钱福"), date(2026, 11, 20), "")
    assert caught.value.code == "visit.past"
