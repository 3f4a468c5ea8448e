"""The main walk in one: doors, a family in difficulty, a home visit, two crashes, a return, an approval, a report.

W1  killed in the middle of the form and in the middle of a sync, every answer is found again and nothing arrives twice
W2  the supervisor returns the visit with a word on one question; the worker sees it in Today, mends it, it is approved
    with one key and leaves as a PDF
W3  neither the profile nor the temporary folder holds a readable name, number or answer
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from fieldapp.store.projections import visits
from fieldapp.workflows import rounds, today
from tests.journeys.county import JourneyCounty
from tests.journeys.county import Laptop as Enrolled
from tests.journeys.laptop import Laptop, compiled_forms, press, settle, type_text
from tests.journeys.walking import DOORS

ROOT = Path(__file__).resolve().parents[2]
Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
NAMES = ("肖雨", "陈芳", "医院收费票据")


def in_a_process(stage: str, made: Enrolled, household: str, photo: Path, temporary: Path, until: str) -> list[str]:
    """Run a stage of the walk until it says ``until``, then kill it as a flat battery does; what it said."""
    temporary.mkdir(exist_ok=True)
    folder, passphrase = str(made.profile.folder), made.colleague.passphrase
    command = [sys.executable, "-m", "tests.journeys.walking", stage, folder, passphrase, household, str(photo)]
    environment = {**os.environ, "TMPDIR": str(temporary), "QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
    said = []
    try:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.strip())
            if line.startswith(until):
                return said
        raise AssertionError(f"it ended by itself: {said}")
    finally:
        process.kill()
        process.wait()


def readable(folders: tuple[Path, ...]) -> list[tuple[str, str]]:
    """Files in which a name or an answer stands in clear; forms are the county's and name nobody."""
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".xml"]
    return [
        (path.name, word)
        for path in files
        for word in NAMES
        for coded in (word.encode(), word.encode("utf-16-le"))
        if coded in path.read_bytes()
    ]


def sync(laptop: Laptop) -> None:
    """By the key of the Sync screen."""
    laptop.turn_to()
    laptop.frame.open("sync", {})
    screen = laptop.frame.screens["sync"]
    settle(0.2)
    laptop.press(Key.Key_Return)
    laptop.wait(lambda: screen.running is None)  # type: ignore[attr-defined]
    settle(0.3)


def test_the_main_walk(
    county_server: JourneyCounty, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = county_server.stories["high-medical-bill"]
    made, temporary = county_server.laptop("worker"), tmp_path / "temporary"
    compiled = made.profile.folder / "forms"
    if not compiled.exists():
        import shutil

        shutil.copytree(compiled_forms(), compiled)
    before = rounds.progress(made.store, made.actor).result()
    assert before is not None
    made.store.close()

    # W1: a flat battery in the middle of the form, another in the middle of the sync
    visit = in_a_process("form", made, household, picture, temporary, "kept")[-1].split()[1]
    assert readable((made.profile.folder, temporary)) == []
    said = in_a_process("sync", made, household, picture, temporary, "confirmed")
    assert "submitted" in said
    assert readable((made.profile.folder, temporary)) == []
    made.reopen()
    worker = Laptop.of(made)
    after = rounds.progress(made.store, made.actor).result()
    assert after is not None
    assert after.answered == before.answered + DOORS + 1
    assert worker.read(lambda tx: tx.document(visit)).state["answers"]["basics"]["present_member"] == "肖雨"
    sync(worker)
    assert worker.read(lambda tx: tx.sync_state()).unsent == 0

    # W2: read, returned with a word, mended, approved, exported
    supervisor = Laptop.of(county_server.laptop("supervisor"))
    supervisor.turn_to()
    supervisor.frame.open("review", {"visit": visit})
    bench = supervisor.frame.screens["review"]
    supervisor.wait(lambda: bench.page is not None and bench.page.line.id == visit)  # type: ignore[attr-defined]
    asked = next(n for n, line in enumerate(bench.table.lines.lines) if line.path.endswith("/conclusion_text"))  # type: ignore[attr-defined]
    bench.table.selectRow(asked)  # type: ignore[attr-defined]
    supervisor.press(Key.Key_E)
    type_text(bench.comment, "请补：是否告知了医疗救助？")  # type: ignore[attr-defined]
    press(bench.comment, Key.Key_Return)  # type: ignore[attr-defined]
    settle()
    bench.table.setFocus()  # type: ignore[attr-defined]
    supervisor.press(Key.Key_R)
    supervisor.wait(lambda: supervisor.read(lambda tx: visits.visit(tx, visit)).decision == "returned")
    sync(supervisor)
    sync(worker)
    board = today.board(made.store, made.actor, "zh").result()
    assert [todo.words for todo in board.of("returned")] == ["请补：是否告知了医疗救助？"]
    form = worker.open_visit(visit)
    form.jump("/conclusion/conclusion_text")
    page = form.pane.frame("/conclusion/conclusion_text").field.focus_widget()  # type: ignore[union-attr]
    page.selectAll()
    type_text(page, "因病致困，已告知医疗救助")
    worker.press(Key.Key_Return, CTRL)
    worker.wait(lambda: worker.visits.form is None)
    sync(worker)
    sync(supervisor)
    supervisor.frame.open("review", {"visit": visit})
    supervisor.wait(lambda: bench.page is not None and bench.page.line.id == visit and bench.page.hindrance == "")  # type: ignore[attr-defined]
    bench.table.setFocus()  # type: ignore[attr-defined]
    supervisor.press(Key.Key_A)
    supervisor.wait(lambda: supervisor.read(lambda tx: visits.visit(tx, visit)).decision == "approved")
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(out))
    supervisor.frame.open("reports", {"visit": visit})
    settle(0.5)
    supervisor.press(Key.Key_Return)
    supervisor.wait(lambda: any(out.glob("*.pdf")))
    settle(0.3)
    assert next(out.glob("*.pdf")).read_bytes().startswith(b"%PDF")
    sync(supervisor)
    sync(worker)
    assert worker.read(lambda tx: visits.visit(tx, visit)).decision == "approved"

    # W3
    assert readable((made.profile.folder, supervisor.store.profile.folder, temporary)) == []
    worker.leave()
    supervisor.leave()
