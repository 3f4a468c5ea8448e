"""Counters and sums for the metrics page, in Prometheus text form; no names, no ids."""

from __future__ import annotations

import threading
from collections import defaultdict


class Metrics:
    """Counts by name and labels; safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: defaultdict[str, float] = defaultdict(float)

    def add(self, name: str, amount: float = 1, **labels: str) -> None:
        inner = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
        with self._lock:
            self._counts[f"{name}{{{inner}}}" if inner else name] += amount

    def text(self, **gauges: float) -> str:
        """The page; ``gauges`` are what is counted when asked."""
        with self._lock:
            lines = [f"tjb_{name} {value:g}" for name, value in sorted(self._counts.items())]
        return "\n".join(lines + [f"tjb_{name} {value:g}" for name, value in sorted(gauges.items())]) + "\n"
