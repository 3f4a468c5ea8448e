"""A row of doors with real key events in the real window: how many keys it takes, and that nothing is lost.

HANDS-1  a normal door is one key
HANDS-2  a finished report of difficulty is at most 12 actions without typing prose
HANDS-3  any household is on the first page of results after at most 4 keys
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from fieldapp.store.api import Profile, Store
from fieldapp.workflows import rounds, screening
from fieldapp.workflows.actor import Actor
from tests.store.county import PASSPHRASE
from tests.ui.hands import Hands, settle
from tests.ui.town import HEADS, village
from ui.screens.screening.screen import Screening
from ui.widgets.sheet import Sheet

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[tuple[Profile, Store, Actor]]:
    profile, store, actor = village(tmp_path)
    with store:
        yield profile, store, actor


@pytest.fixture
def hands(laptop: tuple[Profile, Store, Actor]) -> Iterator[Hands]:
    made = Hands(*laptop)
    yield made
    made.close()


@pytest.fixture
def doors(hands: Hands) -> Screening:
    screen = hands.open("screening")
    assert isinstance(screen, Screening)
    assert screen.page is not None
    return screen


def answers(hands: Hands) -> dict[str, str | None]:
    found = screening.door_list(hands.desk.store, hands.desk.actor).result()
    return {door.head: door.answer for door in found.doors}


def test_eight_normal_doors_are_eight_keys(hands: Hands, doors: Screening) -> None:
    """HANDS-1"""
    assert doors.page is not None
    assert doors.page.head == "邓光明"
    for _ in range(8):
        hands.press(Key.Key_1)
    assert hands.pressed == 8
    assert [answers(hands)[head] for head in HEADS[6:]] == ["normal"] * 8
    assert doors.found is not None
    assert doors.found.silent == 1, "only the door where nobody was home still keeps the round open"


def test_a_key_held_down_answers_one_door(hands: Hands, doors: Screening) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    hands.press(Key.Key_1)
    for _ in range(5):
        repeat = QKeyEvent(QEvent.Type.KeyPress, Key.Key_1, Qt.KeyboardModifier.NoModifier, "1", True, 1)
        QApplication.sendEvent(hands.frame.focusWidget() or doors, repeat)
    settle()
    assert sum(answer == "normal" for answer in answers(hands).values()) == 3, "two before, one now"


def test_ten_answers_can_be_taken_back_one_by_one(hands: Hands, doors: Screening) -> None:
    before = answers(hands)
    for _ in range(3):
        hands.press(Key.Key_1)
    for _ in range(3):
        hands.press(Key.Key_Z, CTRL)
    assert answers(hands) == before
    assert doors.page is not None
    assert doors.page.head == "邓光明", "taking back leads to the door it was about"


def test_a_report_of_difficulty_is_three_actions(hands: Hands, doors: Screening) -> None:
    """HANDS-2: 3, the signal, Enter; with urgency and the person it is five."""
    assert doors.page is not None
    household = doors.page.household
    hands.press(Key.Key_3)
    sheet = next(each for each in hands.frame.findChildren(Sheet) if each.isVisible())
    for key in (Key.Key_1, Key.Key_U, Key.Key_S, Key.Key_Return):
        QTest.keyClick(sheet, key)
        hands.pressed += 1
    settle()
    assert hands.pressed == 5
    assert answers(hands)["邓光明"] == "difficulty"
    made = hands.desk.store.read_now(
        lambda tx: [view for view in tx.of_type("report") if view.state["household"] == household]
    )
    assert len(made) == 1
    answers_tree = made[0].state["answers"]["what"]
    assert (answers_tree["signals"], answers_tree["urgent"], answers_tree["person_name"]) == (
        ["illness"],
        "yes",
        "王桂英",
    )
    assert doors.page.head != "邓光明", "the next door stands open"


def test_a_member_who_left_is_a_letter_and_a_key(hands: Hands, doors: Screening) -> None:
    assert doors.page is not None
    household = doors.page.household
    hands.press(Key.Key_A)
    hands.press(Key.Key_2)
    after = screening.door_page(hands.desk.store, hands.desk.actor, household, None).result()
    assert {one.name: one.whereabouts for one in after.members}["邓光明"] == "away_work"
    assert answers(hands)["邓光明"] == "changed"


def test_others_with_their_reason_are_two_keys(hands: Hands, doors: Screening) -> None:
    hands.press(Key.Key_6)
    sheet = next(each for each in hands.frame.findChildren(Sheet) if each.isVisible())
    QTest.keyClick(sheet, Key.Key_2)
    settle()
    found = screening.door_list(hands.desk.store, hands.desk.actor).result()
    assert next((door.answer, door.reason) for door in found.doors if door.head == "邓光明") == ("other", "refused")


@pytest.mark.parametrize(
    ("typed", "head"), [("dgm", "邓光明"), ("䶮", "彭䶮"), ("肖", "肖雨"), ("邓山", "肖雨"), ("wgy", "邓光明")]
)
def test_any_household_within_four_keys(hands: Hands, typed: str, head: str) -> None:
    """HANDS-3: letters of its pinyin, a rare character, a surname, another member's name."""
    assert len(typed) <= 4
    hands.open("today")
    hands.press(Key.Key_K, CTRL)
    hands.type(typed)
    settle(hands.frame.search.is_open)
    rows = hands.frame.search._list.model().rows  # type: ignore[attr-defined]
    assert any(head in row.title for row in rows)


def test_a_restart_finds_every_answer_again(laptop: tuple[Profile, Store, Actor], tmp_path: Path) -> None:
    profile, store, actor = laptop
    hands = Hands(profile, store, actor)
    hands.open("screening")
    for _ in range(4):
        hands.press(Key.Key_1)
    before = rounds.progress(store, actor).result()
    hands.close()
    store.close()
    with Store.open(Profile.unlock(profile.folder, PASSPHRASE)) as again:
        after = rounds.progress(again, actor).result()
    assert before is not None
    assert before == after
    assert before.answered == 10


def test_privacy_hides_names_tiers_and_amounts_everywhere(hands: Hands, doors: Screening) -> None:
    """On what is painted, in tool tips and in what a screen reader says."""
    from PySide6.QtWidgets import QLabel, QWidget

    from ui.privacy import privacy

    hands.press(Key.Key_H, CTRL)
    try:
        seen = [widget for widget in doors.findChildren(QWidget) if widget.isVisible()]
        shown = " ".join(f"{widget.accessibleName()} {widget.toolTip()}" for widget in seen)
        shown += " ".join(widget.text() for widget in seen if isinstance(widget, QLabel))
        shown += " ".join(row.words() for row in doors.doors.list.model().rows)  # type: ignore[attr-defined]
        for secret in (*HEADS, "王桂英", "640", "第二圈层", "低保", "高血压"):
            assert secret not in shown, secret
        assert "邓**" in shown
    finally:
        privacy().set(False)
