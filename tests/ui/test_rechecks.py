"""A re-check announced with keys: the hash is on the screen, the seed is not, and drawing waits for the period's end."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from tests.ui.hands import Hands, settle
from tests.ui.town import village
from ui.screens.recheck_sheets import AnnounceSheet
from ui.screens.rechecks import Rechecks
from ui.widgets.button import Button

Key = Qt.Key


def test_announced_in_the_window(tmp_path: Path) -> None:
    profile, store, actor = village(tmp_path, desk=True)
    hands = Hands(profile, store, actor)
    hands.open("coverage")
    hands.press(Key.Key_X)
    screen = hands.frame.current_screen()
    assert isinstance(screen, Rechecks)
    hands.press(Key.Key_N)
    sheet = hands.frame.findChildren(AnnounceSheet)[-1]
    hands.type("十一月抽查")
    sheet.fields["inspectors"].field.setFocus()
    hands.press(Key.Key_Return)
    settle(lambda: screen.page is not None)
    assert screen.page is not None
    assert screen.page.record.commitment
    assert screen.page.record.commitment in screen.hash.text()
    assert screen.page.state == "announced"
    assert not screen.drawing.isEnabled()
    hands.press(Key.Key_D)
    assert screen.page.record.seed is None
    hands.close()
    store.close()


def test_nothing_drawn_yet_is_one_page_with_its_way_on(tmp_path: Path) -> None:
    profile, store, actor = village(tmp_path, desk=True)
    hands = Hands(profile, store, actor)
    screen = hands.open("rechecks")
    assert isinstance(screen, Rechecks)
    assert not screen.card.isVisible()
    begin = next(one for one in screen.sides.currentWidget().findChildren(Button) if one.isVisible())
    hands.click(begin)
    assert hands.frame.findChildren(AnnounceSheet)
    hands.close()
    store.close()
