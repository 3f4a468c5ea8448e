"""A worker's process that is killed: ``python -m tests.journeys.walking form|sync PROFILE PASSPHRASE HOUSEHOLD PHOTO``.

``form``: three doors, one family in difficulty, a home visit half filled; ``sync``: the visit finished and submitted,
then a sync of which the county has confirmed the first step. Each says so on its output and waits to be killed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from fieldapp.store.api import Profile, Store
from fieldapp.workflows.actor import Actor
from tests.journeys.families import SAID
from tests.journeys.laptop import Hands, Laptop, settle, wait
from ui import syncer
from ui.widgets.sheet import Sheet

Key, ALT, CTRL = Qt.Key, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
DOORS, ANSWERS = 3, 12
PURPOSE = {**SAID, "purpose": "routine"}


def main(stage: str, folder: str, passphrase: str, household: str, photo: str) -> None:
    profile = Profile.unlock(Path(folder), passphrase)
    who = profile.require_identity()
    actor = Actor(who.user, who.name, who.role, who.county, who.scope, today=lambda: date(2026, 11, 21))
    laptop = Laptop.around(Store.open(profile), actor)
    laptop.frame.open("today", {})
    settle()
    if stage == "form":
        doors(laptop)
        half_a_visit(laptop, household, Path(photo))
    else:
        finish(laptop, household, Path(photo))
        begin_sync(laptop)
    time.sleep(120)


def doors(laptop: Laptop) -> None:
    laptop.press(Key.Key_2, ALT)
    wait(lambda: laptop.frame.screens["screening"].page is not None)  # type: ignore[attr-defined]
    for _ in range(DOORS):
        laptop.press(Key.Key_1)
        settle(0.2)
    laptop.press(Key.Key_3)
    sheet = next(each for each in laptop.frame.findChildren(Sheet) if each.isVisible())
    for key in (Key.Key_1, Key.Key_Return):
        QTest.keyClick(sheet, key)
    settle(0.3)


def half_a_visit(laptop: Laptop, household: str, photo: Path) -> None:
    form = laptop.begin_visit(household, purpose="routine", partner="陈芳")
    kept: list[object] = []
    form.sheet.kept.connect(kept.append)
    hands = Hands(form, photo, PURPOSE)
    for _ in range(ANSWERS):
        hands.answer(form.sheet.problems()[0].node_id)
    before = len(kept)
    form.sheet.keep()
    wait(lambda: len(kept) > before)
    print("kept", form.sheet.opening.header.visit, flush=True)


def finish(laptop: Laptop, household: str, photo: Path) -> None:
    form = laptop.begin_visit(household)
    assert form.session.view("/basics/present_member").value == "肖雨", "what was answered before the crash is there"
    Hands(form, photo, PURPOSE).fill()
    laptop.press(Key.Key_Return, CTRL)
    laptop.wait(lambda: laptop.visits.form is None)
    print("submitted", flush=True)


def begin_sync(laptop: Laptop) -> None:
    """The Sync screen's own key; the sync thread stands still once the county has confirmed something."""
    real = syncer.run

    def run(store: Store, told: Callable[[Any], None], halted: Callable[[], bool], *, sparing: bool) -> Any:
        def first(progress: Any) -> None:
            told(progress)
            if progress.step == "push" and progress.done:
                print("confirmed", progress.done, flush=True)
                time.sleep(120)

        return real(store, first, halted, sparing=sparing)

    syncer.run = run
    laptop.press(Key.Key_S, CTRL | Qt.KeyboardModifier.ShiftModifier)
    settle(0.3)
    laptop.press(Key.Key_Return)
    wait(lambda: False, 100)


if __name__ == "__main__":
    main(*sys.argv[1:])
