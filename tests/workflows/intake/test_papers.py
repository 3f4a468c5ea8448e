"""ID cells: whole, old, rounded, masked, mistyped, absent with and without a reason."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain import identity_number
from fieldapp.workflows.intake.papers import full_number, read_paper
from tests.workflows.intake.makers import TODAY, number

WHOLE = number("1946-06-19", 38)
WITH_X = next(n for n in (number("1967-06-15", serial) for serial in range(1, 200)) if n.endswith("X"))


@pytest.mark.parametrize(
    "cell",
    [
        WITH_X.lower(),
        f"{WITH_X[:6]} {WITH_X[6:14]} {WITH_X[14:]}",
        "".join(chr(ord(ch) + 0xFEE0) for ch in WITH_X),
        f"'{WITH_X}",
        WITH_X.replace("X", "×"),
        WITH_X.replace("0", "O", 1),
        f" {WITH_X}\n",
    ],
)
def test_ways_of_typing_one_number(cell: str) -> None:
    paper = read_paper(cell, today=TODAY)
    assert (paper.number, paper.kind, paper.problems, paper.trusted) == (WITH_X, "resident", (), True)


@pytest.mark.parametrize("cell", [3.41799195502062e17, int(3.41799195502062e17), "3.41799E+17", 341799195502062000])
def test_a_number_the_sheet_rounded_is_never_imported(cell: object) -> None:
    paper = read_paper(cell, today=TODAY)
    assert paper.number is None
    assert paper.problems == ("id_lost_digits",)
    assert paper.reason


@given(st.dates(date(1930, 1, 1), date(2026, 1, 1)), st.integers(1, 999))
def test_no_number_cell_of_eighteen_digits_passes_as_true_once_rounded(born: date, serial: int) -> None:
    whole = number(born.isoformat(), serial)
    if whole.endswith("X"):
        return
    rounded = float(f"{float(whole):.15g}")
    assert read_paper(rounded, today=TODAY).number is None
    assert read_paper(int(rounded), today=TODAY).number is None
    as_text = f"{whole[:15]}000"
    paper = read_paper(as_text, today=TODAY)
    assert paper.number is None or "id_maybe_lost_digits" in paper.problems


def test_an_exact_whole_number_cell_is_read() -> None:
    assert read_paper(int(WHOLE), today=TODAY).number == WHOLE


def test_old_numbers_masked_numbers_and_wrong_ones() -> None:
    assert read_paper("341799690123436", today=TODAY).problems == ("old_15_digit_id",)
    assert read_paper(341799690123436, today=TODAY).kind == "old"
    assert read_paper("3417**********2342", today=TODAY).problems == ("masked_id",)
    wrong = WHOLE[:-1] + ("1" if WHOLE[-1] != "1" else "2")
    paper = read_paper(wrong, today=TODAY)
    assert (paper.problems, paper.trusted, paper.number) == (("wrong_check_digit",), False, wrong)
    assert read_paper(WHOLE[:-1], today=TODAY).problems == ("id_wrong_length",)
    assert read_paper("身份证在外地", today=TODAY).number is not None


@pytest.mark.parametrize("cell", [None, "", "无", "暂无", "未办理", "无证", "/", "丢失", "没有身份证"])
def test_no_paper_is_an_answer(cell: object) -> None:
    paper = read_paper(cell, today=TODAY)
    assert (paper.number, paper.problems) == (None, ("no_id",))


def test_the_reason_for_no_paper_is_kept() -> None:
    assert read_paper("未办理", today=TODAY).reason == "未办理"
    assert read_paper(None, today=TODAY, reason="户口未迁入").reason == "户口未迁入"
    assert read_paper("H12345678", today=TODAY, kind="港澳居民居住证").kind == "other"


def test_an_old_number_is_known_again_in_its_new_form() -> None:
    full = full_number("341799690123436")
    assert full == "34179919690123436" + identity_number.check_digit("34179919690123436")
    assert full_number(WHOLE) == WHOLE
