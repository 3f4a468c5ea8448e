"""A full disk at every write of a day: clear words, nothing acknowledged lost, deleting still works.

Runs on a small tmpfs; where this process may not mount one the test says so and is skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import StorageError
from fieldapp.store import backup, doctor, reserve
from fieldapp.store.api import Profile, Store
from tests.faults.day import missing, steps
from tests.store.county import Clock

KIB = 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """96 MiB that can be filled to the last byte."""
    point = tmp_path / "disk"
    point.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", str(point)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("no permission to mount a tmpfs: a full disk is NOT tested here")
    try:
        yield point
    finally:
        subprocess.run(["umount", "-l", str(point)], check=True)


def fill(disk: Path, room: int) -> Path:
    """Leave ``room`` bytes free."""
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free
    with open(filler, "wb") as out:
        for _ in range((free - room) // (64 * KIB)):
            out.write(bytes(64 * KIB))
        out.flush()
        os.fsync(out.fileno())
        rest = shutil.disk_usage(disk).free - room
        if rest > 0:
            out.write(bytes(rest))
    return filler


def full_day(store: Store, kept: dict[str, Any]) -> str:
    """Work until the disk is full; the error's code, empty when the day ended."""
    try:
        for _ in steps(store, kept):
            pass
    except StorageError as error:
        return error.code if "/" not in str(error) else f"a path in {error}"
    return ""


@pytest.mark.parametrize("room", [0, 4, 12, 20, 40, 64, 96, 130, 180, 260, 400, 700])
def test_full_after(small_disk: Path, new_profile: Callable[[Path], Profile], room: int) -> None:
    profile = new_profile(small_disk / "profile")
    kept: dict[str, Any] = {}
    with Store.open(profile, now=Clock()) as store:
        store.write_now(lambda tx: tx.save_draft("old", "visit", None, {"note": "x" * 50_000}))
        filler = fill(small_disk, room * KIB)
        code = full_day(store, kept)
        assert code == "storage.full", f"with {room} KiB: {code}"
        assert missing(store, kept) == [], "reading works on a full disk"
        assert (profile.folder / reserve.NAME).exists()
        store.write_freeing(lambda tx: tx.drop_draft("old")).result()
        assert store.read_now(lambda tx: tx.draft("old")) is None
        filler.unlink()
        again: dict[str, Any] = {}
        assert full_day(store, again) == "", "the day goes on when there is room"
        assert missing(store, again) == []
    # The second day handed in the drafts of the first.
    records = {name: state for name, state in kept.items() if not name.startswith("draft-")}
    with Store.open(profile, now=Clock()) as store:
        assert missing(store, records) == []
        assert store.opened.lost_commits == 0
    assert doctor.examine(profile).sound
    strays = [path.name for path in (profile.folder / "blobs" / "new").glob("*")]
    assert strays == []


def test_opening_on_a_full_disk(small_disk: Path, new_profile: Callable[[Path], Profile]) -> None:
    profile = new_profile(small_disk / "profile")
    kept: dict[str, Any] = {}
    with Store.open(profile, now=Clock()) as store:
        full_day(store, kept)
    fill(small_disk, 0)
    with Store.open(profile, now=Clock()) as store:
        assert missing(store, kept) == []


def test_a_backup_onto_a_full_stick(small_disk: Path, tmp_path: Path, new_profile: Callable[[Path], Profile]) -> None:
    profile = new_profile(tmp_path / "profile")
    with Store.open(profile, now=Clock()) as store:
        full_day(store, {})
        fill(small_disk, 100 * KIB)
        with pytest.raises(StorageError, match=r"storage\.full"):
            backup.write_backup(store, small_disk / "stick.tjb-backup")
        assert sorted(path.name for path in small_disk.iterdir()) == ["filler"], "nothing half-written stays"
