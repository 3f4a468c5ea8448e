"""Power loss at the file level: tails of the log dropped or torn, a checkpoint half done.

The store opens to a consistent earlier state, and says how much that was acknowledged is missing.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import StorageError
from fieldapp.store.api import Profile, Store
from fieldapp.store.rebuild import differences
from tests.faults.day import missing, steps
from tests.store.county import Clock

PAGE = 4096


@pytest.fixture
def moments(tmp_path: Path, new_profile: Callable[[Path], Profile]) -> tuple[Profile, list[tuple[int, dict[str, Any]]]]:
    """A store in the middle of its day, its folder copied with the log in it; (length of the log, what was kept) after
    each acknowledgement."""
    profile = new_profile(tmp_path / "live")
    after: list[tuple[int, dict[str, Any]]] = []
    with Store.open(profile, now=Clock()) as store:
        store.maintain(lambda connection: connection.execute("PRAGMA wal_autocheckpoint = 0").fetchall()).result()
        kept: dict[str, Any] = {}
        log = store.path.with_name("records.db-wal")
        for number, _ in enumerate(steps(store, kept)):
            after.append((log.stat().st_size, dict(kept)))
            if number == 24:
                break
        shutil.copytree(profile.folder, tmp_path / "cut", ignore=shutil.ignore_patterns("reserve", "*-shm"))
        store.maintain(lambda connection: connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()).result()
        shutil.copy(store.path, tmp_path / "checkpointed.db")
    return replace(profile, folder=tmp_path / "cut"), after


@pytest.mark.parametrize("tail", ["dropped", "zeros", "garbage"])
@pytest.mark.parametrize("seed", range(4))
def test_a_log_cut_anywhere(moments: Any, tail: str, seed: int) -> None:
    profile, after = moments
    chance = random.Random(seed)
    log = profile.folder / "records.db-wal"
    data = log.read_bytes()
    cut = chance.randrange(after[0][0], len(data))
    lost = len(data) - cut
    ends = {"dropped": b"", "zeros": bytes(lost), "garbage": chance.randbytes(lost)}
    log.write_bytes(data[:cut] + ends[tail])
    survivors = [kept for size, kept in after if size <= cut]
    with Store.open(profile, now=Clock()) as store:
        assert missing(store, survivors[-1]) == [], "what had reached the disk is there"
        gone = len(after) - len(survivors)
        # A later step may still be there when the cut fell behind its commit; never one that was not whole.
        assert (store.opened.lost_commits > 0) == (gone > 0)
        assert store.opened.lost_commits >= gone
        if missing(store, after[-1][1]):
            assert store.opened.lost_commits
        assert differences(store) == {}
        first = store.write_now(lambda tx: tx.create("household", "341799101201-003", {"address": "新"}))
        assert store.read_now(lambda tx: tx.document(first))
    with Store.open(profile, now=Clock()) as store:
        assert store.opened.lost_commits == 0, "said once; new work goes on behind it"
        rows = store.read_now(
            lambda tx: tx.rows("SELECT device_seq FROM revision GROUP BY device_seq HAVING count(*) > 1")
        )
        assert rows == [], "no number is used twice"


@pytest.mark.parametrize("seed", range(4))
def test_a_checkpoint_half_done(moments: Any, tmp_path: Path, seed: int) -> None:
    """Some pages of the main file new, some old, the log still whole: everything is there."""
    profile, after = moments
    chance = random.Random(seed)
    old = (profile.folder / "records.db").read_bytes()
    new = (tmp_path / "checkpointed.db").read_bytes()
    mixed = bytearray()
    for start in range(0, len(new), PAGE):
        page = old[start : start + PAGE] if chance.random() < 0.5 else new[start : start + PAGE]
        mixed += page.ljust(PAGE, b"\0")
    (profile.folder / "records.db").write_bytes(bytes(mixed))
    with Store.open(profile, now=Clock()) as store:
        assert missing(store, after[-1][1]) == []
        assert store.opened.lost_commits == 0
        assert differences(store) == {}


def test_the_whole_log_gone_and_its_proof_with_it(moments: Any) -> None:
    """Without the mark nothing can be said about the loss, and nothing false is shown."""
    profile, _ = moments
    (profile.folder / "records.db-wal").unlink()
    (profile.folder / "mark").unlink()
    with Store.open(profile, now=Clock()) as store:
        assert differences(store) == {}


def test_a_main_file_cut_short_is_noticed(moments: Any) -> None:
    profile, _ = moments
    with Store.open(profile, now=Clock()):
        pass
    path = profile.folder / "records.db"
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 // PAGE * PAGE])
    with pytest.raises(StorageError, match=r"storage\.damaged"), Store.open(profile, now=Clock()) as store:
        differences(store)
