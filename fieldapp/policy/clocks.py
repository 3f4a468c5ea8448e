"""Working days by an imported holiday table, public-notice days, and what stops a clock. Never guesses a year."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec

from fieldapp.policy.legal import Clause, clauses
from fieldapp.policy.packyaml import RESOURCES
from fieldapp.policy.problems import CalendarMissing, PackError, Problem
from fieldapp.policy.working_days import WorkingDays, worked_after, worked_between
from fieldapp.policy.yamlfile import read_yaml


class Year(msgspec.Struct, frozen=True):
    """One year's table: days off (weekends of a holiday too) and weekends that are worked."""

    year: int
    origin: str
    off: frozenset[date]
    work: frozenset[date]


class Calendar:
    """The tables there are. Asking about another year raises CalendarMissing (日历未更新)."""

    def __init__(self, years: Iterable[Year]) -> None:
        self.years: Mapping[int, Year] = {year.year: year for year in years}
        off = frozenset(day.isoformat() for year in self.years.values() for day in year.off)
        work = frozenset(day.isoformat() for year in self.years.values() for day in year.work)
        self.days = WorkingDays(off, work)

    def is_working(self, day: date) -> bool:
        """Whether offices work on the day."""
        if day.year not in self.years:
            raise CalendarMissing(year=day.year)
        return self.days.is_worked(day)

    def add(self, start: date, days: int, stopped: Collection[tuple[date, date]] = ()) -> date:
        """The last day of a term of working days that begins the day after ``start``.

        ``stopped`` are stretches (both days included) that do not count.
        """
        return worked_after(self.is_working, start, days, stopped)

    def between(self, start: date, end: date, stopped: Collection[tuple[date, date]] = ()) -> int:
        """Working days after ``start`` up to and with ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.between(end, start, stopped)
        return worked_between(self.is_working, start, end, stopped)

    def next_working(self, day: date) -> date:
        """The day itself when it is worked, else the next that is."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day


@cache
def shipped_calendar() -> Calendar:
    """The tables that come with the program."""
    return Calendar(read_year(path.read_bytes(), where=path.name) for path in sorted(calendar_folder().glob("*.yaml")))


def calendar_folder() -> Path:
    return RESOURCES / "calendar"


def read_year(data: bytes, *, where: str = "") -> Year:
    """A year's table from YAML (year, origin, days_off, work_days); PackError for days of another year."""
    import yaml

    try:
        table = read_yaml(data.decode("utf-8"))
        off, work = frozenset(table["days_off"]), frozenset(table["work_days"])
        year = Year(int(table["year"]), str(table["origin"]), off, work)
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise PackError([Problem(where, "calendar.unreadable", "不是节假日表", f"no table: {error}")]) from None
    problems = list(_year_problems(year, where))
    if problems:
        raise PackError(problems, where=where)
    return year


def _year_problems(year: Year, where: str) -> Iterable[Problem]:
    for day in sorted(year.off | year.work):
        if not isinstance(day, date) or day.year != year.year:
            yield Problem(where, "calendar.other_year", f"{day} 不在 {year.year} 年", f"{day} is not in {year.year}")
    for day in sorted(year.off & year.work):
        yield Problem(where, "calendar.twice", f"{day} 既放假又上班", f"{day} is both off and worked")


class Term(msgspec.Struct, frozen=True):
    """A term of procedure: how long, in working or calendar days, and where it stands."""

    id: str
    program: str
    zh: str
    en: str
    days: int
    working: bool
    cited: tuple[Clause, ...]


def _term(id: str, zh: str, en: str, days: int, *cited: str, working: bool = True) -> Term:
    return Term(id, id.split(".")[0], zh, en, days, working, clauses(*cited))


TERMS: Mapping[str, Term] = {term.id: term for term in (
    _term("dibao.start_inquiry", "受理后启动调查", "inquiry begins", 3, "measures2021 15"),
    _term("dibao.start_check", "县收到提请后启动核对", "check begins", 3, "measures2021 17"),
    _term("dibao.confirm", "县审核确认", "county confirms", 10, "measures2021 20"),
    _term("dibao.refusal_told", "不同意的书面告知", "refusal told in writing", 3, "measures2021 21"),
    _term("dibao.whole", "低保全程", "the whole procedure", 30, "measures2021 22"),
    _term("dibao.whole_town", "下放乡镇的低保全程", "the whole procedure, delegated", 20, "notice2022"),
    _term("dibao.whole_special", "低保特殊情形", "the whole procedure, special", 45, "measures2021 22"),
    _term("tekun.inquiry", "特困调查初审", "inquiry and first review", 15, "tekun2021"),
    _term("tekun.confirm", "特困县确认", "county confirms", 15, "tekun2021"),
    _term("tekun.refusal_told", "特困不予确认告知", "refusal told in writing", 3, "tekun2021"),
    _term("tekun.self_care", "自理能力复核", "self-care assessed again", 10, "tekun2021 23"),
    _term("rigid.whole", "刚性支出困难全程", "the whole procedure", 30, "rigid2024 8-10"),
    _term("rigid.whole_special", "刚性支出困难特殊情形", "the whole procedure, special", 45, "rigid2024 8-10"),
    _term("swwrfy.inquiry", "事实无人抚养查验", "inquiry", 15, "children2019"),
    _term("swwrfy.confirm", "事实无人抚养确认", "county confirms", 15, "children2019"),
    _term("temp_fast.whole", "小额快救办结", "small and fast", 3, "temp2026", working=False),
)}  # fmt: skip
"""Terms marked CERTAIN in the sources; the county's own (leads, emergencies) are parameters."""


class NoticeEnd(msgspec.Struct, frozen=True):
    """The end of a public notice, or the parameters that keep it open."""

    last_day: date | None
    open_parameters: tuple[str, ...] = ()


def notice_end(
    posted: date,
    days: int,
    *,
    count_first_day: bool | None,
    extend_over_holidays: bool | None,
    calendar: Calendar | None = None,
) -> NoticeEnd:
    """The last day of a notice posted on ``posted`` for ``days`` calendar days.

    Whether the first day counts and whether the last moves past days off are the county's parameters; with one
    of them not set the end is not known (参数未定), unless it makes no difference.
    """
    firsts = [count_first_day] if count_first_day is not None else [True, False]
    moves = [extend_over_holidays] if extend_over_holidays is not None else [True, False]
    ends = {_notice(posted, days, first, move, calendar or shipped_calendar()) for first in firsts for move in moves}
    if len(ends) == 1:
        return NoticeEnd(ends.pop())
    names = [("publicity.count_first_day", count_first_day), ("publicity.extend_over_holidays", extend_over_holidays)]
    return NoticeEnd(None, tuple(name for name, value in names if value is None))


def _notice(posted: date, days: int, first: bool, move: bool, calendar: Calendar) -> date:
    last = posted + timedelta(days=days - 1 if first else days)
    return calendar.next_working(last) if move else last


def due(term: Term, start: date, calendar: Calendar, stopped: Collection[tuple[date, date]] = ()) -> date:
    """The last day of a term that begins the day after ``start``."""
    if term.working:
        return calendar.add(start, term.days, stopped)
    return start + timedelta(days=term.days)
