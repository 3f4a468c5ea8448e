"""Arithmetic of working days, the only one of the program; which days are off, tables say (``clocks``, ``places``)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5
Worked = Callable[[date], bool]
Stretches = Collection[tuple[date, date]]


@dataclass(frozen=True)
class WorkingDays:
    """Holidays on weekdays and weekends that are worked, as ISO days; every other day goes by its weekday."""

    days_off: frozenset[str] = frozenset()
    work_days: frozenset[str] = frozenset()

    def is_worked(self, day: date) -> bool:
        text = day.isoformat()
        return text in self.work_days or (day.weekday() < SATURDAY and text not in self.days_off)

    def left(self, today: date, due: date) -> int:
        """Working days after ``today`` up to and with ``due``, one at least; negative once it is over."""
        if due < today:
            return -self.left(due, today)
        return max(worked_between(self.is_worked, today, due), 1) if due > today else 0

    def after(self, start: date, days: int) -> date:
        """The day ``days`` working days after ``start``."""
        return worked_after(self.is_worked, start, days)

    def term(self, due_on: str | None, from_on: str | None, days: int | None) -> date | None:
        """The last day of a term: as given, or ``days`` working days after it began; None without one."""
        if due_on:
            return date.fromisoformat(due_on[:10])
        return self.after(date.fromisoformat(from_on[:10]), days) if from_on and days else None


def worked_after(worked: Worked, start: date, days: int, stopped: Stretches = ()) -> date:
    """The last of ``days`` days that are ``worked`` after ``start``; those within ``stopped`` do not count."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= worked(day) and not _within(day, stopped)
    return day


def worked_between(worked: Worked, start: date, end: date, stopped: Stretches = ()) -> int:
    """How many days after ``start`` up to and with ``end`` are ``worked`` and not within ``stopped``."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(worked(day) and not _within(day, stopped) for day in days)


def _within(day: date, stretches: Collection[tuple[date, date]]) -> bool:
    return any(first <= day <= last for first, last in stretches)
