"""The <body>: controls, groups, repeats, choices; and the actions of body and model."""

from __future__ import annotations

from forms.definition.itext import read_words
from forms.definition.paths import absolute_path, find_plan
from forms.definition.plan import Action, Expression, Itemset, NodePlan, Plan, Role, StaticItem, Words
from forms.definition.tree import JAVAROSA
from forms.expression.lexer import XPathSyntaxError
from forms.expression.nodes import Node, NodeKind
from forms.expression.parser import parse
from forms.expression.syntax import Call, Expr, Path, String

CONTROLS = frozenset(("input", "select", "select1", "rank", "range", "upload", "trigger", "secret", "textarea"))
_OWN = frozenset(("ref", "nodeset", "appearance", "mediatype", "start", "end", "step", "bind", "class"))


def read_body(model: Node, body: Node, plan: Plan) -> None:
    """Give plans their controls; references that lead nowhere are left in plan.extra["loose"]."""
    _BodyReader(plan).read(model, body)


class _BodyReader:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.by_path = dict(plan.by_path)
        self.place = 0

    def read(self, model: Node, body: Node) -> None:
        for element in model.children:
            if element.kind == NodeKind.ELEMENT:
                self.action(element, self.plan.root.path, None)
        self.elements(body, self.plan.root.path, None)

    def elements(self, parent: Node, base: str, within: NodePlan | None) -> None:
        for element in parent.children:
            if element.kind != NodeKind.ELEMENT:
                continue
            if element.name in CONTROLS:
                self.control(element, base)
            elif element.name == "group":
                self.group(element, base, within)
            elif element.name == "repeat":
                self.repeat(element, base)
            else:
                self.action(element, base, within)

    def target(self, element: Node, base: str) -> NodePlan | None:
        identifier = element.attribute("bind")
        if identifier and identifier in self.plan.extra.get("bind_ids", {}):
            bound: NodePlan | None = self.plan.extra["bind_ids"][identifier]
            return bound
        ref = element.attribute("nodeset") or element.attribute("ref") or ""
        found = find_plan(ref, base, self.by_path)
        if found is None:  # nothing to show it on; the workbook check refuses such a form
            self.plan.extra.setdefault("loose", []).append(ref)
        return found

    def seen(self, node: NodePlan) -> None:
        self.place += 1
        if node.body_order is None:
            node.body_order = self.place

    def group(self, element: Node, base: str, within: NodePlan | None) -> None:
        has_ref = element.attribute("ref") or element.attribute("nodeset") or element.attribute("bind")
        if not has_ref:
            self.elements(element, base, within)
            return
        node = self.target(element, base)
        if node is None:
            return
        self.seen(node)
        self.describe(element, node)
        node.control = node.control or "group"
        self.elements(element, node.path, node)

    def repeat(self, element: Node, base: str) -> None:
        node = self.target(element, base)
        if node is None:
            return
        self.seen(node)
        label, hint, appearance = node.label, node.hint, node.appearance
        self.describe(element, node)
        node.label, node.hint = node.label or label, node.hint or hint
        node.appearance = node.appearance or appearance
        node.control = "repeat"
        count = element.attribute("count", JAVAROSA)
        if count:
            node.expressions[Role.COUNT] = Expression(count)
        fixed = (element.attribute("noAddRemove", JAVAROSA) or "").strip().lower()
        node.no_add_remove = fixed in ("true", "true()")
        self.elements(element, node.path, node)

    def describe(self, element: Node, node: NodePlan) -> None:
        node.label = read_words(_first(element, "label"))
        node.hint = read_words(_first(element, "hint"))
        node.appearance = tuple((element.attribute("appearance") or "").split())

    def control(self, element: Node, base: str) -> None:
        node = self.target(element, base)
        if node is None:
            return
        self.seen(node)
        self.describe(element, node)
        node.control = element.name
        node.media_type = element.attribute("mediatype") or ""
        if element.name == "range":
            start, end, step = (element.attribute(name) or "" for name in ("start", "end", "step"))
            node.range = (start, end, step)
        for attribute in element.attributes:
            if attribute.name not in _OWN:
                node.parameters[attribute.name] = attribute.value
        self.choices(element, node)
        for child in element.children:
            if child.kind == NodeKind.ELEMENT:
                self.action(child, base, node)

    def choices(self, element: Node, node: NodePlan) -> None:
        for item in element.named("item"):
            value = _first(item, "value")
            words = read_words(_first(item, "label")) or Words()
            node.items.append(StaticItem(value.string().strip() if value is not None else "", words))
        itemset = _first(element, "itemset")
        if itemset is not None:
            node.itemset = read_itemset(itemset)
            node.expressions[Role.CHOICES] = node.itemset.nodes
            if node.itemset.label is not None:
                node.expressions[Role.ITEM_LABEL] = node.itemset.label

    def action(self, element: Node, base: str, within: NodePlan | None) -> None:
        if element.name != "setvalue":
            return
        identifier = element.attribute("bind")
        bound = self.plan.extra.get("bind_ids", {}).get(identifier) if identifier else None
        ref = bound.path if bound is not None else element.attribute("ref") or ""
        value = element.attribute("value")
        action = Action(
            events=frozenset((element.attribute("event") or "").split()),
            target=Expression(_anchored(ref, base)),
            target_plan=self.by_path.get(absolute_path(ref, base)),
            value=Expression(value) if value else None,
            text=element.string(),
            within=within,
        )
        if "xforms-value-changed" in action.events and within is not None:
            within.actions.append(action)
        self.plan.actions.append(action)


def _anchored(ref: str, base: str) -> str:
    return ref if ref.lstrip().startswith("/") else f"{base}/{ref}"


def _first(element: Node, name: str) -> Node | None:
    found = element.named(name)
    return found[0] if found else None


def read_itemset(element: Node) -> Itemset:
    """<itemset nodeset><value ref/><label ref/></itemset>"""
    nodeset = element.attribute("nodeset") or ""
    value, label = _first(element, "value"), _first(element, "label")
    try:
        tree: Expr = parse(nodeset)
    except XPathSyntaxError:  # the workbook check names its cell; a session has no choices to show
        tree = String("")
    return Itemset(
        nodes=Expression(nodeset),
        value=Expression((value.attribute("ref") if value is not None else None) or "."),
        label=Expression(label.attribute("ref") or ".") if label is not None else None,
        list_name=_list_name(tree),
        filtered=_has_predicates(tree),
    )


def _list_name(tree: Expr) -> str:
    if isinstance(tree, Call) and tree.name == "randomize" and tree.arguments:
        return _list_name(tree.arguments[0])
    if isinstance(tree, Path) and isinstance(tree.start, Call) and tree.start.name == "instance":
        name = tree.start.arguments[0]
        return name.value if isinstance(name, String) else ""
    return ""


def _has_predicates(tree: Expr) -> bool:
    if isinstance(tree, Call):
        return any(_has_predicates(a) for a in tree.arguments)
    return isinstance(tree, Path) and (bool(tree.predicates) or any(s.predicates for s in tree.steps))
