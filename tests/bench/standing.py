"""How long the window ever stood still, and what it was doing then."""

from __future__ import annotations

import faulthandler
import re
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

BEAT_MS, LOOK_SECONDS, LATE_SECONDS = 2, 0.004, 0.04
_PLACE = re.compile(rf'File "{re.escape(str(Path(__file__).parents[2]))}/([^"]+)", line (\d+) in (\S+)')


class Stood(NamedTuple):
    """One time the window did not answer: for how long, and the places its thread was seen at, most often first."""

    ms: float
    places: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.ms:.0f} ms in {' < '.join(self.places) or 'a place outside the program'}"


class Standing:
    """Watches the window's thread from another one while it is entered; ``longest`` the worst times, worst first.

    A timer of the window beats; when a beat is late, the thread's stack is looked at until the next.
    """

    def __init__(self, worst: int = 3) -> None:
        self._worst = worst
        self.longest: list[Stood] = []
        self._seen: Counter[tuple[str, ...]] = Counter()
        self._last = 0.0
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        from PySide6.QtCore import Qt, QTimer

        self._thread = threading.get_ident()
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._beat()
        self._timer.stop()
        self._ended.set()
        self._watcher.join()

    def ms(self) -> float:
        return self.longest[0].ms if self.longest else 0.0

    def _beat(self) -> None:
        now = time.perf_counter()
        late, self._last = now - self._last, now
        seen, self._seen = self._seen, Counter()
        places = seen.most_common(1)[0][0] if seen else ()
        self.longest = sorted([*self.longest, Stood(late * 1000, places)], key=lambda each: -each.ms)[: self._worst]

    def _watch(self) -> None:
        """Hazard: a frame asked for from Python lives on in the answer, and with it a painter that should have ended
        with its paint event; faulthandler writes stacks without touching them."""
        with tempfile.TemporaryFile() as file:
            while not self._ended.wait(LOOK_SECONDS):
                if time.perf_counter() - self._last > LATE_SECONDS:
                    file.seek(0)
                    file.truncate()
                    faulthandler.dump_traceback(file, all_threads=True)
                    file.seek(0)
                    self._seen[_places(file.read().decode(errors="replace"), self._thread)] += 1


def _places(dump: str, thread: int) -> tuple[str, ...]:
    """The innermost places of the program itself in this thread, the innermost first."""
    part = next((part for part in dump.split("\n\n") if f"0x{thread:016x} " in part), "")
    own = [place for place in _PLACE.findall(part) if not place[0].startswith("tests/")]
    return tuple(f"{file}:{line} {name}" for file, line, name in own[:3])
