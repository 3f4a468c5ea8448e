"""A social worker's window: the slips and nothing of anybody's household; the answer is written at the door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from fieldapp.workflows.actor import Actor
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.matters import slips
from fieldapp.workflows.matters.writing import StepDone, write_step
from tests.store.county import COUNTY, GRID, County
from tests.ui.hands import Hands, let_go, settle
from tests.workflows.matters.office import TODAY, Office
from ui.screens.matters.screen import Matters
from ui.screens.registry import first_of, rail_of
from ui.screens.visit.screen import Visits


@pytest.fixture
def town(tmp_path: Path) -> tuple[Office, str]:
    """A laptop on which a service was ordered, and its task."""
    office = Office.at(tmp_path)
    home = office.family("周桂兰")
    task = office.open("service", home, title="慢性病护理")
    office.do(task, "order", service="care", what="每天量血压", provider="青禾社工", due="2026-11-28")
    return office, task


def window(office: Office, role: str, county: County) -> Hands:
    areas = (GRID,)
    identity = county.identity(office.store.profile, "qing.he", role, areas, version=9, name="青禾社工")
    office.store.profile.set_identity(identity)
    actor = Actor("qing.he", "青禾社工", role, COUNTY, areas, today=lambda: TODAY, now=office.actor("county").now)
    return Hands(office.store.profile, office.store, actor)


def test_slips_and_nothing_else(town: tuple[Office, str]) -> None:
    office, task = town
    hands = window(office, "third_party", office.county)
    assert [each.name for each in rail_of("third_party")] == ["matters", "sync", "settings"]
    assert first_of("third_party") == "matters"
    assert first_of("grid_worker") == "today"
    screen = hands.open("matters")
    assert isinstance(screen, Matters)
    settle(lambda: screen.page is not None)
    assert screen.page is not None
    assert (screen.page.title, screen.page.family, screen.page.place) == ("照料护理", "周桂兰", "周岭村4组6号")
    shown = [each.text() for each in screen.findChildren(QLabel)]
    shown += [each.accessibleName() for each in screen.findChildren(QWidget)]
    assert "派单" in shown
    assert "量血压" not in " ".join(shown), "what was ordered is the family's, not the slip's"
    hands.press(Qt.Key.Key_A)
    assert hands.frame.current == "matters", "no account is theirs"
    hands.press(Qt.Key.Key_O)
    assert hands.frame.current == "matters", "no household is theirs"
    FormShelf(office.store.profile.folder / "forms").newest("service_closing")
    hands.press(Qt.Key.Key_Return)
    settle(lambda: "visit" in hands.frame.screens and hands.frame.screens["visit"].form is not None)  # type: ignore[attr-defined]
    visits = hands.frame.screens["visit"]
    assert isinstance(visits, Visits)
    assert visits.form is not None
    assert visits.form.sheet.opening.header.matter == slips.slip_id(COUNTY, task)
    let_go(hands.frame)
    office.store.close()


@pytest.fixture
def answered(town: tuple[Office, str]) -> Iterator[tuple[Hands, str]]:
    """The worker's window after the slip was answered."""
    office, task = town
    outside = Actor("qing.he", "青禾社工", "third_party", COUNTY, (GRID,), today=lambda: TODAY,
                    now=office.actor("county").now)  # fmt: skip
    done = StepDone("serve", TODAY.isoformat(), words="整理床铺")
    office.store.write_now(lambda tx: write_step(tx, outside, slips.slip_id(COUNTY, task), done))
    hands = window(office, "grid_worker", office.county)
    yield hands, task
    let_go(hands.frame)
    office.store.close()


def test_what_came_back_is_taken_over_with_two_keys(answered: tuple[Hands, str]) -> None:
    hands, task = answered
    screen = hands.open("matters", matter=task)
    assert isinstance(screen, Matters)
    settle(lambda: screen.page is not None)
    assert screen.page is not None
    assert screen.page.next is not None
    assert screen.page.next.served is not None
    hands.press(Qt.Key.Key_Return)
    hands.press(Qt.Key.Key_1)
    settle(lambda: screen.page is not None and bool(screen.page.closed_on))
    assert screen.page.step("serve").entries[0].words == "青禾社工：整理床铺"
