"""A durable save of a 20 KB visit, and taking a feed, beside raw SQLCipher doing the same bytes."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from fieldapp.store.api import Profile, Store
from fieldapp.store.connection import open_database
from fieldapp.store.rebuild import rebuild
from tests.bench.figures import Row, figure, median
from tests.bench.store_fixture import big_store, pull_all
from tests.store.county import GRID, County, make_store


def run(full: bool) -> list[Row]:
    rounds, families = (200, 5000) if full else (40, 1000)
    with tempfile.TemporaryDirectory() as folder:
        county = County()
        store, _ = make_store(Path(folder, "p"), county)
        with store:
            saves, raw = _saves(store, Path(folder, "raw.db"), rounds)
        wide, _ = make_store(Path(folder, "q"), county, role="county", areas=["341799"])
        with wide:
            pulled, seconds = _timed(lambda: pull_all(wide, county, families))
            rebuilt, again = _timed(lambda: rebuild(wide))
        homes = 100_000 if full else families
        with Store.open(_copy_of(big_store(homes), Path(folder, "big"))) as large:
            large_saves, large_raw = _saves(large, Path(folder, "raw-again.db"), rounds)
        return [
            figure("store: durable save of a 20 KB visit, median", saves, "ms", yardstick=raw, most_ratio=2.0),
            figure(f"store: the same among {homes} households", large_saves, "ms", yardstick=large_raw),
            figure("store: taking a feed, verified, one child", pulled / seconds, "revisions/s"),
            figure("store: rebuild of all projections", rebuilt / again, "documents/s"),
        ]


def visit(seed: int) -> dict[str, Any]:
    """About 20 KB of answers as JSON text."""
    chance = random.Random(seed)
    words = "屋顶漏雨药费三千低保残疾务农打工读书住院老人孩子收入支出"
    answers = {
        f"q{number}": "".join(chance.choice(words) for _ in range(12)) if number % 3 else chance.randrange(10**6)
        for number in range(480)
    }
    return {"household": f"h{seed}", "purpose": "assess", "answers": answers}


def _saves(store: Store, raw: Path, rounds: int) -> tuple[float, float]:
    """Median ms of a save, and of a raw transaction of the same bytes, taken in turn so that both see the same disk."""
    yardstick = open_database(raw, bytes(32), writable=True, create=True)
    yardstick.execute("CREATE TABLE blob(id INTEGER PRIMARY KEY, data BLOB)")
    saves, raws = [], []
    for number in range(rounds):
        state = visit(number)
        data = json.dumps(state, ensure_ascii=False).encode()
        saves.append(_timed(lambda s=state: store.write_now(lambda tx: tx.create("visit", GRID, s)))[1] * 1e3)
        raws.append(_timed(lambda d=data: _raw(yardstick, d))[1] * 1e3)
    yardstick.close()
    return median(saves), median(raws)


def _raw(connection: Any, data: bytes) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO blob(data) VALUES (?)", (data,))
    connection.execute("COMMIT")


def _copy_of(profile: Profile, folder: Path) -> Profile:
    """The store of the cache stays as it was built."""
    shutil.copytree(profile.folder, folder)
    return replace(profile, folder=folder)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    made = work()
    return made, time.perf_counter() - start
