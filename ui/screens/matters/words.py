"""Matters in words: rows of the list, how much time is left, one entry of a step in a line."""

from __future__ import annotations

from datetime import date

from fieldapp.workflows.matters.lists import MatterLine
from fieldapp.workflows.matters.page import EntryLine, MatterPage, Served, StepLine
from fieldapp.workflows.matters.slips import SLIP
from fieldapp.workflows.matters.terms import Due
from ui import formats, privacy
from ui.screens.todo_words import days_tag
from ui.widgets.rows import Row
from ui.words import t

#: state of a step → shape of its mark
MARKS = {"done": "done", "open": "changed", "waiting": "todo"}


def matter_row(line: MatterLine, today: date) -> Row:
    family = t("household.family", name=privacy.name(line.family)) if line.family else t("screening.no_name")
    at = t("matters.at", level=t(f"level.{line.level}"), step=line.next) if line.next else line.provider
    second = t("matters.closed_on", day=formats.day_text(line.closed_on, today=today)) if line.closed_on else at
    if line.type == SLIP and not line.closed_on:
        second = line.place  # whoever serves from outside goes by it
    return Row(title=privacy.secret(line.title), beside=family, second=second, tag=line_tag(line))


def line_tag(line: MatterLine) -> tuple[str, str]:
    if line.closed_on:
        return t("matters.closed"), "done"
    return days_tag(line.days_left) if line.due_on else (t("tag.no_term"), "todo")


def page_tag(page: MatterPage) -> tuple[str, str]:
    if page.closed_on:
        return t("matters.closed"), "done"
    return days_tag(page.days_left) if page.due is not None else (t("tag.no_term"), "todo")


def due_words(step: StepLine, today: date) -> str:
    """``最迟 11 月 25 日（还剩 2 个工作日）· 审核确认办法 §15``; says when a term is not set."""
    due = step.due
    if due is None:
        return ""
    parts = [t("matters.unset") if due.unset else _until(due, today), t("matters.estimated") if due.estimated else "",
             due.clause]  # fmt: skip
    return " · ".join(part for part in parts if part)


def whole_words(page: MatterPage, today: date) -> str:
    due = page.whole
    if due is None or due.on is None or page.closed_on:
        return ""
    words = t("matters.whole", day=formats.day(due.on, today=today))
    return f"{words} · {t('matters.estimated')}" if due.estimated else words


def entry_words(entry: EntryLine, today: date) -> str:
    """One time a step was done: day, who, about whom, what came of it, how much, until when."""
    amount = privacy.secret(formats.yuan(entry.amount)) if entry.amount is not None else ""
    until = t("matters.until", day=formats.day_text(entry.until, today=today)) if entry.until else ""
    day, person = formats.day_text(entry.on, today=today), privacy.name(entry.person)
    parts = (day, entry.who, person, entry.outcome, amount, until, privacy.secret(entry.words.replace("\n", " ")))
    return " · ".join(part for part in parts if part)


def served_words(served: Served, today: date) -> str:
    """What came back from outside."""
    day = formats.day_text(served.on, today=today)
    return t("matters.served", day=day, who=served.by, words=privacy.secret(served.words.replace("\n", " ")))


def _until(due: Due, today: date) -> str:
    if due.at:
        moment = formats.stamp(due.at)
        assert moment is not None
        day = formats.day(moment.astimezone().date(), today=today)
        return t("matters.due_at", day=day, time=formats.clock(moment))
    assert due.on is not None
    return t("tag.due", day=formats.day(due.on, today=today))
