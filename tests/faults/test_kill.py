"""SIGKILL at random moments of writing, indexing, upgrading, backing up, vacuuming and changing keys.

Every acknowledged save is there, every store opens, every projection equals its rebuild. 20 kills here, 200 with
``--long``.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import pytest

from fieldapp.errors import InputError
from fieldapp.store import backup, doctor
from fieldapp.store.api import Profile, Store
from fieldapp.store.connection import open_database
from fieldapp.store.rebuild import differences
from fieldapp.store.schema import VERSION
from tests.faults.child import KINDS
from tests.store.county import PASSPHRASE, County, make_store


def kill_at_random(folder: Path, kind: str, seed: int) -> list[tuple[str, int]]:
    """Run the child for a random while, kill it; (household, number) of what it said was kept."""
    chance = random.Random(seed)
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.child", str(folder), kind, str(seed)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout
    assert child.stdout.readline() == "ready\n"
    timer = threading.Timer(chance.uniform(0.05, 1.5), child.send_signal, [signal.SIGKILL])
    timer.start()
    kept = []
    for line in child.stdout:
        words = line.split()
        if words[0] == "kept" and line.endswith("\n"):
            kept.append((words[1], int(words[2])))
    child.wait()
    timer.join()
    assert child.returncode == -signal.SIGKILL, "the child ended by itself: see its error above"
    return kept


def check(folder: Path, kept: list[str], last: int) -> None:
    if last and (folder / "records.before-upgrade.db").exists() is False:
        mend_version(folder)
    with Store.open(Profile.unlock(folder, PASSPHRASE)) as store:
        assert store.opened.lost_commits == 0
        assert store.opened.faults == []
        here = {row[0] for row in store.read_now(lambda tx: tx.rows("SELECT document FROM household"))}
        assert set(kept) <= here
        draft = store.read_now(lambda tx: tx.draft("draft"))
        assert draft is None or draft.body["answer"] >= last
        assert differences(store) == {}
    report = doctor.run(folder, PASSPHRASE)
    assert report.sound, report.findings


def mend_version(folder: Path) -> None:
    """A child killed between its upgrade and its taking back leaves a store of the next version: take it back."""
    key = Profile.unlock(folder, PASSPHRASE).subkey("records")
    if (folder / "records.next.db").exists():
        return
    connection = open_database(folder / "records.db", key, writable=True)
    found = connection.execute("PRAGMA user_version").fetchone()
    if found == (VERSION + 1,):
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.close()


def run(tmp_path: Path, kinds: list[str], seed: int) -> int:
    """One profile killed again and again, so that each start also mends what the kill before left."""
    store, _ = make_store(tmp_path / "p", County())
    store.close()
    kept: list[str] = []
    for number, kind in enumerate(kinds):
        told = kill_at_random(tmp_path / "p", kind, seed + number)
        kept += [home for home, _ in told]
        check(tmp_path / "p", kept, told[-1][1] if told else 0)
        check_stick(tmp_path)
    return len(kept)


def check_stick(tmp_path: Path) -> None:
    """A backup under its own name is whole; one that was cut off never got that name."""
    stick = tmp_path / "stick.tjb-backup"
    if not stick.exists():
        return
    target = tmp_path / f"restored-{time.monotonic_ns()}"
    try:
        profile = backup.restore_backup(stick, target, PASSPHRASE)
    except InputError as error:
        pytest.fail(f"a finished backup does not read: {error}")
    Store.open(profile).close()
    stick.unlink()


@pytest.mark.parametrize("kind", KINDS)
def test_killed_while(tmp_path: Path, kind: str) -> None:
    run(tmp_path, [kind] * (4 if kind in ("write", "index") else 3), seed=zlib.crc32(kind.encode()))


@pytest.mark.long
def test_killed_two_hundred_times(tmp_path: Path) -> None:
    chance = random.Random(2026)
    for round_ in range(20):
        kinds = [chance.choice(KINDS) for _ in range(10)]
        (tmp_path / str(round_)).mkdir()
        run(tmp_path / str(round_), kinds, seed=round_ * 100)
