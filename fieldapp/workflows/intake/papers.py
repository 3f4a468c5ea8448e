"""What a ledger's ID cell says, and what it says against the sex and birth date beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fieldapp.domain import identity_number
from fieldapp.domain.identity_number import IdentityNumber
from fieldapp.workflows.intake.sheets import Value
from fieldapp.workflows.intake.values import NOTHING, narrow

_FAULTS = {
    "lost_digits": "id_lost_digits",
    "check_digit": "wrong_check_digit",
    "birth_date": "id_impossible_birth",
    "length": "id_wrong_length",
    "characters": "id_strange_characters",
}
_LABEL = re.compile(r"(?:居民|公民)?(?:身份证?|证件)(?:证)?(?:号码?)?[:：]\s*")
_NONE = re.compile(r"(?:无|没有|未|不|暂|待|丢失|遗失)[^\d]*")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{2}")
#: a number cell written as text by another program
_WITH_POINT = re.compile(r"(\d{15,18})\.0+")
_LOOKALIKES = str.maketrans({**dict.fromkeys("Oo", "0"), **dict.fromkeys("Il", "1"), **dict.fromkeys("×✕╳ⅩХхΧχ", "X")})
_RESIDENT_KINDS = ("", "居民身份证", "身份证", "二代身份证", "第二代居民身份证", "户口簿", "户口本")


@dataclass(frozen=True)
class Paper:
    """``number`` is None where nothing true was read; ``kind`` as in ``identity_number``; ``problems`` are codes.

    Sex and birth date are what the number says, for comparing; only a ``trusted`` number (its check digit holds) may
    give them to the person.
    """

    number: str | None
    kind: str | None
    problems: tuple[str, ...]
    sex: str | None = None
    birth: str | None = None
    trusted: bool = False
    reason: str | None = None
    detail: str = ""


def read_paper(value: Value, *, today: date, kind: str = "", reason: str = "") -> Paper:
    """The ID cell with the kind of paper and the reason for having none, where the ledger has such columns."""
    words = _LABEL.sub("", narrow(value), count=1)
    if isinstance(value, bool) or not words or words in NOTHING or (_NONE.fullmatch(words) and not words.isascii()):
        said = reason or (words if words not in NOTHING else "")
        return Paper(None, None, ("no_id",), reason=said or None)
    if point := _WITH_POINT.fullmatch(words):
        words, value = point[1], int(point[1])
    if _is_rounded(value, words):
        return _lost(value, words)
    if kind and kind not in _RESIDENT_KINDS:
        return Paper(identity_number.normal_form(words), "other", ())
    return _resident(identity_number.read(_without_lookalikes(words), today=today))


def _is_rounded(value: Value, words: str) -> bool:
    """A number cell keeps 15 digits. Only 18 digits that no rounding can give were written whole, by a program."""
    if isinstance(value, float):
        return abs(value) >= 1e15
    if isinstance(value, int):
        whole = str(value)
        right = len(whole) == 18 and identity_number.check_digit(whole[:17]) == whole[17]
        return len(whole) > 15 and (whole.endswith("000") or int(float(value)) == value or not right)
    return _SCIENTIFIC.fullmatch(words) is not None


def _lost(value: Value, words: str) -> Paper:
    kept = f"{Decimal(repr(value)) if isinstance(value, float) else Decimal(words):.0f}"[:15]
    return Paper(None, None, ("id_lost_digits",), detail=kept, reason="台账中号码末几位丢失，待补")


def _without_lookalikes(words: str) -> str:
    """O for 0 and l for 1 are typing habits, mended only where a number is clearly meant."""
    if sum(ch.isdigit() for ch in words) < 14:
        return words
    return words.translate(_LOOKALIKES)


def _resident(number: IdentityNumber) -> Paper:
    born = number.birth_date.isoformat() if number.birth_date else None
    if number.kind == "masked":
        return Paper(number.text, "masked", ("masked_id",))
    if number.kind == "old":
        faults = tuple(_FAULTS[fault] for fault in number.faults)
        return Paper(number.text, "old", ("old_15_digit_id", *faults), number.sex, born, not number.faults)
    if "lost_digits" in number.faults:
        return Paper(None, None, ("id_lost_digits",), detail=number.text[:15], reason="台账中号码末几位丢失，待补")
    if "check_digit" in number.faults:
        return Paper(number.text, number.kind, ("wrong_check_digit",), number.sex, born)
    faults = tuple(_FAULTS[fault] for fault in number.faults)
    doubtful = ("id_maybe_lost_digits",) if number.text.endswith("000") and not faults else ()
    return Paper(number.text, number.kind, faults + doubtful, number.sex, born, not number.faults)


def full_number(number: str) -> str:
    """An old 15-digit number in its 18-digit form (the century was 19), any other as it is: for comparing only."""
    if len(number) == 15 and number.isdigit():
        first = f"{number[:6]}19{number[6:]}"
        return first + identity_number.check_digit(first)
    return number


def read_sex(words: str) -> tuple[str | None, bool]:
    """``male`` | ``female`` | None, and whether something unreadable stands there."""
    short = words.strip().upper()
    if not short or short in NOTHING:
        return None, False
    sexes = {"男": "male", "女": "female", "M": "male", "F": "female", "男性": "male", "女性": "female", "1": "male"}
    found = sexes.get(short, "female" if short == "2" else None)
    return found, found is None


def birth_agrees(written: str, of_number: str) -> bool:
    """Whether a date known to the year, month or day agrees with the number's."""
    return of_number.startswith(written)
