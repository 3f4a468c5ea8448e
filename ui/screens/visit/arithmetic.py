"""A sheet with the calculation behind a result: every step, the clause it rests on, the parameter and its date."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.workflows.assessing import Assessed, PolicyLine, StepLine
from ui.screens.base import scroll_area
from ui.screens.visit.side import policy_row
from ui.widgets.labels import label
from ui.widgets.sheet import Sheet
from ui.widgets.tag import Tag
from ui.words import t

DEEPEST = 6


def show_arithmetic(window: QWidget, line: PolicyLine) -> Sheet:
    """Open the calculation of one policy or programme."""
    sheet = Sheet(window, t("policy.arithmetic", policy=line.name), width=680)
    head = QHBoxLayout()
    head.addWidget(Tag(line.words, line.tone))
    head.addWidget(label(t("policy.advice_only"), "second"), 1)
    sheet.body.addLayout(head)
    if line.papers:
        sheet.body.addWidget(label(t("policy.papers", papers="、".join(line.papers)), wrap=True))
    area, inner = scroll_area()
    area.setMinimumHeight(320)
    lines = QVBoxLayout(inner)
    lines.setContentsMargins(0, 8, 8, 8)
    lines.setSpacing(8)
    for step in line.steps:
        lines.addWidget(_step(step))
    lines.addStretch()
    sheet.body.addWidget(area, 1)
    sheet.open()
    return sheet


def show_all_policies(window: QWidget, result: Assessed, explain: Callable[[str], None]) -> Sheet:
    """Every policy of the catalogue with its state and why."""
    sheet = Sheet(window, t("policy.title"), width=680)
    area, inner = scroll_area()
    area.setMinimumHeight(360)
    lines = QVBoxLayout(inner)
    lines.setSpacing(0)
    for line in result.foremost(len(result.policies)):
        lines.addWidget(policy_row(line, explain))
        if line.reasons:
            lines.addWidget(label("；".join(line.reasons[:2]), "second", wrap=True))
    lines.addStretch()
    sheet.body.addWidget(area, 1)
    sheet.open()
    return sheet


def _step(step: StepLine) -> QWidget:
    made = QWidget()
    lines = QVBoxLayout(made)
    lines.setContentsMargins(16 * min(step.depth, DEEPEST), 0, 0, 0)
    lines.setSpacing(0)
    lines.addWidget(label(step.text, "strong" if step.depth == 0 else "body", wrap=True))
    rests = " · ".join(part for part in (step.clause, step.parameter) if part)
    if rests:
        lines.addWidget(label(rests, "second", wrap=True))
    return made
