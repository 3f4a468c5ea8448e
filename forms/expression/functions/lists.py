"""Functions of space-separated choices."""

from __future__ import annotations

from forms.expression.context import Context
from forms.expression.registry import MANY, function
from forms.expression.values import Value, XPathTypeError, first, to_number


@function("selected", "is-selected", args=(2, 2))
def selected(c: Context, a: list[Value]) -> Value:
    return f" {_text(a[1], 'selected').strip()} " in f" {_text(a[0], 'selected')} "


@function("count-selected", args=(1, 1))
def count_selected(c: Context, a: list[Value]) -> Value:
    return float(len(_text(a[0], "count-selected").split()))


@function("selected-at", args=(2, 2))
def selected_at(c: Context, a: list[Value]) -> Value:
    """Counted from 0; what is no number counts as 0."""
    chosen = _text(a[0], "selected-at").split()
    number = to_number(a[1])
    place = int(min(max(number, -1), MANY)) if number == number else 0
    return chosen[place] if 0 <= place < len(chosen) else ""


def _text(value: Value, name: str) -> str:
    """Lists of choices are texts; raises XPathTypeError for numbers, booleans and dates, as JavaRosa does."""
    value = first(value)
    if not isinstance(value, str):
        raise XPathTypeError(f"{name}() needs text")
    return value
