"""Today holds everything that must be done next: a form begun and left is there with one key to go on with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from fieldapp.store.projections import helps
from fieldapp.workflows import today
from fieldapp.workflows.matters.opening import Wanted, create
from tests.ui.hands import Hands, at_work, settle
from tests.ui.town import HEADS, family_of, village
from tests.ui.town_matters import SETTINGS
from ui.screens.today import Today
from ui.screens.visit.screen import Visits
from ui.widgets.button import Button

Key = Qt.Key


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    with at_work(*village(tmp_path, matters=True)) as made:
        yield made


def board(hands: Hands) -> today.TodayBoard:
    return today.board(hands.desk.store, hands.desk.actor).result()


def leave_a_visit_half_done(hands: Hands, head: str) -> Visits:
    screen = hands.open("visit", household=family_of(hands.desk.store, head), purpose="routine")
    assert isinstance(screen, Visits)
    settle(lambda: screen.form is not None)
    hands.press(Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    return screen


def test_a_visit_left_half_done_stands_on_today_and_c_goes_on_with_it(hands: Hands) -> None:
    screen = leave_a_visit_half_done(hands, "谢冬梅")
    hands.open("today")
    drafts = board(hands).of("draft")
    assert [(draft.name, draft.purpose, draft.words) for draft in drafts] == [("谢冬梅", "routine", "")]
    hands.press(Key.Key_C)
    settle(lambda: screen.form is not None)
    assert hands.frame.current == "visit"
    assert screen.form is not None
    assert screen.form.sheet.opening.header.visit == drafts[0].document


def test_a_step_left_half_done_is_the_matter_s_line_with_its_term_and_stands_once(hands: Hands) -> None:
    before = board(hands)
    due = before.of("matter")[0]
    matter = hands.desk.store.read_now(lambda tx: helps.matter(tx, due.document))
    assert matter is not None
    screen = hands.open("visit", matter=matter.id, step=matter.next[0])
    assert isinstance(screen, Visits)
    settle(lambda: screen.form is not None)
    hands.press(Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    after = board(hands)
    (draft,) = after.of("draft")
    assert (draft.words, draft.due_on, draft.days_left) == (due.words, due.due_on, due.days_left)
    assert due.document not in {todo.document for todo in after.of("matter")}
    assert after.total == before.total
    hands.open("today")
    hands.press(Key.Key_C)
    settle(lambda: screen.form is not None)
    assert screen.form is not None
    assert screen.form.sheet.opening.header.step == matter.next[0]


def test_matters_without_a_term_are_on_today_and_a_long_list_ends_in_the_way_to_all(hands: Hands) -> None:
    home = family_of(hands.desk.store, HEADS[0])
    none = {**SETTINGS}
    worker = hands.desk.actor
    before = board(hands)
    made = [
        hands.desk.store.write_now(
            lambda tx, n=n: create(tx, worker, Wanted("service", home, title=f"送医陪护 {n}", provider="镇医院"), none)
        )
        for n in range(7)
    ]
    after = board(hands)
    assert after.totals["matter"] == before.totals["matter"] + 7
    assert after.matters == before.matters + 7
    lines = after.of("matter")
    assert len(lines) == today.SHOWN
    assert any(line.document in made and line.due_on is None for line in lines)
    screen = hands.open("today")
    assert isinstance(screen, Today)
    more = next(one for one in screen.findChildren(Button) if str(after.totals["matter"] - today.SHOWN) in one.text())
    hands.click(more)
    settle(lambda: hands.frame.current == "matters")


def test_a_worker_finds_matters_on_the_rail(hands: Hands) -> None:
    assert [name for name in hands.frame.rail.names() if name in ("plan", "matters", "reports")] == [
        "plan", "matters", "reports",
    ]  # fmt: skip
    hands.open("today")
    hands.press(Key.Key_7, Qt.KeyboardModifier.AltModifier)
    assert hands.frame.current == "matters"
