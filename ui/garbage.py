"""Cyclic garbage is collected on the GUI thread only.

Hazard: parts of a window hang in cycles with the functions they are connected to. Python collects cycles on whatever
thread happens to allocate; on a store's or a task's thread that destroys the C++ half of a widget there, and Qt
crashes some time later, far from the cause.

Hazard: a whole window that hangs in a cycle is taken apart by Python in any order, children before what they stand in,
and Qt crashes at once. Windows therefore die by Qt's own hand (``deleteLater``) before Python forgets them.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

EVERY_MS = 500


class GuiThreadCollector(QObject):
    """Takes collecting away from Python's own moments; lives as long as the application."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(collect_due)
        self._timer.start(EVERY_MS)


def collect_due() -> None:
    """Collect the oldest generation whose count is over Python's own threshold; call it on the GUI thread."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return


def set_aside() -> None:
    """What stands once the program is warm (modules, forms, screens) stands until its end: it is not looked through
    again and again. A full collection took 60 ms of the window's time with nothing to find, afterwards 2."""
    gc.collect(1)
    gc.freeze()


def let_windows_go(app: QApplication) -> None:
    """Every window that is left dies now, whole; what was waiting to die goes along."""
    for window in app.topLevelWidgets():
        # One may own another; a list that folds out belongs to the control under it.
        if isValid(window) and window.parentWidget() is None:
            window.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
