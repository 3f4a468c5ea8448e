"""Dates and times as expressions see them, with JavaRosa's readings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo

EPOCH = date(1970, 1, 1)
DAY = 86400.0
_DATE = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_MOMENT = re.compile(r"^(\d{4}-\d{1,2}-\d{1,2})T(.+)$")
_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(Z|[+-]\d{2}(?::\d{2})?)?$")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time in the form's zone.

    ``timed`` False shows and compares as a date only, though the time of the text it was read from is kept
    for decimal-date-time(). ``days`` is the day count a date was made from by date(number).
    """

    at: datetime
    timed: bool = True
    days: float | None = None

    def text(self) -> str:
        """How it reads inside an expression: its date, as in JavaRosa, whatever the time."""
        return self.at.date().isoformat()

    def result_text(self) -> str:
        """How it is stored or shown when an expression gives it."""
        return iso_moment(self.at) if self.timed else self.text()

    def whole_days(self) -> float:
        """Days since 1970-01-01 by the local calendar: what arithmetic and number() use."""
        return float((self.at.date() - EPOCH).days)

    def local_days(self) -> float:
        """Days and the fraction of the day by the local calendar."""
        return self.whole_days() + self.decimal_time()

    def decimal_days(self) -> float:
        """Days and their fraction since 1970-01-01T00:00Z."""
        return self.at.timestamp() / DAY

    def decimal_time(self) -> float:
        """The fraction of the local day that has passed."""
        t = self.at
        return (t.hour * 3600 + t.minute * 60 + t.second + t.microsecond / 1e6) / DAY


def iso_moment(at: datetime) -> str:
    """2024-06-15T12:30:00.000-07:00"""
    return at.isoformat(timespec="milliseconds")


def parse_date(text: str) -> date | None:
    match = _DATE.match(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def parse_time(text: str, zone: tzinfo) -> time | None:
    """A time of day; without an offset it is meant in ``zone``."""
    match = _TIME.match(text)
    if match is None:
        return None
    fraction = (match[4] or "")[:6].ljust(6, "0")
    try:
        return time(int(match[1]), int(match[2]), int(match[3] or 0), int(fraction), _offset(match[5], zone))
    except ValueError:
        return None


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    if text is None:
        return zone
    if text == "Z":
        return timezone.utc  # noqa: UP017 - a fixed offset beside the others
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if minutes > 59:
        raise ValueError(text)
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(-shift if text[0] == "-" else shift)


def parse_moment(text: str, zone: tzinfo, *, timed: bool = True) -> Moment | None:
    """A date (midnight in ``zone``) or date with time; None when the text is neither."""
    text = text.strip()
    day = parse_date(text)
    if day is not None:
        return Moment(datetime.combine(day, time(), zone), timed)
    match = _MOMENT.match(text)
    if match is None:
        return None
    day, clock = parse_date(match[1]), parse_time(match[2], zone)
    if day is None or clock is None:
        return None
    try:
        return Moment(datetime.combine(day, clock).astimezone(zone), timed)
    except (OverflowError, ValueError):
        return None


def date_from_days(days: float, zone: tzinfo) -> Moment | None:
    """Midnight in ``zone`` that many days after 1970-01-01; the fraction is dropped."""
    try:
        day = EPOCH + timedelta(days=int(days))
        return Moment(datetime.combine(day, time(), zone), False, days)
    except (OverflowError, ValueError):
        return None


def moment_from_days(days: float, zone: tzinfo) -> Moment | None:
    """The instant that many days after 1970-01-01T00:00Z; JavaRosa shows its date."""
    try:
        at = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(days=days)  # noqa: UP017
        return Moment(at.astimezone(zone), False, days)
    except (OverflowError, ValueError):
        return None


def format_moment(at: datetime, pattern: str) -> str:
    """format-date() with JavaRosa's letters; raises ValueError for others."""
    hour = at.hour
    fields = {
        "Y": f"{at.year:04d}", "y": f"{at.year % 100:02d}", "m": f"{at.month:02d}", "n": str(at.month),
        "b": MONTHS[at.month - 1], "d": f"{at.day:02d}", "e": str(at.day), "H": f"{hour:02d}", "h": str(hour),
        "M": f"{at.minute:02d}", "S": f"{at.second:02d}", "3": f"{at.microsecond // 1000:03d}",
        "a": WEEKDAYS[at.weekday()], "W": str(week_of_year(at.date())), "%": "%",
    }  # fmt: skip

    def field(match: re.Match[str]) -> str:
        if match[1] not in fields:
            raise ValueError(f"format-date() knows no %{match[1]}")
        return fields[match[1]]

    return re.sub(r"%(.?)", field, pattern, flags=re.S)


def week_of_year(day: date) -> int:
    """Weeks begin on Sunday, the one with 1 January is the first: the calendar of China and the US in Java."""
    saturday = day + timedelta(days=(5 - day.weekday()) % 7)
    if saturday.year > day.year:
        return 1
    first = (date(day.year, 1, 1).weekday() + 1) % 7
    return (day.timetuple().tm_yday - 1 + first) // 7 + 1
