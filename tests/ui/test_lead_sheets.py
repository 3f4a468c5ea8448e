"""A lead is entered on the spot with few keys; the same need is offered to be added; the desk assigns with G."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.ui.hands import Hands, settle
from tests.ui.town import village
from ui.screens.lead_sheets import AssignSheet, NewLeadSheet
from ui.screens.leads import Leads
from ui.widgets.pick_sheet import PickSheet

Key = Qt.Key


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    made = Hands(*village(tmp_path, desk=True))
    yield made
    store = made.desk.store
    made.close()
    store.close()


def enter(hands: Hands, *texts: str) -> None:
    hands.press(Key.Key_N)
    for text in texts:
        hands.type(text)
        hands.press(Key.Key_Return)


def test_entered_told_again_and_assigned(hands: Hands) -> None:
    screen = hands.open("leads")
    assert isinstance(screen, Leads)
    enter(hands, "谢冬梅", "3组5号", "两天没出门", "邻居", "")
    settle(lambda: screen.page is not None and screen.page.line.name == "谢冬梅")
    assert screen.page is not None
    lead = screen.page.line.id
    assert screen.page.line.channel == "walk_in"

    enter(hands, "谢冬梅", "", "孙子说她不吃饭", "孙子", "")
    settle(lambda: bool(hands.frame.findChildren(PickSheet)))
    hands.press(Key.Key_1)
    settle(lambda: not hands.frame.findChildren(NewLeadSheet))
    settle(lambda: screen.page is not None and screen.page.again != ())
    assert screen.page.line.id == lead

    hands.press(Key.Key_G)
    settle(lambda: bool(hands.frame.findChildren(AssignSheet)))
    sheet = hands.frame.findChildren(AssignSheet)[-1]
    sheet.fields["assignee"].field.clear()
    hands.type("李秋")
    hands.press(Key.Key_Return)
    settle(lambda: screen.page is not None and screen.page.line.assigned_to == "李秋")
    assert [clock.state for clock in screen.page.clocks][:3] == ["done", "done", "running"]
