"""Functions of truth and choice."""

from __future__ import annotations

from collections.abc import Callable

from forms.expression.context import Context
from forms.expression.registry import MANY, function
from forms.expression.values import Value, XPathTypeError, first, spread, to_boolean, to_number, to_string

Closure = Callable[[Context], Value]


@function("true", args=(0, 0))
def true(c: Context, a: list[Value]) -> Value:
    return True


@function("false", args=(0, 0))
def false(c: Context, a: list[Value]) -> Value:
    return False


@function("boolean", args=(1, 1))
def boolean(c: Context, a: list[Value]) -> Value:
    return to_boolean(a[0])


@function("not", args=(1, 1))
def negation(c: Context, a: list[Value]) -> Value:
    return not to_boolean(a[0])


@function("boolean-from-string", args=(1, 1))
def boolean_from_string(c: Context, a: list[Value]) -> Value:
    text = to_string(a[0])
    return text == "1" or text.lower() == "true"


@function("if", args=(3, 3), lazy=True)
def choose(c: Context, a: list[Closure]) -> Value:
    return a[1](c) if to_boolean(a[0](c)) else a[2](c)


@function("coalesce", args=(1, MANY), lazy=True)
def coalesce(c: Context, a: list[Closure]) -> Value:
    value: Value = ""
    for argument in a:
        value = first(argument(c))
        if value != "" and value == value:
            return value
    return value


@function("once", args=(1, 1), lazy=True)
def once(c: Context, a: list[Closure]) -> Value:
    """The field's own value; the argument only while it has none."""
    return c.node.string() or a[0](c)


@function("checklist", args=(2, MANY))
def checklist(c: Context, a: list[Value]) -> Value:
    least, most = to_number(a[0]), to_number(a[1])
    count = sum(1 for v in _flags(a[2:]) if v)
    return (least < 0 or count >= least) and (most < 0 or count <= most)


def _flags(values: list[Value]) -> list[bool]:
    """Truth of each; nodes count by their own value."""
    return [to_boolean(v) for v in spread(values)]


@function("weighted-checklist", args=(2, MANY), parity=0)
def weighted_checklist(c: Context, a: list[Value]) -> Value:
    flags: list[bool] = []
    weights: list[float] = []
    for place in range(2, len(a), 2):
        factors, heavy = spread([a[place]]), spread([a[place + 1]])
        if len(factors) != len(heavy):
            raise XPathTypeError("weighted-checklist() needs as many weights as answers")
        flags.extend(to_boolean(v) for v in factors)
        weights.extend(to_number(v) for v in heavy)
    total = sum(w for f, w in zip(flags, weights, strict=True) if f)
    return to_number(a[0]) <= total <= to_number(a[1])
