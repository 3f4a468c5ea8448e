"""The answers as a JSON tree, and which of its leaves this session wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from forms.definition.outline import question_type
from forms.definition.plan import NodePlan
from forms.expression.nodes import Node, NodeKind
from forms.session.casting import json_of
from forms.session.contract import ORDER, ROW, Json
from forms.session.tree import Answer

if TYPE_CHECKING:
    from forms.session.session import Session


def is_meta(plan: NodePlan) -> bool:
    """The meta block (instance id, entities) is no answer."""
    return plan.name == "meta" and not plan.control and (plan.parent is None or plan.parent.parent is None
                                                        or plan.parent.is_repeat)  # fmt: skip


def answers(session: Session) -> dict[str, Json]:
    """The relevant answers; a touched answer that is empty now is null."""
    tree = _group(session.root)
    for row_id in sorted(session.deleted):
        _put_tombstone(tree, row_id)
    return tree


def _group(node: Answer) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for child in node.children:
        if not child.relevant or is_meta(child.plan):
            continue
        if child.plan.is_repeat:
            rows = found.setdefault(child.name, {ORDER: []})
            rows[ORDER].append(child.key)
            rows[child.key] = {ROW: True, **_group(child)}
        elif child.plan.is_leaf:
            if child.value or child.touched:
                found[child.name] = json_of(child.value, question_type(child.plan), child.plan.data_type)
        else:
            inner = _group(child)
            if inner:
                found[child.name] = inner
    return found


def _put_tombstone(tree: dict[str, Json], row_id: str) -> None:
    at = tree
    parts = row_id.split("/")[1:]
    for part in parts[:-1]:
        at = at.setdefault(part, {})
    at.setdefault(ORDER, [])
    at.setdefault(parts[-1], {ROW: False})


def touched(session: Session) -> frozenset[str]:
    """JSON Pointers of the leaves asserted by this session."""
    found = {row_id + "/" + ROW for row_id in session.deleted}
    for node in session.root.walk():
        if not node.relevant or _inside_meta(node.plan):
            continue
        if node.plan.is_repeat and not node.prefilled:
            found.add(f"{node.id}/{ROW}")
        elif node.plan.is_leaf and node.touched:
            found.add(node.id)
    found |= {f"{repeat}/{ORDER}" for repeat in session.moved if session.exists(repeat)}
    return frozenset(found)


def _inside_meta(plan: NodePlan) -> bool:
    at: NodePlan | None = plan
    while at is not None:
        if is_meta(at):
            return True
        at = at.parent
    return plan.is_attribute


def row_keys(rows: Mapping[str, Json]) -> list[str]:
    """Keys of the rows that exist, in order: those named by "@order", then the rest by key."""
    order = [k for k in rows.get(ORDER) or [] if isinstance(k, str)]
    rest = sorted(k for k in rows if k != ORDER and k not in order)
    return [k for k in [*dict.fromkeys(order), *rest] if _exists(rows.get(k))]


def _exists(row: Json) -> bool:
    return isinstance(row, Mapping) and row.get(ROW, True) is not False


def text_of_json(value: Json) -> str:
    """An answers tree's leaf as stored text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(str(v) for v in value)
    return str(value)


def plain_tree(plan: NodePlan, tree: Mapping[str, Any]) -> Node:
    """An answers tree as plain nodes, for expressions that look at a previous submission."""
    made = Node(NodeKind.ELEMENT, plan.name)
    for child in plan.children:
        value = tree.get(child.name)
        if child.is_repeat and isinstance(value, Mapping):
            for key in row_keys(value):
                made.append(plain_tree(child, value[key]))
        elif child.is_leaf:
            made.append(Node(NodeKind.ELEMENT, child.name, text_of_json(value)))
        elif not child.is_repeat:
            made.append(plain_tree(child, value if isinstance(value, Mapping) else {}))
    return made
