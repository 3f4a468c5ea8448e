"""Two laptops wrote about one family on the same day without network; a week later both are in town.

- L1 different fields merge by themselves
- L2 the same field becomes two values with author and time, on both; a decision syncs
- L3 receipts: what the county holds is said only when it does
- L4 nobody sees a village that is not theirs
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.county import GRID_A, GRID_B, County
from tests.sync.laptop import Laptop


@pytest.fixture
def laptops(county: County, tmp_path: Path) -> Iterator[tuple[Laptop, Laptop, Laptop]]:
    """Grid worker and collector of one grid, and the worker of the next grid."""
    county.user("li.qiu", "grid_worker", GRID_A, name="李秋")
    county.user("wang.he", "collector", GRID_A, name="王禾")
    county.user("zhao.min", "grid_worker", GRID_B, name="赵敏")
    made = tuple(Laptop.enrol(county, user, tmp_path / user) for user in ("li.qiu", "wang.he", "zhao.min"))
    yield made  # type: ignore[misc]
    for laptop in made:
        laptop.close()


def test_different_fields_merge(laptops: tuple[Laptop, Laptop, Laptop]) -> None:  # L1 L3 L4
    li, wang, zhao = laptops
    home = li.household(GRID_A, address="周岭村12号", phone="13800000001")
    result = li.sync()
    assert (result.pushed, result.left, result.quarantined, result.refused) == (1, 0, 0, [])
    assert wang.sync().pulled == 1
    li.write(home, phone="13800000002")
    wang.write(home, nature="rural")
    li.sync()
    wang.sync()
    li.sync()
    assert li.state(home) == wang.state(home)
    assert li.state(home) == {"address": "周岭村12号", "phone": "13800000002", "nature": "rural"}
    state = li.store.read_now(lambda tx: tx.sync_state())
    assert (state.unsent, state.kept) == (0, 2)
    zhao.sync()
    assert zhao.view(home) is None


def test_the_same_field_is_two_values_until_somebody_decides(laptops: tuple[Laptop, Laptop, Laptop]) -> None:  # L2
    li, wang, _ = laptops
    home = li.household(GRID_A, address="周岭村12号", phone="1")
    li.sync()
    wang.sync()
    li.write(home, phone="2")
    wang.write(home, phone="3")
    for laptop in (li, wang, li):
        laptop.sync()
    for laptop in (li, wang):
        view = laptop.view(home)
        assert view
        assert {value.value for value in view.merged.conflicts["/phone"]} == {"2", "3"}
        assert "phone" not in view.merged.state
    wang.store.write_now(lambda tx: tx.decide(home, "/phone", "3"))
    wang.sync()
    li.sync()
    assert li.state(home)["phone"] == wang.state(home)["phone"] == "3"


def test_photos_follow_in_their_own_lane(laptops: tuple[Laptop, Laptop, Laptop]) -> None:
    li, wang, zhao = laptops
    home = li.household(GRID_A, address="周岭村12号")
    photo = b"\xff\xd8\xff" + bytes(range(256)) * 2500 + b"\xff\xd9"
    blob = li.store.write_now(lambda tx: tx.put_blob(home, photo, "photo"))
    li.write(home, door_photo=blob)
    assert li.sync().photos_out == 1
    state = li.store.read_now(lambda tx: tx.sync_state())
    assert (state.unsent_blobs, state.kept) == (0, 2)
    assert wang.sync().photos_in == 1
    found = wang.store.read_now(lambda tx: tx.blob(blob))
    assert found
    assert b"".join(found.pieces()) == photo
    assert zhao.sync().photos_in == 0
