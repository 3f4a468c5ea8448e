"""People entered twice: offered with the reason, joined and parted by a person, both histories untouched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.errors import StateError
from fieldapp.store.api import Store, WriteTx
from fieldapp.store.projections import people
from fieldapp.workflows import same_people
from tests.store.county import GRID, County, make_store
from tests.workflows.doors import actor

NUMBER = "341799198305060075"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made, _ = make_store(tmp_path / "profile", County())
    with made:
        yield made


def two_records(store: Store) -> tuple[str, str, str]:
    """(household, the man found there, the record with his number that came later)"""

    def work(tx: WriteTx) -> tuple[str, str, str]:
        home = tx.create("household", GRID, {"head_name": "逄姓男子"})
        at_home = {"household": home, "relation": "head", "lives_with_family": True}
        man = tx.create("person", GRID, {"full_name": "逄姓男子", "id_number": NUMBER, "membership": at_home})
        return home, man, tx.create("person", GRID, {"full_name": "逄大山", "id_number": NUMBER})

    return store.write_now(work)


def twins(store: Store, home: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(twin.other, twin.reasons) for twin in same_people.twins_of(store, home).result()]


def test_a_record_with_the_same_number_is_offered(store: Store) -> None:
    home, _man, record = two_records(store)
    assert twins(store, home) == [(record, ("number",))]
    (twin,) = same_people.twins_of(store, home).result()
    assert all(NUMBER not in part for part in twin.about), "a number is shown masked"


def test_joined_is_one_and_parted_is_two_again(store: Store) -> None:
    home, man, record = two_records(store)
    before = {one: [row.id for row in store.read_now(lambda tx, one=one: tx.revisions(one))] for one in (man, record)}
    pair = same_people.decide(store, actor(), man, record, same=True).result()
    assert store.read_now(lambda tx: tx.canonical(man)) == store.read_now(lambda tx: tx.canonical(record))
    assert twins(store, home) == []
    assert same_people.decide(store, actor(), record, man, same=False).result() == pair, "one document for the pair"
    assert [store.read_now(lambda tx, one=one: tx.canonical(one)) for one in (man, record)] == [man, record]
    assert store.read_now(lambda tx: [row.id for row in people.members(tx, home)]) == [man]
    after = {one: [row.id for row in store.read_now(lambda tx, one=one: tx.revisions(one))] for one in (man, record)}
    assert after == before


def test_two_people_once_said_are_not_offered_again(store: Store) -> None:
    home, man, record = two_records(store)
    same_people.decide(store, actor(), man, record, same=False).result()
    assert twins(store, home) == []
    assert store.read_now(lambda tx: tx.canonical(man)) == man


def test_nobody_is_joined_with_who_is_not_here(store: Store) -> None:
    _home, man, _record = two_records(store)
    with pytest.raises(StateError, match=r"state\.unknown"):
        same_people.decide(store, actor(), man, "0" * 36, same=True).result()
    with pytest.raises(StateError, match=r"state\.unknown"):
        same_people.decide(store, actor(), man, man, same=True).result()
