"""A re-check announced with keys: the hash is on the screen, the seed is not, and drawing waits for the period's end."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt

from fieldapp.workflows import rechecks
from fieldapp.workflows.rechecks import NewRecheck
from tests.store.county import VILLAGE
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
    assert not screen.area.isVisible(), "no empty page beside the empty list"
    begin = next(one for one in screen.empty.findChildren(Button) if one.isVisible())
    hands.click(begin)
    assert hands.frame.findChildren(AnnounceSheet)
    hands.close()
    store.close()


def test_a_lost_seed_is_replaced_in_the_window(tmp_path: Path) -> None:
    """The page says where the seed is; without it, S announces another and the old one says so."""
    profile, store, actor = village(tmp_path, desk=True)
    last = actor.today()
    wanted = NewRecheck("十一月抽查", VILLAGE, date(2026, 11, 1), last, 100, ("王敏",))
    lost = rechecks.announce(store, actor, wanted).result()
    hands = Hands(profile, store, actor)
    screen = hands.open("rechecks")
    assert isinstance(screen, Rechecks)
    assert "种子只在这台电脑" in screen.seed.text()
    assert not screen.replacing.isVisible()
    store.write_now(lambda tx: tx.drop_draft(lost))
    hands.open("today")
    hands.open("rechecks", recheck=lost)
    assert screen.replacing.isVisible()
    assert not screen.drawing.isVisible()
    hands.press(Key.Key_S)
    sheet = hands.frame.findChildren(AnnounceSheet)[-1]
    assert sheet.fields["title"].text() == "十一月抽查（重新公布）"
    assert sheet.fields["first"].text() == "2026-11-01", "the same visits are candidates again"
    hands.press(Key.Key_Return)
    assert sheet.isVisible(), "without a reason nothing is announced"
    hands.type("电脑坏了")
    hands.press(Key.Key_Return)
    settle(lambda: screen.page is not None and screen.page.id != lost)
    assert screen.page is not None
    assert screen.page.record.supersedes == lost
    hands.open("rechecks", recheck=lost)
    assert "电脑坏了" in screen.verdict.text()
    assert "十一月抽查（重新公布）" in screen.verdict.text()
    hands.close()
    store.close()
