"""A worker's day at the real window, in a process of its own: ``python -m tests.faults.window_day work|lock PHOTO OUT``.

``work``: unlock, a whole visit with photo and signatures submitted, a second one half written, search, preview, export;
then killed in the middle of an export. ``lock``: unlock again, take the draft up, show a number; then locked as Ctrl+L
does it. The profile lies in ``TIEJIAOBAN_HOME``; the process says ``ready`` before it locks and waits for a line.
Every file opened for writing is noted in ``LISTING``.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: Nothing of this stands in the program's own files, so that finding it means that it leaked.
HEAD, WIFE, ADDRESS = "尉迟石磨", "尉迟麦穗", "蓼子坡九组88号"
NUMBER, PHONE = "341799196302147632", "13967254418"
TOLD, TYPED, PARTNER = "灶台裂了三道缝夜里漏风", "雨棚塌了半边还没", "万俟秤砣"
SECRETS = (HEAD, WIFE, ADDRESS, NUMBER, PHONE, TOLD, TYPED, PARTNER)


def note_files(listing: Path) -> None:
    opened = open(listing, "a", buffering=1, encoding="utf-8")  # noqa: SIM115 - as long as the process

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], str | os.PathLike) and args[2] & (os.O_WRONLY | os.O_RDWR):
            opened.write(os.fspath(args[0]) + "\n")

    sys.addaudithook(hook)


def family(tx: Any) -> str:
    from tests.store.county import GRID

    home = tx.create("household", GRID, {"head_name": HEAD, "address": ADDRESS, "phone": PHONE})
    for name, relation in ((HEAD, "head"), (WIFE, "wife")):
        person = {
            "full_name": name, "sex": "male" if relation == "head" else "female", "id_kind": "id_card",
            "id_number": NUMBER, "birth_date": "1963-02-14", "phone": PHONE, "whereabouts": "home",
            "membership": {"household": home, "relation": relation, "lives_with_family": True},
        }  # fmt: skip
        tx.create("person", GRID, person, document_id=f"{relation}-of-{home}")
    return str(home)


def work(photo: Path, out: Path) -> None:
    from PySide6.QtCore import Qt

    from fieldapp.store.api import find
    from fieldapp.workflows import exporting
    from fieldapp.workflows.form_shelf import FormShelf
    from tests.journeys.families import SAID
    from tests.journeys.laptop import Hands, press, type_text, wait

    laptop = at_work()
    (home,) = laptop.read(lambda tx: [row[0] for row in tx.rows("SELECT document FROM household")])
    form = laptop.begin_visit(home)
    visit = form.sheet.opening.header.visit
    said = {**SAID, "purpose": "routine", "present_member": HEAD, "investigator_2": PARTNER, "conclusion_text": TOLD}
    Hands(form, photo, said).fill()
    press(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    laptop.wait(lambda: laptop.visits.form is None)
    assert laptop.read(lambda tx: find(tx, HEAD[:3]))
    form = laptop.begin_visit(home)
    kept: list[object] = []
    form.sheet.kept.connect(kept.append)
    form.jump("/basics/present_others")
    type_text(form.pane.frame("/basics/present_others").field.focus_widget(), TYPED)
    wait(lambda: bool(kept))
    store, actor, forms = laptop.store, laptop.desk.actor, FormShelf(laptop.store.profile.folder / "forms").best
    assert exporting.preview_visit(store, actor, forms, visit).result().pdf.startswith(b"%PDF")
    assert exporting.export_visit(store, actor, forms, visit, out).result().path.exists()
    threading.Timer(0.15, os.kill, [os.getpid(), signal.SIGKILL]).start()
    while True:
        exporting.export_visit(store, actor, forms, visit, out).result()


def lock() -> None:
    from PySide6.QtCore import QTimer

    from fieldapp.workflows import households
    from ui.app import start_anew

    laptop = at_work()
    (home,) = laptop.read(lambda tx: [row[0] for row in tx.rows("SELECT document FROM household")])
    form = laptop.begin_visit(home)
    assert form.session.view("/basics/present_others").value == TYPED, "half a line outlived the kill"
    shown = households.reveal(laptop.store, laptop.desk.actor, f"head-of-{home}", "id_number").result()
    print("ready" if shown == NUMBER else shown, flush=True)
    sys.stdin.readline()
    program = laptop.program
    QTimer.singleShot(0, program.lock)
    # The end of ui.app.run, whose Program this script could not have reached.
    program.app.exec()
    program.close()
    sys.argv = [str(ROOT / "main.py")]
    start_anew()


def at_work() -> Any:
    """Through the unlock window, as anybody."""
    from PySide6.QtTest import QTest

    from tests.journeys.laptop import Laptop, settle, wait
    from tests.store.county import PASSPHRASE
    from ui import tasks
    from ui.app import Program, make_application
    from ui.widgets.sheet import Sheet

    program = Program(make_application(), Path(os.environ["TIEJIAOBAN_HOME"]))
    program.show()
    assert program.entrance
    program.entrance.passphrase.field.setText(PASSPHRASE)
    program.entrance.unlock()
    wait(lambda: program.desk is not None and program.frame is not None)
    assert program.desk
    assert program.frame
    program.frame.activateWindow()
    assert QTest.qWaitForWindowActive(program.frame)
    for sheet in program.frame.findChildren(Sheet):
        sheet.close_sheet()  # the guide of the first start keeps the keyboard to itself
    settle()
    problems: list[Any] = []
    program.desk.failed.connect(problems.append)
    tasks.tasks().present = problems.append
    laptop = Laptop(program.desk.store, program.desk, program.frame, problems)
    laptop.program = program  # type: ignore[attr-defined]
    return laptop


if __name__ == "__main__":
    note_files(Path(os.environ["LISTING"]))
    steps: dict[str, Callable[[], None]] = {"work": lambda: work(Path(sys.argv[2]), Path(sys.argv[3])), "lock": lock}
    steps[sys.argv[1]]()
