"""Answers between their forms: what a caller gives, the text stored, Python values, JSON."""

from __future__ import annotations

import re
from datetime import date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from forms.definition.model import Type
from forms.expression.functions.geo import read_points
from forms.expression.moments import (
    Moment,
    date_from_days,
    iso_moment,
    moment_from_days,
    parse_date,
    parse_moment,
    parse_time,
)
from forms.expression.values import Value as XValue
from forms.expression.values import first, number_text, result_text, text_number, to_boolean, to_string
from forms.session.contract import Json, Value

_DECIMAL = re.compile(r"^-?\d+(?:\.\d+)?$")
_INTEGER = re.compile(r"^[+-]?\d{1,18}$")
INT_LIMIT = 2**31  # an "int" of the standard has 32 bits
_TRUE, _FALSE = ("true", "1"), ("false", "0")
_MANY = (Type.SELECT_MULTIPLE, Type.RANK)
_INTS = frozenset(("int", "integer", "long"))
_DECIMALS = frozenset(("decimal", "double", "float"))


class Misfit(ValueError):
    """A value does not fit a type; the text names the type."""


def text_of(value: Any, kind: Type, data_type: str, zone: tzinfo) -> str:
    """The stored text of an answer given by a caller. Raises Misfit."""
    if value is None or value == "" or value == [] or value == ():
        return ""
    if kind in _MANY:
        return _many(value)
    if kind is Type.ACKNOWLEDGE:
        return "OK" if value in (True, "OK", "ok", "true", "1") else ""
    if data_type in _INTS:
        return _integer(value, data_type)
    if data_type in _DECIMALS:
        return _decimal(value)
    return _other(value, data_type, zone)


def _other(value: Any, data_type: str, zone: tzinfo) -> str:
    reader = {
        "date": _date, "time": _time, "dateTime": _moment, "boolean": _boolean, "geopoint": _point,
        "geotrace": _line, "geoshape": _shape,
    }.get(data_type)  # fmt: skip
    if reader is not None:
        return reader(value, zone)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, str | int | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return iso_moment(value)
    if isinstance(value, date | time):
        return value.isoformat()
    raise Misfit("text")


def _many(value: Any) -> str:
    parts = value.split() if isinstance(value, str) else list(value)
    if not all(isinstance(p, str) and p and not re.search(r"\s", p) for p in parts):
        raise Misfit("choices")
    return " ".join(dict.fromkeys(parts))


def _integer(value: Any, data_type: str) -> str:
    if isinstance(value, bool):
        raise Misfit("integer")
    if isinstance(value, float | Decimal):
        if value != int(value):
            raise Misfit("integer")
        value = int(value)
    text = str(value).strip()
    if not _INTEGER.match(text):
        raise Misfit("integer")
    number = int(text)
    if data_type != "long" and not -INT_LIMIT <= number < INT_LIMIT:
        raise Misfit("integer")
    return str(number)


def _decimal(value: Any) -> str:
    if isinstance(value, bool):
        raise Misfit("decimal")
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value).strip())
    except InvalidOperation:
        raise Misfit("decimal") from None
    if not number.is_finite() or abs(number.adjusted()) > 300:
        raise Misfit("decimal")
    return _with_point(number)


def plain(number: Decimal) -> str:
    """The shortest text of a decimal, without an exponent."""
    text = format(number.normalize(), "f")
    return "0" if text in ("-0", "") else text


def _date(value: Any, zone: tzinfo) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    day = parse_date(text)
    if day is not None and re.match(r"^\d{4}-\d\d-\d\d$", text):
        return text
    moment = parse_moment(text, zone)
    if moment is None or "T" not in text:
        raise Misfit("date")
    return text[:10]


def _time(value: Any, zone: tzinfo) -> str:
    if isinstance(value, time):
        return value.isoformat(timespec="milliseconds")
    text = str(value).strip()
    if re.match(r"^\d\d:\d\d", text) is None or parse_time(text, zone) is None:
        raise Misfit("time")
    return text


def _moment(value: Any, zone: tzinfo) -> str:
    if isinstance(value, datetime):
        return iso_moment(value if value.tzinfo else value.replace(tzinfo=zone))
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    if not re.match(r"^\d{4}-\d\d-\d\d(T\d\d:\d\d|$)", text) or parse_moment(text, zone) is None:
        raise Misfit("datetime")
    return text


def _boolean(value: Any, zone: tzinfo) -> str:
    text = str(value).strip().lower()
    if text in _TRUE:
        return "1"
    if text in _FALSE:
        return "0"
    raise Misfit("boolean")


