"""What a change would do before it takes effect: who enters, who leaves, what it costs; lines open their families."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.workflows.county_run import ImpactLine, ImpactRun
from ui.formats import yuan
from ui.privacy import name, secret
from ui.widgets.card import Card, clear
from ui.widgets.labels import label
from ui.widgets.notices import EmptyState
from ui.widgets.rows import Row, RowList
from ui.words import said, t

COUNTED = ("enters", "leaves", "changes", "opens")
TONES = {"enters": "done", "leaves": "abnormal", "changes": "changed", "opens": "absent", "settles": "accent"}


class Impact(QWidget):
    """``show_run`` draws a finished or stopped run; ``opened`` names the household of a line."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.run: ImpactRun | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._numbers = QHBoxLayout()
        self._numbers.setSpacing(12)
        column.addLayout(self._numbers)
        self._about = label("", "second", wrap=True)
        column.addWidget(self._about)
        card = Card(flush=True)
        self.list = RowList(accessible=t("parameters.impact"))
        self.list.activated_row.connect(self._open)
        card.body.addWidget(self.list, 1)
        self._nobody = EmptyState("circle-check", t("parameters.no_impact"), t("parameters.no_impact_do"))
        card.body.addWidget(self._nobody, 1)
        column.addWidget(card, 1)

    def show_run(self, run: ImpactRun, *, whole: bool) -> None:
        self.run = run
        clear(self._numbers)
        for kind in COUNTED:
            count = f"{run.counts.get(kind, 0):,}"
            self._numbers.addWidget(_number(count, t(f"parameters.kind.{kind}"), TONES[kind]), 1)
        cost = int(run.tally.cost_difference)
        sign = "+" if cost > 0 else ""
        self._numbers.addWidget(_number(secret(sign + yuan(cost)), t("parameters.cost"), ""), 1)
        words = t("county.compared", n=f"{run.compared:,}", all=f"{run.households:,}")
        self._about.setText(words if whole else f"{words} · {t('county.stopped')}")
        self.list.set_rows([_row(line) for line in run.lines])
        self.list.setVisible(bool(run.lines))
        self._nobody.setVisible(not run.lines)

    def _open(self, place: int) -> None:
        if self.run is not None and 0 <= place < len(self.run.lines):
            self.opened.emit(self.run.lines[place].family.id)


def _row(line: ImpactLine) -> Row:
    amounts = f"{yuan(line.before)} → {yuan(line.after)}" if line.before or line.after else ""
    return Row(
        title=t("household.family", name=name(line.family.head)), beside=line.family.place,
        second=secret("；".join((said("program", line.program), *line.reasons[:1]))), right=secret(amounts),
        tag=(t(f"parameters.kind.{line.kind}"), TONES[line.kind]),
    )  # fmt: skip


def _number(number: str, words: str, tone: str) -> Card:
    card = Card()
    card.add(label(number, "title", tone=tone))
    card.add(label(words, "second", wrap=True))
    return card
