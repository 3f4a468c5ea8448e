"""A compiled XForm to its definition: the quick path every window takes."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from forms.definition.binds import read_binds
from forms.definition.body import read_body
from forms.definition.dependencies import connect
from forms.definition.instances import read_instances
from forms.definition.itext import read_texts
from forms.definition.model import FormDefinition
from forms.definition.outline import describe_nodes
from forms.definition.plan import NodePlan, Plan
from forms.definition.tree import build_tree, ensure_meta
from forms.expression.nodes import Node
from forms.expression.xml import XmlError, parse_xml
from forms.problems import FormErrors, FormProblem

MAX_NODES = 30_000


def load_definition(xml: bytes) -> FormDefinition:
    """Read an XForm; raises FormErrors with what is wrong, located by path where there is one."""
    with uncollected():
        return _load(xml)


@contextmanager
def uncollected() -> Iterator[None]:
    """Loading makes tens of thousands of objects and no garbage: collecting in between doubles its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _load(xml: bytes) -> FormDefinition:
    try:
        document = parse_xml(xml)
    except XmlError as error:
        raise FormErrors([FormProblem("xform.broken", words=(("detail", str(error)),))]) from error
    html = next((n for n in document.children if n.kind == 1), None)
    head = _only(html, "head")
    model = _only(head, "model")
    body = _only(html, "body")
    if html is None or model is None or body is None:
        raise FormErrors([FormProblem("xform.not_a_form")])
    return _definition(xml, html, _only(head, "title"), model, body)


def _only(node: Node | None, name: str) -> Node | None:
    found = node.named(name) if node is not None else []
    return found[0] if found else None


def _definition(xml: bytes, html: Node, title: Node | None, model: Node, body: Node) -> FormDefinition:
    namespaces = {**html.namespaces(), **model.namespaces()}
    primary, instances, external = read_instances(model)
    root = build_tree(primary, body)
    ensure_meta(root)
    if len(root.walk()) > MAX_NODES:
        raise FormErrors([FormProblem("form.too_large", words=(("limit", str(MAX_NODES)),))])
    by_path = {plan.path: plan for plan in root.walk()}
    plan = Plan(
        root=root, texts=read_texts(model), by_id={}, actions=[], instances=instances, external=external,
        namespaces=namespaces, namespace_texts=primary.namespaces(), by_path=by_path,
    )  # fmt: skip
    read_binds(model, plan)
    read_body(model, body, plan)
    connect(plan)
    plan.by_id = {p.id: p for p in root.walk()}
    version = model.attribute("entities-version")
    plan.entities_version = version or ""
    plan.entities = [p for p in root.walk() if _is_entity(p)]
    return FormDefinition(
        id=primary.attribute("id") or primary.uri or root.name,
        version=primary.attribute("version") or "",
        root_name=root.name,
        languages=plan.texts.languages,
        default_language=plan.texts.default,
        nodes=describe_nodes(plan),
        titles=_titles(title, plan),
        external_files=tuple(external.values()),
        xml=xml,
        plan=plan,
    )


def _titles(title: Node | None, plan: Plan) -> dict[str, str]:
    titles = {"": title.string().strip() if title is not None else ""}
    for language in plan.texts.languages:
        forms = plan.texts.by_language[language].get("/title") or {}
        text = "".join(p for p in forms.get("", ()) if isinstance(p, str))
        if text:
            titles[language] = text
    return titles


def _is_entity(plan: NodePlan) -> bool:
    return plan.name == "entity" and plan.parent is not None and plan.parent.name == "meta"
