"""What pyxform does not look at. Every check finds all its faults; each names its cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from forms.definition.dependencies import outputs
from forms.definition.model import FormDefinition
from forms.definition.plan import Expression, NodePlan, Plan, Role, Words
from forms.problems import FormProblem
from forms.xlsform.bindings import check_bindings
from forms.xlsform.circles import check_circles
from forms.xlsform.expressions import ExpressionCheck
from forms.xlsform.places import ALIASES, COLUMNS, Places

MAX_PROBLEMS = 200


def check_form(
    xml: bytes, definition: FormDefinition | None, places: Places, vocabulary: Collection[str] | None
) -> list[FormProblem]:
    """Problems of a compiled form, by row; none when ``definition`` is None and nothing can be looked at."""
    if definition is None:
        return []
    plan = definition.plan
    loose = [FormProblem("xform.unknown_path", words=(("path", ref),)) for ref in plan.extra.get("loose", [])]
    if not any(node.control for node in plan.root.walk()):
        loose.append(FormProblem("form.no_questions", "survey"))
    found = [
        *loose, *_expressions(plan, places), *check_circles(plan, places),
        *check_bindings(plan, places, vocabulary),
    ]  # fmt: skip
    unique = list(dict.fromkeys(found))
    return sorted(unique, key=lambda p: (p.sheet, p.row, p.column))[:MAX_PROBLEMS]


def _expressions(plan: Plan, places: Places) -> Iterator[FormProblem]:
    check = ExpressionCheck(plan)
    for node, names, expression, role in every_expression(plan):
        row = places.row(node.path)
        for code, words in check.faults(node, expression, role):
            if code == "expression.instance" and "/meta/entity" in node.path:
                yield FormProblem("entity.no_list", "entities", places.entity_row(words["name"]), "list_name",
                                  tuple(words.items()))  # fmt: skip
                continue
            column = places.column(row, names, _written(expression.text))
            yield FormProblem(code, "survey", places.number(node.path), column, tuple(words.items()))


def _written(text: str) -> str:
    """A piece of the expression that stands in the cell as it does in the form."""
    pieces = [p for p in text.replace("/", " ").split() if not p.startswith("..")]
    return max(pieces, key=len, default="")


def every_expression(plan: Plan) -> Iterator[tuple[NodePlan, tuple[str, ...], Expression, Role]]:
    """Each expression with its node, the columns it may stand in, and its role."""
    for node in plan.root.walk():
        for role, expression in node.expressions.items():
            if role is not Role.ITEM_LABEL:
                yield node, COLUMNS[role], expression, role
        spoken: tuple[tuple[Words | None, tuple[str, ...]], ...] = (
            (node.label, ("label",)), (node.hint, ("hint", "guidance_hint")),
            (node.constraint_words, ("constraint_message",)), (node.required_words, ("required_message",)),
        )  # fmt: skip
        for words, names in spoken:
            for expression in outputs(words, plan):
                yield node, names, expression, Role.LABEL
    for action in plan.actions:
        if action.value is not None and action.target_plan is not None:
            names = ("calculation", "default", "calculate") if action.within else ALIASES["default"]
            yield action.target_plan, names, action.value, Role.CALCULATE
