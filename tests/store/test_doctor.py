"""The doctor finds what is wrong, and salvage brings back what can be read."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from fieldapp.store import doctor
from fieldapp.store.api import Profile, Store
from fieldapp.store.blobs import FOLDER
from fieldapp.store.salvaging.pages import PAGE, Pages
from fieldapp.store.salvaging.records import records
from fieldapp.store.salvaging.salvage import salvage
from tests.store.county import GRID, PASSPHRASE, County
from tests.store.test_exchange import dump, house, people_of, pull
from tests.store.test_store import family

JPEG = b"\xff\xd8\xff" + b"j" * 100_000 + b"\xff\xd9"


def filled(store: Store, county: County) -> list[str]:
    """Households, pulled and own, long and short, a photo, a draft; ids of all revisions."""
    wang = county.device("wang.min")
    for number in range(40):
        county.publish(*house(wang, f"周{number}山"))
    pull(store, county, statements=people_of(wang))
    for number in range(20):
        family(store, f"范{number}娥", illness="x" * (number * 700))

    def visit(tx: Any) -> None:
        blob = tx.put_blob("v", JPEG)
        tx.create("visit", GRID, {"answers": {"door": blob, "note": "长" * 9000}}, document_id="v")
        tx.save_draft("d", "visit", None, {"age": 71})

    store.write_now(visit)
    return [row[0] for row in store.read_now(lambda tx: tx.rows("SELECT id FROM revision ORDER BY id"))]


def test_a_sound_store_is_called_sound(store: Store, county: County) -> None:
    ids = filled(store, county)
    store.close()
    report = doctor.run(store.profile.folder, PASSPHRASE)
    assert [finding for finding in report.findings if finding.code != "vault.no_recovery"] == []
    assert report.sound
    assert report.checked["revisions"] == len(ids) == 121
    assert (report.checked["blobs"], report.checked["drafts"], report.checked["documents"]) == (1, 1, 121)


def test_raw_pages_give_the_same_rows_as_sqlite(store: Store, county: County) -> None:
    ids = filled(store, county)
    for closed in (False, True):
        if closed:
            store.close()
        pages = Pages(store.path, store.profile.subkey("records"))
        found = {row[1] for row in records(pages) if len(row) == 20}
        assert pages.damaged == []
        assert found == set(ids)


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE revision SET signature = zeroblob(64) WHERE num = 3", "revisions.damaged"),
        ("UPDATE revision SET payload = salt WHERE num = 3", "revisions.damaged"),
        ("UPDATE person SET full_name = '别人' WHERE rowid = 1", "projections.differ"),
        ("DELETE FROM revision WHERE own = 1 AND device_seq = 7", "chain.gap"),
        ("UPDATE draft SET body = x'00'", "drafts.damaged"),
        ("UPDATE blob SET key = zeroblob(32)", "blobs.damaged"),
        ("UPDATE blob SET file = 'gone'", "blobs.missing"),
        ("UPDATE meta SET value = value - 3 WHERE key = 'commits'", "commits.lost"),
    ],
)
def test_each_kind_of_harm_is_named(store: Store, county: County, sql: str, code: str) -> None:
    filled(store, county)
    store.maintain(lambda connection: connection.execute(sql)).result()
    store.close()
    report = doctor.run(store.profile.folder, PASSPHRASE)
    assert code in [finding.code for finding in report.findings]
    assert not report.sound


def test_salvage_of_a_whole_store_loses_nothing(store: Store, county: County, tmp_path: Path) -> None:
    ids = filled(store, county)
    before = dump(store)
    store.close()
    made = salvage(Profile.unlock(store.profile.folder, PASSPHRASE), tmp_path / "new")
    assert (made.revisions, made.drafts, made.blobs) == (len(ids), 1, 1)
    assert (made.missing.own, made.missing.pages, made.missing.blobs, made.missing.tables) == ((), 0, (), ())
    with Store.open(Profile.unlock(tmp_path / "new", PASSPHRASE)) as again:
        assert dump(again) == before
        again.write_now(lambda tx: tx.create("household", GRID, {"address": "x"}))
        assert again.opened.faults == []


@pytest.mark.parametrize("seed", range(6))
def test_salvage_brings_back_every_revision_on_readable_pages(
    store: Store, county: County, tmp_path: Path, seed: int
) -> None:
    """Damage four pages, inner ones included; whatever lies on others must come back, and nothing false."""
    ids = filled(store, county)
    store.close()
    chance = random.Random(seed)
    data = bytearray(store.path.read_bytes())
    hit = sorted(chance.sample(range(2, len(data) // PAGE + 1), 4))
    for page in hit:
        data[(page - 1) * PAGE + chance.randrange(PAGE)] ^= 1 << chance.randrange(8)
    whole = store.path.read_bytes()
    store.path.write_bytes(bytes(data))
    profile = Profile.unlock(store.profile.folder, PASSPHRASE)
    assert not doctor.examine(profile).sound
    made = salvage(profile, tmp_path / "new")
    assert made.missing.pages == 4
    readable = _readable_without(tmp_path, whole, profile, hit)
    with Store.open(Profile.unlock(tmp_path / "new", PASSPHRASE)) as again:
        back = {row[0] for row in again.read_now(lambda tx: tx.rows("SELECT id FROM revision"))}
        assert back == readable
        assert back <= set(ids)
    assert doctor.run(tmp_path / "new", PASSPHRASE).checked["revisions"] == len(back)


def _readable_without(tmp_path: Path, whole: bytes, profile: Profile, hit: list[int]) -> set[str]:
    """Ids of the rows that do not touch the pages ``hit``, from the undamaged file."""
    copy = tmp_path / "copy.db"
    copy.write_bytes(whole)
    pages = Pages(copy, profile.subkey("records"))
    for number in hit:
        del pages.versions[number]
    return {row[1] for row in records(pages) if len(row) == 20}


def test_a_lost_tail_is_named_and_the_chain_goes_on_behind_it(store: Store, county: County, tmp_path: Path) -> None:
    family(store)
    old = tmp_path / "old.db"
    store.maintain(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()).result()
    shutil.copy(store.path, old)
    family(store, "赵六")
    store.close()
    shutil.copy(old, store.path)
    made = salvage(Profile.unlock(store.profile.folder, PASSPHRASE), tmp_path / "new")
    assert made.missing.own == ((3, 4),)
    profile = Profile.unlock(tmp_path / "new", PASSPHRASE)
    with Store.open(profile) as again:
        again.write_now(lambda tx: tx.create("household", GRID, {"address": "x"}))
        rows = again.read_now(lambda tx: tx.rows("SELECT device_seq FROM revision ORDER BY 1"))
        assert [row[0] for row in rows] == [1, 2, 5], "a gap, never a second number three"


def test_a_blob_that_cannot_be_read_is_named(store: Store, county: County, tmp_path: Path) -> None:
    filled(store, county)
    (name,) = [info.id for info in store.read_now(lambda tx: tx.blobs_of("v"))]
    store.close()
    (file,) = [path for path in (store.profile.folder / FOLDER).rglob("*") if path.is_file()]
    file.write_bytes(file.read_bytes()[:-1])
    made = salvage(Profile.unlock(store.profile.folder, PASSPHRASE), tmp_path / "new")
    assert made.missing.blobs == (name,)
