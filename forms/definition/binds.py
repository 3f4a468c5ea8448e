"""<bind> elements: types, expressions, messages, and the county's own attributes."""

from __future__ import annotations

from forms.definition.itext import message_words
from forms.definition.model import TJB_NAMESPACE
from forms.definition.paths import find_plan
from forms.definition.plan import Expression, NodePlan, Plan, Role
from forms.definition.tree import JAVAROSA
from forms.expression.nodes import Node

_ROLES = {
    "relevant": Role.RELEVANT, "calculate": Role.CALCULATE, "readonly": Role.READONLY,
    "required": Role.REQUIRED, "constraint": Role.CONSTRAINT,
}  # fmt: skip
ENTITIES = "http://www.opendatakit.org/xforms/entities"


def read_binds(model: Node, plan: Plan) -> None:
    """Give every plan what its bind says; a bind that leads nowhere says nothing."""
    pending: list[tuple[NodePlan, str]] = []
    for bind in model.named("bind"):
        ref = bind.attribute("nodeset") or bind.attribute("ref") or ""
        node = find_plan(ref, plan.root.path, dict(plan.by_path))
        if node is None:  # as JavaRosa does; nothing can be said about a node that is not there
            plan.extra.setdefault("loose", []).append(ref)
            continue
        identifier = bind.attribute("id")
        if identifier:
            plan.extra.setdefault("bind_ids", {})[identifier] = node
        unknown_of = _apply(bind, node)
        if unknown_of:
            pending.append((node, unknown_of))
    for node, target in pending:
        if not _pair(node, target):
            plan.extra.setdefault("unpaired", {})[node] = target


def _apply(bind: Node, node: NodePlan) -> str:
    unknown_of = ""
    for attribute in bind.attributes:
        name, value = attribute.name, attribute.value
        if attribute.uri == JAVAROSA:
            _javarosa(node, name, value)
        elif attribute.uri == TJB_NAMESPACE:
            node.bind[f"tjb:{name}"] = value
            unknown_of = value if name == "unknown-of" else unknown_of
        elif attribute.uri == ENTITIES:
            if name == "saveto":
                node.save_to = value
        elif attribute.uri:
            node.bind[f"{attribute.prefix}:{name}"] = value
        elif name in _ROLES:
            node.expressions[_ROLES[name]] = Expression(value)
        elif name == "type":
            node.data_type = value.rpartition(":")[2]
    return unknown_of


def _javarosa(node: NodePlan, name: str, value: str) -> None:
    if name == "constraintMsg":
        node.constraint_words = message_words(value)
    elif name == "requiredMsg":
        node.required_words = message_words(value)
    elif name == "preload":
        node.preload = value
    elif name == "preloadParams":
        node.preload_params = value


def _pair(node: NodePlan, target: str) -> bool:
    """Join a companion (unclear/refused/pending) with the question beside it; False when there is none."""
    name = target.strip().removeprefix("${").removesuffix("}").strip().rpartition("/")[2]
    beside = node.parent.child(name) if node.parent else None
    if beside is None or beside is node or not beside.is_leaf:
        return False
    node.unknown_of = beside
    beside.companion = node
    return True
