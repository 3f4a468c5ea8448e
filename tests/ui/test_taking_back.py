"""Ctrl+Z takes back what the toast offers, from wherever the focus is, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.ui.hands import Hands, at_work
from tests.ui.town import village

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    with at_work(*village(tmp_path)) as made:
        yield made


@pytest.mark.parametrize("screen", ["today", "leads", "households", "settings"])
def test_ctrl_z_takes_back_once(hands: Hands, screen: str) -> None:
    taken: list[str] = []
    hands.open(screen)
    hands.desk.say("刚才保存了一户", lambda: taken.append("back"))
    hands.press(Qt.Key.Key_Z, CTRL)
    hands.press(Qt.Key.Key_Z, CTRL)
    assert taken == ["back"]
    assert not hands.frame.toast.isVisible()


def test_nothing_offered_is_nothing_taken_back(hands: Hands) -> None:
    hands.open("leads")
    hands.desk.say("已保存")
    hands.press(Qt.Key.Key_Z, CTRL)
    assert hands.frame.current_screen().isVisible()
