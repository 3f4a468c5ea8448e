"""Villages without network: a stick goes to town and comes back.

- S1 out and in on both sides, receipts on the way back, photos too
- S2 mixed freely with the network, read twice, in any order
- S3 only the addressee reads it; nothing in it can be changed, cut or exchanged
- S4 what a revoked laptop never delivered waits for a named person
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.errors import InputError, RefusedError
from sync.client.bundle import read_bundle, write_bundle
from sync.server.admin.devices import adopt, revoke
from sync.server.sticks import exchange
from tests.sync.county import GRID_A, County
from tests.sync.laptop import Laptop


@pytest.fixture
def laptops(county: County, tmp_path: Path) -> Iterator[tuple[Laptop, Laptop]]:
    county.user("li.qiu", "grid_worker", GRID_A, name="李秋")
    county.user("wang.he", "collector", GRID_A, name="王禾")
    made = (Laptop.enrol(county, "li.qiu", tmp_path / "li"), Laptop.enrol(county, "wang.he", tmp_path / "wang"))
    yield made
    for laptop in made:
        laptop.close()


def carry(county: County, laptop: Laptop, stick: Path) -> None:
    write_bundle(laptop.store, stick / "up")
    assert exchange(county.service, stick / "up", stick / "down").refused == []
    assert read_bundle(laptop.store, stick / "down").refused == []


def test_work_and_photos_go_to_town_and_receipts_come_back(
    county: County, laptops: tuple[Laptop, Laptop], tmp_path: Path
) -> None:  # S1 S2
    li, wang = laptops
    home = li.household(GRID_A, address="周岭村12号")
    photo = b"\xff\xd8\xff" + bytes(range(256)) * 3000 + b"\xff\xd9"
    blob = li.store.write_now(lambda tx: tx.put_blob(home, photo, "photo"))
    li.write(home, door_photo=blob)
    carry(county, li, tmp_path)
    state = li.store.read_now(lambda tx: tx.sync_state())
    assert (state.unsent, state.unsent_blobs, state.kept) == (0, 0, 2)
    wang.sync()
    wang.write(home, phone="2")
    wang.sync()
    write_bundle(li.store, tmp_path / "up2")
    assert exchange(county.service, tmp_path / "up2", tmp_path / "down2").rows == 1
    li.sync()
    assert li.state(home)["phone"] == "2"
    for _ in range(2):
        assert read_bundle(li.store, tmp_path / "down2").revisions == 0
    carry(county, wang, tmp_path)
    found = wang.store.read_now(lambda tx: tx.blob(blob))
    assert found
    assert b"".join(found.pieces()) == photo


def test_photos_come_by_stick_too(county: County, laptops: tuple[Laptop, Laptop], tmp_path: Path) -> None:  # S1
    li, wang = laptops
    home = li.household(GRID_A, address="周岭村12号")
    photo = b"\xff\xd8\xff" + bytes(range(256)) * 3000 + b"\xff\xd9"
    blob = li.store.write_now(lambda tx: tx.put_blob(home, photo, "photo"))
    li.write(home, door_photo=blob)
    li.sync()
    carry(county, wang, tmp_path)
    carry(county, wang, tmp_path)
    found = wang.store.read_now(lambda tx: tx.blob(blob))
    assert found
    assert b"".join(found.pieces()) == photo


def test_nobody_else_reads_it_and_nothing_in_it_changes(
    county: County, laptops: tuple[Laptop, Laptop], tmp_path: Path
) -> None:  # S3
    li, wang = laptops
    li.household(GRID_A, address="周岭村12号")
    write_bundle(li.store, tmp_path / "up")
    data = (tmp_path / "up").read_bytes()
    assert "周岭村".encode() not in data
    exchange(county.service, tmp_path / "up", tmp_path / "down")
    with pytest.raises(InputError, match=r"bundle\.not_for_us"):
        read_bundle(wang.store, tmp_path / "down")
    down = (tmp_path / "down").read_bytes()
    head = down.index(b"\n", down.index(b"\n") + 1) + 1
    for name, changed in {
        "one byte of the content": down[:-20] + bytes([down[-20] ^ 1]) + down[-19:],
        "cut off": down[:-30],
        "the addressee": down.replace(li.profile.device.encode(), wang.profile.device.encode(), 1),
        "only the header": down[:head],
        "the date": down.replace(b'"made_at":"20', b'"made_at":"19', 1),
    }.items():
        (tmp_path / "bad").write_bytes(changed)
        with pytest.raises(InputError):
            read_bundle(li.store, tmp_path / "bad")
        assert li.store.read_now(lambda tx: tx.sync_state()).unsent == 1, name
    read_bundle(li.store, tmp_path / "down")
    assert li.store.read_now(lambda tx: tx.sync_state()).unsent == 0


def test_a_revoked_laptops_work_waits_for_a_named_person(
    county: County, laptops: tuple[Laptop, Laptop], tmp_path: Path
) -> None:  # S4
    li, wang = laptops
    home = li.household(GRID_A, address="从未送到")
    write_bundle(li.store, tmp_path / "up")
    revoke(county.service, li.profile.device, reason="lost")
    assert exchange(county.service, tmp_path / "up", tmp_path / "down").verdicts == {"quarantined": 1}
    with pytest.raises(RefusedError, match=r"refused\.revoked"):
        read_bundle(li.store, tmp_path / "down")
    wang.sync()
    assert wang.view(home) is None
    listed = county.admin("quarantine")
    assert [row["reason"] for row in listed] == ["device.revoked"]
    assert adopt(county.service, [str(listed[0]["revision"])], by="zhou") == [listed[0]["revision"]]
    wang.sync()
    assert wang.state(home) == {"address": "从未送到"}
