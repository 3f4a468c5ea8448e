"""The primary instance to a tree of plans."""

from __future__ import annotations

from forms.definition.paths import absolute_path
from forms.definition.plan import NodePlan
from forms.expression.nodes import Node, NodeKind

JAVAROSA = "http://openrosa.org/javarosa"


def build_tree(primary: Node, body: Node) -> NodePlan:
    """Plans of the primary instance; repeats are what the body says they are."""
    repeats = _repeat_paths(body, "/" + primary.name)
    root = NodePlan(primary.name, None, primary)
    _fill(root, [primary], repeats, ())
    return root


def _repeat_paths(element: Node, base: str) -> set[str]:
    found: set[str] = set()
    for child in element.children:
        if child.kind != NodeKind.ELEMENT:
            continue
        ref = child.attribute("nodeset") or child.attribute("ref")
        here = absolute_path(ref, base) if ref else base
        if child.name == "repeat" and ref:
            found.add(here)
        found |= _repeat_paths(child, here)
    return found


def _fill(plan: NodePlan, sources: list[Node], repeats: set[str], around: tuple[NodePlan, ...]) -> None:
    plan.is_repeat = plan.path in repeats
    plan.repeats = around
    inside = (*around, plan) if plan.is_repeat else around
    plan.depth = len(inside)
    for source in sources:
        for attribute in source.attributes:
            _fill_attribute(plan, attribute, inside)
    by_name: dict[str, list[Node]] = {}
    for source in sources:
        for child in source.children:
            if child.kind == NodeKind.ELEMENT:
                by_name.setdefault(child.name, []).append(child)
    plan.is_leaf = not by_name and not plan.is_repeat and plan.parent is not None
    plan.default = plan.source.value if plan.is_leaf else ""
    for name, elements in by_name.items():
        child_plan = NodePlan(name, plan, elements[0])
        child_plan.place = len(plan.children)
        plan.children.append(child_plan)
        _fill(child_plan, elements, repeats, inside)
        if child_plan.is_repeat:
            child_plan.initial_rows = sum(1 for e in plan.source.named(name) if not is_template(e))


def _fill_attribute(plan: NodePlan, attribute: Node, inside: tuple[NodePlan, ...]) -> None:
    if attribute.uri == JAVAROSA or plan.attribute(attribute.name) is not None:
        return
    made = NodePlan(attribute.name, plan, attribute, True)
    made.repeats = inside
    made.depth = len(inside)
    made.default = attribute.value
    plan.attributes.append(made)


def is_template(element: Node) -> bool:
    return element.attribute("template", JAVAROSA) is not None


def ensure_meta(root: NodePlan) -> None:
    """Every submission needs an instanceID; a form without one gets it (OpenRosa metadata)."""
    meta = root.child("meta")
    if meta is None:
        source = Node(NodeKind.ELEMENT, "meta", "", "http://openrosa.org/xforms", "orx")
        meta = NodePlan("meta", root, source)
        meta.is_leaf = False
        meta.place = len(root.children)
        root.children.append(meta)
    if meta.child("instanceID") is None:
        source = Node(NodeKind.ELEMENT, "instanceID", "", meta.uri, meta.prefix)
        made = NodePlan("instanceID", meta, source)
        made.preload = "uid"
        made.place = len(meta.children)
        meta.children.append(made)
        meta.is_leaf = False
