"""Who may have been entered twice."""

from __future__ import annotations

import pytest

from fieldapp.store import duplicates
from fieldapp.store.api import Store
from fieldapp.store.duplicates import number_forms, similar_names
from tests.store.test_projections import say_same
from tests.store.test_store import family

NUMBER = "11010519491231002X"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("范秋娥", "范秋娥", True),
        ("范秋娥", "范秋蛾", True),  # same sound
        ("範秋娥", "范秋娥", True),  # traditional
        ("张〇三", "张零三", True),
        ("欧阳秋娥", "欧阳娥秋", True),  # swapped
        ("买买提·艾力", "买买提艾力", True),
        ("范秋娥", "范秋英", True),  # one character
        ("范秋娥", "王秋娥", False),  # another surname
        ("王伟", "王芳", False),
        ("曾国强", "增国强", True),
        ("范秋娥", "周大山", False),
        ("", "", False),
    ],
)
def test_names_people_confuse(one: str, other: str, alike: bool) -> None:
    assert similar_names(one, other) is alike
    assert similar_names(other, one) is alike


def test_old_and_new_numbers_meet() -> None:
    assert set(number_forms("110105491231002")) == set(number_forms(NUMBER))


@pytest.mark.parametrize(
    ("entry", "reasons"),
    [
        ({"id_number": "110105 19491231 002x"}, ("number",)),
        ({"id_number": "110105491231002"}, ("number",)),
        ({"full_name": "范秋蛾", "birth_date": "1949-12-31"}, ("name", "birth_date")),
        ({"full_name": "范秋蛾", "phone": "+86 138 5551 2345"}, ("name", "phone")),
        ({"full_name": "范秋蛾", "address": "周岭村三组12号"}, ("name", "address")),
        ({"full_name": "范秋蛾"}, None),
        ({"full_name": "李四", "birth_date": "1949-12-31", "phone": "13855512345"}, None),
        ({"full_name": "范秋蛾", "birth_date": "1949"}, None),
    ],
)
def test_a_suspect_is_shown_with_its_reasons(store: Store, entry: dict[str, str], reasons: tuple[str, ...]) -> None:
    family(store, id_number=NUMBER, birth_date="1949-12-31", phone="13855512345")
    found = store.read_now(lambda tx: duplicates.suspects(tx, **entry))  # type: ignore[arg-type]
    assert [item.reasons for item in found] == ([reasons] if reasons else [])


def test_after_a_pull_pairs_are_shown_and_decided_ones_not_again(store: Store) -> None:
    _, one = family(store, id_number=NUMBER)
    _, other = family(store, "范秋蛾", id_number=NUMBER)
    assert store.read_now(lambda tx: tx.canonical(one)) == one, "never joined by itself"
    (pair,) = store.read_now(lambda tx: duplicates.pairs(tx, [one, other]))
    assert (pair.one.id, pair.other.id) == tuple(sorted((one, other)))
    say_same(store, one, other, True)
    assert store.read_now(lambda tx: duplicates.pairs(tx, [one, other])) == []
    say_same(store, one, other, False)
    assert store.read_now(lambda tx: duplicates.pairs(tx, [one, other])) == [], "somebody looked and said no"
