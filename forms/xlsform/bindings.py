"""The county's own bind attributes: facts, companions, entity properties, defaults."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from forms.definition.plan import NodePlan, Plan
from forms.problems import FormProblem
from forms.xlsform.expressions import ExpressionCheck
from forms.xlsform.places import ALIASES, Places

STATES = frozenset(("unclear", "refused", "pending"))


def check_bindings(plan: Plan, places: Places, vocabulary: Collection[str] | None) -> Iterator[FormProblem]:
    check = ExpressionCheck(plan)
    known = frozenset(vocabulary) if vocabulary is not None else None
    for node, target in plan.extra.get("unpaired", {}).items():
        yield _problem("fact.unknown_of", node, places, "unknown-of", name=node.name, target=target)
    for node in plan.root.walk():
        yield from _fact(node, places, known)
        yield from _companion(node, places, check)
        yield from _default(node, places, check)
    yield from _properties(plan, places)


def _problem(code: str, node: NodePlan, places: Places, column: str, **words: str) -> FormProblem:
    header = places.column(places.row(node.path), ALIASES[column])
    return FormProblem(code, "survey", places.number(node.path), header, tuple(words.items()))


def _fact(node: NodePlan, places: Places, known: frozenset[str] | None) -> Iterator[FormProblem]:
    fact = node.bind.get("tjb:fact", "").strip()
    if fact and not node.is_leaf:
        yield _problem("fact.on_group", node, places, "fact", fact=fact)
    elif fact and known is not None and fact not in known:
        yield _problem("fact.unknown", node, places, "fact", fact=fact, near=_nearest(fact, known))


def _nearest(fact: str, known: frozenset[str]) -> str:
    from difflib import get_close_matches

    return ", ".join(get_close_matches(fact, sorted(known), 3)) or "-"


def _companion(node: NodePlan, places: Places, check: ExpressionCheck) -> Iterator[FormProblem]:
    if node.unknown_of is None:
        return
    allowed = check.choices(node)
    if node.control != "select1" or not allowed or not allowed <= STATES:
        yield _problem("fact.companion", node, places, "unknown-of", name=node.name)


def _default(node: NodePlan, places: Places, check: ExpressionCheck) -> Iterator[FormProblem]:
    allowed = check.choices(node) if node.default else None
    if allowed is None:
        return
    for value in node.default.split():
        if value not in allowed:
            yield _problem("expression.choice", node, places, "default", name=node.name, choice=value)


def _properties(plan: Plan, places: Places) -> Iterator[FormProblem]:
    """Two questions of one scope must not write one property."""
    seen: dict[tuple[tuple[NodePlan, ...], str], NodePlan] = {}
    for node in plan.root.walk():
        if not node.save_to:
            continue
        key = (node.repeats, node.save_to.lower())
        if key in seen:
            yield _problem("entity.collision", node, places, "save_to", property=node.save_to, other=seen[key].name)
        seen.setdefault(key, node)
