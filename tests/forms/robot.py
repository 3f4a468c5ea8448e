"""Fills any form to its end: looks at each question as a window shows it and gives something that fits."""

from __future__ import annotations

from typing import Any

from forms import api
from forms.session.session import Session

TYPES: dict[api.Type, list[Any]] = {
    api.Type.INTEGER: [1, 0, 5, 18, 30, 100, 2, 3, 999, 2000], api.Type.DECIMAL: ["1", "0.5", "10", "100"],
    api.Type.DATE: ["2020-02-29", "2026-11-20", "1960-05-05", "2027-01-01"], api.Type.TIME: ["08:30:00.000+08:00"],
    api.Type.DATETIME: ["2026-11-20T08:30:00.000+08:00"], api.Type.BOOLEAN: [True],
    api.Type.GEOPOINT: ["30.1 120.2 0 0"], api.Type.GEOTRACE: ["30 120 0 0;31 121 0 0"],
    api.Type.GEOSHAPE: ["30 120 0 0;31 121 0 0;30 121 0 0;30 120 0 0"], api.Type.IMAGE: ["a.jpg"],
    api.Type.AUDIO: ["a.m4a"], api.Type.VIDEO: ["a.mp4"], api.Type.FILE: ["a.pdf"], api.Type.BARCODE: ["6901"],
    api.Type.ACKNOWLEDGE: [True],
    api.Type.TEXT: ["王桂兰", "1234567890", "13800000000", "a", "A-1", "abc@example.org", "1", "12345678901", "yes"],
}  # fmt: skip


def candidates(view: api.NodeView) -> list[Any]:
    """Values to try for a question, likeliest first."""
    kind = view.node.type
    if view.node.has_choices:
        values = [c.value for c in view.choices]
        if kind is api.Type.RANK:
            return [values] if values else []
        if kind is api.Type.SELECT_MULTIPLE:
            return [[v] for v in values] + [values]
        return list(values)
    if kind is api.Type.RANGE and view.node.range:
        return [view.node.range.start, view.node.range.end]
    return TYPES.get(kind, TYPES[api.Type.TEXT])


def fill_to_end(session: Session, rounds: int = 12) -> tuple[api.AnswerProblem, ...]:
    """Answer until nothing is missing or nothing more can be done; gives what is left."""
    for _ in range(rounds):
        before = session.save()["values"]
        for node_id in list(_questions(session, "")):
            if session.exists(node_id):
                _answer(session, node_id)
        if not session.problems() and session.save()["values"] == before:
            break
    return session.problems()


def _questions(session: Session, node_id: str) -> Any:
    for child in session.children(node_id):
        node = session.node_of(child)
        if node.kind is api.Kind.QUESTION:
            yield child
        elif node.kind in (api.Kind.GROUP, api.Kind.REPEAT):
            yield from _questions(session, child)


def _answer(session: Session, node_id: str) -> None:
    view = session.view(node_id)
    if not view.relevant or view.readonly or view.node.unknown_of or (view.value is not None and view.valid):
        return
    for value in candidates(view):
        try:
            session.set(node_id, value)
        except api.AnswerRefused:
            continue
        if not session.exists(node_id) or session.view(node_id).valid:
            return
    session.set(node_id, None)
