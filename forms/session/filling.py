"""Fills a form from an answers tree as a person would: question by question, in the form's order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms.definition.outline import shown_children
from forms.definition.plan import NodePlan, Role
from forms.problems import AnswerRefused, FormError
from forms.session.contract import ORDER, ROW, Json
from forms.session.session import Session


@dataclass(frozen=True)
class Refusal:
    """One answer of the file that did not go in; ``code`` as in AnswerRefused, or "unknown"."""

    path: str
    code: str


def unknown_paths(plan: NodePlan, tree: Mapping[str, Json], pointer: str = "") -> Iterator[str]:
    """Paths of an answers tree that the form does not have."""
    for name, value in tree.items():
        if name in (ROW, ORDER):
            continue
        child = plan.child(name)
        here = f"{pointer}/{name}"
        if child is None or (isinstance(value, Mapping) and child.is_leaf):
            yield here
        elif child.is_repeat:
            for key, row in _rows(value):
                if isinstance(row, Mapping):
                    yield from unknown_paths(child, row, f"{here}/{key}")
                else:
                    yield f"{here}/{key}"
        elif isinstance(value, Mapping):
            yield from unknown_paths(child, value, here)
        elif not child.is_leaf:
            yield here


def _rows(value: Json) -> list[tuple[str, Any]]:
    """Rows of a repeat, written as a list or as {key: row}."""
    if isinstance(value, list):
        return [(str(n), row) for n, row in enumerate(value, 1)]
    if isinstance(value, Mapping):
        order = [k for k in value.get(ORDER) or [] if k in value]
        return [(k, value[k]) for k in (*order, *(k for k in value if k != ORDER and k not in order))]
    return [("1", value)]


def fill(session: Session, tree: Mapping[str, Json]) -> list[Refusal]:
    """Answer everything the tree has; gives what was refused."""
    refusals: list[Refusal] = []
    _fill_group(session, session.definition.plan.root, tree, "", refusals)
    return refusals


def _fill_group(
    session: Session, plan: NodePlan, tree: Mapping[str, Json], pointer: str, refusals: list[Refusal]
) -> None:
    for child in shown_children(plan):
        if child.name not in tree:
            continue
        value, here = tree[child.name], f"{pointer}/{child.name}"
        if child.is_repeat:
            _fill_rows(session, child, value, here, refusals)
        elif child.is_leaf:
            _answer(session, child, here, value, refusals)
        elif isinstance(value, Mapping):
            _fill_group(session, child, value, here, refusals)


def _answer(session: Session, plan: NodePlan, pointer: str, value: Json, refusals: list[Refusal]) -> None:
    if Role.CALCULATE in plan.expressions and not plan.control:
        return  # calculated by the form; a file taken from answers() has these too
    try:
        session.set(pointer, value)
    except AnswerRefused as refused:
        refusals.append(Refusal(pointer, refused.code))


def _fill_rows(
    session: Session, plan: NodePlan, value: Json, pointer: str, refusals: list[Refusal]
) -> None:
    here = list(session.children(pointer))
    for key, row in _rows(value):
        if not isinstance(row, Mapping) or row.get(ROW) is False:
            continue
        wanted = f"{pointer}/{key}"
        if wanted in here:
            row_id = wanted
        elif here and isinstance(value, list):
            row_id = here[0]
        else:
            try:
                session.add_row(pointer, key if isinstance(value, Mapping) else None)
            except FormError:
                refusals.append(Refusal(wanted, "counted"))
                continue
            row_id = wanted if isinstance(value, Mapping) else session.children(pointer)[-1]
        if row_id in here:
            here.remove(row_id)
        _fill_group(session, plan, row, row_id, refusals)
