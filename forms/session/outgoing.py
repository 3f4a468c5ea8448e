"""The OpenRosa submission: the relevant answers as XML."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from forms.definition.model import FormDefinition, Type
from forms.definition.outline import question_type
from forms.definition.tree import JAVAROSA
from forms.session.tree import Answer

XFORMS = "http://www.w3.org/2002/xforms"
_FILES = (Type.IMAGE, Type.AUDIO, Type.VIDEO, Type.FILE)


def submission_xml(definition: FormDefinition, root: Answer) -> bytes:
    """The instance as UTF-8 XML; irrelevant answers are left out."""
    declared = _declarations(definition, root)
    attributes = "".join(f" {name}={quoteattr(uri)}" for name, uri in sorted(declared.items()))
    attributes += "".join(_root_attributes(root))
    inner = "".join(_element(child) for child in root.children)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{_name(root)}{attributes}>{inner}</{_name(root)}>'
    return text.encode()


def _declarations(definition: FormDefinition, root: Answer) -> dict[str, str]:
    found: dict[str, str] = {}
    scope = definition.plan.namespace_texts
    if root.uri not in ("", XFORMS) and not root.prefix:
        found["xmlns"] = root.uri
    for node in root.walk():
        for named in (node, *node.attributes):
            if named.prefix and named.relevant:
                uri = named.uri or scope.get(named.prefix, "")
                if uri:
                    found[f"xmlns:{named.prefix}"] = uri
    return found


def _root_attributes(root: Answer) -> list[str]:
    return [f" {_name(a)}={quoteattr(a.value)}" for a in root.attributes if a.uri != JAVAROSA and a.relevant]


def _name(node: object) -> str:
    prefix, name = getattr(node, "prefix", ""), getattr(node, "name", "")
    return f"{prefix}:{name}" if prefix else str(name)


def _element(node: Answer) -> str:
    if not node.relevant:
        return ""
    name = _name(node)
    attributes = "".join(f" {_name(a)}={quoteattr(a.value)}" for a in node.attributes if a.relevant and a.value)
    inner = "".join(_element(c) for c in node.children) if node.children else escape(clean(node.value))
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


def clean(text: str) -> str:
    """Without the control characters XML cannot hold."""
    return "".join(ch for ch in text if ch >= " " or ch in "\t\n\r")


def instance_id(root: Answer) -> str:
    for node in root.walk():
        if node.name == "instanceID" and node.parent is not None and node.parent.name == "meta":
            return node.value
    return ""


def attachments(root: Answer) -> tuple[str, ...]:
    """File names the submission refers to."""
    names = [n.value for n in root.walk() if n.relevant and n.value and question_type(n.plan) in _FILES]
    return tuple(dict.fromkeys(names))
