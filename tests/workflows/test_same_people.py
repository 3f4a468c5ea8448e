"""People entered twice: offered with the reason, joined and parted by a person, both histories untouched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.domain.identity_number import mask
from fieldapp.errors import StateError
from fieldapp.store.api import Store, WriteTx
from fieldapp.store.projections import people
from fieldapp.workflows import households, rounds, same_people, screening
from fieldapp.workflows.screening import NewFamily
from tests.store.county import GRID, County, make_store
from tests.workflows.doors import actor, row_of_doors

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
    assert mask(NUMBER) in " ".join(twin.about)
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


def test_a_family_found_by_two_workers_on_one_day_is_one_family_again(tmp_path: Path) -> None:
    """Neither had a number: the name and the door are what they share. The last pair of people joins the households."""
    row = row_of_doors(tmp_path)
    first, second = (
        screening.newly_found(row.store, row.actor, row.round, GRID, NewFamily("彭䶮", "9", others), row.homes[-1])
        .result().household
        for others in (("李㛃",), ())
    )  # fmt: skip
    (twin,) = same_people.twins_of(row.store, second).result()
    assert (twin.name, twin.other_name, twin.reasons) == ("彭䶮", "彭䶮", ("name", "door"))

    def homes() -> list[str]:
        return [door.household for door in screening.door_list(row.store, row.actor).result().doors]

    def answered() -> tuple[int, int]:
        found = rounds.progress(row.store, row.actor).result()
        assert found is not None
        return found.total, sum(found.tally.values())

    assert (len(homes()), answered()) == (5, (5, 2))
    for home in (first, second):
        row.store.write_now(
            lambda tx, home=home: tx.create(
                "lead", GRID, {"household": home, "content": "屋漏", "issued_on": "2026-11-20"}
            )
        )
    same_people.decide(row.store, row.actor, twin.person, twin.other, same=True).result()
    assert (len(homes()), answered()) == (4, (4, 1))
    (kept,) = {first, second} & set(homes())
    names = [each.full_name for each in row.store.read_now(lambda tx: people.members(tx, kept))]
    assert sorted(map(str, names)) == ["彭䶮", "李㛃"]
    door = next(door for door in screening.door_list(row.store, row.actor).result().doors if door.household == kept)
    assert door.answer == "new"
    for home in (first, second):
        page = households.page(row.store, row.actor, home).result()
        assert page.id == kept
        assert [link.kind for link in page.chain].count("lead") == 2, "one chain with nothing lost"
    same_people.decide(row.store, row.actor, twin.person, twin.other, same=False).result()
    assert (len(homes()), answered()) == (5, (5, 2)), "parted, everything is as it was"


def test_brothers_behind_one_door_are_two_families(tmp_path: Path) -> None:
    row = row_of_doors(tmp_path)
    made = [
        screening.newly_found(row.store, row.actor, row.round, GRID, NewFamily(name, "9"), None).result().household
        for name in ("邓光明", "邓光荣")
    ]
    assert [same_people.twins_of(row.store, home).result() for home in made] == [[], []]


def test_a_married_couple_of_two_families_is_not_joined_by_one_of_them(store: Store) -> None:
    """A daughter on her parents' list and on her husband's is one person; the families stay two."""

    def work(tx: WriteTx) -> tuple[str, str, str, str]:
        homes = [tx.create("household", GRID, {"head_name": name}) for name in ("黎父", "孙强")]
        members = [
            tx.create(
                "person",
                GRID,
                {"full_name": "黎敏", "id_number": NUMBER, "membership": {"household": home, "relation": relation}},
            )
            for home, relation in zip(homes, ("daughter", "spouse"), strict=True)
        ]
        for home, name in zip(homes, ("黎父", "孙强"), strict=True):
            tx.create("person", GRID, {"full_name": name, "membership": {"household": home, "relation": "head"}})
        return (*homes, *members)  # type: ignore[return-value]

    one, other, here, there = store.write_now(work)
    same_people.decide(store, actor(), here, there, same=True).result()
    assert store.read_now(lambda tx: (tx.canonical(one), tx.canonical(other))) == (one, other)


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
