"""Days of a matter's terms: the county's calendar where it has one, else the shipped tables; a year nobody has a table
for is said to be reckoned by weekdays alone, never passed off as known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from fieldapp.policy.clocks import shipped_calendar
from fieldapp.policy.working_days import WorkingDays
from fieldapp.store.api import ReadTx
from fieldapp.workflows.matters.procedure import DAYS, HOURS, TermRule
from fieldapp.workflows.places import working_days

Stretch = tuple[date, date]


@dataclass(frozen=True)
class Due:
    """The end of a term. ``on`` is None while the county has not set it (``unset`` names the parameter); ``at`` for
    terms in hours; ``estimated``: a year without a holiday table lies in between."""

    on: date | None = None
    at: str = ""
    unset: str = ""
    estimated: bool = False
    clause: str = ""

    @property
    def text(self) -> str | None:
        """As documents keep it: a time for hours, else an ISO day."""
        return self.at or (self.on.isoformat() if self.on else None)


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, and the years that is known for."""

    days: WorkingDays
    years: frozenset[int]

    def add(self, start: date, days: int, stopped: Collection[Stretch]) -> date:
        """The last of ``days`` working days after ``start``; stopped days do not count."""
        day = start
        while days > 0:
            day += timedelta(days=1)
            days -= self.days.is_worked(day) and not _within(day, stopped)
        return day

    def left(self, today: date, due: date) -> int:
        return self.days.left(today, due)

    def knows(self, start: date, end: date) -> bool:
        return all(year in self.years for year in range(start.year, end.year + 1))


def calendar(tx: ReadTx) -> Calendar:
    own = working_days(tx)
    if own.days_off or own.work_days:
        return Calendar(own, frozenset(int(day[:4]) for day in own.days_off))
    return _shipped()


@lru_cache(maxsize=1)
def _shipped() -> Calendar:
    tables = shipped_calendar()
    return Calendar(tables.days, frozenset(tables.years))


def due_of(
    rule: TermRule, days: int | None, begun: tuple[date, str], known: Calendar, stopped: Collection[Stretch] = ()
) -> Due:
    """``begun``: the day, and the time where one is known, after which it runs; ``days`` as settled at opening."""
    if days is None:
        return Due(unset=rule.parameter, clause=rule.clause)
    day, at = begun
    if rule.unit == HOURS:
        start = datetime.fromisoformat(at) if at else datetime(day.year, day.month, day.day, tzinfo=UTC)
        end = start.astimezone(UTC) + timedelta(hours=days)
        return Due(end.date(), end.strftime("%Y-%m-%dT%H:%M:%SZ"), clause=rule.clause)
    if rule.unit == DAYS:
        last = day
        while days > 0:
            last += timedelta(days=1)
            days -= not _within(last, stopped)
        return Due(last, clause=rule.clause)
    last = known.add(day, days, stopped)
    return Due(last, estimated=not known.knows(day, last), clause=rule.clause)


def _within(day: date, stretches: Collection[Stretch]) -> bool:
    """A clock stands from the day after something stopped it up to and with the day it went on."""
    return any(first < day <= last for first, last in stretches)
