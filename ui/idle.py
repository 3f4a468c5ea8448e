"""Locks after some minutes without a hand on the machine, and after it has slept."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

_HANDS = {
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel,
    QEvent.Type.TouchBegin, QEvent.Type.TabletPress, QEvent.Type.InputMethod,
}  # fmt: skip
LOOK_EVERY_MS = 5000
SLEPT_SECONDS = 60.0


class IdleClock(QObject):
    """``elapsed`` fires once the minutes have passed without input, or when the clock jumped (the lid was shut)."""

    elapsed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._minutes = 0
        self._touched = time.monotonic()
        self._looked = time.time()
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._look)
        app.installEventFilter(self)

    def start(self, minutes: int) -> None:
        self._minutes = minutes
        self._touched = time.monotonic()
        self._looked = time.time()
        self._clock.start(LOOK_EVERY_MS)

    def idle_for(self, seconds: float) -> bool:
        """Whether ``seconds`` without input are enough to lock."""
        return bool(self._minutes) and seconds >= self._minutes * 60

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _HANDS:
            self._touched = time.monotonic()
        return False

    def _look(self) -> None:
        # Wall time, not monotonic time: on Linux the monotonic clock stands still while the machine sleeps.
        slept = time.time() - self._looked > SLEPT_SECONDS
        self._looked = time.time()
        if slept or self.idle_for(time.monotonic() - self._touched):
            self._clock.stop()
            self.elapsed.emit()
