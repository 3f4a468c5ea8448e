"""Two submissions side by side, and answers as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from forms.definition.lists import listed_values, plain_text
from forms.definition.model import FormDefinition, Kind
from forms.definition.plan import NodePlan
from forms.problems import UnknownNode
from forms.session.contract import ROW, Choice, Json
from forms.session.pointers import leaves, plan_at
from forms.session.reports import Difference


def differences(
    definition: FormDefinition, a: Mapping[str, Json], b: Mapping[str, Json], lang: str
) -> list[Difference]:
    """Questions and rows whose answers differ, in the form's order; calculated values are not compared."""
    root = definition.plan.root
    old = {pointer: value for pointer, plan, value in leaves(root, a) if _asked(definition, plan)}
    new = {pointer: value for pointer, plan, value in leaves(root, b) if _asked(definition, plan)}
    order = _merged_order(list(old), list(new))
    return [
        _difference(definition, pointer, old.get(pointer), new.get(pointer), lang)
        for pointer in order
        if old.get(pointer) != new.get(pointer)
    ]


def _asked(definition: FormDefinition, plan: NodePlan) -> bool:
    node = definition.nodes.get(plan.id)
    return node is not None and (node.kind in (Kind.QUESTION, Kind.REPEAT) or bool(node.fact))


def _merged_order(first: list[str], second: list[str]) -> list[str]:
    """Both lists in one, each in its own order: what only one has stays behind its neighbour."""
    found = list(first)
    known = set(first)
    place = 0
    for pointer in second:
        if pointer in known:
            place = found.index(pointer) + 1
        else:
            found.insert(place, pointer)
            place += 1
    return found


def _difference(definition: FormDefinition, pointer: str, old: Json, new: Json, lang: str) -> Difference:
    return Difference(
        path=pointer,
        label=label_of(definition, pointer, lang),
        old=old,
        new=new,
        old_text=spoken_answer(definition, pointer, old, lang),
        new_text=spoken_answer(definition, pointer, new, lang),
    )


def label_of(definition: FormDefinition, pointer: str, lang: str) -> str:
    """The label of the question (or repeat) a pointer leads to; its name when it has none."""
    plan = plan_of(definition, pointer)
    return plain_text(definition.plan, plan.label, lang or definition.default_language) or plan.name


def listed_choices(definition: FormDefinition, node_id: str, lang: str) -> tuple[Choice, ...]:
    """See ``forms.api.choices_of``."""
    listed = listed_values(definition.plan, plan_of(definition, node_id)) or {}
    language = lang or definition.default_language
    return tuple(Choice(value, plain_text(definition.plan, words, language)) for value, words in listed.items())


def plan_of(definition: FormDefinition, node_id: str) -> NodePlan:
    """The plan behind a definition id ("/members/age") or a pointer with row keys. Raises UnknownNode."""
    return definition.plan.by_id.get(node_id) or plan_at(definition.plan.root, node_id)


def spoken_answer(definition: FormDefinition, node_id: str, value: Json, lang: str) -> str:
    """See ``forms.api.answer_text``."""
    if value is None:
        return ""
    if node_id.endswith("/" + ROW):
        return "✓" if value else ""
    try:
        plan = plan_of(definition, node_id)
    except UnknownNode:
        return str(value)
    language = lang or definition.default_language
    values = value if isinstance(value, list) else [value]
    labels = listed_values(definition.plan, plan) or {}
    return "、".join(plain_text(definition.plan, labels.get(str(v)), language) or str(v) for v in values)
