"""How pressing a thing is, in one tag and one due line."""

from __future__ import annotations

from datetime import date

from fieldapp.workflows.today import Todo
from ui import formats
from ui.words import t

SOON_WORKING_DAYS = 2


def tag_of(todo: Todo) -> tuple[str, str]:
    """(words, tone)."""
    if todo.kind == "emergency":
        return t("tag.urgent"), "abnormal"
    if todo.kind == "returned":
        return t("tag.returned"), "changed"
    if todo.kind == "conflict":
        return t("review.kind.conflict"), "abnormal"
    if todo.kind == "review":
        kind = todo.purpose if todo.purpose in ("urgent", "recheck") else "routine"
        return t(f"review.kind.{kind}"), {"urgent": "abnormal", "recheck": "changed", "routine": "todo"}[kind]
    if todo.kind == "draft" and todo.days_left is None:
        return t("tag.draft"), "accent"
    return days_tag(todo.days_left, calm="todo" if todo.kind == "revisit" else "changed")


def days_tag(left: int | None, *, calm: str = "changed") -> tuple[str, str]:
    """Days left as a tag; ``calm`` is the tone of what still has time."""
    if left is None:
        return t("tag.no_term"), "todo"
    if left < 0:
        return t("tag.late", n=-left), "abnormal"
    if left == 0:
        return t("tag.today"), "abnormal" if calm == "changed" else "todo"
    return t("tag.left", n=left), "abnormal" if calm == "changed" and left <= SOON_WORKING_DAYS else calm


def due_words(todo: Todo, today: date) -> str:
    if todo.kind == "revisit":
        return t(f"revisit.every.{todo.risk}") if todo.risk in ("high", "medium", "low") else ""
    if todo.kind in ("returned", "draft", "review", "conflict") and not todo.due_on:
        return formats.when(formats.stamp(todo.at), today=today) if todo.at else ""
    if not todo.due_on:
        return t("tag.no_term_long")
    return t("tag.due", day=formats.day_text(todo.due_on, today=today))
