"""= != < <= > >= between any two values."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from forms.expression.moments import Moment, parse_moment
from forms.expression.nodes import Atom
from forms.expression.values import Value, answer_number, to_boolean, to_number, to_string

_TOLERANCE = 1e-12  # JavaRosa's: 0.1 + 0.2 = 0.3 holds


def equal(a: Value, b: Value) -> bool:
    """Whether any pair is equal; a boolean on either side makes both boolean."""
    if a.__class__ is bool or b.__class__ is bool:
        return to_boolean(a) == to_boolean(b)
    if isinstance(a, list) or isinstance(b, list):
        return _any_pair(a, b, _equal_atoms)
    return _equal_atoms(a, b)


def unequal(a: Value, b: Value) -> bool:
    """Whether any pair differs."""
    if a.__class__ is bool or b.__class__ is bool:
        return to_boolean(a) != to_boolean(b)
    if isinstance(a, list) or isinstance(b, list):
        return _any_pair(a, b, lambda x, y: not _equal_atoms(x, y))
    return not _equal_atoms(a, b)


def _any_pair(a: Value, b: Value, test: Callable[[Atom, Atom], bool]) -> bool:
    rights = _atoms(b, a.__class__ is float)
    lefts = _atoms(a, b.__class__ is float)
    return any(test(x, y) for x in lefts for y in rights)


def _atoms(value: Value, beside_number: bool) -> list[Atom]:
    if not isinstance(value, list):
        return [value]
    if beside_number:
        return [answer_number(n.atom()) for n in value]
    return [n.atom() for n in value]


def _equal_atoms(a: Atom, b: Atom) -> bool:
    kind, other = a.__class__, b.__class__
    if kind is str and other is str:
        return a == b
    if kind is Moment or other is Moment:
        return _equal_moments(a, b)
    if kind is bool or other is bool:
        return to_boolean(a) == to_boolean(b)
    return abs(to_number(a) - to_number(b)) < _TOLERANCE


def _equal_moments(a: Atom, b: Atom) -> bool:
    """As in JavaRosa a moment is its date here."""
    if a.__class__ is float or b.__class__ is float:
        return to_number(a) == to_number(b)
    return to_string(a) == to_string(b)


def _as_moment(value: Atom, beside: Atom) -> Moment | None:
    if isinstance(value, Moment):
        return value
    zone = beside.at.tzinfo if isinstance(beside, Moment) else None
    if zone is None or not isinstance(value, str):
        return None
    return parse_moment(value, zone, timed="T" in value)


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def ordering(symbol: str) -> Callable[[Value, Value], bool]:
    """The comparison behind < <= > >=: numbers; a date beside a text compares as dates."""
    test = _ORDERS[symbol]

    def compare(a: Value, b: Value) -> bool:
        if a.__class__ is float and b.__class__ is float:
            return test(a, b)
        if isinstance(a, list) or isinstance(b, list):
            return _any_ordered(a, b, test)
        return _ordered(a, b, test, False, False)

    return compare


def _any_ordered(a: Value, b: Value, test: Callable[[Any, Any], bool]) -> bool:
    a_nodes, b_nodes = isinstance(a, list), isinstance(b, list)
    lefts = [n.atom() for n in a] if isinstance(a, list) else [a]
    rights = [n.atom() for n in b] if isinstance(b, list) else [b]
    return any(_ordered(x, y, test, a_nodes, b_nodes) for x in lefts for y in rights)


def _ordered(a: Atom, b: Atom, test: Callable[[Any, Any], bool], a_node: bool, b_node: bool) -> bool:
    if isinstance(a, Moment) or isinstance(b, Moment):
        left, right = _as_moment(a, b), _as_moment(b, a)
        if left is not None and right is not None:
            return test(left.at.date(), right.at.date())
    return test(_order_number(a, a_node), _order_number(b, b_node))


def _order_number(value: Atom, from_node: bool) -> float:
    return answer_number(value) if from_node else to_number(value)
