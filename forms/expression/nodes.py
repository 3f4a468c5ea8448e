"""The tree expressions are evaluated on: XML documents and, by subclass, the answers of a session."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Any, Self

from forms.expression.moments import Moment

_NONE: list[Any] = []  # shared: what named() gives is read only
Atom = str | float | bool | Moment
XML_NS = "http://www.w3.org/XML/1998/namespace"


class NodeKind(IntEnum):
    DOCUMENT = 0
    ELEMENT = 1
    ATTRIBUTE = 2
    TEXT = 3
    COMMENT = 4
    INSTRUCTION = 5
    NAMESPACE = 6


class Node:
    """One node. An element that holds only text keeps it in ``value`` and has no children."""

    __slots__ = ("_index", "_text", "attributes", "children", "declared", "kind", "lookups", "name", "parent",
                 "prefix", "uri", "value")  # fmt: skip
    relevant = True
    readonly = False
    changing = False  # answers change; documents, once read, do not

    def __init__(self, kind: NodeKind, name: str = "", value: str = "", uri: str = "", prefix: str = "") -> None:
        self.kind = kind
        self.name = name
        self.value = value
        self.uri = uri
        self.prefix = prefix
        self.parent: Node | None = None
        self.children: list[Any] = []
        self.attributes: list[Self] = []
        self.declared: dict[str, str] | None = None
        self._index: dict[str, list[Self]] | None = None
        self._text: Node | None = None
        self.lookups: dict[tuple[str, str], dict[str, list[Any]]] | None = None

    def append(self, child: Node) -> None:
        child.parent = self
        self.children.append(child)
        self._index = None

    def insert(self, place: int, child: Node) -> None:
        child.parent = self
        self.children.insert(place, child)
        self._index = None

    def remove(self, child: Node) -> None:
        self.children.remove(child)
        self._index = None

    def named(self, name: str) -> list[Self]:
        """Child elements with a local name, in document order."""
        index = self._index
        if index is None:
            index = {}
            for child in self.children:
                if child.kind == 1:
                    index.setdefault(child.name, []).append(child)
            self._index = index
        return index.get(name, _NONE)

    def content(self) -> list[Any]:
        """Child nodes, the lone text of a leaf included."""
        if self.kind == 1 and self.value and not self.children:
            if self._text is None or self._text.value != self.value:
                self._text = Node(NodeKind.TEXT, "", self.value)
                self._text.parent = self
            return [self._text]
        return self.children

    def attribute(self, name: str, uri: str | None = None) -> str | None:
        for attribute in self.attributes:
            if attribute.name == name and (uri is None or attribute.uri == uri):
                return attribute.value
        return None

    def string(self) -> str:
        """The string value of XPath 1.0 §5."""
        if not self.children or self.kind > 1:
            return self.value
        return "".join(n.value for n in self.descend() if n.kind == 3)

    def atom(self) -> Atom:
        """The value as its type has it: for an untyped node its text."""
        return self.string()

    def truth(self) -> bool:
        """What a node counts for where yes or no is asked; a document's node by being there."""
        return True

    def descend(self) -> Iterator[Self]:
        """Every node below, in document order."""
        for child in self.content():
            yield child
            yield from child.descend()

    def root(self) -> Node:
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    def namespaces(self) -> dict[str, str]:
        """Prefixes in scope, the xml prefix included."""
        scopes = []
        node: Node | None = self
        while node is not None:
            if node.declared:
                scopes.append(node.declared)
            node = node.parent
        found: dict[str, str] = {}
        for scope in reversed(scopes):
            found.update(scope)
        found["xml"] = XML_NS
        return {prefix: uri for prefix, uri in found.items() if uri}


def order_key(node: Node) -> tuple[int, ...]:
    """Where a node stands in its document; attributes come before children."""
    steps: list[int] = []
    while node.parent is not None:
        parent = node.parent
        if node.kind == NodeKind.ATTRIBUTE:
            steps.append(next(i for i, a in enumerate(parent.attributes) if a is node) - len(parent.attributes))
        elif node.kind == NodeKind.NAMESPACE:
            steps.append(-1_000_000)
        elif node is parent._text:
            steps.append(0)
        else:
            steps.append(next(i for i, c in enumerate(parent.children) if c is node))
        node = parent
    return tuple(reversed(steps))


def in_document_order(nodes: list[Any]) -> list[Any]:
    """The nodes once each, in document order."""
    unique = list({id(node): node for node in nodes}.values())
    if len(unique) < 2:
        return unique
    return sorted(unique, key=order_key)
