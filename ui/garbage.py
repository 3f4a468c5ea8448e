"""Cyclic garbage is collected on the GUI thread only.

Hazard: parts of a window hang in cycles with the functions they are connected to. Python collects cycles on whatever
thread happens to allocate; on a store's or a task's thread that destroys the C++ half of a widget there, and Qt
crashes some time later, far from the cause.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

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
