"""Functions of dates and times."""

from __future__ import annotations

import math

from forms.expression.context import Context
from forms.expression.moments import (
    Moment,
    date_from_days,
    format_moment,
    moment_from_days,
    parse_moment,
    parse_time,
)
from forms.expression.registry import function
from forms.expression.values import NAN, Value, XPathTypeError, first, to_string


@function("today", args=(0, 0))
def today(c: Context, a: list[Value]) -> Value:
    return Moment(c.world.now().replace(hour=0, minute=0, second=0, microsecond=0), False)


@function("now", args=(0, 0))
def now(c: Context, a: list[Value]) -> Value:
    return Moment(c.world.now())


@function("date", args=(1, 1))
def date(c: Context, a: list[Value]) -> Value:
    return _moment(c, a[0], False)


@function("date-time", args=(1, 1))
def date_time(c: Context, a: list[Value]) -> Value:
    return _moment(c, a[0], True)


def _moment(c: Context, value: Value, timed: bool) -> Value:
    """A date or moment; "" and NaN stay what they are, nonsense raises XPathTypeError as in JavaRosa."""
    value = first(value)
    if isinstance(value, Moment):
        at = value.at if timed else value.at.replace(hour=0, minute=0, second=0, microsecond=0)
        return Moment(at, timed, value.days)
    if isinstance(value, bool):
        raise XPathTypeError("a boolean is no date")
    if isinstance(value, float):
        return _from_number(c, value, timed)
    assert isinstance(value, str)
    if not value:
        return value
    found = parse_moment(value, c.world.zone, timed=timed)
    if found is None:
        raise XPathTypeError("not a date")
    return found


def _from_number(c: Context, days: float, timed: bool) -> Value:
    if days != days:
        return days
    if math.isinf(days):
        raise XPathTypeError("not a date")
    found = moment_from_days(days, c.world.zone) if timed else date_from_days(days, c.world.zone)
    if found is None:
        raise XPathTypeError("no date is so far away")
    return found


@function("decimal-date-time", args=(1, 1))
def decimal_date_time(c: Context, a: list[Value]) -> Value:
    value = first(a[0])
    if isinstance(value, float) or value == "":
        return value
    found = _moment(c, value, True)
    return found.decimal_days() if isinstance(found, Moment) else NAN


@function("decimal-time", args=(1, 1))
def decimal_time(c: Context, a: list[Value]) -> Value:
    """The passed fraction of the day; an answer may be a time alone, a written text must have its date."""
    value = first(a[0])
    if isinstance(value, float):
        return value - math.floor(value) if not math.isinf(value) else NAN
    if isinstance(value, Moment):
        return value.decimal_time()
    text = to_string(value)
    if not text:
        return ""
    clock = parse_time(text, c.world.zone) if isinstance(a[0], list) else None
    if clock is not None:
        return Moment(c.world.now().replace(hour=0).combine(c.world.now().date(), clock)
                      .astimezone(c.world.zone)).decimal_time()  # fmt: skip
    found = parse_moment(text, c.world.zone)
    if found is None:
        raise XPathTypeError("not a time")
    return found.decimal_time()


@function("format-date", "format-date-time", args=(2, 2))
def format_date(c: Context, a: list[Value]) -> Value:
    """An answer may be a time alone; a written text must have its date."""
    value = first(a[0])
    if isinstance(value, str) and isinstance(a[0], list):
        clock = parse_time(value, c.world.zone)
        if clock is not None:
            day = c.world.now().date()
            value = Moment(c.world.now().combine(day, clock).astimezone(c.world.zone))
    found = _moment(c, value, True)
    return format_moment(found.at, to_string(a[1])) if isinstance(found, Moment) else ""
