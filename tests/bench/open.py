"""From the derived key to what Today and the list need, beside a store of 100 households; and what it weighs."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

from fieldapp.store.api import Profile, Store
from fieldapp.store.projections import households
from tests.bench.figures import Row, figure, median
from tests.bench.store_fixture import big_store, grid


def run(full: bool) -> list[Row]:
    count = 100_000 if full else 5_000
    small, large = big_store(100), big_store(count)
    before = _resident()
    with Store.open(large) as store:
        store.read_now(lambda tx: [households.in_area(tx, limit=200, offset=start) for start in range(0, count, 2000)])
        weight = _resident() - before
        page = _page(store)
    times: dict[str, list[float]] = {"small": [], "large": []}
    for _ in range(40):
        times["small"].append(_open(small))
        times["large"].append(_open(large))
    return [
        figure(
            f"open: store, state, first page, {count} households", median(times["large"]), "ms",
            yardstick=median(times["small"]), most_ratio=1.5, note="key derivation apart",
        ),
        figure("open: a page of 50 in the middle of the list", page, "ms", most=16),
        figure("open: memory after walking the list", weight, "MB", most=150),
    ]  # fmt: skip


def _open(profile: Profile) -> float:
    start = time.perf_counter()
    with Store.open(profile) as store:
        store.read_now(lambda tx: (tx.sync_state(), households.in_area(tx, grid(17), limit=50), tx.drafts()))
        taken = (time.perf_counter() - start) * 1e3
    return taken


def _page(store: Store) -> float:
    """The slowest of twenty grids in ms, each asked three times: by grid, as the screens ask, no offset into the whole
    county."""
    return max(_middle(store, grid(number)) for number in range(0, 400, 20))


def _middle(store: Store, area: str) -> float:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        store.read_now(lambda tx: households.in_area(tx, area, limit=50))
        times.append((time.perf_counter() - start) * 1e3)
    return median(times)


def _resident() -> float:
    """MB resident now; where the system does not say, the most there was."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
