"""In the real window: a standard is raised by one of the county's people and approved by the other; the county checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from fieldapp.workflows import parameters
from tests.ui.hands import Hands, settle
from tests.workflows.county_desk import county_desk
from ui.screens.county_check import FOUND, CountyCheck
from ui.screens.parameters.screen import IMPACT, LISTS, Parameters
from ui.widgets.fields_sheet import FieldsSheet

Key = Qt.Key


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    profile, store, actor = county_desk(tmp_path)
    made = Hands(profile, store, actor)
    yield made
    made.close()
    store.close()


def sheet(hands: Hands) -> FieldsSheet:
    return next(w for w in hands.frame.findChildren(FieldsSheet) if w.isVisible())


def said(screen: Parameters | CountyCheck) -> str:
    return "\n".join(label.text() for label in screen.findChildren(QLabel) if label.isVisible())


def test_a_change_is_typed_its_impact_seen_and_handed_over(hands: Hands) -> None:
    screen = hands.open("parameters")
    assert isinstance(screen, Parameters)
    assert screen.page is not None
    place = next(i for i, line in enumerate(screen.page.lines) if line.key == "dibao.standard_month.rural")
    screen.list.choose(place)
    hands.press(Key.Key_E)
    fields = sheet(hands).fields
    typed = {"value": "650", "since": "2027-01-01", "document": "示例民发〔2026〕30号", "clause": "第2条", "issuer": "市民政局"}
    for name, text in typed.items():
        fields[name].field.setText(text)
    fields["issuer"].field.setFocus()
    hands.press(Key.Key_Return)
    settle(lambda: screen.pages.currentIndex() == IMPACT)
    assert "130" in said(screen), "the cost a month"
    assert "已比对 5 户（共 6 户" in said(screen)
    hands.press(Key.Key_Return)
    settle(lambda: screen.pages.currentIndex() == LISTS and bool(screen.page and screen.page.changes))
    line = screen.page.changes[0]
    assert (line.state, line.own, line.entries[0].was, line.entries[0].becomes) == ("waiting", True, "600", "650")
    assert "另一人批准" in said(screen)
    hands.press(Key.Key_A)
    assert parameters.page(hands.desk.store, hands.desk.actor, "zh").changes[0].state == "waiting", "nobody their own"


def test_a_wrong_value_is_said_at_its_field(hands: Hands) -> None:
    screen = hands.open("parameters")
    assert isinstance(screen, Parameters)
    screen.list.choose(0)
    hands.press(Key.Key_E)
    typed = sheet(hands)
    typed.fields["value"].field.setText("-5")
    typed.save()
    assert typed.isVisible()
    assert "不能是这个值" in typed.fields["value"].note.text()


def test_a_supervisor_looks_and_changes_nothing(tmp_path: Path) -> None:
    profile, store, actor = county_desk(tmp_path, role="supervisor")
    hands = Hands(profile, store, replace(actor, role="supervisor"))
    screen = hands.open("parameters")
    assert isinstance(screen, Parameters)
    hands.press(Key.Key_E)
    assert not [w for w in hands.frame.findChildren(FieldsSheet) if w.isVisible()]
    assert "示例民发" in said(screen)
    hands.close()
    store.close()


def test_the_county_is_checked_and_a_line_opens_its_household(hands: Hands) -> None:
    screen = hands.open("county_check")
    assert isinstance(screen, CountyCheck)
    hands.press(Key.Key_Return)
    settle(lambda: screen.pages.currentIndex() == FOUND)
    assert [line.family.head for line in screen._shown] == ["黄国强"]
    screen._look("no_longer")
    assert [line.family.head for line in screen._shown] == ["邓光明"]
    assert "听取本人意见" in said(screen)
    hands.press(Key.Key_Return)
    assert type(hands.frame.current_screen()).__name__ == "HouseholdPage"


def test_the_doors_stand_on_coverage(hands: Hands) -> None:
    hands.open("coverage")
    hands.press(Key.Key_G)
    assert type(hands.frame.current_screen()).__name__ == "CountyCheck"
    hands.open("coverage")
    hands.press(Key.Key_P)
    assert type(hands.frame.current_screen()).__name__ == "Parameters"