def _points(value: Any, least: int, kind: str) -> str:
    text = str(value).strip()
    points = read_points(text)
    if points is None or len(points) < least:
        raise Misfit(kind)
    return places_text(text)


def places_text(text: str) -> str:
    """Points as the standard writes them: numbers with a point, ";" between; what is no place stays."""
    if read_points(text) is None:
        return text
    parts = [part.split() for part in text.split(";") if part.strip()]
    try:
        return ";".join(" ".join(_with_point(Decimal(n)) for n in numbers) for numbers in parts)
    except InvalidOperation:
        return text


def _with_point(number: Decimal) -> str:
    text = plain(number)
    return text if "." in text else text + ".0"


def _point(value: Any, zone: tzinfo) -> str:
    if isinstance(value, tuple | list):
        value = " ".join(str(v) for v in [*value, 0, 0][:4])
    text = _points(value, 1, "geopoint")
    if ";" in text:
        raise Misfit("geopoint")
    return text


def _line(value: Any, zone: tzinfo) -> str:
    return _points(value, 2, "geotrace")


def _shape(value: Any, zone: tzinfo) -> str:
    text = _points(value, 4, "geoshape")
    points = read_points(text) or []
    if points[0] != points[-1]:
        raise Misfit("geoshape")
    return text


def calculated_text(value: XValue, data_type: str, zone: tzinfo) -> str:
    """The stored text of a calculated value, cast as JavaRosa does; what cannot be cast is empty."""
    atom = first(value)
    if atom == "" or (isinstance(atom, float) and atom != atom):
        return ""
    if data_type in _INTS or data_type in _DECIMALS:
        return _calculated_number(atom, data_type)
    if data_type in ("date", "dateTime", "time"):
        return _calculated_moment(atom, data_type, zone)
    if data_type in ("geopoint", "geotrace", "geoshape"):
        return places_text(to_string(atom))
    if data_type == "boolean" and not isinstance(atom, str):
        return "true" if to_boolean(atom) else "false"
    return result_text(atom)


def _calculated_number(atom: Any, data_type: str) -> str:
    if isinstance(atom, bool):
        number = 1.0 if atom else 0.0
    elif isinstance(atom, Moment):
        number = atom.whole_days() if data_type in _INTS else atom.decimal_days()
    else:
        number = atom if isinstance(atom, float) else text_number(atom)
    if number != number or abs(number) == float("inf"):
        return ""
    if data_type not in _INTS:
        return number_text(number)
    whole = int(number)
    return str(whole) if data_type == "long" or -INT_LIMIT <= whole < INT_LIMIT else ""


def _calculated_moment(atom: Any, data_type: str, zone: tzinfo) -> str:
    if isinstance(atom, bool):
        return ""
    if isinstance(atom, float):
        found = moment_from_days(atom, zone) if data_type != "date" else date_from_days(atom, zone)
        atom = found if found is not None else ""
    if isinstance(atom, Moment):
        if data_type == "date":
            return atom.at.date().isoformat()
        return iso_moment(atom.at) if data_type == "dateTime" else iso_moment(atom.at)[11:]
    try:
        return _other(atom, data_type, zone) if atom else ""
    except Misfit:
        return ""


def value_of(text: str, kind: Type, data_type: str, zone: tzinfo) -> Value:
    """A stored text as a Python value; a text that does not fit its type stays text."""
    if not text:
        return None
    if kind in _MANY:
        return tuple(text.split())
    if kind is Type.ACKNOWLEDGE:
        return True
    try:
        return _python(text, data_type, zone)
    except (ValueError, InvalidOperation):
        return text


def _python(text: str, data_type: str, zone: tzinfo) -> Value:
    if data_type in _INTS:
        return int(text)
    if data_type in _DECIMALS:
        return Decimal(plain(Decimal(text)))
    if data_type == "date":
        return parse_date(text) or text
    if data_type == "time":
        return parse_time(text, zone) or text
    if data_type == "dateTime":
        moment = parse_moment(text, zone)
        return moment.at if moment else text
    if data_type == "boolean":
        return text in _TRUE
    return text


def json_of(text: str, kind: Type, data_type: str) -> Json:
    """A stored text as it stands in an answers tree."""
    if not text:
        return None
    if kind in _MANY:
        return text.split()
    if data_type in _INTS and _INTEGER.match(text):
        return int(text)
    if data_type in _DECIMALS and _DECIMAL.match(text):
        return plain(Decimal(text))
    return text
