"""Parameters (参数): values in force with document and dates; a change by one, its impact, approval by another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.policy.changes import Change, Entry
from fieldapp.policy.problems import PackError
from fieldapp.workflows import parameter_workbook, parameters
from fieldapp.workflows.county_run import CountyRun, ImpactRun
from fieldapp.workflows.parameters import APPROVED, WAITING, ChangeLine, ParameterLine, ParametersPage
from ui.desk import Desk
from ui.messages import Words, words_for
from ui.screens.base import Key, Screen, scroll_area
from ui.screens.county_work import RunCard
from ui.screens.parameters.change_sheet import ChangeSheet
from ui.screens.parameters.impact import Impact
from ui.screens.parameters.lines import about_change, about_parameter, change_row, parameter_row
from ui.tasks import tasks
from ui.theme import look
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.fields_sheet import FieldsSheet
from ui.widgets.heading import Heading
from ui.widgets.labels import label
from ui.widgets.notices import Banner, EmptyState
from ui.widgets.rows import RowList
from ui.widgets.tabs import Tabs
from ui.words import language, t

T = TypeVar("T")
LISTS, WORKING, IMPACT, EMPTY = range(4)


class Parameters(Screen):
    """The county's people enter and approve; a supervisor looks. A change is entered only after its impact was seen."""

    keys = (
        Key("E", "edit", "parameters.key.edit"),
        Key("P", "preview", "parameters.key.preview"),
        Key("A", "approve", "parameters.key.approve"),
        Key("R", "send_back", "parameters.key.send_back"),
        Key("W", "read_workbook", "parameters.key.workbook"),
        Key("Return", "forward", "parameters.key.forward"),
        Key("Escape", "back", "parameters.key.back"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.page: ParametersPage | None = None
        self.view = "values"
        self.drafted: Change | None = None
        self._typed: Mapping[str, str] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(self.margins(), self.margins(), self.margins(), self.margins())
        outer.setSpacing(12)
        self.heading = Heading(t("screen.parameters"))
        outer.addLayout(self.heading)
        self.notice = QVBoxLayout()
        outer.addLayout(self.notice)
        self.pages = QStackedWidget()
        self.work, self.impact = RunCard("Esc"), Impact()
        self.impact.opened.connect(lambda household: self.desk.go("household", household=household))
        empty = EmptyState("settings", t("parameters.none"), t("parameters.none_do"))
        for page in (self._lists_page(), self.work, self.impact, empty):
            self.pages.addWidget(page)
        outer.addWidget(self.pages, 1)

    def _lists_page(self) -> QWidget:
        page = QWidget()
        across = QHBoxLayout(page)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(look.metrics().gap)
        card = Card(flush=True)
        self._tabs_place = QHBoxLayout()
        self._tabs_place.setContentsMargins(8, 8, 8, 8)
        card.body.addLayout(self._tabs_place)
        self.list = RowList(accessible=t("screen.parameters"))
        self.list.chosen_row.connect(lambda _place: self._tell())
        self.list.activated_row.connect(lambda _place: self.forward())
        card.body.addWidget(self.list, 1)
        across.addWidget(card, 1)
        self._right = Card()
        self._right.setFixedWidth(360)
        self._name = label("", "section", wrap=True)
        self._about = label("", "secondbody", wrap=True)
        area, inner = scroll_area()  # large type on a low screen
        told = QVBoxLayout(inner)
        told.setContentsMargins(0, 0, 4, 0)
        told.setSpacing(8)
        told.addWidget(self._name)
        told.addWidget(self._about)
        told.addStretch(1)
        self._right.body.addWidget(area, 1)
        across.addWidget(self._right)
        return page

    # --- loading --------------------------------------------------------------------------------------------------

    def arrive(self, **args: Any) -> None:
        store, actor, lang = self.desk.store, self.desk.actor, language()
        if self.work.running is None:
            tasks().run(lambda: parameters.page(store, actor, lang), self._got, failed=self._failed, owner=self,
                        words=t("common.reading"))  # fmt: skip

    def _got(self, page: ParametersPage) -> None:
        self.page = page
        if self.pages.currentIndex() in (LISTS, EMPTY):
            self.pages.setCurrentIndex(LISTS if page.lines else EMPTY)
        self.draw()
        self.list.setFocus()

    def _failed(self, error: BaseException) -> None:
        clear(self.notice)
        words = words_for(error)
        if isinstance(error, PackError):
            told = "\n".join(p.en if language() == "en" else p.zh for p in error.problems)
            words = Words(words.what, told, words.do)
        self.notice.addWidget(Banner(words))
        if self.pages.currentIndex() == WORKING:
            self.pages.setCurrentIndex(LISTS)

    # --- drawing --------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        page = self.page
        if page is None:
            return
        open_ = sum(line.is_open for line in page.lines)
        self.heading.second.set_text(t("parameters.second", n=len(page.lines), open=open_) if page.lines else "")
        clear(self._tabs_place)
        waiting = sum(line.state in (WAITING, APPROVED) for line in page.changes)
        names = (("values", t("parameters.values")), ("changes", t("parameters.changes", n=waiting)))
        tabs = Tabs(names, self.view)
        tabs.chosen.connect(self._look)
        self._tabs_place.addWidget(tabs)
        self._tabs_place.addStretch(1)
        self._look(self.view)

    def _look(self, view: str) -> None:
        assert self.page is not None
        place = self.list.chosen() if view == self.view else 0
        self.view = view
        today = self.desk.actor.today()
        rows = [parameter_row(line, today) for line in self.page.lines] if view == "values" else [
            change_row(line, today) for line in self.page.changes]  # fmt: skip
        self.list.set_rows(rows)
        self.list.choose(max(place, 0))
        self._tell()

    def _tell(self) -> None:
        today = self.desk.actor.today()
        line, change = self._parameter(), self._change()
        if line is not None:
            self._name.setText(line.name)
            self._about.setText(about_parameter(line, today))
        elif change is not None:
            self._name.setText(change.document)
            self._about.setText(about_change(change, today))
        else:
            self._name.setText("")
            self._about.setText(t("parameters.no_changes") if self.view == "changes" else "")
        self._put_actions()

    def _parameter(self) -> ParameterLine | None:
        lines = self.page.lines if self.page is not None and self.view == "values" else ()
        return lines[self.list.chosen()] if 0 <= self.list.chosen() < len(lines) else None

    def _change(self) -> ChangeLine | None:
        lines = self.page.changes if self.page is not None and self.view == "changes" else ()
        return lines[self.list.chosen()] if 0 <= self.list.chosen() < len(lines) else None

    def _put_actions(self) -> None:
        buttons = []
        may = self.page is not None and self.page.may_change and bool(self.page.lines)
        at, change = self.pages.currentIndex(), self._change()
        wanted: list[tuple[str, str, str]] = []
        if at == IMPACT:
            wanted = [("edit_again", "Esc", "plain")] + ([("hand_over", "Enter", "primary")] if self.drafted else [])
        elif at == LISTS and self.view == "values" and may:
            wanted = [("workbook", "W", "plain"), ("edit", "E", "primary")]
        elif at == LISTS and change is not None and change.state == WAITING:
            wanted = [("preview", "P", "plain")]
            wanted += [("send_back", "R", "plain"), ("approve", "A", "primary")] if may and not change.own else []
        acts = {"edit_again": self.back, "hand_over": self.forward, "workbook": self.read_workbook, "edit": self.edit,
                "preview": self.preview, "send_back": self.send_back, "approve": self.approve}  # fmt: skip
        if at == LISTS and self.view == "values" and self.page is not None and self.page.lines:
            save = Button(t("parameters.do.save_workbook"), icon="file-down")
            save.clicked.connect(self.save_workbook)
            buttons.append(save)
        for name, key, kind in wanted:
            button = Button(t(f"parameters.do.{name}"), kind=kind, key=key)
            button.clicked.connect(acts[name])
            buttons.append(button)
        self.heading.offer(*buttons)

    def _do(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """A blocking step of the workflow, off the window's thread."""
        tasks().run(work, done, failed=self._failed, owner=self, lasting=True)

    # --- entering -------------------------------------------------------------------------------------------------

    def edit(self) -> None:
        line = self._parameter()
        if line is not None and self.page is not None and self.page.may_change and self.pages.currentIndex() == LISTS:
            today = self.desk.actor.today()
            ChangeSheet(self.window(), line, today, self._entered, self._typed).open_first()

    def _entered(self, entry: Entry, basis: Mapping[str, str]) -> None:
        self._typed = basis
        self._draft((entry,), basis)

    def _draft(self, entries: tuple[Entry, ...], basis: Mapping[str, str]) -> None:
        store, actor = self.desk.store, self.desk.actor
        self._do(lambda: parameters.draft(store, actor, entries, **basis), self._drafted)

    def _drafted(self, change: Change) -> None:
        self.drafted = change
        self._run_impact(change)

    def preview(self) -> None:
        """The impact of the change that is chosen, for whoever is to approve it."""
        line = self._change()
        if line is None or line.state != WAITING or self.pages.currentIndex() != LISTS:
            return
        store, self.drafted = self.desk.store, None
        self._do(lambda: parameters.change_of(store, line.id), self._run_impact)

    def _run_impact(self, change: Change) -> None:
        clear(self.notice)
        store, actor = self.desk.store, self.desk.actor
        self.pages.setCurrentIndex(WORKING)
        self._put_actions()
        self.work.start(lambda: parameters.impact_run(store, actor, change), self._ran, self._failed)

    def _ran(self, run: CountyRun, whole: bool) -> None:
        assert isinstance(run, ImpactRun)
        self.impact.show_run(run, whole=whole)
        self.pages.setCurrentIndex(IMPACT)
        self._put_actions()
        self.setFocus()

    def forward(self) -> None:
        """In the impact: hand the change to a second person. In the list: change, or look at the impact."""
        if self.pages.currentIndex() == IMPACT and self.drafted is not None:
            store, actor, change = self.desk.store, self.desk.actor, self.drafted
            self._do(lambda: parameters.enter(store, actor, change), self._handed_over)
        elif self.pages.currentIndex() == LISTS:
            self.edit() if self.view == "values" else self.preview()

    def _handed_over(self, _id: str) -> None:
        self.drafted, self.view = None, "changes"
        self._decided(t("parameters.handed_over"))

    # --- deciding -------------------------------------------------------------------------------------------------

    def approve(self) -> None:
        line = self._change()
        if line is not None and line.state == WAITING and self.page is not None and self.page.may_change:
            store, actor = self.desk.store, self.desk.actor
            approve = lambda: parameters.approve(store, actor, line.id, line.leaves)  # noqa: E731
            self._do(approve, lambda _id: self._decided(t("parameters.approved")))

    def send_back(self) -> None:
        line = self._change()
        if line is not None and line.state == WAITING and self.page is not None and self.page.may_change:
            _Why(self.window(), lambda words: self._send_back(line, words)).open_first()

    def _send_back(self, line: ChangeLine, words: str) -> None:
        store, actor = self.desk.store, self.desk.actor
        back = lambda: parameters.send_back(store, actor, line.id, line.leaves, words)  # noqa: E731
        self._do(back, lambda _id: self._decided(t("parameters.sent_back")))

    def _decided(self, words: str) -> None:
        clear(self.notice)
        self.pages.setCurrentIndex(LISTS)
        self.desk.changed.emit()
        self.desk.say(words)
        self.arrive()

    def back(self) -> None:
        """Stop the run; else back to the list. What was typed stays for the next try."""
        if self.work.running is not None:
            self.work.stop()
        elif self.pages.currentIndex() == IMPACT:
            self.drafted = None
            self.pages.setCurrentIndex(LISTS)
            self._put_actions()

    # --- the workbook ---------------------------------------------------------------------------------------------

    def save_workbook(self) -> None:
        title = t("parameters.do.save_workbook")
        path, _kind = QFileDialog.getSaveFileName(self, title, t("parameters.file"), "*.xlsx")
        if path:
            store, actor, target = self.desk.store, self.desk.actor, Path(path).with_suffix(".xlsx")
            save = lambda: parameter_workbook.save(store, actor, target)  # noqa: E731
            self._do(save, lambda name: self.desk.say(t("parameters.saved", file=name)))

    def read_workbook(self) -> None:
        if self.page is None or not self.page.may_change or self.pages.currentIndex() != LISTS:
            return
        path, _kind = QFileDialog.getOpenFileName(self, t("parameters.do.workbook"), "", "*.xlsx")
        if path:
            self.read_file(Path(path))

    def read_file(self, file: Path) -> None:
        """What an edited workbook changes, as one change for the document its rows name."""
        store, actor = self.desk.store, self.desk.actor
        self._do(lambda: parameter_workbook.read(store, actor, file), self._drafted)


class _Why(FieldsSheet):
    def __init__(self, window: QWidget, told: Any) -> None:
        super().__init__(window, t("parameters.do.send_back"), ("why",), words="parameters")
        self._told_why = told

    def save(self) -> None:
        if self.wanted("why", t("parameters.wanted")):
            words = self.fields["why"].text()
            self.close_sheet()
            self._told_why(words)
