"""Functions of space-separated choices."""

from __future__ import annotations

from forms.expression.context import Context
from forms.expression.registry import function
from forms.expression.values import Value, to_number, to_string


@function("selected", "is-selected", args=(2, 2))
def selected(c: Context, a: list[Value]) -> Value:
    return to_string(a[1]).strip() in to_string(a[0]).split(" ")


@function("count-selected", args=(1, 1))
def count_selected(c: Context, a: list[Value]) -> Value:
    return float(len(to_string(a[0]).split()))


@function("selected-at", args=(2, 2))
def selected_at(c: Context, a: list[Value]) -> Value:
    chosen = to_string(a[0]).split()
    place = to_number(a[1])
    if place != place or place < 0 or place >= len(chosen):
        return ""
    return chosen[int(place)]
