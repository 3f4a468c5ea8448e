"""Answers trees as pairs of JSON Pointer and value, in the form's order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from forms.definition.outline import shown_children
from forms.definition.plan import NodePlan
from forms.problems import UnknownNode
from forms.session.answers import row_keys
from forms.session.contract import ROW, Json

Leaf = tuple[str, NodePlan, Json]


def leaves(plan: NodePlan, tree: Mapping[str, Json], pointer: str = "") -> Iterator[Leaf]:
    """Every answered leaf; a row gives its existence ("/members/<key>/@row") before its answers."""
    for child in shown_children(plan):
        value = tree.get(child.name)
        here = f"{pointer}/{child.name}"
        if value is None:
            continue
        if child.is_leaf:
            yield here, child, value
        elif isinstance(value, Mapping) and child.is_repeat:
            for key in row_keys(value):
                yield f"{here}/{key}/{ROW}", child, True
                yield from leaves(child, value[key], f"{here}/{key}")
        elif isinstance(value, Mapping):
            yield from leaves(child, value, here)


def plan_at(root: NodePlan, pointer: str) -> NodePlan:
    """The plan behind a pointer with row keys. Raises UnknownNode."""
    plan = root
    parts = pointer.split("/")[1:]
    at = 0
    while at < len(parts):
        child = plan.child(parts[at])
        if child is None:
            if parts[at] == ROW:
                return plan
            raise UnknownNode(pointer)
        plan = child
        at += 2 if child.is_repeat and at + 1 < len(parts) else 1
    return plan
