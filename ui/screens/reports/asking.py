"""What a paper or ledger is asked for: its subject, a period, a programme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from fieldapp.workflows.report_subjects import Subject
from ui.privacy import name
from ui.theme import look
from ui.widgets.dropdown import Dropdown
from ui.widgets.labels import label
from ui.words import t


class AskingRow(QWidget):
    """``changed`` fires when another subject, day or programme was chosen; a day that is none is not one."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.subject = self._combo(row, t("reports.about"), 300)
        self.policy = self._combo(row, t("reports.policy"), 160)
        self._words = label(t("reports.period"), "second")
        row.addWidget(self._words)
        self.since, self.until = (self._day(row, t(f"reports.{each}")) for each in ("since", "until"))
        row.addStretch(1)
        self._row = row

    def _combo(self, row: QHBoxLayout, words: str, wide: int) -> Dropdown:
        combo = Dropdown()
        combo.setAccessibleName(words)
        combo.setToolTip(words)
        combo.setFixedWidth(wide)
        combo.setMinimumHeight(look.metrics().control)
        combo.activated.connect(lambda _place: self.changed.emit())
        row.addWidget(combo)
        return combo

    def _day(self, row: QHBoxLayout, words: str) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(words)
        field.setAccessibleName(words)
        field.setToolTip(words)
        field.setFixedWidth(look.text_width("0000-00-00") + 32)
        field.setMinimumHeight(look.metrics().control)
        field.editingFinished.connect(self._day_given)
        row.addWidget(field)
        return field

    def add(self, widget: QWidget) -> None:
        """At the row's end."""
        self._row.addWidget(widget)

    def _day_given(self) -> None:
        field = self.sender()
        if isinstance(field, QLineEdit) and field.isModified():
            field.setModified(False)
            field.setText(day_of(field.text()))
            self.changed.emit()

    def offer(self, *, period: bool, policy: bool) -> None:
        for widget in (self._words, self.since, self.until):
            widget.setVisible(period)
        self.policy.setVisible(policy)

    def offer_subjects(self, found: Sequence[Subject], wanted: str = "") -> None:
        self.subject.clear()
        for each in found:
            words = " · ".join(filter(None, (name(each.family) if each.family else "", each.words)))
            self.subject.addItem(words, each.id)
        self.subject.setCurrentIndex(max(self.subject.findData(wanted), 0))

    def offer_policies(self, found: Sequence[tuple[str, str]]) -> None:
        self.policy.clear()
        for code, words in found:
            self.policy.addItem(words, code)

    def chosen(self) -> str:
        return str(self.subject.currentData() or "")

    def asked(self) -> dict[str, str]:
        """What ``papers.asking.Ask`` takes besides its subject."""
        shown = self.since.isVisibleTo(self)
        policy = str(self.policy.currentData() or "") if self.policy.isVisibleTo(self) else ""
        return {
            "since": day_of(self.since.text()) if shown else "", "until": day_of(self.until.text()) if shown else "",
            "policy": policy,
        }  # fmt: skip


def day_of(text: str) -> str:
    """An ISO day, "" for anything else."""
    try:
        return date.fromisoformat(text.strip().replace("/", "-")).isoformat()
    except ValueError:
        return ""
