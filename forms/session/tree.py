"""The answers as a tree of nodes that expressions read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from forms.definition.plan import NodePlan, Role
from forms.definition.tree import is_template
from forms.expression.moments import parse_moment
from forms.expression.nodes import Atom, Node, NodeKind
from forms.expression.values import text_number, to_boolean
from forms.session.casting import calculated_text

_NUMBERS = frozenset(("int", "integer", "long", "decimal", "double", "float"))
_DATES = frozenset(("date", "dateTime"))


class Answer(Node):
    """One answer, group or row. ``own_*`` is what its own bind says, the plain flag what also its groups say."""

    __slots__ = ("_atom", "choices", "id", "key", "own_readonly", "own_relevant", "plan", "prefilled", "readonly",
                 "relevant", "required", "touched", "valid", "zone")  # fmt: skip
    changing = True

    def __init__(self, plan: NodePlan, parent: Answer | None, zone: tzinfo, key: str = "") -> None:
        kind = NodeKind.ATTRIBUTE if plan.is_attribute else NodeKind.ELEMENT
        super().__init__(kind, plan.name, "", plan.uri, plan.prefix)
        self.plan = plan
        self.parent: Any = parent
        self.key = key
        self.id = node_id(plan, parent, key)
        self.zone = zone
        self.relevant = True if parent is None else parent.relevant
        self.own_relevant = True
        self.readonly: bool = False if parent is None else parent.readonly
        self.own_readonly = False
        self.required = False
        self.valid = True
        self.touched = False
        self.prefilled = False
        self.choices: Any = None
        self._atom: Atom | None = None

    def set_text(self, text: str) -> None:
        self.value = text
        self._atom = None

    def atom(self) -> Atom:
        """The value by its bind type; irrelevant answers read as empty."""
        if not self.relevant:
            return ""
        if self._atom is None:
            self._atom = self.string() if self.children else typed(self.value, self.plan.data_type, self.zone)
        return self._atom if not self.children else self.string()

    def truth(self) -> bool:
        return to_boolean(self.atom()) if self.plan.is_leaf or self.plan.is_attribute else self.relevant

    def string(self) -> str:
        if not self.relevant:
            return ""
        if self.children:
            return "".join(child.string() for child in self.children)
        return self.value

    def walk(self) -> Iterator[Answer]:
        """The node, its attributes and everything below."""
        yield self
        yield from self.attributes
        for child in self.children:
            yield from child.walk()

    def leaf(self, name: str) -> Answer | None:
        found = self.named(name)
        return found[0] if found else None

    def rows(self, name: str) -> list[Answer]:
        return self.named(name)

    def repeat_rows(self) -> tuple[Answer, ...]:
        """The rows around this node, outermost first, itself included when it is one."""
        found = []
        node: Any = self
        while isinstance(node, Answer):
            if node.plan.is_repeat:
                found.append(node)
            node = node.parent
        return tuple(found[::-1])


def node_id(plan: NodePlan, parent: Answer | None, key: str) -> str:
    """The JSON Pointer of a node: its parent's, its name, its key when it is a row."""
    if parent is None:
        return ""
    own = f"{parent.id}/@{plan.name}" if plan.is_attribute else f"{parent.id}/{plan.name}"
    return f"{own}/{key}" if plan.is_repeat else own


def typed(text: str, data_type: str, zone: tzinfo) -> Atom:
    """A stored text as its type has it; a text that does not fit stays a text."""
    if not text or data_type == "string":
        return text
    if data_type in _NUMBERS:
        number = text_number(text)
        return number if number == number else text
    if data_type in _DATES:
        moment = parse_moment(text, zone, timed=data_type == "dateTime")
        return text if moment is None else moment
    if data_type == "boolean":
        return text in ("true", "1")
    return text


def build(
    plan: NodePlan, parent: Answer | None, zone: tzinfo, key: str = "", source: Node | None = None
) -> Answer:
    """A node and everything below with the form's defaults (those of ``source`` for a row written out in the
    form), and the rows the form starts with."""
    node = Answer(plan, parent, zone, key)
    node.value = plan.default if source is None or not plan.is_leaf else source.value
    if node.value and plan.data_type != "string":
        node.value = settled(node.value, plan.data_type, zone)
    node.touched = bool(node.value) and plan.is_leaf and not plan.is_attribute  # nobody else will assert it
    for attribute in plan.attributes:
        made = Answer(attribute, node, zone)
        made.value = attribute.default
        node.attributes.append(made)
    for child in plan.children:
        if child.is_repeat:
            for number, row in enumerate(initial_rows(child, source or plan.source), 1):
                node.append(build(child, node, zone, str(number), row))
        else:
            own = source.named(child.name) if source is not None else []
            node.append(build(child, node, zone, "", own[0] if own else None))
    return node


def settled(text: str, data_type: str, zone: tzinfo) -> str:
    """A default as its type writes it; one that does not fit stays as the form has it."""
    return calculated_text(text, data_type, zone) or text


def initial_rows(plan: NodePlan, source: Node) -> list[Node]:
    """The rows a form starts a repeat with; a counted repeat has those its count says."""
    if Role.COUNT in plan.expressions:
        return []
    rows = [e for e in source.named(plan.name) if not is_template(e)]
    return rows or ([plan.source] if plan.no_add_remove else [])
