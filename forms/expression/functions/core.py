"""Functions about nodes and positions."""

from __future__ import annotations

from typing import Any

from forms.expression.context import Context
from forms.expression.nodes import Node, in_document_order
from forms.expression.registry import MANY, function
from forms.expression.values import Value, XPathTypeError, nodes_of, to_string


@function("last", args=(0, 0))
def last(c: Context, a: list[Value]) -> Value:
    return float(c.size)


@function("count", args=(1, 1))
def count(c: Context, a: list[Value]) -> Value:
    return float(len(nodes_of(a[0], "count")))


@function("count-non-empty", args=(1, 1))
def count_non_empty(c: Context, a: list[Value]) -> Value:
    return float(sum(1 for n in nodes_of(a[0], "count-non-empty") if n.string()))


def _node(c: Context, a: list[Value], name: str) -> Node | None:
    if not a:
        return c.node
    nodes = nodes_of(a[0], name)
    return nodes[0] if nodes else None


@function("local-name", args=(0, 1))
def local_name(c: Context, a: list[Value]) -> Value:
    node = _node(c, a, "local-name")
    return node.name if node is not None else ""


@function("namespace-uri", args=(0, 1))
def namespace_uri(c: Context, a: list[Value]) -> Value:
    node = _node(c, a, "namespace-uri")
    return node.uri if node is not None else ""


@function("name", args=(0, 1))
def name(c: Context, a: list[Value]) -> Value:
    node = _node(c, a, "name")
    if node is None:
        return ""
    return f"{node.prefix}:{node.name}" if node.prefix else node.name


@function("id", args=(1, 1))
def by_id(c: Context, a: list[Value]) -> Value:
    given = a[0]
    texts = [n.string() for n in given] if isinstance(given, list) else [to_string(given)]
    wanted = {word for text in texts for word in text.split()}
    found: list[Any] = []
    for node in c.node.root().descend():
        if node.kind == 1 and node.attribute("id") in wanted:
            found.append(node)
            wanted.discard(node.attribute("id"))
    return in_document_order(found)


@function("lang", args=(1, 1))
def lang(c: Context, a: list[Value]) -> Value:
    wanted = to_string(a[0]).lower()
    node: Node | None = c.node
    while node is not None:
        here = next((x.value for x in node.attributes if x.name == "lang" and x.prefix == "xml"), None)
        if here is not None:
            here = here.lower()
            return here == wanted or here.startswith(wanted + "-")
        node = node.parent
    return False


@function("current", args=(0, 0))
def current(c: Context, a: list[Value]) -> Value:
    return [c.current]


@function("depend", args=(1, MANY))
def depend(c: Context, a: list[Value]) -> Value:
    return a[0]


@function("randomize", args=(1, 2))
def randomize(c: Context, a: list[Value]) -> Value:
    nodes = list(nodes_of(a[0], "randomize"))
    if len(a) == 1:
        c.world.random.shuffle(nodes)
        return nodes
    from forms.expression.functions.shuffling import seeded_shuffle

    seed = a[1]
    if isinstance(seed, list) and not seed:
        raise XPathTypeError("randomize() needs a seed")
    return seeded_shuffle(nodes, seed)
