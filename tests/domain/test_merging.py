"""Merging by writes, in the trade's words (protocol.md, "Merging")."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.domain.merging import Merged, RevisionContent, merge, written_paths
from fieldapp.domain.pointers import Json, canonical, get, put


def save(name: str, parents: Iterable[str], /, **writes: Json) -> RevisionContent:
    """A save that wrote ``writes``; "_" in a key stands for "/" in its pointer."""
    state: dict[str, Json] = {}
    paths = tuple("/" + key.replace("_", "/") for key in writes)
    for path, value in zip(paths, writes.values(), strict=True):
        put(state, path, value)
    return RevisionContent(name, tuple(parents), "li.qiu", "laptop", "2026-11-21T01:00:00.000Z", paths, state)


def member(name: str, parents: Iterable[str], row: str, /, **writes: Json) -> RevisionContent:
    paths = tuple(f"/members/{row}/{'@row' if key == 'row' else key}" for key in writes)
    state: dict[str, Json] = {}
    for path, value in zip(paths, writes.values(), strict=True):
        put(state, path, value)
    return RevisionContent(name, tuple(parents), "chen.fang", "other", "2026-11-21T02:00:00.000Z", paths, state)


def values(merged: Merged, path: str) -> list[Json]:
    return [value.value for value in merged.conflicts[path]]


def test_different_fields_of_one_household_merge() -> None:
    merged = merge([save("a", [], phone="1", address="x"), save("b", ["a"], phone="2"), save("c", ["a"], address="y")])
    assert merged.state == {"phone": "2", "address": "y"}
    assert not merged.conflicts
    assert merged.leaves == ("b", "c")


def test_the_same_field_is_two_values_with_their_writers() -> None:
    merged = merge([save("a", [], phone="1"), save("b", ["a"], phone="2"), save("c", ["a"], phone="3")])
    assert "phone" not in merged.state
    assert [(v.value, v.revisions) for v in merged.conflicts["/phone"]] == [("2", ("b",)), ("3", ("c",))]


def test_equal_values_are_one_value_with_several_authors() -> None:
    merged = merge([save("a", [], n=1), save("b", ["a"], n=2), save("c", ["a"], n=2.0)])
    assert merged.state == {"n": 2}
    assert not merged.conflicts


def test_true_is_not_one() -> None:
    assert "/n" in merge([save("b", [], n=1), save("c", [], n=True)]).conflicts


def test_a_later_save_of_another_field_settles_nothing() -> None:
    """A one-key "normal" on top of both leaves never decides what nobody looked at."""
    merged = merge(
        [
            save("a", [], phone="1"),
            save("b", ["a"], phone="2"),
            save("c", ["a"], phone="3"),
            save("d", ["b", "c"], note="normal"),
        ]
    )
    assert values(merged, "/phone") == ["2", "3"]
    assert merged.leaves == ("d",)


def test_a_decision_is_a_write_on_top_of_both() -> None:
    merged = merge([save("b", [], phone="2"), save("c", [], phone="3"), save("d", ["b", "c"], phone="3")])
    assert merged.state == {"phone": "3"}


def test_clearing_is_a_value_of_its_own() -> None:
    merged = merge([save("a", [], phone="1"), save("b", ["a"], phone=None), save("c", ["a"], phone="3")])
    assert values(merged, "/phone") == [None, "3"]
    assert merge([save("a", [], phone="1"), save("b", ["a"], phone=None)]).state == {}


def test_deleting_a_member_conflicts_with_a_write_inside() -> None:
    start = member("a", [], "r1", row=True, age=70)
    merged = merge([start, member("b", ["a"], "r1", row=False), member("c", ["a"], "r1", age=71)])
    assert get(merged.state, "/members/r1/age") == 71
    assert values(merged, "/members/r1/@row") == [False, True]


def test_a_deleted_member_is_gone_when_nobody_wrote_beside() -> None:
    start = member("a", [], "r1", row=True, age=70)
    assert merge([start, member("b", ["a"], "r1", row=False)]).state == {}


def test_deciding_to_keep_the_member_ends_the_conflict() -> None:
    merged = merge(
        [
            member("a", [], "r1", row=True, age=70),
            member("b", ["a"], "r1", row=False),
            member("c", ["a"], "r1", age=71),
            member("d", ["b", "c"], "r1", row=True),
        ]
    )
    assert not merged.conflicts
    assert merged.state == {"members": {"r1": {"@row": True, "age": 71}}}


def test_an_erased_payload_still_supersedes() -> None:
    erased = RevisionContent("b", ("a",), "x", "y", "2026-11-21T02:00:00.000Z", ("/phone",), None)
    assert merge([save("a", [], phone="1", address="x"), erased]).state == {"address": "x"}


def test_a_revision_without_its_parent_waits() -> None:
    merged = merge([save("a", [], phone="1"), save("c", ["b"], phone="3")])
    assert (merged.state, merged.waiting, merged.leaves) == ({"phone": "1"}, ("c",), ("a",))


def test_the_order_of_rows_never_conflicts() -> None:
    def ordered(name: str, order: list[str]) -> RevisionContent:
        return RevisionContent(
            name, ("a",), "x", "y", "2026-11-21T02:00:00.000Z", ("/members/@order",), {"members": {"@order": order}}
        )

    merged = merge([member("a", [], "r1", row=True), ordered("b", ["r1", "r2"]), ordered("c", ["r2", "r1"])])
    assert not merged.conflicts
    assert get(merged.state, "/members/@order") == ["r1", "r2"]


def test_moving_one_person_twice_is_one_visible_conflict() -> None:
    merged = merge(
        [
            save("a", [], membership_household="h0"),
            save("b", ["a"], membership_household="h1"),
            save("c", ["a"], membership_household="h2"),
        ]
    )
    assert list(merged.conflicts) == ["/membership/household"]


def test_only_what_changed_is_written() -> None:
    before, after = {"phone": "1", "age": 70}, {"phone": "1", "age": 71}
    assert written_paths(before, after, ["/phone", "/age"]) == ("/age",)


PATHS = ("/phone", "/address", "/members/r1/age", "/members/r1/@row", "/members/@order")


@st.composite
def histories(draw: st.DrawFn) -> list[RevisionContent]:
    made: list[RevisionContent] = []
    for number in range(draw(st.integers(1, 9))):
        parents = draw(st.sets(st.sampled_from([r.id for r in made]), max_size=3)) if made else set()
        paths = draw(st.sets(st.sampled_from(PATHS), min_size=1))
        state: dict[str, Json] = {}
        for path in sorted(paths):
            put(state, path, draw(st.booleans()) if path.endswith("@row") else draw(st.integers(0, 2)))
        made.append(RevisionContent(f"{number:02}", tuple(sorted(parents)), "x", "y", "t", tuple(sorted(paths)), state))
    return made


def alike(merged: Merged) -> str:
    spoken = {path: [(v.value, list(v.revisions)) for v in found] for path, found in merged.conflicts.items()}
    return canonical({"state": merged.state, "conflicts": spoken, "leaves": list(merged.leaves)})


@given(histories(), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_every_order_of_arrival_reads_the_same(history: list[RevisionContent], chance: random.Random) -> None:
    shuffled = list(history)
    chance.shuffle(shuffled)
    assert alike(merge(shuffled)) == alike(merge(history))


@given(histories())
@settings(max_examples=300, deadline=None)
def test_no_write_disappears_without_a_later_write_over_it(history: list[RevisionContent]) -> None:
    """The plain reading of the rule, beside the code: every maximal write to a path is among its values."""
    by_id = {r.id: r for r in history}

    def above(name: str) -> set[str]:
        return set(by_id[name].parents).union(*(above(p) for p in by_id[name].parents), set())

    merged = merge(history)
    for path in ("/phone", "/address"):
        writers = [r for r in history if path in r.set]
        standing = [r for r in writers if not any(r.id in above(w.id) for w in writers)]
        expected = {canonical(get(r.state, path)) for r in standing if r.state is not None}
        shown = merged.conflicts.get(path)
        alone = {canonical(get(merged.state, path))} if writers else set()
        assert ({canonical(v.value) for v in shown} if shown else alone) == expected


@pytest.mark.parametrize("leaf", ["/phone", "/members/r1/age"])
def test_a_save_on_top_of_everything_wins_its_own_path(leaf: str) -> None:
    @given(histories())
    @settings(max_examples=100, deadline=None)
    def holds(history: list[RevisionContent]) -> None:
        merged = merge(history)
        state: dict[str, Json] = {}
        put(state, leaf, 99)
        put(state, "/members/r1/@row", True)
        last = RevisionContent("zz", merged.leaves, "x", "y", "t", (leaf, "/members/r1/@row"), state)
        after = merge([*history, last])
        assert get(after.state, leaf) == 99
        assert leaf not in after.conflicts

    holds()
