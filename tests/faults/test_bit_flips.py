"""One flipped bit anywhere in any file of the profile: detected, or harmless; never a wrong fact shown as right.

200 tries here, 2,000 with ``--long``. Files are drawn with equal chance, so that the small ones are hit too.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import WorldError
from fieldapp.store import doctor
from fieldapp.store.api import Profile, Store, find
from fieldapp.store.projections import households, people
from fieldapp.store.salvaging.salvage import salvage
from fieldapp.store.vault import keyfile
from tests.faults.day import NAMES, steps
from tests.store.county import PASSPHRASE, Clock


def facts(store: Store) -> dict[str, Any]:
    """Everything a person could be shown: lists, records, history, drafts, photos, hits."""

    def work(tx: Any) -> dict[str, Any]:
        homes = households.in_area(tx)
        views = {row[0]: tx.document(row[0]) for row in tx.rows("SELECT document FROM document ORDER BY 1")}
        photos = [info for name in views for info in tx.blobs_of(name)]
        return {
            "homes": homes,
            "members": [people.members(tx, home.id) for home in homes],
            "views": views,
            "history": {name: tx.revisions(name) for name in views},
            "drafts": tx.drafts(),
            "photos": {info.id: b"".join(tx.blob(info.id).pieces()) for info in photos},
            "hits": [find(tx, name) for name in (*NAMES, "fqe", "2342", "三组")],
        }

    return store.read_now(work)


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory, keys: Profile) -> tuple[Profile, dict[str, Any]]:
    """A store copied while it is open, so that its log is a target too."""
    base = tmp_path_factory.mktemp("flips")
    shutil.copytree(keys.folder, base / "live")
    profile = replace(keys, folder=base / "live")
    with Store.open(profile, now=Clock()) as store:
        everything = list(steps(store, {}))
        store.maintain(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()).result()
        person = store.read_now(lambda tx: tx.rows("SELECT document FROM person LIMIT 1"))[0][0]
        for number in range(8):
            store.write_now(lambda tx, n=number: tx.save(person, {"/work": f"瓦工{n}"}))
        store.write_now(lambda tx: tx.save_draft("open", "visit", None, {"age": 71}))
        truth = facts(store)
        shutil.copytree(profile.folder, base / "still", ignore=shutil.ignore_patterns("reserve", "*-shm", "*.lock"))
    assert len(everything) > 40
    return replace(keys, folder=base / "still"), truth


def flip(folder: Path, chance: random.Random) -> Path:
    path = chance.choice(sorted(path for path in folder.rglob("*") if path.is_file()))
    at = chance.randrange(path.stat().st_size)
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1 << chance.randrange(8)]))
    return path


def outcome(profile: Profile, hit: Path, truth: dict[str, Any]) -> str:
    """``detected`` by an error or at opening, ``harmless``, ``doctor`` (only the doctor says it), or ``WRONG``."""
    try:
        if hit.name in (keyfile.NAME, keyfile.COPY):
            files = keyfile.read_both(profile.folder)
            keyfile.open_secrets(files[0], profile._data_key)
        with Store.open(profile, now=Clock()) as store:
            said = store.opened.lost_commits or store.opened.faults
            shown = facts(store)
    except WorldError:
        return "detected"
    if shown == truth:
        return "harmless"
    return "detected" if said else "WRONG"


def tries(victim: tuple[Profile, dict[str, Any]], tmp_path: Path, count: int, seed: int) -> Counter[str]:
    still, truth = victim
    counted: Counter[str] = Counter()
    for number in range(count):
        folder = tmp_path / "flipped"
        shutil.copytree(still.folder, folder)
        hit = flip(folder, random.Random(seed + number))
        profile = replace(still, folder=folder)
        found = outcome(profile, hit, truth)
        assert found != "WRONG", f"seed {seed + number}: {hit.name}"
        counted[found] += 1
        shutil.rmtree(folder)
    return counted


def test_two_hundred_bits(victim: Any, tmp_path: Path) -> None:
    counted = tries(victim, tmp_path, 200, seed=0)
    assert counted["detected"] > 20
    assert counted["harmless"] > 20


@pytest.mark.long
def test_two_thousand_bits(victim: Any, tmp_path: Path) -> None:
    assert sum(tries(victim, tmp_path, 2000, seed=10_000).values()) == 2000


@pytest.mark.parametrize("seed", range(3))
def test_salvage_after_a_flip_in_the_database_brings_back_the_rest(
    victim: Any, tmp_path: Path, seed: int, new_profile: Callable[[Path], Profile]
) -> None:
    still, truth = victim
    folder = tmp_path / "flipped"
    shutil.copytree(still.folder, folder)
    path = folder / "records.db"
    chance = random.Random(seed)
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 4
    path.write_bytes(bytes(data))
    profile = replace(still, folder=folder)
    made = salvage(profile, tmp_path / "new")
    total = sum(len(history) for history in truth["history"].values())
    assert made.missing.pages <= 1
    assert made.revisions >= total - 30
    with Store.open(replace(still, folder=tmp_path / "new"), now=Clock()) as store:
        back = facts(store)
    for name, view in back["views"].items():
        if [row.id for row in back["history"][name]] == [row.id for row in truth["history"][name]]:
            assert view.state == truth["views"][name].state
    assert PASSPHRASE
    assert doctor.examine(replace(still, folder=tmp_path / "new")).sound or made.missing.own


def test_work_goes_on_beside_a_damaged_page(victim: Any, tmp_path: Path) -> None:
    """What lies elsewhere is still read and written after a damaged page was met: the connection is made anew."""
    still, _ = victim
    folder = tmp_path / "flipped"
    shutil.copytree(still.folder, folder)
    profile = replace(still, folder=folder)
    with Store.open(profile, now=Clock()) as store:
        store.maintain(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()).result()
        pages = store.read_now(lambda tx: tx.rows("SELECT rootpage FROM sqlite_master WHERE name = 'same_as'"))
    path = folder / "records.db"
    data = bytearray(path.read_bytes())
    data[(pages[0][0] - 1) * 4096 + 100] ^= 1
    path.write_bytes(bytes(data))
    with Store.open(profile, now=Clock()) as store:
        for _ in range(2):
            with pytest.raises(WorldError, match=r"storage\.damaged"):
                store.read_now(lambda tx: tx.rows("SELECT * FROM same_as"))
            with pytest.raises(WorldError, match=r"storage\.damaged"):
                store.write_now(lambda tx: tx.run("DELETE FROM same_as"))
            assert store.read_now(lambda tx: tx.rows("SELECT count(*) FROM draft")) == [(1,)]
            store.write_now(lambda tx: tx.save_draft("open", "visit", None, {"age": 72}))
