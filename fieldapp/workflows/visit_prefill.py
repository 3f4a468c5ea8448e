"""What the registry knows, put into a form before anybody is asked (``open_session(prefill=...)``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fieldapp.domain.documents import Household, Person
from fieldapp.workflows.registry_fields import HOUSEHOLDS, PEOPLE, Field, form_value, property_name
from forms import api as forms
from forms.api import FormDefinition, Kind, NodeDef

ROW, ORDER = "@row", "@order"
#: Household facts that the registry answers, whatever the question is called.
HOUSEHOLD_FACTS = {
    "household.living_place": "address",
    "household.register_kind": "nature",
}


def prefill(
    form: FormDefinition, household: Household, members: Sequence[Person], told: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers tree: member rows keyed by person id, household fields, and ``told``, which is known by question
    name (purpose, who investigates)."""
    tree: dict[str, Any] = {}
    for node in _questions(form):
        if node.repeats:
            continue
        value = told.get(node.name)
        if value is None:
            field = HOUSEHOLDS.get(HOUSEHOLD_FACTS.get(node.fact, "") or property_name(node.save_to))
            value = form_value(field, household.state) if field else None
        if value is not None and _fits(form, node, value):
            _put(tree, node.id, value)
    repeat = people_repeat(form)
    if repeat is not None and members:
        _put(tree, repeat.id, _rows(form, repeat, members))
    return tree


def people_repeat(form: FormDefinition) -> NodeDef | None:
    """The repeat whose rows are people: the one with questions that save to the registry's fields of a person."""
    for node in _questions(form):
        if len(node.repeats) == 1 and person_field(node) is not None:
            return form.node(node.repeats[0])
    return None


def person_field(node: NodeDef) -> Field | None:
    """The registry's field behind a question of a member row."""
    return PEOPLE.get(property_name(node.save_to)) if node.save_to else None


def _rows(form: FormDefinition, repeat: NodeDef, members: Sequence[Person]) -> dict[str, Any]:
    questions = [node for node in _questions(form) if node.repeats == (repeat.id,)]
    rows: dict[str, Any] = {ORDER: [person.id for person in members]}
    for person in members:
        row: dict[str, Any] = {ROW: True}
        for node in questions:
            field = person_field(node)
            value = "yes" if node.name == "known_person" else form_value(field, person.state) if field else None
            if value is not None and _fits(form, node, value):
                _put(row, node.id[len(repeat.id) :], value)
        rows[person.id] = row
    return rows


def _fits(form: FormDefinition, node: NodeDef, value: Any) -> bool:
    """The registry's word goes into a choice only where the form has that choice: ledgers bring words of their own."""
    if not node.has_choices:
        return True
    return str(value) in {choice.value for choice in forms.choices_of(form, node.id)}


def _questions(form: FormDefinition) -> Iterator[NodeDef]:
    return (node for node in form.nodes.values() if node.kind in (Kind.QUESTION, Kind.VALUE))


def _put(tree: dict[str, Any], pointer: str, value: Any) -> None:
    *way, last = pointer.strip("/").split("/")
    for part in way:
        tree = tree.setdefault(part, {})
    tree[last] = value
