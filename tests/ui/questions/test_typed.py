"""What people type at the door, read into answers."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from ui.questions.date_text import read_date, read_partial, read_time
from ui.questions.geo import read_place
from ui.questions.identity import reading
from ui.questions.line import NotAnAnswer
from ui.questions.number import plain, read_number
from ui.questions.phone import grouped, read_phone

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1200", "1200"), ("１，２００", "1200"), ("1,200.50", "1200.5"), ("1.2万", "12000"), ("3千", "3000"),
        ("-5", "-5"), ("12。5", "12.5"), ("600元", "600"), (".5", "0.5"),
    ],
)  # fmt: skip
def test_numbers_as_typed(typed: str, number: str) -> None:
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["一千", "12a", "-", ".", "1.2.3", "万"])
def test_what_is_no_number_is_refused_and_never_zero(typed: str) -> None:
    with pytest.raises(NotAnAnswer):
        read_number(typed)


def test_numbers_are_shown_without_exponent() -> None:
    assert plain(Decimal("1.20E+4")) == "12000"
    assert plain(Decimal("0.50")) == "0.5"


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("20261121", "2026-11-21"), ("2026.11.21", "2026-11-21"), ("2026年11月21日", "2026-11-21"),
        ("２０２６－１１－２１", "2026-11-21"), ("11-21", "2026-11-21"), ("3月5日", "2026-03-05"), ("今天", "2026-11-21"),
        ("昨天", "2026-11-20"), ("1950", "1950"), ("1950年", "1950"), ("1950-3", "1950-03"), ("1950年3月", "1950-03"),
        ("195003", "1950-03"),
    ],
)  # fmt: skip
def test_dates_as_typed(typed: str, iso: str) -> None:
    assert read_partial(typed, TODAY) == iso


@pytest.mark.parametrize("typed", ["2026-02-30", "20261301", "abc", "0-5", "2026-11-", "1750"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    assert read_date(typed, TODAY) is None


@pytest.mark.parametrize(
    ("typed", "at"),
    [("930", time(9, 30)), ("9:30", time(9, 30)), ("9点半", time(9, 30)), ("下午3点", time(15)), ("3pm", time(15)),
     ("0005", time(0, 5)), ("２１：４５", time(21, 45))],
)  # fmt: skip
def test_times_as_typed(typed: str, at: time) -> None:
    assert read_time(typed) == at


@pytest.mark.parametrize("typed", ["25:00", "9:61", "now", ""])
def test_what_is_no_time_is_refused(typed: str) -> None:
    assert read_time(typed) is None


def test_phones_lose_blanks_and_the_country() -> None:
    assert read_phone("+86 138-1234-5678") == "13812345678"
    assert read_phone("0838 2345678") == "08382345678"
    assert grouped("13812345678") == "138 1234 5678"
    with pytest.raises(NotAnAnswer):
        read_phone("1381234567")


def test_places_are_latitude_then_longitude() -> None:
    assert read_place("30.66， 104.06") == (30.66, 104.06)
    with pytest.raises(NotAnAnswer):
        read_place("104.06 30.66")


def test_an_id_number_says_birth_date_and_sex_and_what_is_wrong() -> None:
    from fieldapp.domain.identity_number import check_digit

    right = "34179919900307231" + check_digit("34179919900307231")
    assert reading(right, TODAY) == ("1990-03-07 出生 · 男 · 36 岁", "done")
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    words, tone = reading(wrong, TODAY)
    assert tone == "abnormal"
    assert "校验码" in words
    assert reading(right[:15], TODAY)[0] != ""
    assert reading(right[:16], TODAY) == ("还差 2 位", "")
