"""Windows die on the GUI thread, never on a store's or a task's."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QLabel, QMainWindow
from shiboken6 import isValid

from ui.app import make_application
from ui.garbage import collect_due, let_windows_go, set_aside


class Knot(QObject):
    """Hangs in a cycle with itself, as a widget does with its connected methods."""

    def __init__(self, died_on: list[object]) -> None:
        super().__init__()
        self.me = self
        self.destroyed.connect(lambda: died_on.append(QThread.currentThread()))


def test_a_cycle_left_behind_dies_on_the_gui_thread_only() -> None:
    app = make_application()
    died_on: list[object] = []
    knot = weakref.ref(Knot(died_on))

    def work() -> None:
        kept = [[number] for number in range(200_000)]  # far over every threshold
        del kept

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert knot() is not None, "collected by the thread that happened to allocate"
    assert not gc.isenabled()
    while any(count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True)):
        collect_due()
    gc.collect()
    assert knot() is None
    assert all(where is app.thread() for where in died_on)


def test_what_stands_is_set_aside_and_what_comes_later_is_still_collected() -> None:
    make_application()
    died_on: list[object] = []
    stands = [[] for _ in range(50_000)]  # type: ignore[var-annotated]
    set_aside()
    try:
        assert gc.get_freeze_count() > len(stands)
        assert len(gc.get_objects()) < len(stands)
        later = weakref.ref(Knot(died_on))
        gc.collect()
        assert later() is None
    finally:
        gc.unfreeze()


def test_a_window_left_behind_dies_whole_before_python_collects_it() -> None:
    app = make_application()
    window = QMainWindow()
    words = QLabel("户")
    window.setCentralWidget(words)
    window.me = window  # type: ignore[attr-defined] # the cycle that only collecting would end
    let_windows_go(app)
    assert not isValid(window)
    assert not isValid(words)
