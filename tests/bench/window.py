"""The window before 300,000 households: how long every screen takes to open, what a scroll step costs while a pull runs,
how long the window ever stood still, and what a day's work costs in memory.

The yardstick of opening a screen is an empty store of the same program, where nothing has to be found. ``--full`` takes
300,000 households (built once, see ``store_fixture``), without it 1,000.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import Row, figure, percentile

if TYPE_CHECKING:
    from fieldapp.store.api import Store, WriteTx
    from tests.ui.hands import Hands

SMALL, LARGE = 1_000, 300_000
OPEN_MS, SCROLL_MS, BLOCKED_MS = 300, 16, 100
SCROLL_STEPS = 120
PULLED_GRID, PULLED_FROM = 470, 10_000_000


class Undone(Exception):
    """A page taken for the bench alone."""


def run(full: bool) -> list[Row]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from fieldapp.store.api import Store
    from fieldapp.workflows.actor import Actor
    from tests.bench.store_fixture import big_store
    from tests.store.county import COUNTY
    from tests.ui.hands import Hands
    from tests.ui.town import empty_laptop

    profile = big_store(LARGE if full else SMALL)
    who = profile.require_identity()
    with tempfile.TemporaryDirectory() as folder, Store.open(profile) as store:
        bare = empty_laptop(Path(folder), desk=True)
        empty = Hands(*bare)
        yard = opened(empty)
        empty.close()
        bare[1].close()
        hands = Hands(profile, store, Actor(who.user, who.name, who.role, COUNTY, who.scope))
        took = opened(hands)
        rows = [
            figure(f"open {name}", took[name], "ms", yardstick=yard.get(name), most=OPEN_MS) for name in sorted(took)
        ]
        with pulling(store):
            steps, blocked = scrolled(hands)
        rows.append(figure("scroll step while a pull runs, 95 of 100", percentile(steps, 0.95), "ms", most=SCROLL_MS))
        rows.append(figure("scroll step while a pull runs, longest", max(steps), "ms"))
        rows.append(figure("window stood still while a pull runs", blocked, "ms", most=BLOCKED_MS))
        hands.close()
    return rows


def opened(hands: Hands) -> dict[str, float]:
    """Milliseconds from the key to the drawn screen with everything read, the second time it is opened."""
    from tests.ui.hands import settle
    from ui.screens.registry import SCREENS, rail_of

    rail = {each.name for each in rail_of(hands.desk.actor.role)}
    took = {}
    for each in SCREENS:
        if each.name not in rail and each.rail:
            continue
        args = {"household": _some_household(hands)} if each.name == "household" else {}
        hands.open(each.name, **args)  # imported and built
        hands.open("settings")
        start = time.perf_counter()
        hands.frame.open(each.name, args)
        settle()
        hands.frame.grab()
        took[each.name] = (time.perf_counter() - start) * 1000
    return took


def _some_household(hands: Hands) -> str:
    from fieldapp.workflows import households

    found = households.page_of_list(hands.desk.store, 0).result()
    return found[0].id if found else ""


def scrolled(hands: Hands) -> tuple[list[float], float]:
    """Each step of the longest list, moved and painted; and the longest the window stood still meanwhile."""
    from PySide6.QtWidgets import QApplication

    from tests.bench.hands import Beats
    from ui.screens.households import Households

    screen = hands.open("households")
    assert isinstance(screen, Households)
    bar = screen.list.verticalScrollBar()
    steps, beats = [], Beats()
    for step in range(SCROLL_STEPS):
        far = step % 3 == 0  # every third a jump to somewhere never read
        start = time.perf_counter()
        bar.setValue(bar.maximum() * step // SCROLL_STEPS if far else bar.value() + 3)
        screen.list.viewport().repaint()
        steps.append((time.perf_counter() - start) * 1000)
        end = time.perf_counter() + 0.016
        while time.perf_counter() < end:
            QApplication.processEvents()
            time.sleep(0.001)
    return steps, beats.longest_ms()


@contextmanager
def pulling(store: Store) -> Iterator[None]:
    """Somebody else's families arrive page by page meanwhile, as a sync run brings them."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from tests.bench.store_fixture import grid, grid_pages
    from tests.store.county import County

    county, stop, area = County(), threading.Event(), grid(PULLED_GRID)
    key = Ed25519PrivateKey.generate()
    device = county.device("bench.pull", areas=[area], key=key)
    page = grid_pages(key.private_bytes_raw(), "bench.pull", area, range(PULLED_FROM, PULLED_FROM + 50))[0]

    def take(tx: WriteTx) -> None:
        tx.apply_statements([device.certificate, device.scope])
        tx.apply_feed(page.rows, page.cursor, prepared=page.prepared)
        raise Undone  # the store is used again

    def pull() -> None:
        while not stop.is_set():
            with suppress(Undone):
                store.write(take).result()

    thread = threading.Thread(target=pull, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
