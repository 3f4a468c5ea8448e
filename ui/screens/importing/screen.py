"""Import: an office's ledger or list of leads read apart, shown before anything is done, and brought in on one key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.workflows.intake import desk as intake
from fieldapp.workflows.intake.plan import ImportPlan
from fieldapp.workflows.intake.storing import Applied, import_into
from ui.desk import Desk
from ui.messages import Words, words_for
from ui.questions.dropzone import DropZone
from ui.screens.base import Key, Screen, scroll_area
from ui.screens.importing.account import VIEWS, Account, account_of, consequence, what_comes
from ui.screens.importing.problem_table import ProblemTable, sentence
from ui.tasks import Running, tasks
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.dropdown import Dropdown
from ui.widgets.heading import Heading
from ui.widgets.labels import label
from ui.widgets.notices import Banner, EmptyState
from ui.widgets.tabs import Tabs
from ui.words import t

CHOOSE, WORKING, PREVIEW, DONE = range(4)


class Importing(Screen):
    """Nothing is written before the preview was confirmed; stopped half way, importing again brings the rest."""

    keys = (
        Key("Return", "forward", "importing.key.forward"),
        Key("O", "choose", "importing.key.choose"),
        Key("S", "save_bad_rows", "importing.key.save"),
        Key("Escape", "back", "importing.key.back"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.file: Path | None = None
        self.plan: ImportPlan | None = None
        self.account: Account | None = None
        self.view = "all"
        self.running: Running | None = None
        self.saved = False
        self._halt = Event()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(self.margins(), self.margins(), self.margins(), self.margins())
        outer.setSpacing(12)
        self.heading = Heading(t("screen.importing"))
        outer.addLayout(self.heading)
        self.notice = QVBoxLayout()
        outer.addLayout(self.notice)
        self.pages = QStackedWidget()
        for page in (self._choose_page(), self._working_page(), self._preview_page(), self._done_page()):
            self.pages.addWidget(page)
        outer.addWidget(self.pages, 1)

    # ---- parts

    def _choose_page(self) -> QWidget:
        page, inner = scroll_area()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self.zone = DropZone(t("importing.drop"), "upload", t("importing.filter"))
        self.zone.setMinimumHeight(180)
        self.zone.files.connect(lambda paths: self.read(paths[0]))
        column.addWidget(self.zone)
        column.addLayout(self._area_row())
        how = Card(t("importing.how"))
        for name in ("ledger", "leads", "mended", "safe"):
            how.add(label(t(f"importing.how_{name}"), "secondbody", wrap=True))
        column.addWidget(how)
        column.addStretch(1)
        return page

    def _area_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(label(t("importing.area")))
        self.area = Dropdown()
        self.area.setAccessibleName(t("importing.area"))
        self.area.setMinimumWidth(240)
        row.addWidget(self.area)
        row.addStretch(1)
        return row

    def _working_page(self) -> QWidget:
        page = Card()
        page.body.addStretch(1)
        self.status = label("", "section")
        self.status.setAlignment(Qt.AlignmentFlag.AlignCenter)
        page.add(self.status)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(360)
        self.bar.setAccessibleName(t("common.waiting"))
        page.body.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignHCenter)
        cancel = Button(t("common.cancel"), key="Esc")
        cancel.clicked.connect(self.back)
        page.body.addWidget(cancel, 0, Qt.AlignmentFlag.AlignHCenter)
        page.body.addStretch(1)
        return page

    def _preview_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.numbers = QHBoxLayout()
        self.numbers.setSpacing(12)
        column.addLayout(self.numbers)
        card = Card(flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(8, 8, 8, 8)
        self.tabs_place = head
        card.body.addLayout(head)
        self.lists = QStackedWidget()
        self.table = ProblemTable()
        self.table.selectionModel().currentRowChanged.connect(lambda now, _before: self._tell(now.row()))
        self.lists.addWidget(self.table)
        self.lists.addWidget(EmptyState("circle-check", t("importing.no_problems"), t("importing.no_problems_do")))
        card.body.addWidget(self.lists, 1)
        self.told = label("", "second", wrap=True)
        self.told.setContentsMargins(16, 8, 16, 8)
        card.body.addWidget(self.told)
        column.addWidget(card, 1)
        return page

    def _done_page(self) -> QWidget:
        self.done_card = Card()
        return self.done_card

    # ---- opening

    def arrive(self, **args: Any) -> None:
        store, actor = self.desk.store, self.desk.actor
        self.desk.read(lambda: intake.target_areas(store, actor), self._got_areas, owner=self, failed=self._fail)
        if self.running is None and self.pages.currentIndex() in (CHOOSE, DONE):
            self._show_choose()

    def _got_areas(self, areas: list[tuple[str, str]]) -> None:
        chosen = self.area.currentData()
        self.area.clear()
        for code, words in areas:
            self.area.addItem(words, code)
        self.area.setCurrentIndex(max(self.area.findData(chosen), 0))

    def _show_choose(self) -> None:
        self.plan = self.account = None
        self.heading.title.set_text(t("screen.importing"))
        self.heading.second.set_text(t("importing.second"))
        self.heading.offer()
        self.pages.setCurrentIndex(CHOOSE)
        self.zone.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fail(self, error: BaseException) -> None:
        self._complain(words_for(error))

    def _complain(self, words: Words) -> None:
        self.running = None
        clear(self.notice)
        self.notice.addWidget(Banner(words))
        self.pages.setCurrentIndex(PREVIEW if self.plan is not None else CHOOSE)

    # ---- reading

    def choose(self) -> None:
        if self.running is None:
            path, _kind = QFileDialog.getOpenFileName(self, t("importing.choose"), "", t("importing.filter"))
            if path:
                self.read(Path(path))

    def read(self, file: Path) -> None:
        """Show what importing ``file`` would do."""
        if self.running is not None:
            return
        clear(self.notice)
        self.file, self.plan, self.saved = file, None, False
        store, actor, area = self.desk.store, self.desk.actor, self.area.currentData()
        self._work(t("importing.reading", file=file.name))
        self.running = tasks().run(
            lambda: intake.preview_file(store, actor, file, area=area), self._got_plan, failed=self._unread, owner=self
        )

    def _unread(self, error: BaseException) -> None:
        words = words_for(error)
        self._complain(replace(words, kept=words.kept or t("error.intake.kept")))

    def _work(self, words: str) -> None:
        self._halt.clear()
        self.heading.offer()
        self.status.setText(words)
        self.bar.setRange(0, 0)
        self.pages.setCurrentIndex(WORKING)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _got_plan(self, plan: ImportPlan) -> None:
        self.running = None
        self.plan, self.account = plan, account_of(plan)
        self.view = "all"
        self.draw()
        self.pages.setCurrentIndex(PREVIEW)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def draw(self) -> None:
        if self.plan is None or self.account is None or self.pages.currentIndex() == DONE:
            return
        account = self.account
        self.heading.title.set_text(t(f"importing.kind.{self.plan.intake.kind}"))
        self.heading.second.set_text(t("importing.read", file=self.plan.intake.file, n=account.rows))
        self._draw_numbers(account)
        self._draw_tabs(account)
        self._show_view(self.view)
        bad = Button(t("importing.save", n=account.to_mend), key="S", icon="file-down")
        bad.clicked.connect(self.save_bad_rows)
        other = Button(t("importing.other"), key="O")
        other.clicked.connect(self.choose)
        words = t("importing.nothing") if account.does_nothing else consequence(account)
        go = Button(words, kind="primary", key="" if account.does_nothing else "Enter")
        go.setEnabled(not account.does_nothing)
        go.clicked.connect(self.forward)
        self.heading.offer(other, *((bad,) if account.to_mend else ()), go)

    def _draw_numbers(self, account: Account) -> None:
        clear(self.numbers)
        people = account.leads if self.plan and self.plan.intake.kind == "leads" else account.people
        name = "new_leads" if self.plan and self.plan.intake.kind == "leads" else "new_people"
        cells = [(people, name, ""), (account.unchanged, "unchanged", "")]
        if name == "new_people":
            cells.insert(0, (account.households, "new_households", ""))
        if account.changed:
            cells.append((account.changed, "changed", "changed"))
        cells += [
            (account.flagged_rows, "flagged", "changed" if account.flagged_rows else ""),
            (account.refused_rows, "refused", "abnormal" if account.refused_rows else ""),
        ]
        for number, words, tone in cells:
            self.numbers.addWidget(_number(number, t(f"importing.number.{words}"), tone), 1)

    def _draw_tabs(self, account: Account) -> None:
        clear(self.tabs_place)
        shown = [view for view in VIEWS if view == "all" or account.views[view]]
        tabs = Tabs([(v, t(f"importing.view.{v}", n=f"{len(account.views[v]):,}")) for v in shown], self.view)
        tabs.chosen.connect(self._show_view)
        self.tabs_place.addWidget(tabs)
        self.tabs_place.addStretch(1)

    def _show_view(self, view: str) -> None:
        assert self.account
        self.view = view
        problems = self.account.views[view]
        self.table.show_problems(problems)
        self.lists.setCurrentIndex(0 if problems else 1)
        self._tell(0)

    def _tell(self, row: int) -> None:
        problems = self.table.held.problems
        self.told.setText(sentence(problems[row]) if 0 <= row < len(problems) else "")
        self.told.setVisible(bool(problems))

    # ---- doing it

    def forward(self) -> None:
        """The next step: choose a file, import what is shown, or another file."""
        at = self.pages.currentIndex()
        if at == CHOOSE:
            self.choose()
        elif at == DONE:
            self._show_choose()
        elif at == PREVIEW and self.plan is not None and self.account is not None and not self.account.does_nothing:
            self._apply(self.plan)

    def _apply(self, plan: ImportPlan) -> None:
        if self.running is not None:
            return
        clear(self.notice)
        self._work(t("importing.writing", done=0, of=f"{len(plan.steps):,}"))
        store, actor = self.desk.store, self.desk.actor
        work = lambda: import_into(store, actor, plan, self._told_progress)  # noqa: E731
        self.running = tasks().run(
            work, self._applied, failed=self._failed_midway, owner=self, on_cancel=self._halt.set, lasting=True
        )

    def _told_progress(self, done: int, of: int) -> bool:
        tasks().post(lambda: self._show_progress(done, of))
        return not self._halt.is_set()

    def _show_progress(self, done: int, of: int) -> None:
        if self.running is not None:
            self.bar.setRange(0, of)
            self.bar.setValue(done)
            self.status.setText(t("importing.writing", done=f"{done:,}", of=f"{of:,}"))

    def _failed_midway(self, error: BaseException) -> None:
        self.desk.changed.emit()  # what was in before the failure is in
        self._fail(error)
        self.draw()

    def _applied(self, done: Applied) -> None:
        self.running = None
        self.desk.changed.emit()
        self._draw_done(done)
        self.pages.setCurrentIndex(DONE)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _draw_done(self, done: Applied) -> None:
        assert self.plan
        assert self.account
        account, column = self.account, self.done_card.body
        clear(column)
        whole = done.created + done.changed + done.skipped == len(self.plan.steps)
        title = t("importing.done", what=what_comes(account)) if whole else t("importing.stopped")
        words = [t("importing.done_counts", new=f"{done.created:,}", changed=f"{done.changed:,}")]
        if account.refused_rows or account.flagged_rows:
            words.append(t("importing.done_bad", out=account.refused_rows, flagged=account.flagged_rows))
        if not whole:
            words.append(t("importing.stopped_do"))
        column.addWidget(EmptyState("circle-check" if whole else "info", title, "\n".join(words)))
        self.heading.title.set_text(t("screen.importing"))
        self.heading.second.set_text(self.plan.intake.file)
        bad = Button(t("importing.save", n=account.to_mend), key="S", icon="file-down")
        bad.clicked.connect(self.save_bad_rows)
        where = "leads" if self.plan.intake.kind == "leads" else "households"
        see = Button(t(f"importing.see_{where}"))
        see.clicked.connect(lambda: self.desk.go(where))
        more = Button(t("importing.another"), kind="primary", key="Enter")
        more.clicked.connect(self.forward)
        self.heading.offer(*((bad,) if account.to_mend else ()), see, more)

    def save_bad_rows(self) -> None:
        """The rows somebody has to mend, into a file that is whole or not there."""
        if self.plan is None or self.account is None or not self.account.to_mend or self.running is not None:
            return
        assert self.file
        start = self.file.with_name(t("importing.bad_file", name=self.file.stem) + ".xlsx")
        path, _kind = QFileDialog.getSaveFileName(self, t("importing.save_title"), str(start), t("importing.filter"))
        if not path:
            return
        plan, target = self.plan, Path(path)
        if not target.suffix:
            target = target.with_suffix(".xlsx")
        tasks().run(
            lambda: intake.write_corrections(plan, target), lambda n: self._saved(n, target.name), owner=self,
            failed=self.desk.present, words=t("importing.saving"), lasting=True,
        )  # fmt: skip

    def _saved(self, rows: int, name: str) -> None:
        self.saved = True
        self.desk.say(t("importing.saved", n=rows, file=name))

    def back(self) -> None:
        """Stop what runs; else back to choosing."""
        at = self.pages.currentIndex()
        if self.running is not None and self.plan is not None:
            self._halt.set()  # the batch under way is finished, then the done page says what is in
            self.status.setText(t("importing.stopping"))
        elif self.running is not None:
            self.running.cancel()
            self.running = None
            self._show_choose()
        elif at in (PREVIEW, DONE):
            clear(self.notice)
            self._show_choose()


def _number(number: int, words: str, tone: str) -> Card:
    card = Card()
    card.add(label(f"{number:,}", "title", tone=tone))
    card.add(label(words, "second", wrap=True))
    return card
