"""Photos, signatures, files: sealed, streamed, resumed."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import InputError, ProgrammingFault, StateError, StorageError
from fieldapp.store.api import Store
from fieldapp.store.blobs import FOLDER, NEW, PIECE
from tests.store.county import GRID, County
from tests.store.test_exchange import people_of, pull

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100 + b"\0\0\0\0IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff" + b"j" * 200_000 + b"\xff\xd9"
STROKES = json.dumps({"strokes": [[[0, 0, 0], [5, 6, 12]]]}).encode()


def put(store: Store, data: Any, kind: str = "photo") -> str:
    return store.write_now(lambda tx: tx.put_blob("v", data, kind))


@pytest.mark.parametrize("size", [1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 200_001])
def test_what_goes_in_comes_out_and_is_nowhere_in_clear(store: Store, size: int) -> None:
    data = (b"very private " * (size // 13 + 1))[:size]
    name = put(store, data, "file")
    blob = store.read_now(lambda tx: tx.blob(name))
    assert blob
    assert b"".join(blob.pieces()) == data
    salt = store.read_now(lambda tx: tx.one("SELECT salt FROM blob"))
    assert salt
    assert hashlib.sha256(salt[0] + data).hexdigest() == name
    for path in store.profile.folder.rglob("*"):
        if path.is_file():
            assert b"very private" not in path.read_bytes()
    with blob.open() as stream:
        stream.seek(size // 2)
        assert stream.read(7) == data[size // 2 :][:7]
        stream.seek(-1, io.SEEK_END)
        assert stream.read() == data[-1:]


def test_a_file_is_streamed_and_never_whole_in_memory(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "big.bin"
    path.write_bytes(b"0123456789abcdef" * 500_000)
    import tracemalloc

    tracemalloc.start()
    staged = store.stage_blob(path, "file")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000, "8 MB file"
    assert put(store, staged) == staged.id


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (b"", "file", "blob.empty"),
        (b"GIF89a....", "photo", "blob.not_a_photo"),
        (JPEG[:-2], "photo", "blob.not_a_photo"),
        (PNG[:-4], "photo", "blob.not_a_photo"),
        (b'{"strokes": []}', "signature", "blob.not_strokes"),
        (b'{"strokes": [[["a", 1]]]}', "signature", "blob.not_strokes"),
        (b"x", "film", "blob.kind"),
    ],
)
def test_what_is_not_what_it_says_is_refused(store: Store, data: bytes, kind: str, code: str) -> None:
    with pytest.raises(InputError) as failed:
        put(store, data, kind)
    assert failed.value.code == code
    assert list((store.profile.folder / FOLDER).rglob("*")) in ([], [store.profile.folder / NEW])


def test_photos_and_signatures_keep_their_type(store: Store) -> None:
    for data, kind in ((PNG, "photo"), (JPEG, "photo"), (STROKES, "signature")):
        put(store, data, kind)
    types = {info.media_type for info in store.read_now(lambda tx: tx.blobs_of("v"))}
    assert types == {"image/png", "image/jpeg", "application/vnd.strokes+json"}


def test_a_failed_transaction_leaves_no_file(store: Store) -> None:
    def fails(tx: Any) -> None:
        tx.put_blob("v", JPEG)
        raise StateError("state.closed")

    with pytest.raises(StateError):
        store.write_now(fails)
    assert [path for path in (store.profile.folder / FOLDER).rglob("*") if path.is_file()] == []


def test_a_damaged_blob_says_so_and_a_missing_one_too(store: Store) -> None:
    name = put(store, JPEG)
    (path,) = [path for path in (store.profile.folder / FOLDER).rglob("*") if path.is_file()]
    data = bytearray(path.read_bytes())
    data[PIECE + 40] ^= 1
    path.write_bytes(bytes(data))
    blob = store.read_now(lambda tx: tx.blob(name))
    assert blob
    with pytest.raises(StorageError, match="blob_damaged"):
        b"".join(blob.pieces())
    path.write_bytes(bytes(data[: PIECE + 16]))
    with pytest.raises(StorageError, match="blob_damaged"):
        b"".join(blob.pieces())
    path.unlink()
    with pytest.raises(StorageError, match="blob_missing"):
        b"".join(blob.pieces())


def wanted(store: Store, county: County, data: bytes) -> tuple[Any, bytes]:
    salt = b"s" * 32
    name = hashlib.sha256(salt + data).hexdigest()
    wang = county.device("wang.min")
    county.publish(wang.write("visit", {"household": "h", "answers": {"door": name}}))
    pull(store, county, statements=people_of(wang))
    (found,) = store.read_now(lambda tx: tx.blobs_wanted())
    assert found.id == name
    return found, salt


def test_a_pulled_photo_is_fetched_in_pieces_and_resumed(store: Store, county: County) -> None:
    found, salt = wanted(store, county, JPEG)
    assert store.read_now(lambda tx: tx.blob(found.id)) is None
    writer = store.write_now(lambda tx: tx.expect_blob(found, "photo", "image/jpeg", len(JPEG), salt))
    writer.write(JPEG[: 2 * PIECE])
    resumed = store.write_now(lambda tx: tx.expect_blob(found, "photo", "image/jpeg", len(JPEG), salt))
    assert resumed.offset == 2 * PIECE
    resumed.path.write_bytes(resumed.path.read_bytes()[:-5])
    assert resumed.offset == PIECE, "a torn piece does not count"
    assert resumed.write(JPEG[PIECE:]) == len(JPEG)
    resumed.check()
    store.write_now(lambda tx: tx.blob_arrived(resumed))
    blob = store.read_now(lambda tx: tx.blob(found.id))
    assert blob
    assert b"".join(blob.pieces()) == JPEG
    assert store.read_now(lambda tx: tx.blobs_wanted()) == []


def test_a_photo_that_is_not_what_its_name_says_is_not_kept(store: Store, county: County) -> None:
    found, salt = wanted(store, county, JPEG)
    writer = store.write_now(lambda tx: tx.expect_blob(found, "photo", "image/jpeg", len(JPEG), salt))
    writer.write(b"other" + JPEG[5:])
    with pytest.raises(InputError, match=r"blob\.hash"):
        writer.check()
    assert not writer.path.exists()
    assert writer.offset == 0


def test_ids_of_revisions_are_not_taken_for_photos(store: Store, county: County) -> None:
    wang = county.device("wang.min")
    home = wang.write("household", {"address": "x"})
    visit = wang.write("visit", {"note": home.id, "assessment": {"pack": "a" * 64}})
    county.publish(home, visit)
    pull(store, county, statements=people_of(wang))
    assert store.read_now(lambda tx: tx.blobs_wanted()) == []


def test_an_erased_visits_photos_go_with_it(store: Store, county: County) -> None:
    def save(tx: Any) -> None:
        tx.create("visit", GRID, {"answers": {"a": tx.put_blob("v", JPEG), "b": 1}}, document_id="v")

    store.write_now(save)
    (sent,) = store.read_now(lambda tx: tx.unsent())
    tomb = county.sign("erasure", "control", revisions={sent.id: []}, why="", at="")
    store.write_now(lambda tx: tx.apply_erasure(tomb))
    assert store.read_now(lambda tx: tx.rows("SELECT count(*) FROM blob")) == [(0,)]
    assert [path for path in (store.profile.folder / FOLDER).rglob("*") if path.is_file()] == []


def test_a_staged_photo_can_be_tried_again_and_put_once(store: Store) -> None:
    staged = store.stage_blob(JPEG)

    def fails(tx: Any) -> None:
        tx.put_blob("v", staged)
        raise StateError("state.closed")

    with pytest.raises(StateError):
        store.write_now(fails)
    assert put(store, staged) == staged.id
    with pytest.raises(ProgrammingFault):
        put(store, staged)
    blob = store.read_now(lambda tx: tx.blob(staged.id))
    assert blob
    assert b"".join(blob.pieces()) == JPEG
