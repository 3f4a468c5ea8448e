"""Answers trees as flat tables: one for the form, one for each repeat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from forms.definition.model import FormDefinition, Kind
from forms.definition.outline import shown_children
from forms.definition.plan import NodePlan
from forms.session.answers import row_keys
from forms.session.contract import Json
from forms.session.reports import Table

KEY, PARENT = "KEY", "PARENT_KEY"


def tables(
    definition: FormDefinition, submissions: Iterable[Mapping[str, Json]] | Mapping[str, Mapping[str, Json]]
) -> list[Table]:
    """See ``forms.api.flatten``; columns are the ids of questions and values below the table's own node."""
    root = definition.plan.root
    builders = {plan.id: _Builder(definition, plan) for plan in root.walk() if plan is root or plan.is_repeat}
    keyed = submissions.items() if isinstance(submissions, Mapping) else enumerate(submissions, 1)
    for key, tree in keyed:
        builders[""].add(tree, str(key), "", builders)
    return [b.table() for b in builders.values()]


class _Builder:
    def __init__(self, definition: FormDefinition, plan: NodePlan) -> None:
        self.plan = plan
        self.name = plan.id or definition.id
        self.columns = [p for p in _leaves(plan) if definition.nodes[p.id].kind is not Kind.NOTE]
        self.rows: list[tuple[Any, ...]] = []

    def add(self, tree: Mapping[str, Json], key: str, parent: str, builders: Mapping[str, _Builder]) -> None:
        head = (key,) if not self.plan.is_repeat else (key, parent)
        self.rows.append((*head, *(_cell(_value(tree, self.plan, c)) for c in self.columns)))
        self.inner(self.plan, tree, key, builders)

    def inner(self, plan: NodePlan, tree: Mapping[str, Json], key: str, builders: Mapping[str, _Builder]) -> None:
        for child in plan.children:
            value = tree.get(child.name)
            if not isinstance(value, Mapping):
                continue
            if child.is_repeat:
                for row in row_keys(value):
                    builders[child.id].add(value[row], f"{key}/{child.name}/{row}", key, builders)
            else:
                self.inner(child, value, key, builders)

    def table(self) -> Table:
        head = (KEY,) if not self.plan.is_repeat else (KEY, PARENT)
        start = len(self.plan.id) + 1
        return Table(self.name, (*head, *(c.id[start:] for c in self.columns)), tuple(self.rows))


def _leaves(plan: NodePlan) -> list[NodePlan]:
    """The leaves of a table: below its node, not inside a deeper repeat."""
    found = []
    for child in shown_children(plan):
        if child.is_leaf:
            found.append(child)
        elif not child.is_repeat:
            found.extend(_leaves(child))
    return found


def _value(tree: Mapping[str, Json], top: NodePlan, leaf: NodePlan) -> Json:
    at: Any = tree
    for part in leaf.id[len(top.id) + 1 :].split("/"):
        if not isinstance(at, Mapping):
            return None
        at = at.get(part)
    return at


def _cell(value: Json) -> Any:
    if isinstance(value, list):
        return " ".join(str(v) for v in value)
    return "" if value is None else value
