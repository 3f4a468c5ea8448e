"""An OpenRosa submission back to an answers tree or into a session."""

from __future__ import annotations

from forms.definition.model import FormDefinition
from forms.definition.outline import question_type
from forms.definition.plan import NodePlan
from forms.expression.nodes import Node, NodeKind
from forms.expression.xml import XmlError, parse_xml
from forms.problems import DraftError
from forms.session.answers import is_meta
from forms.session.casting import json_of
from forms.session.contract import ORDER, ROW, Json


def answers_from_xml(definition: FormDefinition, xml: bytes) -> dict[str, Json]:
    """The answers of a submission. Raises DraftError when it is no XML or of another form."""
    return _group(definition.plan.root, submission_root(definition, xml))


def submission_root(definition: FormDefinition, xml: bytes) -> Node:
    """The root element of a submission of this form."""
    try:
        document = parse_xml(xml)
    except XmlError as error:
        raise DraftError("submission.broken") from error
    root: Node | None = next((n for n in document.children if n.kind == NodeKind.ELEMENT), None)
    if root is None or root.name != definition.root_name:
        raise DraftError("submission.other_form")
    given = root.attribute("id")
    if given is not None and given != definition.id:
        raise DraftError("submission.other_form")
    return root


def _group(plan: NodePlan, element: Node) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for child in plan.children:
        elements = element.named(child.name)
        if not elements or is_meta(child):
            continue
        if child.is_repeat:
            keys = [str(i) for i in range(1, len(elements) + 1)]
            found[child.name] = {ORDER: keys}
            for key, row in zip(keys, elements, strict=True):
                found[child.name][key] = {ROW: True, **_group(child, row)}
        elif child.is_leaf:
            text = elements[0].string()
            if text:
                found[child.name] = json_of(text, question_type(child), child.data_type)
        else:
            inner = _group(child, elements[0])
            if inner:
                found[child.name] = inner
    return found
