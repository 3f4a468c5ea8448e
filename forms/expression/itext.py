"""Texts by language in a form document, for jr:itext() on plain documents."""

from __future__ import annotations

from typing import Any

from forms.expression.nodes import Node


def values_in(document: Node, name: str, language: str) -> list[Any]:
    """The <value> elements of a text in a language; an unnamed or unknown language means the default."""
    translations = [n for n in document.descend() if n.kind == 1 and n.name == "translation"]
    chosen = next((t for t in translations if t.attribute("lang") == language), None)
    if chosen is None:
        chosen = next((t for t in translations if t.attribute("default") is not None), None)
    if chosen is None and translations:
        chosen = translations[0]
    if chosen is None:
        return []
    text = next((t for t in chosen.named("text") if t.attribute("id") == name), None)
    return text.named("value") if text is not None else []
