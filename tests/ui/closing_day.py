"""A program that is closed in a certain state: ``python -m tests.ui.closing_day HOME STATE OUT``.

The process is the product's own (``ui.app.run``); a clock beside it does what hands would, up to the cross of the
window, and nothing behind it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow

from tests.store.county import PASSPHRASE
from ui import tasks
from ui.app import make_application, run
from ui.entrance import Entrance
from ui.frame import Frame
from ui.screens.importing.screen import Importing
from ui.screens.sync import Sync
from ui.screens.visit.screen import Visits
from ui.widgets.sheet import Sheet

LEDGER = "台账.xlsx"
TYPED, HEAD = "雨棚塌了半边还没修", "邓光明"
SLOW_SECONDS = 1.5
EVERY_MS = 10

Step = Callable[[], bool]
Hands = Iterator[Step]
"""What is waited for before the hands go on."""


def one(kind: type[QMainWindow]) -> QMainWindow | None:
    return next((each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()), None)


def idle() -> bool:
    return tasks.tasks().busy == 0


def unlocking() -> Hands:
    yield lambda: one(Entrance) is not None
    entrance = one(Entrance)
    assert isinstance(entrance, Entrance)
    entrance.passphrase.field.setText(PASSPHRASE)
    QTest.keyClick(entrance.passphrase.field, Qt.Key.Key_Return)


def at_work() -> Hands:
    yield from unlocking()
    yield lambda: one(Frame) is not None and idle()
    for guide in frame().findChildren(Sheet):
        guide.close_sheet()


def frame() -> Frame:
    found = one(Frame)
    assert isinstance(found, Frame)
    return found


def key(pressed: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(frame().focusWidget() or frame(), pressed, modifier)


def nothing_chosen() -> Hands:
    yield lambda: one(Entrance) is not None


def help_open() -> Hands:
    yield from at_work()
    key(Qt.Key.Key_F1)
    yield lambda: any(each.isVisible() for each in frame().findChildren(Sheet))


def form_half_filled() -> Hands:
    """Letters into a field, the window closed with the last one."""
    yield from at_work()
    store = frame().desk.store
    (home,) = store.read(lambda tx: tx.rows("SELECT document FROM household WHERE head_name = ?", (HEAD,))).result()
    frame().open("visit", {"household": home[0]})
    visits = frame().screens["visit"]
    assert isinstance(visits, Visits)
    yield lambda: visits.form is not None and idle()
    form = visits.form
    assert form is not None
    form.jump("/basics/present_others")
    yield idle
    field = form.pane.frame("/basics/present_others").field.focus_widget()
    for letter in TYPED:
        commit = QInputMethodEvent()
        commit.setCommitString(letter)
        QApplication.sendEvent(field, commit)


def doors_behind_long_work() -> Hands:
    """Three threads are busy; an answer at a door waits for its turn when the window is closed."""
    yield from at_work()
    frame().open("screening", {})
    yield idle
    import time

    for _ in range(3):
        tasks.run(partial(time.sleep, SLOW_SECONDS))
    key(Qt.Key.Key_1)


def server_silent() -> Hands:
    yield from at_work()
    frame().open("sync", {})
    yield idle
    key(Qt.Key.Key_Return)
    screen = frame().current_screen()
    assert isinstance(screen, Sync)
    yield lambda: screen.running is not None


def locked_while_the_server_is_silent() -> Hands:
    """Ctrl+L instead of the cross: the process begins anew at once."""
    yield from server_silent()
    sys.argv = ["-c", "print('anew')"]
    frame().lock()


def export_running() -> Hands:
    yield from at_work()
    frame().open("reports", {})
    yield idle
    key(Qt.Key.Key_Return)
    yield lambda: not idle()


def import_running() -> Hands:
    """A ledger is being written, batch after batch."""
    yield from at_work()
    frame().open("importing", {})
    yield idle
    screen = frame().current_screen()
    assert isinstance(screen, Importing)
    screen.read(Path(sys.argv[3]) / LEDGER)
    yield lambda: screen.plan is not None and idle()
    screen.forward()
    yield lambda: screen.bar.value() > 0


STATES: dict[str, Callable[[], Hands]] = {
    each.__name__: each
    for each in (
        nothing_chosen, unlocking, at_work, help_open, form_half_filled, doors_behind_long_work, server_silent,
        locked_while_the_server_is_silent, export_running, import_running,
    )
}  # fmt: skip


class Clock:
    """Goes through the steps while the program's own loop runs; then the cross of the window."""

    def __init__(self, hands: Hands) -> None:
        self._hands, self._waits_for = hands, next(hands)
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(EVERY_MS)

    def _look(self) -> None:
        if self._waits_for():
            try:
                self._waits_for = next(self._hands)
            except StopIteration:
                self._timer.stop()
                (one(Frame) or one(Entrance) or QMainWindow()).close()


if __name__ == "__main__":
    home, state, out = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    QFileDialog.getExistingDirectory = lambda *_args: out  # type: ignore[method-assign] # a person's choice
    make_application()
    clock = Clock(STATES[state]())
    sys.exit(run(home))
