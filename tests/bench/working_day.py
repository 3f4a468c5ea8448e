"""A worker's whole day in one process: doors by key 1, home visits opened, answered, signed, photographed and submitted
in the real window; what it costs in memory, how long the form takes to open, and what the window stood still for.

Memory is the resident set after a warm-up of 5 doors and 2 visits, and again at the end. ``--full`` is 400 doors and 40
visits, without it 20 and 2.
"""

from __future__ import annotations

import gc
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.bench.figures import Row, figure, median, resident_mb
from tests.bench.standing import Standing

if TYPE_CHECKING:
    from tests.journeys.laptop import Laptop

FULL_DAY, SHORT_DAY, WARM_UP = (400, 40), (20, 2), (5, 2)
GROWN_MB, BLOCKED_MS, OPEN_MS = 50.0, 100.0, 300.0


class Day(NamedTuple):
    """Resident megabytes before, at half time and after; milliseconds of each form's opening; when it stood still."""

    mb: tuple[float, float, float]
    opening: list[float]
    stood: list[str]
    longest: float


def run(full: bool) -> list[Row]:
    doors, visits = FULL_DAY if full else SHORT_DAY
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        day = pool.submit(lived, doors, visits).result()
    first, half, last = day.mb
    said = f"{doors} doors, {visits} visits; {first:.0f} MB, {half:.0f} at half time, {last:.0f} in the end"
    return [
        figure("memory grown over a day", last - first, "MB", yardstick=first, most=GROWN_MB, note=said),
        figure(
            "home visit opens, key to drawn form",
            median(day.opening),
            "ms",
            most=OPEN_MS,
            note=f"longest {max(day.opening):.0f}",
        ),
        figure(
            "longest the window stood still in a day", day.longest, "ms", most=BLOCKED_MS, note="; ".join(day.stood)
        ),
    ]


def lived(doors: int, visits: int) -> Day:
    """In a process of its own, so that nothing else is counted."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.journeys.laptop import Laptop, compiled_forms
    from tests.ui.town import crowd
    from ui.screens.visit.kit import warm

    with tempfile.TemporaryDirectory() as folder:
        _, store, actor = crowd(Path(folder), doors=40 + WARM_UP[0] + doors)
        compiled_forms().rename(store.profile.folder / "forms")
        laptop = Laptop.around(store, actor)
        warm(laptop.desk)  # as the program does once Today stands
        laptop.wait(lambda: not _busy())
        worker = _Worker(laptop, Path(folder))
        worker.work(*WARM_UP)
        before = resident_mb()
        worker.opening.clear()
        with Standing() as standing:
            worker.work(doors // 2, visits // 2)
            half = resident_mb()
            worker.work(doors - doors // 2, visits - visits // 2)
        after = resident_mb()
        laptop.close()
    stood = [str(each) for each in standing.longest]
    return Day((before, half, after), worker.opening, stood, standing.ms())


class _Worker:
    def __init__(self, laptop: Laptop, folder: Path) -> None:
        self.laptop, self.photo = laptop, _photo(folder)
        self.homes = iter(laptop.read(_homes))
        self.opening: list[float] = []

    def work(self, doors: int, visits: int) -> None:
        """Doors, and after each stretch of them a visit, as a day goes."""
        every = max(doors // max(visits, 1), 1)
        for number in range(doors):
            self._door()
            if (number + 1) % every == 0 and (number + 1) // every <= visits:
                self._visit()
        gc.collect()

    def _door(self) -> None:
        from PySide6.QtCore import Qt

        if self.laptop.frame.current != "screening":
            self.laptop.frame.open("screening", {})
            self.laptop.wait(lambda: not _busy())
        self.laptop.press(Qt.Key.Key_1)

    def _visit(self) -> None:
        from PySide6.QtCore import Qt

        from tests.journeys.laptop import Hands

        start = time.perf_counter()
        form = self.laptop.begin_visit(next(self.homes), partner="陈芳")
        self.laptop.frame.grab()
        self.opening.append((time.perf_counter() - start) * 1000)
        Hands(form, self.photo, {"purpose": "routine"}).fill()
        self.laptop.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.laptop.wait(lambda: self.laptop.visits.form is None)


def _busy() -> bool:
    from ui import tasks

    return bool(tasks.tasks().busy)


def _homes(tx: object) -> list[str]:
    from fieldapp.store.projections import households

    return [row.id for row in households.in_area(tx) if 2 <= row.people <= 5]  # type: ignore[arg-type]


def _photo(folder: Path) -> Path:
    """As a phone takes them."""
    from PySide6.QtGui import QColor, QImage

    image = QImage(4000, 3000, QImage.Format.Format_RGB32)
    image.fill(QColor(120, 90, 60))
    path = folder / "door.jpg"
    assert image.save(str(path), "JPEG")
    return path
