"""The four dates of a lead, each with its term: done in time or late, running, still to come."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from fieldapp.workflows.lead_clocks import Clock
from fieldapp.workflows.leads import LeadLine, LeadPage
from ui import formats
from ui.screens.todo_words import days_tag
from ui.widgets.card import Card
from ui.widgets.labels import label
from ui.widgets.tag import Tag
from ui.words import t


def dates_card(page: LeadPage, today: date) -> Card:
    card = Card(t("leads.dates"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    for column, clock in enumerate(page.clocks):
        grid.addWidget(label(t(f"leads.{clock.step}_on"), "second"), 0, column)
        done = formats.day_text(clock.done_on, today=today) if clock.done_on else "—"
        grid.addWidget(label(done, "strong"), 1, column)
        words, tone = _state(clock, today)
        if words:
            # Aligned: a tag's fixed width would hold its whole column to it.
            grid.addWidget(Tag(words, tone) if tone else label(words, "second"), 2, column, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(column, 1)
    card.body.addLayout(grid)
    card.add(label(with_words(page.line, today), "second", wrap=True))
    if page.rises:
        card.body.addLayout(_rises(page, today))
    if page.withdrawn_on:
        words = t("leads.withdrawn", day=formats.day_text(page.withdrawn_on, today=today))
        card.add(label(" ".join(filter(None, (words, page.withdrawn_why))), tone="changed", wrap=True))
    return card


def with_words(line: LeadLine, today: date) -> str:
    """Who has had it, and since when."""
    day = formats.day_text(line.since, today=today)
    return t("leads.with", who=line.assigned_to, day=day) if line.assigned_to else t("leads.with_nobody", day=day)


def _rises(page: LeadPage, today: date) -> QHBoxLayout:
    """Where it stands when it stays late: reached, or still to come."""
    row = QHBoxLayout()
    row.setSpacing(16)
    for rise in page.rises:
        day = formats.day(rise.on, today=today)
        if rise.reached:
            row.addWidget(Tag(t(f"leads.rose.{rise.level}", day=day), "abnormal"))
        else:
            row.addWidget(label(t(f"leads.rises.{rise.level}", day=day), "second"))
    row.addStretch(1)
    return row


def _state(clock: Clock, today: date) -> tuple[str, str]:
    """(words, tone of a tag; without a tone plain words)."""
    if clock.done_on:
        return (t("leads.done_late"), "changed") if clock.late else ("", "")
    if clock.state == "running":
        return days_tag(clock.days_left)
    if clock.state == "waiting" and clock.due_on:
        return t("tag.due", day=formats.day(clock.due_on, today=today)), ""
    return "", ""
