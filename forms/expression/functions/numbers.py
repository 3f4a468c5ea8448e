"""Functions of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

from forms.expression.context import Context
from forms.expression.registry import MANY, function
from forms.expression.values import NAN, Value, XPathTypeError, nodes_of, spread, to_double, to_number


@function("number", args=(0, 1))
def number(c: Context, a: list[Value]) -> Value:
    if not a and c.world.forms_rules:
        raise XPathTypeError("number() needs an argument in a form")
    return to_number(a[0] if a else [c.node])


@function("int", args=(1, 1))
def integer(c: Context, a: list[Value]) -> Value:
    value = to_number(a[0])
    return value if value != value or math.isinf(value) else float(math.trunc(value))


@function("round", args=(1, 2))
def round_(c: Context, a: list[Value]) -> Value:
    """Halves go up; with places as in a spreadsheet, negative places to tens and hundreds."""
    value = to_number(a[0])
    places = to_number(a[1]) if len(a) == 2 else 0.0
    if value != value or math.isinf(value):
        return value
    if places != places or abs(places) > 30:
        return NAN
    return _rounded(value, int(places))


def _rounded(value: float, places: int) -> float:
    exact = Decimal(repr(value))
    if places >= 0:
        mode = ROUND_HALF_DOWN if value < 0 else ROUND_HALF_UP
        return float(exact.quantize(Decimal(1).scaleb(-places), mode)) if exact else value
    scaled = float(exact.scaleb(places))
    return math.copysign(float(Decimal(int(scaled + 0.5)).scaleb(-places)), value)


@function("floor", args=(1, 1))
def floor(c: Context, a: list[Value]) -> Value:
    value = to_number(a[0])
    return value if value != value or math.isinf(value) else float(math.floor(value))


@function("ceiling", args=(1, 1))
def ceiling(c: Context, a: list[Value]) -> Value:
    value = to_number(a[0])
    return value if value != value or math.isinf(value) else float(math.ceil(value))


@function("sum", args=(1, 1))
def sum_(c: Context, a: list[Value]) -> Value:
    """In forms empty answers do not count; anything else that is no number makes the sum none."""
    total = 0.0
    skip_empty = c.world.forms_rules
    for node in nodes_of(a[0], "sum"):
        atom = node.atom()
        if atom != "" or not skip_empty:
            total += to_number(atom)
    return total


@function("max", args=(0, MANY))
def max_(c: Context, a: list[Value]) -> Value:
    return _extreme(c, a, max)


@function("min", args=(0, MANY))
def min_(c: Context, a: list[Value]) -> Value:
    return _extreme(c, a, min)


def _extreme(c: Context, a: list[Value], pick: Callable[[list[float]], float]) -> float:
    """What is no number does not count, except among nodes outside a form: choices.json, "decisions"."""
    numbers = [to_number(v) for v in spread(a)]
    strict = len(a) == 1 and isinstance(a[0], list) and not c.world.as_collect
    if strict and any(n != n for n in numbers):
        return NAN
    return pick([n for n in numbers if n == n] or [NAN])


@function("pow", args=(2, 2))
def power(c: Context, a: list[Value]) -> Value:
    base, exponent = to_double(a[0]), to_double(a[1])
    if exponent != exponent:
        return NAN
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.inf if base == 0 else NAN


@function("abs", args=(1, 1))
def absolute(c: Context, a: list[Value]) -> Value:
    return abs(to_double(a[0]))


@function("pi", args=(0, 0))
def pi(c: Context, a: list[Value]) -> Value:
    return math.pi


@function("atan2", args=(2, 2))
def atan2(c: Context, a: list[Value]) -> Value:
    return math.atan2(to_double(a[0]), to_double(a[1]))


@function("random", args=(0, 0))
def random(c: Context, a: list[Value]) -> Value:
    return float(c.world.random.random())


def _log(value: float, of: Callable[[float], float]) -> float:
    return -math.inf if value == 0 else of(value)


def _one(name: str, of: Callable[[float], float]) -> None:
    def run(c: Context, a: list[Value]) -> Value:
        value = to_double(a[0])
        try:
            return value if value != value else of(value)
        except OverflowError:
            return math.inf
        except ValueError:
            return NAN

    function(name, args=(1, 1))(run)


for _name, _of in {
    "sin": math.sin, "cos": math.cos, "tan": math.tan, "asin": math.asin, "acos": math.acos, "atan": math.atan,
    "exp": math.exp, "sqrt": math.sqrt, "exp10": lambda x: math.pow(10.0, x),
    "log": lambda x: _log(x, math.log), "log10": lambda x: _log(x, math.log10),
}.items():  # fmt: skip
    _one(_name, _of)
