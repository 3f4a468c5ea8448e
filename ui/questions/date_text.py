"""Dates and times as people type them, read into ISO: 20261121, 2026.11.21, 2026年11月, 11-21, 今天, 930, 9点半."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time, timedelta

_DAYS = {"今天": 0, "today": 0, "昨天": -1, "yesterday": -1, "前天": -2, "明天": 1, "tomorrow": 1}
_TIME = re.compile(r"(上午|早上|下午|晚上|am|pm)?(\d{1,2})(?:[:点时.](\d{1,2}|半)?分?)?(am|pm)?")


def read_partial(typed: str, today: date) -> str | None:
    """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; None when it is none of them or no day of the calendar."""
    text = "".join(unicodedata.normalize("NFKC", typed).split()).lower()
    if text in _DAYS:
        return (today + timedelta(days=_DAYS[text])).isoformat()
    parts = _parts(text)
    if not parts:
        return None
    if len(parts) == 2 and parts[0] <= 12:  # 11-21: of this year, and if that is to come by months, of the last
        parts = [today.year, *parts]
    year, month, day = [*parts, 0, 0][:3]
    if not 1880 <= year <= 2200 or not 0 <= month <= 12 or (len(parts) > 1 and month == 0):
        return None
    if len(parts) == 3:
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            return None
    return f"{year:04d}-{month:02d}" if len(parts) == 2 else f"{year:04d}"


def read_date(typed: str, today: date) -> date | None:
    """A whole day, or None."""
    text = read_partial(typed, today)
    return date.fromisoformat(text) if text and len(text) == 10 else None


def _parts(text: str) -> list[int]:
    if re.fullmatch(r"\d{8}", text):
        return [int(text[:4]), int(text[4:6]), int(text[6:])]
    if re.fullmatch(r"\d{6}", text):
        return [int(text[:4]), int(text[4:])]
    found = re.fullmatch(r"(\d{1,4})(?:[年./-](\d{1,2})(?:[月./-](\d{1,2})[日号]?|月)?|年)?(?:日)?", text)
    if found is None:
        found = re.fullmatch(r"(\d{1,2})月(\d{1,2})[日号]?", text)
    return [int(part) for part in found.groups() if part] if found else []


def read_time(typed: str) -> time | None:
    """A time of day, or None: 930, 09:30, 9点半, 下午3点."""
    text = "".join(unicodedata.normalize("NFKC", typed).split()).lower()
    if re.fullmatch(r"\d{3,4}", text):
        text = f"{text[:-2]}:{text[-2:]}"
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute = int(found[2]), 30 if found[3] == "半" else int(found[3] or 0)
    if {found[1], found[4]} & {"下午", "晚上", "pm"} and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None
