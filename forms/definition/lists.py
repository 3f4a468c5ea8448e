"""Choice lists that stand in the form itself: their values and labels."""

from __future__ import annotations

import re

from forms.definition.plan import NodePlan, Plan, Words

_SELECTS = ("select1", "select", "rank")
_ITEXT = re.compile(r"^jr:itext\(\s*([\w.-]+)\s*\)$")


def listed_values(plan: Plan, node: NodePlan) -> dict[str, Words] | None:
    """The values of a question's whole list with their labels; None when the form does not hold them."""
    if node.control not in _SELECTS:
        return None
    if node.items:
        return {item.value: item.words for item in node.items}
    if node.itemset is None or node.itemset.list_name not in plan.instances:
        return None
    name = node.itemset.value.text.strip()
    label = node.itemset.label.text.strip() if node.itemset.label else ""
    text_id = _ITEXT.match(label)
    found: dict[str, Words] = {}
    for root in plan.instances[node.itemset.list_name].children:
        for item in root.children:
            values = item.named(name) if item.kind == 1 else []
            if values:
                words = item.named(text_id[1] if text_id else label)
                text = words[0].string() if words else ""
                found[values[0].string()] = Words(text_id=text) if text_id else Words(parts=(text,))
    return found


def plain_text(plan: Plan, words: Words | None, language: str) -> str:
    """A label without what it would take from answers."""
    if words is None:
        return ""
    parts = words.parts
    if words.text_id:
        forms = plan.texts.forms(words.text_id, language)
        parts = forms.get("", forms.get("long", ()))
    return " ".join("".join(p if isinstance(p, str) else "…" for p in parts).split())
