"""Identity numbers, areas and roles."""

from __future__ import annotations

from datetime import date

import pytest

from fieldapp.domain import areas, roles
from fieldapp.domain.documents import Household, Person, rows
from fieldapp.domain.identity_number import age_on, check_digit, mask, mask_name, mask_phone, read

TODAY = date(2026, 11, 21)


def test_a_good_number_gives_birth_and_sex() -> None:
    number = read("11010519491231002x", today=TODAY)
    assert (number.kind, number.faults, number.birth_date, number.sex) == ("resident", (), date(1949, 12, 31), "female")


@pytest.mark.parametrize(
    ("typed", "kind", "faults"),
    [
        ("１１０１０５１９４９１２３１００２Ｘ", "resident", ()),
        ("110105 19491231 002X", "resident", ()),
        ("110105194912310021", "resident", ("check_digit",)),
        ("341799198302021000", "resident", ("lost_digits",)),
        ("110105491231002", "old", ()),
        ("3417**********2342", "masked", ()),
        ("11010519491331002X", "resident", ("birth_date", "check_digit")),
        ("H12345678", "other", ("characters",)),
        ("1234", "other", ("length",)),
        ("", "other", ("characters",)),
    ],
)
def test_what_people_type(typed: str, kind: str, faults: tuple[str, ...]) -> None:
    number = read(typed, today=TODAY)
    assert (number.kind, number.faults) == (kind, faults)


def test_every_single_wrong_digit_is_found() -> None:
    good = "11010519491231002"
    for place in range(17):
        for digit in "0123456789":
            wrong = good[:place] + digit + good[place + 1 :]
            assert (check_digit(wrong) == "X") == (wrong == good)


def test_masks() -> None:
    assert mask("11010519491231002X") == "1101**********002X"
    assert mask_phone("13812345678") == "138****5678"
    assert mask_name("范哲") == "范*"


def test_eighteen_on_the_day_itself() -> None:
    assert age_on(date(2008, 11, 21), TODAY) == 18
    assert age_on(date(2008, 11, 22), TODAY) == 17


def test_who_covers_what() -> None:
    grid, village, town = "341799101201-003", "341799101201", "341799101"
    assert areas.covers(town, grid)
    assert not areas.covers(grid, village)
    assert not areas.may_read([grid], village)
    assert areas.may_read([grid], areas.board(town)), "a notice board is read below"
    assert areas.may_read([town], areas.board(village)), "and above"
    assert not areas.may_read([grid], areas.board("341799102"))
    assert not areas.may_write([grid], areas.board(town))
    assert [areas.level(a) for a in (grid, village, town, "341799*")] == ["grid", "village", "town", "county"]
    assert not areas.is_area("341799101201-03")


def test_nobody_outside_the_table() -> None:
    assert roles.may("grid_worker", roles.WRITE, "visit")
    assert not roles.may("grid_worker", roles.WRITE, "review")
    assert not roles.may("third_party", roles.READ, "household")
    assert not roles.may("grid_worker", roles.READ, "something_new")


def test_readings_keep_what_they_do_not_know() -> None:
    person = Person.read("p", {"full_name": "𬱖䶮", "membership": {"household": "h"}, "shoe_size": 42})
    assert (person.household, person.state["shoe_size"], person.sex) == ("h", 42, None)
    doors = {"@order": ["b", "a"], "a": {"@row": True}, "b": {"@row": True}, "c": {"@row": False}}
    assert [key for key, _ in rows(Household.read("h", {"doors": doors}).doors)] == ["b", "a"]
