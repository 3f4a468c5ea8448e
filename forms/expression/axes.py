"""The axes of XPath: from a node to the nodes a step looks at, in document order for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from forms.expression.nodes import Node, NodeKind

Axis = Callable[[Any], list[Any]]


def child(node: Node) -> list[Any]:
    return node.content()


def parent(node: Node) -> list[Any]:
    return [node.parent] if node.parent is not None else []


def self_(node: Node) -> list[Any]:
    return [node]


def attribute(node: Node) -> list[Any]:
    return node.attributes


def namespace(node: Node) -> list[Any]:
    if node.kind != NodeKind.ELEMENT:
        return []
    found = []
    for prefix, uri in node.namespaces().items():
        made = Node(NodeKind.NAMESPACE, prefix, uri)
        made.parent = node
        found.append(made)
    return found


def ancestor(node: Node) -> list[Any]:
    found = []
    up = node.parent
    while up is not None:
        found.append(up)
        up = up.parent
    return found[::-1]


def ancestor_or_self(node: Node) -> list[Any]:
    return [*ancestor(node), node]


def descendant(node: Node) -> list[Any]:
    return list(node.descend())


def descendant_or_self(node: Node) -> list[Any]:
    return [node, *node.descend()]


def _siblings(node: Node) -> tuple[list[Any], int]:
    if node.parent is None or node.kind in (NodeKind.ATTRIBUTE, NodeKind.NAMESPACE):
        return [], 0
    around = node.parent.content()
    return around, next(i for i, n in enumerate(around) if n is node)


def following_sibling(node: Node) -> list[Any]:
    around, place = _siblings(node)
    return around[place + 1 :]


def preceding_sibling(node: Node) -> list[Any]:
    around, place = _siblings(node)
    return around[:place]


def following(node: Node) -> list[Any]:
    found: list[Any] = []
    if node.kind in (NodeKind.ATTRIBUTE, NodeKind.NAMESPACE) and node.parent is not None:
        found.extend(node.parent.descend())
        node = node.parent
    up: Node | None = node
    while up is not None:
        for sibling in following_sibling(up):
            found.extend(descendant_or_self(sibling))
        up = up.parent
    return found


def preceding(node: Node) -> list[Any]:
    levels = []
    up: Node | None = node
    if node.kind in (NodeKind.ATTRIBUTE, NodeKind.NAMESPACE):
        up = node.parent
    while up is not None:
        levels.append([n for sibling in preceding_sibling(up) for n in descendant_or_self(sibling)])
        up = up.parent
    return [n for level in reversed(levels) for n in level]


AXES: dict[str, Axis] = {
    "child": child, "parent": parent, "self": self_, "attribute": attribute, "namespace": namespace,
    "ancestor": ancestor, "ancestor-or-self": ancestor_or_self, "descendant": descendant,
    "descendant-or-self": descendant_or_self, "following-sibling": following_sibling,
    "preceding-sibling": preceding_sibling, "following": following, "preceding": preceding,
}  # fmt: skip
REVERSE = frozenset(("ancestor", "ancestor-or-self", "preceding", "preceding-sibling"))
