"""A process that fills a visit and is killed: ``python -m tests.journeys.filling PROFILE PASSPHRASE HOUSEHOLD``.

It answers three questions with key events, stops in the middle of a fourth, says ``kept`` on its output once the window
says so, and goes on living until somebody kills it.
"""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt

from fieldapp.store.api import Profile, Store
from fieldapp.workflows.actor import Actor
from tests.journeys.laptop import Laptop, press, settle, type_text, wait
from ui.questions import line


def main(folder: str, passphrase: str, household: str) -> None:
    line.REST_MS = 600_000  # what is typed in a line is never said by itself here
    profile = Profile.unlock(Path(folder), passphrase)
    who = profile.require_identity()
    actor = Actor(who.user, who.name, who.role, who.county, who.scope, today=lambda: date(2026, 11, 21))
    laptop = Laptop.around(Store.open(profile), actor)
    form = laptop.begin_visit(household)
    kept: list[object] = []
    form.sheet.kept.connect(kept.append)
    form.jump("/basics/present_member")
    field = form.pane.frame("/basics/present_member").field.focus_widget()  # type: ignore[union-attr]
    type_text(field, "肖雨")
    press(field, Qt.Key.Key_Return)
    form.jump("/basics/area")
    press(form.pane.frame("/basics/area").field.focus_widget(), Qt.Key.Key_2)  # type: ignore[union-attr]
    form.jump("/conclusion/conclusion_text")
    page = form.pane.frame("/conclusion/conclusion_text").field.focus_widget()  # type: ignore[union-attr]
    type_text(page, "因病致困")
    before = len(kept)
    wait(lambda: form.session.view("/conclusion/conclusion_text").value == "因病致困")
    wait(lambda: len(kept) > before)
    form.jump("/basics/present_others")
    before = len(kept)
    type_text(form.pane.frame("/basics/present_others").field.focus_widget(), "村支")  # type: ignore[union-attr]
    wait(lambda: len(kept) > before)
    settle()
    assert form.session.view("/basics/present_others").value is None
    print("kept", flush=True)
    time.sleep(120)


if __name__ == "__main__":
    main(*sys.argv[1:])
