"""Functions that reach beyond the answers: instances, texts, properties, identifiers."""

from __future__ import annotations

import uuid as identifiers

from forms.expression.context import Context
from forms.expression.nodes import Node
from forms.expression.registry import function
from forms.expression.values import Value, XPathTypeError, to_number, to_string

MAX_UUID = 10_000
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@function("instance", args=(1, 1))
def instance(c: Context, a: list[Value]) -> Value:
    node = c.world.instance(to_string(a[0]))
    return [node] if node is not None else []


@function("pulldata", args=(4, 4))
def pulldata(c: Context, a: list[Value]) -> Value:
    """pulldata(instance, wanted column, key column, key): the first row that has the key."""
    name, wanted, key_column, key = (to_string(v) for v in a)
    node = c.world.instance(name)
    if node is None:
        raise XPathTypeError(f"no instance {name}")
    for root in node.children:
        for item in root.children:
            if item.kind == 1 and _column(item, key_column) == key:
                return _column(item, wanted) or ""
    return ""


def _column(item: Node, name: str) -> str | None:
    """A column of a row; "@name" is an attribute."""
    if name.startswith("@"):
        return item.attribute(name[1:])
    found = item.named(name)
    return found[0].string() if found else None


@function("jr:itext", args=(1, 1))
def itext(c: Context, a: list[Value]) -> Value:
    return c.world.itext(to_string(a[0]))


@function("jr:choice-name", args=(2, 2))
def choice_name(c: Context, a: list[Value]) -> Value:
    return c.world.choice_name(to_string(a[0]), to_string(a[1]), c)


@function("uuid", args=(0, 1))
def uuid(c: Context, a: list[Value]) -> Value:
    if a:
        length = to_number(a[0])
        if not 0 <= length <= MAX_UUID:
            raise XPathTypeError("uuid() needs a length")
        return "".join(c.world.random.choice(_ALPHABET) for _ in range(int(length)))
    return str(identifiers.UUID(int=c.world.random.getrandbits(128), version=4))


@function("version", args=(0, 0))
def version(c: Context, a: list[Value]) -> Value:
    return c.world.form_version()


@function("property", args=(1, 1))
def property_(c: Context, a: list[Value]) -> Value:
    return c.world.property(to_string(a[0]))
