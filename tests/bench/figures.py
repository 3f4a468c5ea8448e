"""What a benchmark reports."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure. ``ratio`` is value over yardstick, ``budget`` what was aimed at, in words; None where there
    is no yardstick or no budget. ``holds`` None means it could not be measured here, and ``note`` says why."""

    name: str
    value: float | None
    unit: str
    yardstick: float | None = None
    ratio: float | None = None
    budget: str = ""
    holds: bool | None = None
    note: str = ""


def figure(
    name: str,
    value: float,
    unit: str,
    *,
    yardstick: float | None = None,
    most: float | None = None,
    most_ratio: float | None = None,
    note: str = "",
) -> Row:
    """A row whose budget is a largest value, a largest ratio to its yardstick, or both."""
    ratio = value / yardstick if yardstick else None
    parts, held = [], []
    if most is not None:
        parts.append(f"<= {most:g} {unit}")
        held.append(value <= most)
    if most_ratio is not None and ratio is not None:
        parts.append(f"<= {most_ratio:g} x yardstick")
        held.append(ratio <= most_ratio)
    return Row(name, value, unit, yardstick, ratio, ", ".join(parts), all(held) if held else None, note)


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0..1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def best(*works: Callable[[], object], rounds: int = 12) -> list[float]:
    """Processor seconds of the fastest round of each, in turns, so that a busy machine is fair to all."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            gc.collect()
            start = time.process_time()
            work()
            taken.append(time.process_time() - start)
    return [min(taken) for taken in times]


def resident_mb() -> float:
    """Of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0
