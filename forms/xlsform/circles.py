"""Questions that calculate or show one another in a circle."""

from __future__ import annotations

from collections.abc import Iterator

from forms.definition.plan import Plan, Role
from forms.problems import FormProblem
from forms.xlsform.places import COLUMNS, Places


def check_circles(plan: Plan, places: Places) -> Iterator[FormProblem]:
    """One problem for each circle, at its first row. A circle through a repeat's count grows row by row and
    ends; it is the way forms ask "another one?"."""
    for circle in plan.extra["circles"]:
        if any(role is Role.COUNT for _, role in circle):
            continue
        tasks = sorted(circle, key=lambda t: (places.number(t[0].path), t[1]))
        node, role = tasks[0]
        names = ", ".join(dict.fromkeys(n.name for n, _ in tasks))
        column = places.column(places.row(node.path), COLUMNS[role])
        yield FormProblem("form.circle", "survey", places.number(node.path), column, (("names", names),))
