"""Backups: one file, verified, restored elsewhere; and leaving a laptop without losing or leaking anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fieldapp.errors import InputError, StorageError, VaultError
from fieldapp.store import backup, farewell, piecefile
from fieldapp.store.api import QUICK, Profile, Store
from fieldapp.store.vault import recovery
from tests.store.county import GRID, PASSPHRASE, County, make_store
from tests.store.test_exchange import dump
from tests.store.test_store import family
from tests.store.test_vault import OTHER, custodians

PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 1200 + b"\xff\xd9"


def working_store(folder: Path, county: County) -> tuple[Store, str]:
    store, _ = make_store(folder, county)
    home, _ = family(store)

    def visit(tx: Any) -> None:
        photo = tx.put_blob("visit-1", PHOTO)
        tx.create("visit", GRID, {"household": home, "answers": {"door": photo}}, document_id="visit-1")
        tx.save_draft("d", "visit", home, {"age": 71})

    store.write_now(visit)
    return store, home


def photo_of(store: Store) -> bytes:
    info = store.read_now(lambda tx: tx.blobs_of("visit-1"))[0]
    blob = store.read_now(lambda tx: tx.blob(info.id))
    assert blob
    return b"".join(blob.pieces())


def test_a_backup_restores_on_another_laptop_with_a_new_device_key(tmp_path: Path, county: County) -> None:
    store, home = working_store(tmp_path / "p", county)
    made = backup.write_backup(store, tmp_path / "stick.tjb-backup")
    assert (made.revisions, made.drafts, made.blobs, made.missing) == (3, 1, 1, ())
    assert store.read_now(lambda tx: tx.meta("last_backup_at")) == backup.backup_time(made.path)
    before = dump(store)
    store.close()
    with pytest.raises(VaultError, match=r"vault\.passphrase"):
        backup.restore_backup(made.path, tmp_path / "wrong", OTHER)
    profile = backup.restore_backup(made.path, tmp_path / "new", PASSPHRASE)
    assert profile.device != store.profile.device
    with Store.open(profile) as again:
        assert dump(again) == before
        assert photo_of(again) == PHOTO
        assert [d.body for d in again.read_now(lambda tx: tx.drafts())] == [{"age": 71}]
        assert len(again.read_now(lambda tx: tx.unsent())) == 3
        profile.set_identity(county.identity(profile))
        again.write_now(lambda tx: tx.save(home, {"/phone": "1"}))


def test_a_backup_restores_by_the_county(tmp_path: Path, county: County) -> None:
    keys = custodians(county)
    store, home = working_store(tmp_path / "p", county)
    made = backup.write_backup(store, tmp_path / "stick.tjb-backup")
    store.close()
    backup.prepare_restore(made.path, tmp_path / "new")
    request = recovery.begin(tmp_path / "new", OTHER, QUICK)
    answers = [recovery.answer(request.data, keys[slot]) for slot in ("a", "b-spare")]
    profile = Profile.recover(tmp_path / "new", OTHER, answers, kdf=QUICK)
    with pytest.raises(StorageError, match=r"storage\.restore_pending"):
        Store.open(profile)
    backup.complete_restore(profile, made.path)
    with Store.open(profile) as again:
        assert again.read_now(lambda tx: tx.document(home))


@pytest.mark.parametrize("harm", ["flip", "cut", "header", "swap", "other"])
def test_a_harmed_backup_is_noticed(tmp_path: Path, county: County, harm: str) -> None:
    store, _ = working_store(tmp_path / "p", county)
    path = backup.write_backup(store, tmp_path / "stick.tjb-backup").path
    store.close()
    data = bytearray(path.read_bytes())
    if harm == "flip":
        data[len(data) // 2] ^= 1
    elif harm == "cut":
        del data[-100:]
    elif harm == "header":
        at = data.index(b'"at":"2026') + 8
        data[at] ^= 1
    elif harm == "swap":
        data = bytearray(bytes(data) + bytes(data[-500:]))
    else:
        data = bytearray(b"something else entirely")
    path.write_bytes(bytes(data))
    with pytest.raises((InputError, VaultError), match=r"file\.|vault\."):
        backup.restore_backup(path, tmp_path / "new", PASSPHRASE)
    assert not (tmp_path / "new" / "records.db").exists() or harm in ("swap", "cut", "flip")


def test_a_stick_that_gives_back_something_else_is_noticed(
    tmp_path: Path, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = working_store(tmp_path / "p", county)

    def bad_stick(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[-20] ^= 1
        path.write_bytes(bytes(data))

    monkeypatch.setattr(piecefile, "forget_cache", bad_stick)
    with pytest.raises(StorageError, match=r"storage\.backup_differs"):
        backup.write_backup(store, tmp_path / "stick.tjb-backup")
    assert store.read_now(lambda tx: tx.meta("last_backup_at")) is None
    store.close()


def test_leaving_a_laptop_hands_the_undelivered_to_the_county(tmp_path: Path, county: County) -> None:
    store, _ = working_store(tmp_path / "p", county)
    made = farewell.erase_profile(store, tmp_path / "rest.tjb-sealed")
    assert (made.revisions, made.drafts, made.blobs) == (3, 1, 1)
    assert not (tmp_path / "p").exists()
    assert made.path
    text = made.path.read_bytes()
    for secret in ("范秋娥", "周岭村"):
        assert secret.encode() not in text
    parts = [(kind, b"".join(content)) for kind, _, content in farewell.read_remains(made.path, county.transport)]
    assert [kind for kind, _ in parts] == ["revision"] * 3 + ["draft", "blob-head", "blob"]
    assert parts[-1] == ("blob", PHOTO)
    with pytest.raises(InputError, match=r"file\.not_ours"):
        next(farewell.read_remains(made.path, X25519PrivateKey.generate()))


def test_leaving_deletes_without_a_file_when_the_county_backed_everything_up(tmp_path: Path, county: County) -> None:
    store, _ = make_store(tmp_path / "p", county)
    family(store)
    sent = store.read_now(lambda tx: tx.unsent())
    receipts = [county.receipt(item.id, area=GRID, seq=5, hash="x") for item in sent]
    store.write_now(lambda tx: tx.apply_receipts(receipts))
    covered = county.sign("backed-up-to", "receipts", epoch=1, areas={GRID: [5, "x"]}, at="2026")
    store.write_now(lambda tx: tx.apply_statements([covered]))
    made = farewell.erase_profile(store, tmp_path / "rest.tjb-sealed")
    assert made == farewell.Remains(None, 0, 0, 0)
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize(
    "size", [0, 1, piecefile.PIECE - 40, piecefile.PIECE, piecefile.PIECE + 1, 3 * piecefile.PIECE + 7]
)
def test_parts_of_every_length_come_back(tmp_path: Path, size: int) -> None:
    key, data = bytes(32), bytes(range(251)) * (size // 251 + 1)
    (tmp_path / "part").write_bytes(data[:size])
    parts = [
        piecefile.Part("file", tmp_path / "part"),
        piecefile.Part("bytes", data[:size]),
        piecefile.Part("end", b"x"),
    ]
    piecefile.write(tmp_path / "out", key, {"kind": "test"}, iter(parts))
    back = {name: b"".join(content) for name, content in piecefile.read(tmp_path / "out", key)}
    assert back == {"file": data[:size], "bytes": data[:size], "end": b"x"}


def test_a_backup_of_many_megabytes_restores(tmp_path: Path, county: County) -> None:
    store, _ = working_store(tmp_path / "p", county)
    photo = b"\xff\xd8\xff" + bytes(range(256)) * 20_000 + b"\xff\xd9"
    store.write_now(lambda tx: tx.put_blob("visit-1", photo))
    made = backup.write_backup(store, tmp_path / "stick.tjb-backup")
    store.close()
    with Store.open(backup.restore_backup(made.path, tmp_path / "new", PASSPHRASE)) as again:
        blobs_here = again.read_now(lambda tx: [tx.blob(info.id) for info in tx.blobs_of("visit-1")])
        assert sorted(len(b"".join(blob.pieces())) for blob in blobs_here if blob) == sorted([len(PHOTO), len(photo)])
