"""What values are and how they turn into one another (XPath 1.0 §3, §4; JavaRosa where they differ)."""

from __future__ import annotations

import math
import re
from datetime import UTC
from decimal import Decimal
from typing import Any

from forms.expression.moments import Moment, parse_moment
from forms.expression.nodes import Atom, Node

Value = str | float | bool | Moment | list[Any]
NAN = math.nan
_NUMBER = re.compile(r"^-?(?:\d+(?:\.\d*)?|\.\d+)$")


class XPathTypeError(ValueError):
    """A function was given what it cannot work with."""


def first(value: Value) -> Atom:
    """A node-set as the value of its first node; an empty one as ""."""
    if isinstance(value, list):
        return first_atom(value) if value else ""
    return value


def first_atom(nodes: list[Any]) -> Atom:
    atom: Atom = nodes[0].atom()
    return atom


def text_number(text: str) -> float:
    """A text as a number: no exponents, no Infinity, a decimal comma counts as a point."""
    text = text.strip()
    if _NUMBER.match(text):
        return float(text)
    if "," in text and _NUMBER.match(text.replace(",", ".")):
        return float(text.replace(",", "."))
    return NAN


_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}(?:T.*)?$")


def answer_number(atom: Atom) -> float:
    """An answer as a number: an untyped one that is a date counts its days, a written text does not."""
    if not isinstance(atom, str):
        return to_number(atom)
    number = text_number(atom)
    if number != number and _ISO.match(atom):
        moment = parse_moment(atom[:10], UTC)
        return NAN if moment is None else moment.whole_days()
    return number


def to_number(value: Value) -> float:
    if isinstance(value, float):
        return value
    if isinstance(value, list):
        return answer_number(first_atom(value)) if value else NAN
    if isinstance(value, str):
        return text_number(value)
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    return value.whole_days()


def to_double(value: Value) -> float:
    """As to_number, but of a time the fraction of its day counts (abs(), round() and their like)."""
    value = first(value)
    return value.local_days() if isinstance(value, Moment) else to_number(value)


def number_text(number: float) -> str:
    if number != number:
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number):
        return str(int(number))
    text = repr(number)
    return format(Decimal(text), "f") if "e" in text else text


def to_string(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return node_text(value[0]) if value else ""
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.text()


def result_text(value: Value) -> str:
    """The text of what an expression gives in the end: a time is written out, inside it is its date."""
    value = first(value)
    return value.result_text() if isinstance(value, Moment) else to_string(value)


def node_text(node: Node) -> str:
    return node.string()


def to_boolean(value: Value) -> bool:
    if isinstance(value, list):
        return any(node.truth() for node in value)
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value == value and value != 0.0
    return value != "" if isinstance(value, str) else True


def nodes_of(value: Value, function: str) -> list[Any]:
    """The nodes of a node-set; raises XPathTypeError for anything else."""
    if not isinstance(value, list):
        raise XPathTypeError(f"{function}() needs nodes")
    return value


def spread(values: list[Value]) -> list[Atom]:
    """Every value, node-sets as the values of all their nodes."""
    found: list[Atom] = []
    for value in values:
        if isinstance(value, list):
            found.extend(node.atom() for node in value)
        else:
            found.append(value)
    return found
