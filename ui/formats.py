"""Dates, money and counts as people read them, in the language in force."""

from __future__ import annotations

from datetime import date, datetime

from fieldapp.errors import ProgrammingFault
from ui.words import t


def day(on: date | None, *, today: date | None = None) -> str:
    """``11 月 21 日``; with the year when it is not this one."""
    if on is None:
        return t("format.unknown_day")
    key = "format.day" if today is None or on.year == today.year else "format.day_year"
    return t(key, year=on.year, month=on.month, day=on.day, name=t(f"format.month{on.month}"))


def day_text(text: str | None, *, today: date | None = None) -> str:
    """A stored ISO day (``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``) as people read it."""
    if not text:
        return t("format.unknown_day")
    parts = text[:10].split("-")
    try:
        if len(parts) == 1:
            return t("format.year", year=int(parts[0]))
        if len(parts) == 2:
            month = int(parts[1])
            return t("format.month_year", year=int(parts[0]), month=month, name=t(f"format.month{month}"))
        return day(date.fromisoformat(text[:10]), today=today)
    except (ValueError, ProgrammingFault):
        return text  # a form may keep a day as it was said: 去年冬天


def weekday(on: date) -> str:
    return t(f"format.weekday{on.isoweekday()}")


def clock(at: datetime) -> str:
    """``08:12`` in the machine's own zone."""
    return at.astimezone().strftime("%H:%M")


def when(at: datetime | None, *, today: date) -> str:
    """``08:12`` today, ``昨天 16:40``, else the day."""
    if at is None:
        return t("format.never")
    here = at.astimezone()
    distance = (today - here.date()).days
    if distance == 0:
        return clock(at)
    if distance == 1:
        return t("format.yesterday", time=clock(at))
    return day(here.date(), today=today)


def stamp(text: str | None) -> datetime | None:
    """A stored RFC 3339 time; None for none."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def yuan(fen: int) -> str:
    """``1,180 元``; 分 show only when there are any."""
    whole, rest = divmod(abs(fen), 100)
    sign = "-" if fen < 0 else ""
    return t("format.yuan", amount=f"{sign}{whole:,}" + (f".{rest:02d}" if rest else ""))


def size(count: int) -> str:
    """Bytes in KB or MB."""
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"
