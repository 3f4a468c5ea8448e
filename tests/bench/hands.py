"""How many keys a worker's day takes, how long the window ever stood still, and what a day of doors costs in memory.

Counted with real key events in the real window over a real store. Blocking is the longest gap between two beats of a
2 ms timer while doors are being answered.
"""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.bench.figures import Row

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
        before = _resident_mb()
        beats = Beats()
        start = hands.pressed
        _doors(hands, count)
        keys, longest, grown = (hands.pressed - start) / count, beats.longest_ms(), _resident_mb() - before
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
        Row("longest the window stood still", longest, "ms", budget="aim 100 ms", note=f"{count} doors"),
        Row(f"memory grown over {count} doors", grown, "MB", budget="<= 50 MB", holds=grown <= 50),
    ]


def _doors(hands, count: int) -> None:  # type: ignore[no-untyped-def]
    from PySide6.QtCore import Qt

    for _ in range(count):
        hands.press(Qt.Key.Key_1)


def _report(hands) -> int:  # type: ignore[no-untyped-def]
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
    return int(hands.pressed - start)


def _revisit(hands, folder: Path) -> int:  # type: ignore[no-untyped-def]
    """The short form of a family where everything is as it was, submitted."""
    from PySide6.QtCore import Qt

    from fieldapp.store.projections import households
    from tests.journeys.laptop import Hands as FormHands
    from tests.ui.hands import settle

    same = {"present_member": "本人", "state": "same", "help_arrived": "yes", "urgent": "no", "income_changed": "no",
            "close": "no"}  # fmt: skip
    home = hands.desk.store.read_now(lambda tx: households.in_area(tx, limit=1))[0].id
    screen = hands.open("visit", household=home, purpose="revisit", form="revisit")
    settle(lambda: screen.form is not None)
    filling = FormHands(screen.form, folder / "none.jpg", same)
    filling.fill()
    before = hands.pressed
    hands.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(lambda: screen.form is None)
    return filling.actions + int(hands.pressed - before)


def _approving(folder: Path) -> int:
    from PySide6.QtCore import Qt

    from fieldapp.store.projections import households, visits
    from tests.store.county import GRID
    from tests.ui.hands import Hands, settle
    from tests.ui.town import village

    profile, store, actor = village(folder / "desk", desk=True)
    home = store.read_now(lambda tx: households.in_area(tx, limit=1))[0].id
    other = {"i1": {"@row": True, "name": "李秋", "user": "another"}}
    state = {"household": home, "form_id": "home_visit", "finished_at": "2026-11-20T02:00:00Z", "investigators": other}
    visit = store.write_now(lambda tx: tx.create("visit", GRID, state))
    # The one laptop here wrote the visit too: the bench is asked as somebody else, for nobody reviews their own.
    hands = Hands(profile, store, replace(actor, user="somebody.else"))
    screen = hands.open("review", visit=visit)
    settle(lambda: screen.page is not None)
    before = hands.pressed
    hands.press(Qt.Key.Key_A)
    decided = store.read_now(lambda tx: visits.visit(tx, visit))
    hands.close()
    store.close()
    return int(hands.pressed - before) if decided is not None and decided.decision == "approved" else 99


class Beats:
    """A timer of the window that notes the longest time it was kept waiting."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer

        self._last, self._longest = time.perf_counter(), 0.0
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(2)

    def _beat(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, now - self._last)
        self._last = now

    def longest_ms(self) -> float:
        self._timer.stop()
        return self._longest * 1000


def _resident_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0
