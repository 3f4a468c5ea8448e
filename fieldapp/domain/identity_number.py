"""Citizen identity numbers (GB 11643-1999; facts.md §8): reading what people typed, checking, masking.

A number is a property that may be wrong, missing or refused; it never identifies a document.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


@dataclass(frozen=True)
class IdentityNumber:
    """What a typed number says.

    ``text`` is the number in its normal form. ``kind``: ``resident`` (18 digits), ``old`` (15 digits), ``masked``
    (stars inside), ``other`` (papers of another kind). ``faults``: ``length``, ``characters``, ``check_digit``,
    ``birth_date``, ``lost_digits`` (a spreadsheet rounded it), empty when nothing is wrong.
    """

    text: str
    kind: str
    faults: tuple[str, ...]
    birth_date: date | None
    sex: str | None


def normal_form(typed: str) -> str:
    """Full-width digits made narrow, blanks and dashes dropped, x made X."""
    narrow = unicodedata.normalize("NFKC", typed)
    return "".join(ch for ch in narrow if not ch.isspace() and ch not in "-－—·'’`").upper()


def check_digit(first17: str) -> str:
    """The 18th character for 17 digits: Σ digit × weight mod 11 over ``10X98765432``."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def read(typed: str, *, today: date) -> IdentityNumber:
    """Read what somebody typed; never raises, the faults say what is wrong."""
    text = normal_form(typed)
    if "*" in text:
        return IdentityNumber(text, "masked", (), None, None)
    if len(text) == 15 and text.isascii() and text.isdigit():
        return _old(text, today)
    if not text.isascii() or not text[:-1].isdigit() or not (text[-1:].isdigit() or text[-1:] == "X"):
        return IdentityNumber(text, "other", ("characters",), None, None)
    if len(text) != 18:
        return IdentityNumber(text, "other", ("length",), None, None)
    return _resident(text, today)


def _resident(text: str, today: date) -> IdentityNumber:
    faults = []
    born = _date(text[6:14], today)
    if born is None:
        faults.append("birth_date")
    if check_digit(text[:17]) != text[17]:
        # A spreadsheet keeps 15 significant digits of a number and fills up with zeros.
        faults.append("lost_digits" if text.endswith("000") else "check_digit")
    return IdentityNumber(text, "resident", tuple(faults), born, "male" if int(text[16]) % 2 else "female")


def _old(text: str, today: date) -> IdentityNumber:
    born = _date("19" + text[6:12], today)
    faults = () if born else ("birth_date",)
    return IdentityNumber(text, "old", faults, born, "male" if int(text[14]) % 2 else "female")


def _date(digits: str, today: date) -> date | None:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return born if date(1880, 1, 1) <= born <= today else None


def mask(text: str) -> str:
    """First four and last four stay, as offices print it; short texts keep their last two."""
    if len(text) <= 8:
        return "*" * max(len(text) - 2, 0) + text[-2:]
    return text[:4] + "*" * (len(text) - 8) + text[-4:]


def mask_phone(text: str) -> str:
    """``138****5678``; short numbers keep their last two digits."""
    if len(text) < 8:
        return "*" * max(len(text) - 2, 0) + text[-2:]
    return text[:3] + "*" * (len(text) - 7) + text[-4:]


def mask_name(text: str) -> str:
    """``范*`` as public notices show a name (trade.md)."""
    return text[:1] + "*" * (len(text) - 1)


def age_on(born: date, on: date) -> int:
    """Full years; a birthday counts from its own day (facts.md §7). 29 February comes of age on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
