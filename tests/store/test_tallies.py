"""Counts kept by area: whatever comes, changes, is joined, moves or goes, they are what counting gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.ids import door_answer_id
from fieldapp.store.api import Profile, Store
from fieldapp.store.projections import door_answers, households, people, tallies
from fieldapp.store.rebuild import differences, rebuild
from tests.store.county import COUNTY, GRID, OTHER_GRID, PASSPHRASE, VILLAGE, make_store
from tests.store.test_projections import say_same
from tests.store.test_store import family

ROUND = "1" * 32


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A desk's: families move from grid to grid."""
    made, _ = make_store(tmp_path / "profile", role="supervisor", areas=(VILLAGE,))
    with made:
        yield made


def told(store: Store, home: str, area: str = GRID, **state: Any) -> str:
    """An answer at this door, written or written over."""
    document = door_answer_id(COUNTY, ROUND, home)

    def save(tx: Any) -> None:
        if tx.document(document):
            tx.save(document, {f"/{name}": value for name, value in state.items()})
        else:
            tx.create("door_answer", area, {"round": ROUND, "household": home, **state}, document_id=document)

    store.write_now(save)
    return document


def counts(store: Store, area: str = GRID) -> tuple[int, int]:
    return store.read_now(lambda tx: (households.count(tx, area), people.count(tx, area)))


def behind(store: Store) -> dict[tuple[str, int], tuple[int, int]]:
    """(answer, attempts) → doors and the people behind them."""
    found = store.read_now(lambda tx: tallies.doors(tx, ROUND, GRID))
    return {(each.answer, each.attempts): (each.doors, each.people) for each in found if each.doors or each.people}


def test_families_are_counted_as_they_come_join_part_and_die(store: Store) -> None:
    one, head = family(store)
    other, _ = family(store, "赵六")
    assert counts(store) == (2, 2)
    say_same(store, one, other, True)
    assert counts(store) == (1, 2), "one household of two people"
    store.write_now(lambda tx: tx.save(head, {"/deceased_on": "2026-11-02"}))
    assert counts(store) == (1, 1)
    say_same(store, one, other, False)
    assert counts(store) == (2, 1)
    assert differences(store) == {}


def elsewhere(store: Store) -> str:
    """A household of the neighbouring grid in which nobody lives yet."""
    return store.write_now(lambda tx: tx.create("household", OTHER_GRID, {"address": "周岭村四组1号"}))


def test_each_grid_counts_its_own_and_the_village_all(store: Store) -> None:
    family(store)
    elsewhere(store)
    assert (counts(store), counts(store, OTHER_GRID), counts(store, VILLAGE)) == ((1, 1), (1, 0), (2, 1))
    assert store.read_now(lambda tx: households.grids(tx, COUNTY)) == [GRID, OTHER_GRID]


def test_doors_are_counted_by_answer_and_with_those_behind_them(store: Store) -> None:
    home, _ = family(store)
    other, head = family(store, "赵六")
    told(store, home, answer="normal", at="2026-11-20T02:00:00Z")
    told(store, other, answer="nobody_home", at="2026-11-20T03:00:00Z", attempts={"a": {"@row": True}})
    assert behind(store) == {("normal", 0): (1, 1), ("nobody_home", 1): (1, 1)}
    told(store, other, **{"attempts/b/@row": True})
    assert behind(store)["nobody_home", 2] == (1, 1)
    child = {"full_name": "赵小", "membership": {"household": home, "relation": "son"}}
    store.write_now(lambda tx: tx.create("person", GRID, child))
    store.write_now(lambda tx: tx.save(head, {"/deceased_on": "2026-11-21"}))
    assert behind(store) == {("normal", 0): (1, 2), ("nobody_home", 2): (1, 0)}
    told(store, home, answer=None)
    assert behind(store) == {("nobody_home", 2): (1, 0)}, "taken back, it counts nowhere"
    assert store.read_now(lambda tx: door_answers.tally(tx, ROUND)) == {"nobody_home": 1}
    assert differences(store) == {}


def test_a_page_far_down_the_list_starts_in_its_grid(store: Store) -> None:
    for number in range(3):
        family(store, f"赵{number}")
        elsewhere(store)
    whole = store.read_now(households.in_area)
    assert len(whole) == 6
    for offset in range(8):
        assert (
            store.read_now(lambda tx, n=offset: households.in_area(tx, limit=2, offset=n)) == whole[offset : offset + 2]
        )


def test_a_count_that_lies_is_noticed_and_made_anew(store: Store) -> None:
    family(store)
    store.maintain(lambda c: c.execute("UPDATE home_tally SET households = 7")).result()
    assert differences(store) == {"home_tally": 2}
    rebuild(store)
    assert counts(store) == (1, 1)


def test_counts_are_there_after_opening_again(store: Store) -> None:
    home, _ = family(store)
    told(store, home, answer="normal")
    store.close()
    with Store.open(Profile.unlock(store.profile.folder, PASSPHRASE)) as again:
        assert counts(again) == (1, 1)
        assert behind(again) == {("normal", 0): (1, 1)}
