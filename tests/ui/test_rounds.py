"""The supervisor opens an extra round with keys and cannot close the one that has silent doors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.ui.hands import Hands, at_work, settle
from tests.ui.town import village
from ui.screens.round_sheets import CloseRoundSheet, OpenRoundSheet
from ui.screens.rounds import Rounds

Key = Qt.Key


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    with at_work(*village(tmp_path, desk=True)) as made:
        yield made


def test_a_snow_round_is_opened_in_the_window(hands: Hands) -> None:
    hands.open("coverage")
    hands.press(Key.Key_L)
    screen = hands.frame.current_screen()
    assert isinstance(screen, Rounds)
    hands.press(Key.Key_N)
    sheet = hands.frame.findChildren(OpenRoundSheet)[-1]
    hands.type("十二月雨雪加排")
    hands.click(sheet.kind.chips["snow"])
    assert sheet.first.picked() == ["flagged"], "an extra round asks the marked families first by itself"
    sheet.fields["closes_on"].field.setFocus()
    hands.press(Key.Key_Return)
    settle(lambda: screen.page is not None and screen.page.info.kind == "snow")
    assert screen.page is not None
    assert (screen.page.info.title, screen.page.info.flagged_first) == ("十二月雨雪加排", True)
    assert len(screen.page.silent) == screen.page.progress.total == 14


def test_a_round_with_a_silent_door_offers_no_closing(hands: Hands) -> None:
    screen = hands.open("rounds")
    assert isinstance(screen, Rounds)
    assert screen.page is not None
    assert len(screen.page.silent) == 9, "eight without an answer, one where nobody was home once"
    hands.press(Key.Key_C)
    sheet = hands.frame.findChildren(CloseRoundSheet)[-1]
    assert not sheet.button.isEnabled()
    hands.press(Key.Key_Return)
    assert screen.page.info.closed_at is None
    hands.press(Key.Key_Escape)
    hands.press(Key.Key_2)
    assert screen.view == "unmet"
