"""How many keys a worker's day takes, how long the window ever stood still, and what a day of doors costs in memory.

Counted with real key events in the real window over a real store. Blocking is the longest gap between two beats of a
2 ms timer while doors are being answered.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import Row, resident_mb
from tests.bench.standing import Standing

if TYPE_CHECKING:
    from tests.ui.hands import Hands

DOORS, DAY_OF_DOORS = 60, 400


def run(full: bool) -> list[Row]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt

    from tests.ui.hands import Hands, settle
    from tests.ui.town import crowd

    count = DAY_OF_DOORS if full else DOORS
    with tempfile.TemporaryDirectory() as folder:
        profile, store, actor = crowd(Path(folder), doors=count + 60)
        hands = Hands(profile, store, actor)
        hands.open("screening")
        _doors(hands, 5)  # everything is imported and painted once
        before, start = resident_mb(), hands.pressed
        with Standing() as standing:
            _doors(hands, count)
        keys, grown = (hands.pressed - start) / count, resident_mb() - before
        report = _report(hands)
        hands.open("today")
        hands.press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        typed = hands.pressed
        hands.type("omr")
        settle(hands.frame.search.is_open)
        search = hands.pressed - typed
        revisit = _revisit(hands, Path(folder))
        hands.close()
        store.close()
        approving = _approving(Path(folder))
    return [
        Row("keys for a normal door", keys, "keys", budget="1", holds=keys == 1),
        Row("actions for a report of difficulty", report, "actions", budget="<= 12", holds=report <= 12),
        Row("keys to any household", search, "keys", budget="<= 4", holds=search <= 4),
        Row("actions for a revisit where nothing changed", revisit, "actions", budget="<= 10", holds=revisit <= 10),
        Row("keys to approve a visit", approving, "keys", budget="1", holds=approving == 1),
        Row("longest the window stood still", standing.ms(), "ms", budget="aim 100 ms", note=f"{count} doors"),
        Row(f"memory grown over {count} doors", grown, "MB", budget="<= 50 MB", holds=grown <= 50),
    ]


def _doors(hands: Hands, count: int) -> None:
    from PySide6.QtCore import Qt

    for _ in range(count):
        hands.press(Qt.Key.Key_1)


def _report(hands: Hands) -> int:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from tests.ui.hands import settle
    from ui.widgets.sheet import Sheet

    start = hands.pressed
    hands.press(Qt.Key.Key_3)
    sheet = next(each for each in hands.frame.findChildren(Sheet) if each.isVisible())
    for key in (Qt.Key.Key_1, Qt.Key.Key_U, Qt.Key.Key_Return):
        QTest.keyClick(sheet, key)
        hands.pressed += 1
    settle()
    return hands.pressed - start


def _revisit(hands: Hands, folder: Path) -> int:
    """The short form of a family where everything is as it was, submitted."""
    from PySide6.QtCore import Qt

    from fieldapp.store.projections import households
    from tests.journeys.laptop import Hands as FormHands
    from tests.ui.hands import settle
    from ui.screens.visit.screen import Visits

    same = {"present_member": "本人", "state": "same", "help_arrived": "yes", "urgent": "no", "income_changed": "no",
            "close": "no"}  # fmt: skip
    home = hands.desk.store.read_now(lambda tx: households.in_area(tx, limit=1))[0].id
    screen = hands.open("visit", household=home, purpose="revisit", form="revisit")
    assert isinstance(screen, Visits)
    settle(lambda: screen.form is not None)
    assert screen.form is not None
    filling = FormHands(screen.form, folder / "none.jpg", same)
    filling.fill()
    before = hands.pressed
    hands.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(lambda: screen.form is None)
    return filling.actions + hands.pressed - before


def _approving(folder: Path) -> int:
    from PySide6.QtCore import Qt

    from fieldapp.store.projections import households, visits
    from tests.store.county import GRID
    from tests.ui.hands import Hands, settle
    from tests.ui.town import village
    from ui.screens.review.screen import Review

    profile, store, actor = village(folder / "desk", desk=True)
    home = store.read_now(lambda tx: households.in_area(tx, limit=1))[0].id
    other = {"i1": {"@row": True, "name": "李秋", "user": "another"}}
    state = {"household": home, "form_id": "home_visit", "finished_at": "2026-11-20T02:00:00Z", "investigators": other}
    visit = store.write_now(lambda tx: tx.create("visit", GRID, state))
    # The one laptop here wrote the visit too: the bench is asked as somebody else, for nobody reviews their own.
    hands = Hands(profile, store, replace(actor, user="somebody.else"))
    screen = hands.open("review", visit=visit)
    assert isinstance(screen, Review)
    settle(lambda: screen.page is not None)
    before = hands.pressed
    hands.press(Qt.Key.Key_A)
    decided = store.read_now(lambda tx: visits.visit(tx, visit))
    hands.close()
    store.close()
    return hands.pressed - before if decided is not None and decided.decision == "approved" else 99
