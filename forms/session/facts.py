"""What the answers say about the facts the rules ask for."""

from __future__ import annotations

from datetime import tzinfo

from forms.definition.outline import question_type
from forms.session.casting import value_of
from forms.session.contract import FactAnswer, FactState
from forms.session.tree import Answer

_STATES = {s.value: s for s in (FactState.UNCLEAR, FactState.REFUSED, FactState.PENDING)}


def fact_answers(root: Answer, zone: tzinfo) -> tuple[FactAnswer, ...]:
    """One answer for each relevant question that binds a fact, row by row."""
    found = []
    for node in root.walk():
        fact = node.plan.bind.get("tjb:fact", "").strip()
        if fact and node.relevant and node.plan.is_leaf:
            value = value_of(node.value, question_type(node.plan), node.plan.data_type, zone)
            keys = tuple(row.key for row in node.repeat_rows())
            found.append(FactAnswer(fact, value, _state(node), keys, node.id))
    return tuple(found)


def _state(node: Answer) -> FactState:
    if node.value:
        return FactState.KNOWN
    companion = node.plan.companion
    beside = node.parent.leaf(companion.name) if companion is not None else None
    if beside is None or not beside.relevant:
        return FactState.EMPTY
    return _STATES.get(beside.value, FactState.EMPTY)
