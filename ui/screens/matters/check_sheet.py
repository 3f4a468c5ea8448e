"""The information-check report beside what the family declared: every line, differences marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from fieldapp.workflows.matters.check_report import CheckReport, figure
from ui import formats, privacy
from ui.screens.base import scroll_area
from ui.units import told
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.labels import label
from ui.widgets.sheet import Sheet
from ui.widgets.tag import Tag
from ui.words import t

TONES = {"agrees": "done", "differs": "abnormal", "undeclared": "changed", "words": "todo", "stranger": "changed"}
HEADS = ("name", "item", "declared", "found", "source", "state")


def report_table(rows: Sequence[Mapping[str, Any]]) -> QWidget:
    """The lines of a report as a table."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(8)
    for column, head in enumerate(HEADS):
        grid.addWidget(label(t(f"check.{head}"), "second"), 0, column)
    for place, row in enumerate(rows, 1):
        unit = str(row.get("unit") or "")
        texts = (privacy.name(str(row.get("name") or "")), str(row.get("item") or ""),
                 privacy.secret(told(figure(row.get("declared_value"), unit))),
                 privacy.secret(_found(row, unit)), str(row.get("source") or ""))  # fmt: skip
        for column, text in enumerate(texts):
            differs = column == 3 and row.get("state") == "differs"
            grid.addWidget(label(text, "strong" if differs else "body", tone="abnormal" if differs else "", wrap=True),
                           place, column)  # fmt: skip
        state = str(row.get("state") or "words")
        grid.addWidget(Tag(t(f"check.state.{state}"), TONES[state]), place, len(texts), Qt.AlignmentFlag.AlignLeft)
    grid.setRowStretch(len(rows) + 1, 1)
    for column, share in ((2, 2), (3, 2), (4, 3)):
        grid.setColumnStretch(column, share)
    return made


def _found(row: Mapping[str, Any], unit: str) -> str:
    """As the report has it; a bare number with the unit it is compared in, where it is of the same span."""
    found, same = str(row.get("found") or ""), told(figure(row.get("found_value"), unit))
    return same if same.split(" ")[0] == found else found


def report_card(rows: Sequence[Mapping[str, Any]]) -> Card:
    card = Card(t("check.title"))
    card.add(report_table(rows))
    return card


class CheckSheet(Sheet):
    """What was read in, before it is kept; Enter takes it and goes on to the step's form."""

    def __init__(self, window: QWidget, report: CheckReport, take: Callable[[], None]) -> None:
        super().__init__(window, t("check.title"), width=900)
        self.report, self._take = report, take
        words = t("check.differing", n=report.differing) if report.differing else t("check.none")
        self.body.addWidget(label(words, "strong", tone="abnormal" if report.differing else "done", wrap=True))
        day = formats.day_text(report.declared_on) if report.declared_on else ""
        against = t("check.against", day=day) if day else t("check.no_visit")
        self.body.addWidget(label(against, "second", wrap=True))
        area, inner = scroll_area()
        lines = QGridLayout(inner)
        lines.setContentsMargins(0, 0, 8, 0)
        lines.addWidget(report_table([row.to_json() for row in report.rows]))
        area.setMinimumHeight(min(360, 80 + 36 * len(report.rows)))
        self.body.addWidget(area)
        self.button = Button(t("check.take"), kind="primary", key="Enter")
        self.button.clicked.connect(self.take)
        self.foot.addWidget(self.button)

    def take(self) -> None:
        self.close_sheet()
        self._take()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.take()
        else:
            super().keyPressEvent(event)
