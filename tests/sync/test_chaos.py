"""Chaos: what must hold (tests/sync/chaos/checks.py) after everything that can go wrong did."""

from __future__ import annotations

import itertools
import random
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from fieldapp.store.api import Store
from tests.sync.chaos.client import main
from tests.sync.chaos.running import HEALED_EVERY, run_many, run_world
from tests.sync.chaos.world import view_of
from tests.sync.county import GRID_A, County
from tests.sync.laptop import Laptop
from tests.sync.postgres import Postgres
from tests.sync.processes import context, start


def test_schedules_in_one_process() -> None:
    """1,000 schedules; each world of 40 heals and is checked eight times, with a fresh laptop for somebody."""
    assert run_many(first=1, worlds=25, schedules=8 * HEALED_EVERY, fresh=1) == []


def test_schedules_on_postgresql(postgres: Postgres) -> None:
    """The same worlds on the other database; a restored county gets a fresh one."""
    urls = (postgres.database(f"chaos_{number}") for number in itertools.count(1))
    for seed in (1, 2):
        assert run_world(seed, 4 * HEALED_EVERY, fresh=1, url=lambda: next(urls)) == []


@pytest.mark.long
def test_twenty_thousand_schedules() -> None:
    assert run_many(first=10_000, worlds=500, schedules=40) == []


class Killable:
    """The laptop's process; ``ask`` gives None when it was killed meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start()

    def start(self) -> None:
        self._line, theirs = context.Pipe()
        self.process = start(main, self.folder, theirs)
        theirs.close()
        self._line.recv()

    def ask(self, *command: str) -> object:
        try:
            self._line.send(command)
            return self._line.recv()
        except (EOFError, OSError):
            self.process.join()
            self.start()
            return None

    def stop(self) -> None:
        self.process.kill()
        self.process.join()


def schedules_with_processes(county: County, folder: Path, count: int, seed: int) -> None:
    rng = random.Random(seed)
    county.user("li.qiu", "grid_worker", GRID_A)
    Laptop.enrol(county, "li.qiu", folder / "li").close()
    port = int(county.address.rsplit(":", 1)[1])
    laptop = Killable(folder / "li")
    acknowledged: set[str] = set()
    made: set[str] = set()
    for number in range(count):
        for _ in range(rng.randrange(1, 5)):
            made |= set(laptop.ask("create", GRID_A, f"{number}号") or [])  # type: ignore[call-overload]
        victim = rng.choice(("server", "client", "nobody", "both"))
        killers = []
        if victim in ("client", "both"):
            killers.append(threading.Timer(rng.uniform(0, 0.12), laptop.process.kill))
        if victim in ("server", "both"):
            killers.append(threading.Timer(rng.uniform(0, 0.12), county.kill))
        for killer in killers:
            killer.start()
        laptop.ask("sync")
        for killer in killers:
            killer.join()
        if not county.processes:
            county.serve(port=port)
        receipts = laptop.ask("receipts")
        acknowledged |= set(receipts) if isinstance(receipts, dict) else set()
        with county.service.engine.connect() as connection:
            held = set(connection.execute(text("SELECT revision FROM revisions")).scalars())
        assert acknowledged <= held, "acknowledged is durable, whoever was killed"
    for _ in range(3):
        laptop.ask("sync")
        time.sleep(0.1)
    laptop.stop()
    with county.service.engine.connect() as connection:
        held = set(connection.execute(text("SELECT revision FROM revisions WHERE state = 'accepted'")).scalars())
    assert made <= held
    again = Laptop.enrol(county, "li.qiu", folder / "again")
    again.sync()
    from fieldapp.store.api import Profile
    from tests.sync.county import PASSPHRASE

    old = Store.open(Profile.unlock(folder / "li", PASSPHRASE))
    assert view_of(old) == view_of(again.store)
    old.close()
    again.close()


def test_schedules_with_processes_killed(county: County, tmp_path: Path) -> None:
    """Thirty on each database; the long run has three hundred."""
    schedules_with_processes(county, tmp_path, 30, seed=1)


@pytest.mark.long
def test_many_schedules_with_processes_killed(county: County, tmp_path: Path) -> None:
    schedules_with_processes(county, tmp_path, 300, seed=2)
