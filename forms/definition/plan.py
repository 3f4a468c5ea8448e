"""The form as the engine runs it: one ``NodePlan`` per element, its expressions compiled, its dependents known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from forms.expression.compiler import Closure, compile_expression
from forms.expression.nodes import Node

if TYPE_CHECKING:
    from forms.definition.itext import Texts


class Role(IntEnum):
    """What an expression decides about its node."""

    RELEVANT = 0
    CALCULATE = 1
    COUNT = 2
    CHOICES = 3
    READONLY = 4
    REQUIRED = 5
    CONSTRAINT = 6
    LABEL = 7
    ITEM_LABEL = 8


class Expression:
    """An expression of the form; compiled when first run, so loading stays quick."""

    __slots__ = ("_closure", "constant", "text", "volatile")

    def __init__(self, text: str) -> None:
        self.text = text
        self._closure: Closure | None = None
        self.constant: bool | None = {"true()": True, "false()": False}.get(text.strip())
        self.volatile = False

    @property
    def run(self) -> Closure:
        if self._closure is None:
            self._closure = compile_expression(self.text)
        return self._closure


Part = str | Expression


@dataclass(slots=True)
class Words:
    """A label, hint or message: a text id, or parts of text and outputs, or an expression giving the text."""

    text_id: str = ""
    parts: tuple[Part, ...] = ()
    dynamic: Expression | None = None


@dataclass(slots=True)
class StaticItem:
    value: str
    words: Words


@dataclass(slots=True)
class Itemset:
    """Choices from nodes: ``value`` and ``label`` are paths from an item, ``label`` None when it has none."""

    nodes: Expression
    value: Expression
    label: Expression | None
    list_name: str = ""
    filtered: bool = False


@dataclass(slots=True)
class Action:
    """A setvalue: on ``events``, the nodes of ``target`` get ``value`` (evaluated there) or ``text``."""

    events: frozenset[str]
    target: Expression
    target_plan: NodePlan | None
    value: Expression | None
    text: str = ""
    within: NodePlan | None = None


@dataclass(slots=True)
class Edge:
    """Who looks at a node: ``reader``'s ``role``, sharing the first ``level`` repeats with it."""

    reader: NodePlan
    role: Role
    level: int
    path: tuple[str, ...] = ()


class NodePlan:
    """One element (or bound attribute) of the primary instance."""

    __slots__ = (
        "_named", "actions",
        "appearance",
        "attributes",
        "bind",
        "body_order",
        "children",
        "companion",
        "constraint_words",
        "control",
        "data_type",
        "default",
        "depth",
        "expressions",
        "hint",
        "id",
        "initial_rows",
        "is_attribute",
        "is_leaf",
        "is_repeat",
        "items",
        "itemset",
        "label",
        "media_type",
        "name",
        "no_add_remove",
        "order",
        "parameters",
        "parent",
        "path",
        "place",
        "prefix",
        "preload",
        "preload_params",
        "range",
        "readers",
        "repeats",
        "required_words",
        "row_readers",
        "save_to",
        "source",
        "unknown_of",
        "uri",
    )  # fmt: skip

    def __init__(self, name: str, parent: NodePlan | None, source: Node, is_attribute: bool = False) -> None:
        self.name = name
        self.parent = parent
        self.source = source
        self.prefix = source.prefix
        self.uri = source.uri
        self.is_attribute = is_attribute
        self.children: list[NodePlan] = []
        self._named: dict[str, NodePlan] = {}
        self.attributes: list[NodePlan] = []
        self.is_repeat = False
        self.is_leaf = True
        mark = "@" + name if is_attribute else name
        self.path: str = f"{parent.path}/{mark}" if parent else "/" + mark
        self.id: str = f"{parent.id}/{mark}" if parent else ""
        self.repeats: tuple[NodePlan, ...] = ()
        self.depth = 0
        self.default = ""
        self.data_type = "string"
        self.bind: dict[str, str] = {}
        self.expressions: dict[Role, Expression] = {}
        self.preload = self.preload_params = ""
        self.control = ""
        self.appearance: tuple[str, ...] = ()
        self.media_type = ""
        self.parameters: dict[str, str] = {}
        self.range: tuple[str, str, str] | None = None
        self.label: Words | None = None
        self.hint: Words | None = None
        self.constraint_words: Words | None = None
        self.required_words: Words | None = None
        self.itemset: Itemset | None = None
        self.items: list[StaticItem] = []
        self.actions: list[Action] = []
        self.no_add_remove = False
        self.initial_rows = 0
        self.body_order: int | None = None
        self.save_to = ""
        self.unknown_of: NodePlan | None = None
        self.companion: NodePlan | None = None
        self.readers: list[Edge] = []
        self.row_readers: list[Edge] = []
        self.order: dict[Role, int] = {}
        self.place = 0

    def child(self, name: str) -> NodePlan | None:
        if len(self._named) != len(self.children):
            self._named = {c.name: c for c in self.children}
        return self._named.get(name)

    def attribute(self, name: str) -> NodePlan | None:
        return next((a for a in self.attributes if a.name == name), None)

    def walk(self) -> list[NodePlan]:
        """The node, its attributes and everything below, in document order."""
        found = [self, *self.attributes]
        for child in self.children:
            found.extend(child.walk())
        return found

    def above(self) -> list[NodePlan]:
        """The node and its ancestors, outermost first."""
        found: list[NodePlan] = []
        node: NodePlan | None = self
        while node is not None:
            found.append(node)
            node = node.parent
        return found[::-1]

    def __repr__(self) -> str:
        return f"<{self.path}>"


@dataclass(eq=False)
class Plan:
    """Everything a session needs of a form besides its public definition."""

    root: NodePlan
    texts: Texts
    by_id: Mapping[str, NodePlan]
    actions: list[Action]
    instances: Mapping[str, Node]
    external: Mapping[str, str]
    namespaces: Mapping[str, str]
    namespace_texts: Mapping[str, str]
    entities_version: str = ""
    entities: list[NodePlan] = field(default_factory=list)
    by_path: Mapping[str, NodePlan] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
