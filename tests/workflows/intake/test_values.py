"""Cells as offices write them: dates, amounts, counts, names, phones."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.workflows.intake.values import (
    chinese_number,
    person_name,
    read_amount,
    read_count,
    read_date,
    read_phone,
    text,
)

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's dates have no zone
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
A_DAY = datetime(1950, 3, 5)  # noqa: DTZ001
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("1950.3.5", "1950-03-05"),
        ("1950年3月5日", "1950-03-05"),
        ("１９５０．３．５", "1950-03-05"),
        ("1950/3/5", "1950-03-05"),
        ("1950-03", "1950-03"),
        ("1950年3月", "1950-03"),
        ("1950年", "1950"),
        ("19500305", "1950-03-05"),
        (19500305, "1950-03-05"),
        (195003, "1950-03"),
        (1950, "1950"),
        ("一九五〇年三月五日", "1950-03-05"),
        ("一九八五年十二月二十一日", "1985-12-21"),
        (38951, "2006-08-22"),
        ("38951", "2006-08-22"),
        (38951.0, "2006-08-22"),
        (1955.3, "1955-03"),
        (1955.1, "1955"),
        (A_DAY, "1950-03-05"),
        (date(1950, 3, 5), "1950-03-05"),
        ("2026-11-18 09:30:00", "2026-11-18"),
        ("20261118", "2026-11-18"),
    ],
)
def test_dates_of_the_trade(cell: object, iso: str) -> None:
    assert read_date(cell, EPOCH, today=TODAY).iso == iso


@pytest.mark.parametrize("cell", ["1950.13.5", "19500230", "去年", "2027-01-01", "五十多岁", "55.3.2", 99999999, True])
def test_dates_that_are_none_are_said(cell: object) -> None:
    assert read_date(cell, EPOCH, today=TODAY).unreadable


@pytest.mark.parametrize("cell", [None, "", " ", "无", "/", "—"])
def test_blank_dates_are_no_fault(cell: object) -> None:
    read = read_date(cell, EPOCH, today=TODAY)
    assert (read.iso, read.unreadable) == ("", False)


def test_a_workbook_of_1904_counts_from_1904() -> None:
    assert read_date(37489, EPOCH_1904, today=TODAY).iso == "2006-08-22"


FORMS = ("{0}.{1}.{2}", "{0}年{1}月{2}日", "{0}/{1}/{2}", "{0}-{1:02}-{2:02}", "{0}{1:02}{2:02}")


@given(st.dates(date(1890, 1, 1), TODAY), st.sampled_from(FORMS))
def test_every_day_in_every_form(day: date, form: str) -> None:
    assert read_date(form.format(day.year, day.month, day.day), EPOCH, today=TODAY).iso == day.isoformat()
    assert read_date((day - EPOCH.date()).days if day.year > 1930 else day, EPOCH, today=TODAY).iso == day.isoformat()


@pytest.mark.parametrize(
    ("cell", "fen"),
    [("1,200.00元", 120000), (640, 64000), ("640", 64000), (0, 0), (0.5, 50), ("￥３２５", 32500), ("0.12万", 120000)],
)
def test_amounts_are_fen(cell: object, fen: int) -> None:
    assert read_amount(cell).fen == fen


def test_an_amount_in_words_is_said() -> None:
    assert read_amount("约三百").unreadable
    assert not read_amount("").unreadable


@pytest.mark.parametrize(("cell", "count"), [(4, 4), ("4人", 4), ("四口", 4), ("十二", 12), (4.0, 4), ("若干", None)])
def test_counts(cell: object, count: int | None) -> None:
    assert read_count(cell) == count


@given(st.integers(1, 999))
def test_chinese_numbers_up_to_999(value: int) -> None:
    digits = "〇一二三四五六七八九"
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    words = (digits[hundreds] + "百" if hundreds else "") + (digits[tens] + "十" if tens else "")
    words += ("〇" if hundreds and not tens and ones else "") + (digits[ones] if ones else "")
    assert chinese_number(words) == value


def test_names_lose_only_the_blanks_that_line_them_up() -> None:
    assert person_name("吕\u3000梅") == "吕梅"
    assert person_name(" 李 㛃 ") == "李㛃"
    assert person_name("阿依古丽·买买提") == "阿依古丽·买买提"
    assert person_name("Maria  Luisa") == "Maria Luisa"
    assert person_name("黄𠅤") == "黄𠅤"


def test_phones_and_plain_text() -> None:
    assert read_phone("13520724767／15282122033") == "13520724767/15282122033"
    assert read_phone(13520724767.0) == read_phone(13520724767) == "13520724767"
    assert text("近１２个月，自付") == "近12个月，自付"
