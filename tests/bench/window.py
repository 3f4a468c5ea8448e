"""The window before 300,000 households: how long every screen takes to open, for a worker of one town and for the desk
of the whole county; what a scroll step costs and how long the window stands still while a pull runs, and where; what a
day's work costs in memory.

The yardstick of opening a screen is an empty store of the same program, where nothing has to be found. ``--full`` takes
300,000 households (built once, see ``store_fixture``) and a whole day (``working_day``), without it 1,000 and an hour.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.bench.figures import Row, figure, median, percentile
from tests.bench.standing import Standing

if TYPE_CHECKING:
    from fieldapp.store.api import Profile, Store, WriteTx
    from fieldapp.workflows.actor import Actor
    from tests.ui.hands import Hands

SMALL, LARGE = 1_000, 300_000
OPEN_MS, SCROLL_MS, BLOCKED_MS = 300, 16, 100
ROUNDS, SCROLL_STEPS = 3, 120
PULLED_GRID, PULLED_FROM = 470, 10_000_000


class Undone(Exception):
    """A page taken for the bench alone."""


class Opening(NamedTuple):
    """Milliseconds from the key to the drawn screen with everything read: the first time, when it is also made, and in
    the middle of ``ROUNDS`` later times; of those the window's thread worked ``cpu``."""

    first: float
    later: float
    cpu: float


def run(full: bool) -> list[Row]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.bench import working_day
    from tests.bench.store_fixture import big_store
    from tests.bench.store_fixture import opened as opened_store
    from tests.ui.hands import Hands
    from ui.app import LATER, SOON, prepare
    from ui.garbage import set_aside

    prepare((*LATER, *SOON))  # as the program does while the passphrase is typed, and once Today stands
    count = LARGE if full else SMALL
    profile = big_store(count)
    rows = []
    with opened_store(profile) as store:
        for who in _actors(profile):
            yard, standing = _on_nothing(who), Standing()
            hands = Hands(profile, store, who)
            set_aside()  # as the program does once it is warm
            with standing:
                took = opened(hands)
            rows += [_row(who, name, took[name], yard.get(name)) for name in sorted(took)]
            rows.append(_still(f"{who.role}: while opening every screen", standing))
            hands.close()
        hands = Hands(profile, store, _actors(profile)[-1])
        rows += _while_pulling(hands, store)
        hands.close()
    load = f"{count} households, load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    return [*rows, *working_day.run(full), Row("measured over", float(count), "households", note=load)]


def _actors(profile: Profile) -> list[Actor]:
    """A worker of the first town, and the desk of the whole county, over the same store."""
    from fieldapp.domain.roles import GRID_WORKER
    from fieldapp.workflows.actor import Actor
    from tests.bench.store_fixture import grid
    from tests.store.county import COUNTY

    who = profile.require_identity()
    return [
        Actor(who.user, who.name, GRID_WORKER, COUNTY, (grid(0)[:9],)),
        Actor(who.user, who.name, who.role, COUNTY, who.scope),
    ]


def _on_nothing(who: Actor) -> dict[str, Opening]:
    """The same screens over an empty store."""
    from tests.ui.hands import Hands
    from tests.ui.town import empty_laptop

    with tempfile.TemporaryDirectory() as folder:
        profile, store, _ = empty_laptop(Path(folder), desk=True)
        hands = Hands(profile, store, who)
        try:
            return opened(hands)
        finally:
            hands.close()
            store.close()


def _row(who: Actor, name: str, took: Opening, yard: Opening | None) -> Row:
    note = f"first time {took.first:.0f} ms; {took.cpu:.0f} ms of it on the window's thread"
    return figure(
        f"{who.role}: {name} opens", took.later, "ms", yardstick=yard.later if yard else None, most=OPEN_MS, note=note
    )


def _still(what: str, standing: Standing) -> Row:
    note = "; ".join(str(each) for each in standing.longest)
    return figure(f"longest the window stood still, {what}", standing.ms(), "ms", most=BLOCKED_MS, note=note)


def opened(hands: Hands) -> dict[str, Opening]:
    """Every screen a user of this role reaches."""
    from ui.screens.registry import SCREENS, rail_of

    rail = {each.name for each in rail_of(hands.desk.actor.role)}
    took = {}
    for each in SCREENS:
        if each.name not in rail and (each.rail or each.within not in rail):
            continue
        args = {"household": _some_household(hands)} if each.name == "household" else {}
        first, *later = [_open(hands, each.name, args) for _ in range(ROUNDS + 1)]
        took[each.name] = Opening(first[0], median([ms for ms, _ in later]), median([cpu for _, cpu in later]))
    return took


def _open(hands: Hands, name: str, args: dict[str, str]) -> tuple[float, float]:
    """Milliseconds until the screen is drawn, and those of the window's own thread."""
    from tests.ui.hands import settle

    hands.open("settings" if name != "settings" else "today")
    start, worked = time.perf_counter(), time.thread_time()
    hands.frame.open(name, args)
    settle()
    hands.frame.grab()
    return (time.perf_counter() - start) * 1000, (time.thread_time() - worked) * 1000


def _some_household(hands: Hands) -> str:
    from fieldapp.workflows import households

    found = households.page_of_list(hands.desk.store, 0).result()
    return found[0].id if found else ""


def _while_pulling(hands: Hands, store: Store) -> list[Row]:
    quiet = scrolled(hands)
    with pulling(store), Standing() as standing:
        steps = scrolled(hands)
    calm = percentile(quiet, 0.95)
    return [
        figure("scroll step while a pull runs, 95 of 100", percentile(steps, 0.95), "ms", yardstick=calm,
               most=SCROLL_MS, note=f"longest {max(steps):.0f} ms"),
        _still("while scrolling and pulling", standing),
    ]  # fmt: skip


def scrolled(hands: Hands) -> list[float]:
    """Each step of the longest list, moved and painted."""
    from PySide6.QtWidgets import QApplication

    from ui.screens.households import Households

    screen = hands.open("households")
    assert isinstance(screen, Households)
    bar = screen.list.verticalScrollBar()
    steps = []
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
    return steps


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
