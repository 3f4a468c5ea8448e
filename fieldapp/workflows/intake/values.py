"""What a cell says: names, dates, amounts, counts, phones, as offices write them. Pure; nothing here raises."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from fieldapp.workflows.intake.sheets import Value

_HAN_BLANK = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
_CHINESE = {"〇": 0, "零": 0, "○": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_BETWEEN = r"(?:\s*[{0}.\-/、,，\\~]\s*|\s+)"
_DATE_PARTS = re.compile(
    rf"(\d{{4}}){_BETWEEN.format('年')}(\d{{1,2}})(?:{_BETWEEN.format('月')}(\d{{1,2}}))?\s*[日号月]?(?:[\sT].*)?"
)
_ERA = re.compile(r"(?:公元|西元)")
_REPUBLIC = re.compile(r"民[国國]\s*(\d{1,3}|元)\s*(?=年)")
#: what offices write behind a date without changing it; 农历 is not among them, for that is another day
_BEHIND = re.compile(r"(?:出?生|起)$|[（(](?!.*[农阴]历)[^（()）]*[)）]$")
_YEAR = re.compile(r"(\d{4})\s*年?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?(?:\s+\d{1,2}:.*)?")
_OLDEST, _NEWEST = 1880, 2200
NOTHING = frozenset(["无", "暂无", "没有", "无。", "空", "/", "-", "—", "--", "——", "\\", "N/A", "NA", "null", "None"])


_NARROW: dict[int, int | str] = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_NARROW |= {0x3000: 0x20, 0xA0: 0x20}
#: signs nobody sees, which come along when text is copied from a page: joiners, directions, soft hyphens
_UNSEEN = (0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF)
_NARROW |= dict.fromkeys(_UNSEEN, "")


def text(value: Value) -> str:
    """The cell as text: trimmed, digits and letters narrow, Chinese punctuation kept; whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    return str(value).translate(_NARROW).strip()


def narrow(value: Value) -> str:
    """The cell as text with every form of a sign made the plain one (．to ., － to -), for what is parsed."""
    return unicodedata.normalize("NFKC", text(value)).strip()


def person_name(value: Value) -> str:
    """A name without the blanks that line it up (吕　梅); blanks between Latin words stay. Rare forms are kept."""
    raw = str(value).strip() if isinstance(value, str) else text(value)
    raw = "".join(" " if ch.isspace() else ch for ch in raw if ch not in "\u200b\ufeff")
    return _HAN_BLANK.sub("", re.sub(r" {2,}", " ", raw)).strip(" *")


def chinese_number(words: str) -> int | None:
    """``二十三`` is 23, ``十`` 10, ``〇`` 0, ``12`` 12; None for anything else. Up to 999."""
    words = unicodedata.normalize("NFKC", words)
    if words.isascii() and words.isdigit():
        return int(words)
    total, digit = 0, 0
    for character in words:
        if character in _CHINESE:
            digit = _CHINESE[character]
        elif character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            return None
    return total + digit if words else None


@dataclass(frozen=True)
class ReadDate:
    """``iso`` is YYYY, YYYY-MM or YYYY-MM-DD; empty when the cell is blank or unreadable."""

    iso: str = ""
    unreadable: bool = False


def read_date(value: Value, epoch: datetime, *, today: date) -> ReadDate:
    """A date in any of the forms of the trade; days after ``today`` and before 1880 are unreadable."""
    if value is None or (isinstance(value, str) and narrow(value) in ("", *NOTHING)):
        return ReadDate()
    found = _date_of(value, epoch)
    if found is None or found > today.isoformat()[: len(found)]:
        return ReadDate(unreadable=True)
    return ReadDate(found)


def _date_of(value: Value, epoch: datetime) -> str | None:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float) and not value.is_integer():
        return _serial(int(value), epoch) if value >= 10_000 else _decimal_month(value)
    words = narrow(value).lstrip("'’‘`")
    if words.isdigit() and (len(words) == 5 or (not isinstance(value, str) and len(words) < 4)):
        return _serial(int(words), epoch)
    return _written(words)


def _decimal_month(value: float) -> str | None:
    """1955.3 typed as a number: March 1955. 1955.1 may be January or October, so it counts as the year alone."""
    year, _, month = repr(value).partition(".")
    if month == "1":
        return _checked(year)
    return _checked(year, month) if len(month) <= 2 else None


def _serial(days: int, epoch: datetime) -> str | None:
    try:
        day = (epoch + timedelta(days=days)).date()
    except OverflowError:
        return None
    return day.isoformat() if _OLDEST <= day.year < _NEWEST else None


def _written(words: str) -> str | None:
    words = _BEHIND.sub("", _ERA.sub("", words)).strip()
    if re.search("[〇零○一二三四五六七八九十廿卅]", words):
        words = _arabic_date(words)
    words = _REPUBLIC.sub(lambda found: str(1911 + (1 if found[1] == "元" else int(found[1]))), words)
    if match := _DATE_PARTS.fullmatch(words):
        return _checked(*match.groups())
    if match := _COMPACT.fullmatch(words):
        return _checked(*match.groups())
    if match := _YEAR.fullmatch(words):
        return _checked(match[1])
    return None


def _arabic_date(words: str) -> str:
    """``一九五〇年三月十五日`` with figures."""

    def figures(match: re.Match[str]) -> str:
        run = match[0].replace("廿", "二十").replace("卅", "三十")
        if "十" in run or "百" in run:
            return str(chinese_number(run))
        return "".join(str(_CHINESE[ch]) for ch in run)

    return re.sub("[〇零○一二三四五六七八九十百廿卅]+", figures, words)


def _checked(year: str, month: str | None = None, day: str | None = None) -> str | None:
    if not _OLDEST <= int(year) < _NEWEST:
        return None
    if month is None:
        return year
    try:
        whole = date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return whole.isoformat() if day else whole.isoformat()[:7]


@dataclass(frozen=True)
class ReadAmount:
    """``fen`` is the amount in 分; None when the cell is blank or unreadable."""

    fen: int | None = None
    unreadable: bool = False


def read_amount(value: Value) -> ReadAmount:
    """``1,200.00元``, ``640``, ``￥640``, ``0.12万元``."""
    words = narrow(value).replace(",", "").replace(" ", "")
    if not words or words in NOTHING:
        return ReadAmount()
    match = re.fullmatch(r"[¥￥]?(\d+(?:\.\d+)?)(万?)元?(?:/月|每月)?", words)
    if match is None:
        return ReadAmount(unreadable=True)
    try:
        fen = Decimal(match[1]) * (1_000_000 if match[2] else 100)
    except InvalidOperation:
        return ReadAmount(unreadable=True)
    return ReadAmount(int(fen)) if fen == int(fen) else ReadAmount(unreadable=True)


def read_count(value: Value) -> int | None:
    """``4``, ``4人``, ``四口``; None when it is no count."""
    match = re.fullmatch(r"(\d+|[一二三四五六七八九十]+)(?:人|口|口人)?", narrow(value))
    return chinese_number(match[1]) if match else None


def read_phone(value: Value) -> str:
    """Phones as typed, narrow and without blanks; several are parted by ``/``. A number's point is dropped."""
    words = narrow(value)
    if words in NOTHING:
        return ""
    parts = re.split(r"[/／、,，;；\n]+|\s{2,}", words)
    return "/".join(re.sub(r"[\s]", "", part) for part in parts if part.strip())
