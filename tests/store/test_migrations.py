"""Upgrades: copied first, put back when a step fails or is cut off, newer stores refused."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import StorageError
from fieldapp.store import doctor, migrations
from fieldapp.store.api import Profile, Store
from fieldapp.store.connection import open_database
from fieldapp.store.schema import VERSION
from tests.store.county import PASSPHRASE, make_store
from tests.store.save_store import FOLDER, reading
from tests.store.test_store import family

NEXT = VERSION + 1


def closed(store: Store) -> tuple[Path, bytes]:
    family(store)
    store.close()
    return store.path, store.profile.subkey("records")


def add_table(connection: Any) -> None:
    connection.execute("CREATE TABLE later(x)")


def test_a_step_upgrades_and_its_copy_goes(store: Store) -> None:
    path, key = closed(store)
    assert migrations.bring_up_to_date(path, key, steps={NEXT: add_table}, version=NEXT) == VERSION
    connection = open_database(path, key, writable=True)
    assert migrations.version_of(connection) == NEXT
    assert connection.execute("SELECT count(*) FROM later").fetchone() == (0,)
    assert connection.execute("SELECT count(*) FROM revision").fetchone() == (2,)
    connection.close()
    assert not list(path.parent.glob("records.before*"))


def test_a_failing_step_leaves_the_store_as_it_was(store: Store) -> None:
    path, key = closed(store)
    before = path.read_bytes()

    def fails(connection: Any) -> None:
        connection.execute("DROP TABLE revision")
        raise ValueError("our mistake")

    with pytest.raises(StorageError, match=r"storage\.upgrade"):
        migrations.bring_up_to_date(path, key, steps={NEXT: add_table, NEXT + 1: fails}, version=NEXT + 1)
    assert path.read_bytes() == before
    with Store.open(Profile.unlock(path.parent, PASSPHRASE)) as again:
        assert again.read_now(lambda tx: tx.rows("SELECT count(*) FROM revision")) == [(2,)]


def test_an_upgrade_that_was_cut_off_begins_again(store: Store) -> None:
    path, _ = closed(store)
    before = path.read_bytes()
    path.with_name("records.before-upgrade.db").write_bytes(before)
    path.write_bytes(b"half upgraded")
    with Store.open(Profile.unlock(path.parent, PASSPHRASE)) as again:
        assert again.read_now(lambda tx: tx.rows("SELECT count(*) FROM revision")) == [(2,)]


def test_a_newer_store_is_refused_and_untouched(store: Store) -> None:
    path, key = closed(store)
    connection = open_database(path, key, writable=True)
    connection.execute(f"PRAGMA user_version = {NEXT}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"storage\.newer"):
        Store.open(Profile.unlock(path.parent, PASSPHRASE))
    assert path.read_bytes() == before


def test_every_version_has_its_step() -> None:
    assert sorted(migrations.STEPS) == list(range(2, VERSION + 1))


@pytest.mark.parametrize("saved", sorted(FOLDER.glob("v*.zip")), ids=lambda path: path.stem)
def test_a_store_of_every_version_opens_and_reads_the_same(tmp_path: Path, saved: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        archive.extractall(tmp_path / "p")
    with Store.open(Profile.unlock(tmp_path / "p", PASSPHRASE)) as store:
        expected = json.loads(saved.with_suffix(".json").read_text(encoding="utf-8"))
        assert json.loads(json.dumps(reading(store))) == expected
        assert store.opened.lost_commits == 0
        upgraded = tables_of(store)
    fresh, _ = make_store(tmp_path / "fresh")
    with fresh:
        assert upgraded == tables_of(fresh), "an upgraded store has the tables of a fresh one"
    assert doctor.run(tmp_path / "p", PASSPHRASE).sound


def test_the_present_version_is_saved() -> None:
    assert (FOLDER / f"v{VERSION:03d}.zip").exists()


def tables_of(store: Store) -> set[tuple[str, str]]:
    """(name, columns) of every table; columns in any order, for a new one is appended."""
    names = store.read_now(lambda tx: tx.rows("SELECT name FROM sqlite_master WHERE type = 'table'"))
    return {
        (name, ",".join(sorted(row[0] for row in store.read_now(lambda tx, n=name: tx.rows(_COLUMNS, (n,))))))
        for (name,) in names
    }


_COLUMNS = "SELECT name FROM pragma_table_info(?)"
