"""Projections: the same by rebuild, by any way of arrival; pairs of the same person, joined and undone."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.domain.ids import same_as_id
from fieldapp.store.api import Store, find
from fieldapp.store.projections import households, people, same_as
from fieldapp.store.rebuild import differences, fill_shadows, rebuild
from tests.store.county import COUNTY, GRID, County, Device
from tests.store.test_exchange import dump, house, people_of, pull
from tests.store.test_store import family


def say_same(store: Store, one: str, other: str, on: bool) -> None:
    document = same_as_id(COUNTY, one, other)

    def save(tx: Any) -> None:
        if tx.document(document):
            tx.save(document, {"/on": on})
        else:
            tx.create("same_as", GRID, {"one": one, "other": other, "on": on}, document_id=document)

    store.write_now(save)


def test_a_rebuild_gives_the_same(store: Store, county: County) -> None:
    wang = county.device("wang.min")
    for number in range(30):
        county.publish(*house(wang, f"周{number}山"))
    pull(store, county, statements=people_of(wang))
    home, person = family(store)
    twin, _ = family(store, "范秋蛾")
    say_same(store, home, twin, True)
    store.write_now(lambda tx: tx.save(person, {"/phone": "13855512345"}))
    before = dump(store)
    assert differences(store) == {}
    assert rebuild(store) == 65
    assert dump(store) == before
    assert len(store.read_now(lambda tx: find(tx, "周1山"))) == 1
    assert rebuild(store) == 65, "a second time, over the swapped tables"
    assert differences(store) == {}


def test_a_rebuild_in_a_child_gives_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from fieldapp.store import rebuild as module

    for number in range(8):
        family(store, f"周{number}山")
    before = dump(store)
    monkeypatch.setattr(module, "WORTH_A_CHILD", 1)
    monkeypatch.setattr(module, "CHUNK", 3)
    told: list[tuple[int, int]] = []
    assert rebuild(store, lambda done, total: told.append((done, total))) == 16
    assert dump(store) == before
    assert told == sorted(told)
    assert told[-1] == (32, 32)


def test_a_projection_that_lies_is_noticed(store: Store) -> None:
    _, person = family(store)
    store.maintain(lambda c: c.execute("UPDATE person SET full_name = '别人' WHERE document = ?", (person,))).result()
    assert differences(store) == {"person": 2}
    rebuild(store)
    assert differences(store) == {}


def test_what_is_written_during_a_rebuild_is_in_it(store: Store) -> None:
    home, person = family(store)
    fill_shadows(store, None)
    store.write_now(lambda tx: tx.save(person, {"/full_name": "范春娥"}))
    from fieldapp.store import rebuild as module

    store.maintain(module._swap).result()
    row = store.read_now(lambda tx: households.household(tx, home))
    assert row
    assert row.head_name == "范春娥"
    assert differences(store) == {}


def test_the_same_household_twice_is_one_until_undone(store: Store) -> None:
    one, head = family(store)
    other, _ = family(store, "赵六")
    before = dump(store)
    say_same(store, one, other, True)
    canonical = min(one, other)
    assert store.read_now(households.count) == 1
    members = store.read_now(lambda tx: [m.full_name for m in people.members(tx, other)])
    assert sorted(filter(None, members)) == ["范秋娥", "赵六"]
    for name in ("范秋娥", "赵六"):
        assert [hit.subject for hit in store.read_now(lambda tx, n=name: find(tx, n))] == [canonical]
    # An edit stays on the id it was written to.
    store.write_now(lambda tx: tx.save(head, {"/phone": "13900001111"}))
    assert store.read_now(lambda tx: tx.document(head).state["membership"]["household"]) == one  # type: ignore[union-attr,index]
    store.write_now(lambda tx: tx.save(head, {"/phone": None}))
    say_same(store, one, other, False)
    after = dump(store)
    for table in ("component", "household", "card"):
        assert after[table] == before[table], table


def test_a_chain_of_pairs_is_one_component_and_falls_apart_exactly(store: Store) -> None:
    ids = sorted(family(store, name)[0] for name in ("甲一", "乙二", "丙三", "丁四"))
    for one, other in ((ids[3], ids[1]), (ids[1], ids[2]), (ids[2], ids[0])):
        say_same(store, one, other, True)
    assert store.read_now(lambda tx: same_as.component(tx, ids[3])) == tuple(ids)
    assert store.read_now(lambda tx: tx.canonical(ids[3])) == ids[0]
    say_same(store, ids[1], ids[2], False)
    assert store.read_now(lambda tx: tx.canonical(ids[3])) == ids[1]
    assert store.read_now(lambda tx: tx.canonical(ids[2])) == ids[0]
    assert differences(store) == {}


def test_a_person_entered_twice_is_counted_once(store: Store) -> None:
    home, head = family(store)
    state = {"full_name": "范秋蛾", "membership": {"household": home, "relation": "spouse"}}
    twin = store.write_now(lambda tx: tx.create("person", GRID, state))
    assert store.read_now(lambda tx: households.household(tx, home).people) == 2  # type: ignore[union-attr]
    say_same(store, head, twin, True)
    assert store.read_now(lambda tx: households.household(tx, home).people) == 1  # type: ignore[union-attr]
    assert len(store.read_now(lambda tx: people.members(tx, home))) == 1
    assert differences(store) == {}


def test_the_dead_are_members_and_not_counted(store: Store) -> None:
    home, head = family(store)
    store.write_now(lambda tx: tx.save(head, {"/deceased_on": "2026-11-01"}))
    assert store.read_now(lambda tx: households.household(tx, home).people) == 0  # type: ignore[union-attr]
    assert [m.id for m in store.read_now(lambda tx: people.members(tx, home))] == [head]
    assert store.read_now(people.count) == 0


def test_somebody_without_papers_or_household_is_found(store: Store) -> None:
    state = {"full_name": "𬱖㛃", "no_id_reason": "从未登记", "other_names": ["哑巴"]}
    person = store.write_now(lambda tx: tx.create("person", GRID, state))
    for query in ("𬱖", "𬱖㛃", "哑巴", "yb"):
        (hit,) = store.read_now(lambda tx, q=query: find(tx, q))
        assert (hit.subject, hit.kind) == (person, "person")
    home, _ = family(store)
    store.write_now(lambda tx: tx.save(person, {"/membership/household": home}))
    assert [hit.subject for hit in store.read_now(lambda tx: find(tx, "哑巴"))] == [home]


def test_a_person_arriving_before_the_household(store: Store, county: County) -> None:
    wang: Device = county.device("wang.min")
    home, head = house(wang)
    county.publish(head)
    pull(store, county, statements=people_of(wang))
    assert len(store.read_now(lambda tx: find(tx, "周大山"))) == 1
    county.publish(home)
    pull(store, county)
    (hit,) = store.read_now(lambda tx: find(tx, "周大山"))
    assert hit.address == "周岭村12号"
    assert differences(store) == {}
