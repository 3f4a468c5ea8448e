"""The end of a grid, and two rounds at once: a digit never answers a door nobody is standing at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from fieldapp.store.projections import door_answers
from tests.ui.hands import Hands, settle
from tests.workflows.doors import Row, round_document, row_of_doors
from ui.screens.screening.screen import Screening

Key = Qt.Key


@pytest.fixture
def row(tmp_path: Path) -> Iterator[Row]:
    made = row_of_doors(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def hands(row: Row) -> Iterator[Hands]:
    made = Hands(row.store.profile, row.store, row.actor)
    yield made
    made.close()


def answers(row: Row, round_id: str) -> dict[str, tuple[str | None, int]]:
    found = row.store.read_now(lambda tx: door_answers.of_round(tx, round_id, row.actor.scopes[0]))
    return {home: (each.answer, each.attempts) for home, each in found.items()}


def at_the_doors(hands: Hands) -> Screening:
    screen = hands.open("screening")
    assert isinstance(screen, Screening)
    settle(lambda: screen.ready or screen.finished)
    return screen


def key(hands: Hands, screen: Screening, pressed: Qt.Key) -> None:
    hands.press(pressed)
    settle(lambda: screen.ready or screen.finished)


def test_after_the_last_door_a_digit_answers_none_and_says_so(row: Row, hands: Hands) -> None:
    screen = at_the_doors(hands)
    for pressed in (Key.Key_1, Key.Key_4, Key.Key_1):
        key(hands, screen, pressed)
    assert screen.finished
    assert screen.answered.isVisible()
    assert not screen.door.isVisible()
    before = answers(row, row.round)
    assert sorted(before.values(), key=str) == [("nobody_home", 1), ("normal", 0), ("normal", 0)]
    for digit in (Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_5, Key.Key_6):
        hands.press(digit)
        assert "每户都答过了" in hands.frame.toast.accessibleName()
    assert answers(row, row.round) == before, "nobody home stays one try"
    assert screen.found is not None
    left = screen.found.left()
    assert (left.absent_once, left.absent_twice, left.difficulty) == (1, 0, 0)


def test_space_goes_to_the_second_try_and_ctrl_z_takes_the_last_answer_back(row: Row, hands: Hands) -> None:
    screen = at_the_doors(hands)
    for pressed in (Key.Key_1, Key.Key_4, Key.Key_1):
        key(hands, screen, pressed)
    hands.press(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(lambda: screen.ready)
    assert screen.page is not None
    assert screen.page.household == row.homes[2]
    key(hands, screen, Key.Key_1)
    assert screen.finished
    key(hands, screen, Key.Key_Space)
    assert screen.page is not None
    assert screen.page.household == row.homes[1]
    key(hands, screen, Key.Key_4)
    assert screen.finished
    assert answers(row, row.round)[row.homes[1]] == ("nobody_home", 2)
    assert screen.found is not None
    assert (screen.found.left().absent_once, screen.found.left().absent_twice) == (0, 1)


def test_two_rounds_at_once_the_extra_one_first_and_w_changes(row: Row, tmp_path: Path) -> None:
    other = row_of_doors(tmp_path / "two", desk=True)
    cold = other.store.write_now(lambda tx: round_document(tx, title="寒潮走访", kind="cold", number=None))
    hands = Hands(other.store.profile, other.store, other.actor)
    screen = at_the_doors(hands)
    assert screen.found is not None
    assert screen.found.round is not None
    assert screen.found.round.id == cold, "the extra one is walked first"
    assert "寒潮走访" in screen.doors.rounds.currentText()
    key(hands, screen, Key.Key_1)
    hands.press(Key.Key_W)
    settle(lambda: screen.ready and screen.round == other.round)
    assert screen.page is not None
    assert screen.page.household == other.homes[1], "the door stays"
    assert "十一月排查" in screen.doors.rounds.currentText()
    key(hands, screen, Key.Key_5)
    assert answers(other, cold) == {other.homes[0]: ("normal", 0)}
    assert answers(other, other.round) == {other.homes[1]: ("all_away", 0)}
    hands.open("today")
    screen = at_the_doors(hands)
    assert screen.round == other.round, "what was chosen by hand stays chosen"
    hands.press(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(lambda: screen.ready)
    assert answers(other, other.round)[other.homes[1]][0] is None
    hands.close()
    other.store.close()
