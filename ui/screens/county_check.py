"""Entitled and received (应享尽享): who probably misses something, who probably no longer may; to be verified only."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.workflows import parameters
from fieldapp.workflows.county_run import MOST, CountyRun, GapLine, GapRun
from ui.desk import Desk
from ui.messages import words_for
from ui.privacy import name, secret
from ui.screens.base import Key, Screen
from ui.screens.county_work import RunCard
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.heading import Heading
from ui.widgets.labels import label
from ui.widgets.notices import Banner, EmptyState
from ui.widgets.rows import Row, RowList
from ui.widgets.tabs import Tabs
from ui.words import said, t

KINDS = ("not_receiving", "no_longer")
TONES = {"not_receiving": "changed", "no_longer": "abnormal"}
BEFORE, WORKING, FOUND = range(3)


class CountyCheck(Screen):
    """Nothing here changes anybody's benefit: every line is a household to be seen at the door."""

    keys = (
        Key("Return", "forward", "county.key.forward"),
        Key("R", "again", "county.key.again"),
        Key("Escape", "back", "county.key.stop"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.run: GapRun | None = None
        self.view = KINDS[0]
        self._whole = True
        self._shown: list[GapLine] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(self.margins(), self.margins(), self.margins(), self.margins())
        outer.setSpacing(12)
        self.heading = self._head()
        outer.addLayout(self.heading)
        self.notice = QVBoxLayout()
        outer.addLayout(self.notice)
        self.pages = QStackedWidget()
        begin = Button(t("county.begin"), kind="primary", key="Enter")
        begin.clicked.connect(self.again)
        self.work = RunCard("Esc")
        empty = EmptyState("users", t("county.check_what"), t("county.check_how"), begin)
        for page in (empty, self.work, self._found_page()):
            self.pages.addWidget(page)
        outer.addWidget(self.pages, 1)

    def _head(self) -> Heading:
        head = Heading(t("screen.county_check"), t("county.check_second"))
        self._again = Button(t("county.again"), key="R", icon="rotate-ccw")
        self._again.clicked.connect(self.again)
        self._again.hide()
        head.offer(self._again)
        return head

    def _found_page(self) -> QWidget:
        card = Card(flush=True)
        self._tabs_place = QHBoxLayout()
        self._tabs_place.setContentsMargins(8, 8, 8, 8)
        card.body.addLayout(self._tabs_place)
        self._lists = QStackedWidget()
        self.list = RowList(accessible=t("screen.county_check"))
        self.list.chosen_row.connect(self._tell)
        self.list.activated_row.connect(lambda _place: self.forward())
        self._lists.addWidget(self.list)
        self._lists.addWidget(EmptyState("circle-check", t("county.nobody"), t("county.nobody_do")))
        card.body.addWidget(self._lists, 1)
        self._why = label("", "second", wrap=True)
        self._why.setContentsMargins(16, 8, 16, 8)
        card.body.addWidget(self._why)
        return card

    # --- running --------------------------------------------------------------------------------------------------

    def arrive(self, **args: Any) -> None:
        if self.work.running is None and self.run is None:
            self.pages.setCurrentIndex(BEFORE)
        self.setFocus()

    def again(self) -> None:
        if self.work.running is not None:
            return
        clear(self.notice)
        self._again.hide()
        self.pages.setCurrentIndex(WORKING)
        store, actor = self.desk.store, self.desk.actor
        self.work.start(
            lambda: GapRun(store, actor, pack=parameters.in_force(store, actor)), self._ended, self._failed
        )

    def _failed(self, error: BaseException) -> None:
        self.notice.addWidget(Banner(words_for(error)))
        self.pages.setCurrentIndex(FOUND if self.run is not None else BEFORE)

    def _ended(self, run: CountyRun, whole: bool) -> None:
        assert isinstance(run, GapRun)
        self.run, self._whole = run, whole
        self._again.show()
        self.pages.setCurrentIndex(FOUND)
        self.draw()
        self.list.setFocus()

    # --- drawing --------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        run = self.run
        if run is None:
            return
        words = t("county.compared", n=f"{run.compared:,}", all=f"{run.households:,}")
        self.heading.second.set_text(words if self._whole else f"{words} · {t('county.stopped')}")
        clear(self._tabs_place)
        tabs = Tabs([(k, t(f"county.{k}", n=f"{run.counts.get(k, 0):,}")) for k in KINDS], self.view)
        tabs.chosen.connect(self._look)
        self._tabs_place.addWidget(tabs)
        self._tabs_place.addStretch(1)
        self._look(self.view)

    def _look(self, view: str) -> None:
        assert self.run is not None
        self.view = view
        self._shown = [line for line in self.run.lines if line.kind == view]
        self.list.set_rows([self._row(line) for line in self._shown])
        self._lists.setCurrentIndex(0 if self._shown else 1)
        self.list.choose(0)
        self._tell(0)

    def _row(self, line: GapLine) -> Row:
        why = line.reasons[0] if line.reasons else ""
        return Row(
            title=t("household.family", name=name(line.family.head)), second=secret(why),
            beside=line.family.place, tag=(secret(said("program", line.program)), TONES[line.kind]),
        )  # fmt: skip

    def _tell(self, place: int) -> None:
        run = self.run
        more = run.counts.get(self.view, 0) - MOST if run is not None else 0
        line = self._shown[place] if 0 <= place < len(self._shown) else None
        words = ["；".join(secret(reason) for reason in line.reasons)] if line is not None else []
        words += [t("county.never_cut")] if self.view == "no_longer" and line is not None else []
        words += [t("county.more", n=f"{more:,}")] if more > 0 else []
        self._why.setText("\n".join(words))
        self._why.setVisible(bool(words))

    # --- keys -----------------------------------------------------------------------------------------------------

    def forward(self) -> None:
        """Begin; or open the household that is chosen."""
        if self.pages.currentIndex() == BEFORE:
            self.again()
            return
        place = self.list.chosen()
        if self.pages.currentIndex() == FOUND and 0 <= place < len(self._shown):
            self.desk.go("household", household=self._shown[place].family.id)

    def back(self) -> None:
        self.work.stop()
