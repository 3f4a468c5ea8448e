"""Saving, reading and deciding over a real encrypted store."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from fieldapp.errors import ProgrammingFault, RefusedError, StateError
from fieldapp.store.api import Profile, Store, find
from fieldapp.store.projections import households, people
from tests.store.county import GRID, OTHER_GRID, PASSPHRASE, County


def family(store: Store, name: str = "范秋娥", **more: object) -> tuple[str, str]:
    """A household with its head; returns (household, person)."""

    def save(tx: object) -> tuple[str, str]:
        state = {"address": "周岭村三组12号", "doors": {"d1": {"@row": True, "number": "12", "order": 4}}}
        home = tx.create("household", GRID, state)  # type: ignore[attr-defined]
        head = {"full_name": name, "membership": {"household": home, "relation": "head"}, **more}
        return home, tx.create("person", GRID, head)  # type: ignore[attr-defined]

    return store.write_now(save)


def test_a_save_is_there_after_closing(tmp_path: Path, store: Store) -> None:
    home, person = family(store)
    store.write_now(lambda tx: tx.save(person, {"/phone": "13855512345"}))
    store.close()
    with Store.open(Profile.unlock(store.profile.folder, PASSPHRASE)) as again:
        view = again.read_now(lambda tx: tx.document(person))
        assert view
        assert view.state["phone"] == "13855512345"
        assert [row.set for row in again.read_now(lambda tx: tx.revisions(person))][1] == ("/phone",)
        row = again.read_now(lambda tx: households.household(tx, home))
        assert row
        assert (row.head_name, row.people, row.door, row.door_order) == ("范秋娥", 1, "12", 4.0)
        assert again.opened.lost_commits == 0
        assert again.opened.faults == []


def test_the_chain_counts_from_one(store: Store) -> None:
    _, person = family(store)
    rows = store.read_now(lambda tx: tx.rows("SELECT device_seq, id, prev FROM revision ORDER BY device_seq"))
    assert [row[0] for row in rows] == [1, 2]
    assert rows[1][2] == rows[0][1]
    assert rows[0][2] is None
    store.write_now(lambda tx: tx.save(person, {"/phone": "1"}))
    assert store.read_now(lambda tx: tx.sync_state()).unsent == 3


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    def broken(tx: object) -> None:
        tx.create("household", GRID, {"address": "x"})  # type: ignore[attr-defined]
        raise StateError("state.closed")

    with pytest.raises(StateError):
        store.write_now(broken)
    assert store.read_now(households.count) == 0
    family(store)
    assert store.read_now(lambda tx: tx.rows("SELECT max(device_seq) FROM revision")) == [(2,)]


def test_role_and_area_are_asked(store: Store) -> None:
    with pytest.raises(RefusedError, match=r"refused\.area"):
        store.write_now(lambda tx: tx.create("household", OTHER_GRID, {"address": "x"}))
    with pytest.raises(RefusedError, match=r"refused\.role"):
        store.write_now(lambda tx: tx.create("round", GRID, {"title": "x"}))


def test_saving_the_same_leaves_twice_is_a_conflict_until_decided(store: Store) -> None:
    _, person = family(store)
    leaves = store.read_now(lambda tx: tx.document(person)).merged.leaves  # type: ignore[union-attr]
    store.write_now(lambda tx: tx.save(person, {"/phone": "1"}, parents=leaves))
    store.write_now(lambda tx: tx.save(person, {"/phone": "2"}, parents=leaves))
    view = store.read_now(lambda tx: tx.document(person))
    assert view
    assert sorted(str(value.value) for value in view.merged.conflicts["/phone"]) == ["1", "2"]
    assert "phone" not in view.state
    store.write_now(lambda tx: tx.decide(person, "/phone", "2"))
    view = store.read_now(lambda tx: tx.document(person))
    assert view
    assert (view.state["phone"], len(view.merged.leaves)) == ("2", 1)
    with pytest.raises(StateError, match=r"state\.no_conflict"):
        store.write_now(lambda tx: tx.decide(person, "/phone", "2"))


def test_a_move_takes_the_person_along(store: Store) -> None:
    home, person = family(store)
    other, _ = family(store, "赵六")
    store.write_now(lambda tx: tx.save(person, {"/membership/household": other}))
    assert store.read_now(lambda tx: [m.full_name for m in people.members(tx, home)]) == []
    assert store.read_now(lambda tx: {m.full_name for m in people.members(tx, other)}) == {"范秋娥", "赵六"}
    assert store.read_now(lambda tx: households.household(tx, home).people) == 0  # type: ignore[union-attr]


def test_two_moves_are_one_conflict_and_no_member(store: Store) -> None:
    home, person = family(store)
    here, there = family(store, "甲一")[0], family(store, "乙二")[0]
    leaves = store.read_now(lambda tx: tx.document(person)).merged.leaves  # type: ignore[union-attr]
    for target in (here, there):
        store.write_now(lambda tx, to=target: tx.save(person, {"/membership/household": to}, parents=leaves))
    for place in (home, here, there):
        assert person not in [m.id for m in store.read_now(lambda tx, p=place: people.members(tx, p))]
    assert [m.id for m in store.read_now(lambda tx: people.claimed_members(tx, here))] == [person]
    assert [m.id for m in store.read_now(lambda tx: people.claimed_members(tx, there))] == [person]


@pytest.mark.parametrize(
    "query", ["范", "秋娥", "fqe", "fanqiue", "qiue", "2342", "12345", "周岭", "周岭村三组12号", "12", "阿娥", "fan 12"]
)
def test_the_eight_ways_to_find_somebody(store: Store, query: str) -> None:
    home, _ = family(store, id_number="341799198302022342", phone="13855512345", other_names=["阿娥"])
    family(store, "赵六")
    hits = store.read_now(lambda tx: find(tx, query, own_areas=[GRID]))
    assert home in [hit.subject for hit in hits]
    if query not in ("周岭", "周岭村三组12号", "12"):
        assert len(hits) == 1
    for hit in hits:
        for match in hit.matches:
            assert "198302" not in match.text, "ID numbers are masked"
            assert all(match.text[start:end] for start, end in match.spans)


def test_drafts_remember_what_their_author_saw(store: Store) -> None:
    home, _ = family(store)
    store.write_now(lambda tx: tx.save_draft("d1", "visit", home, {"age": 71}, ["a"]))
    store.write_now(lambda tx: tx.save_draft("d1", "visit", home, {"age": 72}, ["b"]))
    draft = store.read_now(lambda tx: tx.draft("d1"))
    assert draft
    assert (draft.body, draft.heads, draft.subject) == ({"age": 72}, ("a",), home)
    assert [d.id for d in store.read_now(lambda tx: tx.drafts(home))] == ["d1"]
    store.write_now(lambda tx: tx.drop_draft("d1"))
    assert store.read_now(lambda tx: tx.drafts()) == []


def test_looking_at_a_number_is_on_the_chain(store: Store) -> None:
    _, person = family(store)
    log = store.write_now(lambda tx: tx.log_access("reveal", person))
    view = store.read_now(lambda tx: tx.document(log))
    assert view
    assert (view.type, view.state["kind"], view.state["documents"]) == ("access_log", "reveal", [person])


def test_blocking_on_the_window_thread_is_our_fault(store: Store) -> None:
    store.forbid_thread(threading.get_ident())
    with pytest.raises(ProgrammingFault):
        store.read_now(lambda tx: tx.drafts())
    assert store.read(lambda tx: tx.drafts()).result() == []


def test_a_profile_that_is_not_enrolled_reads_but_does_not_sign(tmp_path: Path, county: County) -> None:
    from fieldapp.store.api import QUICK

    profile = Profile.create(tmp_path / "new", PASSPHRASE, kdf=QUICK)
    with Store.open(profile) as store:
        with pytest.raises(StateError, match=r"state\.not_enrolled"):
            store.write_now(lambda tx: tx.create("household", GRID, {"address": "x"}))
        profile.set_identity(county.identity(profile))
        store.write_now(lambda tx: tx.create("household", GRID, {"address": "x"}))


def test_a_commit_that_fails_leaves_the_mark_where_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    family(store)

    def too_late(tx: object) -> None:
        tx.create("household", GRID, {"address": "x"})  # type: ignore[attr-defined]
        tx.run("ROLLBACK")  # type: ignore[attr-defined]

    with pytest.raises(Exception, match="transaction"):
        store.write_now(too_late)
    assert store.opened.last_link[0] == 2
    store.write_now(lambda tx: tx.save_draft("d", "visit", None, {}))
    mark = store._mark.read()
    assert mark
    assert mark.device_seq == 2
