"""Matters: what is open by nearest term; one matter's steps as a chain, and one key for the next of them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QHBoxLayout, QVBoxLayout

from fieldapp.domain.roles import READ, may
from fieldapp.workflows.matters import check_report, lists, receiving, writing
from fieldapp.workflows.matters import page as pages
from fieldapp.workflows.matters.check_report import CheckReport
from fieldapp.workflows.matters.lists import MatterBoard, MatterLine
from fieldapp.workflows.matters.page import EntryLine, MatterPage, StepLine
from fieldapp.workflows.matters.procedure import VISIT
from fieldapp.workflows.matters.writing import StepDone
from ui import formats, privacy
from ui.desk import Desk
from ui.screens.base import Key
from ui.screens.list_and_page import ListAndPage
from ui.screens.matters.check_sheet import CheckSheet, report_card
from ui.screens.matters.reason_sheet import ReasonSheet
from ui.screens.matters.step_row import StepRow
from ui.screens.matters.words import matter_row, page_tag, whole_words
from ui.theme import look
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.labels import ElidedText, label
from ui.widgets.notices import EmptyState
from ui.widgets.pick_sheet import PickSheet
from ui.widgets.tabs import Tabs
from ui.widgets.tag import Tag
from ui.words import language, t

NARROW = 1150
SEEN_BELOW = 120  # pixels of what comes after the next step
NEW_VISIT, BY_HAND, READ_IN, TAKEN = "new", "hand", "read", "taken"


class Matters(ListAndPage):
    """``arrive(matter=id)`` shows that one, ``arrive(household=id)`` only one family's."""

    page: MatterPage | None
    page_edge = 12

    keys = (
        Key("Return", "next", "matters.key.next"),
        Key("U", "undo", "matters.key.undo"),
        Key("O", "open_household", "screening.open_household"),
        Key("A", "accounts", "matters.key.accounts"),
        Key("Down", "down", "households.key.down"),
        Key("Up", "up", "households.key.up", shown=False),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.board: MatterBoard | None = None
        self.view, self.household = "open", ""
        nothing = EmptyState("list-checks", t("matters.empty"), t("matters.empty_do"))
        self.lay_out(self._list_card(), t("screen.matters"), nothing)
        self.line_chosen.connect(self._read_page)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 8, 8, 8)
        accounts = Button(t("screen.accounts"), kind="quiet", key="A", icon="wallet")
        accounts.clicked.connect(self.accounts)
        foot.addWidget(accounts)
        foot.addStretch(1)
        self.card.body.addLayout(foot)
        accounts.setVisible(self._has_accounts())  # in its place by now: before, it would be a window of its own

    def _list_card(self) -> Card:
        card = Card(flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 8, 8)
        self.title = ElidedText(t("screen.matters"), bold=True)
        self.tabs = Tabs((("open", t("matters.open")), ("settled", t("matters.settled"))), "open")
        self.tabs.chosen.connect(self._show_view)
        head.addWidget(self.title, 1)
        head.addWidget(self.tabs)
        card.body.addLayout(head)
        return card

    # --- loading --------------------------------------------------------------------------------------------------

    def arrive(self, **args: Any) -> None:
        if args.get("household") or args.get("all"):
            self.household = str(args.get("household") or "")
            self.page = None
        self.wanted = str(args.get("matter") or (self.page.id if self.page else ""))
        store, actor, household = self.desk.store, self.desk.actor, self.household
        work = lambda: lists.board(store, actor, language(), household=household)  # noqa: E731
        self.load(work, self._got, words=t("common.reading"))

    def _got(self, board: MatterBoard) -> None:
        self.board = board
        if self.wanted and all(line.id != self.wanted for line in (*board.open, *board.settled)) and self.household:
            self.household = ""  # another family's matter was asked for
            self.arrive(matter=self.wanted)
            return
        if self.wanted and all(line.id != self.wanted for line in self._standing()):
            self.view = "settled" if any(line.id == self.wanted for line in board.settled) else "open"
        self.tabs.select(self.view)
        self._draw_list()

    def _standing(self) -> list[MatterLine]:
        if self.board is None:
            return []
        found = self.board.open if self.view == "open" else self.board.settled
        return [line for line in found if line.has_steps]

    def _show_view(self, name: str) -> None:
        self.view, self.wanted = name, ""
        self._draw_list()

    def _draw_list(self) -> None:
        if self.board is None:
            return
        late = t("matters.late", n=self.board.late) if self.board.late else ""
        lines, today = self._standing(), self.board.today
        counted = t("matters.count", n=self.board.total)
        self.title.set_text(" · ".join(part for part in (counted, late) if part))
        self.show_rows(lines, [matter_row(line, today) for line in lines])

    def _read_page(self, wanted: str) -> None:
        store, actor = self.desk.store, self.desk.actor
        self.load(lambda: pages.page(store, actor, wanted, language()), self._show)

    def _show(self, page: MatterPage) -> None:
        if page.id == self.wanted:
            self.page = page
            self._draw_detail()

    def draw(self) -> None:
        if self.board is not None:
            self._draw_list()
        if self.page is not None:
            self._draw_detail()

    # --- one matter -----------------------------------------------------------------------------------------------

    def _draw_detail(self) -> None:
        assert self.page
        page, today = self.page, self.desk.actor.today()
        clear(self.detail)
        self.detail.addLayout(self._head(page))
        card = Card(t("matters.steps"), flush=True)
        whole = whole_words(page, today)
        if whole:
            card.head.addWidget(label(whole, "second"))
        first_row = None
        for step in page.steps:
            if step.state != "off":
                first = page.next is not None and step.id == page.next.id
                row = StepRow(
                    step, today, primary=first, undo=self._undo_entry,
                    act=partial(self.act, step), correct=partial(self._correct, step),
                )  # fmt: skip
                card.add_row(row)
                first_row = row if first else first_row
        self.detail.addWidget(card)
        for step in page.steps:
            if step.report:
                self.detail.addWidget(report_card(step.report))
        if page.opens:
            self.detail.addWidget(self._follow_ups(page))
        self.detail.addStretch(1)
        if first_row is not None:
            QTimer.singleShot(0, first_row, lambda: self.area.ensureWidgetVisible(first_row, 0, SEEN_BELOW))

    def _head(self, page: MatterPage) -> QBoxLayout:
        tight = look.theme().large or self.width() < NARROW
        head = QVBoxLayout() if tight else QHBoxLayout()
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        names = QHBoxLayout()
        names.setSpacing(8)
        names.addWidget(ElidedText(privacy.secret(page.title), "title", bold=True, shrink=True))
        names.addWidget(Tag(*page_tag(page)), 0, Qt.AlignmentFlag.AlignVCenter)
        names.addStretch()
        words.addLayout(names)
        family = t("household.family", name=privacy.name(page.family)) if page.family else ""
        day = formats.day_text(page.opened_on, today=self.desk.actor.today())
        opened = t("matters.opened", day=day, who=page.opened_by)
        about = (family, privacy.name(page.person), page.place, page.provider, opened)
        words.addWidget(ElidedText(" · ".join(part for part in about if part), "small", ink="second"))
        head.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        head.addLayout(buttons)
        if page.household:
            home = Button(t("screening.open_household"), key="O")
            home.clicked.connect(self.open_household)
            buttons.addWidget(home)
        if tight:
            buttons.addStretch(1)
        return head

    def _follow_ups(self, page: MatterPage) -> Card:
        card = Card(t("matters.may_follow"))
        row = QHBoxLayout()
        row.setSpacing(8)
        for procedure, title in page.opens:
            button = Button(title)
            button.clicked.connect(lambda _checked=False, name=procedure: self._follow_up(page, name))
            row.addWidget(button)
        row.addStretch()
        card.body.addLayout(row)
        return card

    def _follow_up(self, page: MatterPage, procedure: str) -> None:
        from ui.screens.matters.open_sheet import OpenMatter

        OpenMatter(self.desk, page.household, origin=(page.type, page.id)).begin(procedure)

    # --- doing ----------------------------------------------------------------------------------------------------

    def next(self) -> None:
        if self.page is not None and self.page.next is not None:
            self.act(self.page.next)

    def act(self, step: StepLine) -> None:
        """Do a step: whatever it asks first is a sheet of one key each."""
        if step.kind == VISIT:
            self._visit(step)
        elif step.served is not None:
            ways = [(TAKEN, t("matters.take_over")), (BY_HAND, t("matters.by_hand"))]
            self._pick(step.title, ways, lambda way: self._take_over(step) if way == TAKEN else self._fill(step))
        elif step.intake and not step.report:
            ways = [(READ_IN, t("matters.read_in")), (BY_HAND, t("matters.by_hand"))]
            self._pick(step.title, ways, lambda way: self._read_in(step) if way == READ_IN else self._fill(step))
        elif len(step.left) > 1:
            people = [(row, privacy.name(name)) for row, name in step.left]
            self._pick(step.title, people, lambda row: self._fill(step, row))
        else:
            self._fill(step, step.left[0][0] if step.left else "")

    def _pick(self, title: str, options: list[tuple[str, str]], take: Any) -> None:
        PickSheet(self.window(), title, options, lambda picked: take(picked[0])).open()

    def _take_over(self, step: StepLine) -> None:
        assert self.page
        store, actor, matter = self.desk.store, self.desk.actor, self.page.id
        self.desk.write(lambda: receiving.take_over(store, actor, matter, step.id), self._done, owner=self)

    def _fill(self, step: StepLine, row: str = "") -> None:
        assert self.page
        self.desk.go("visit", matter=self.page.id, step=step.id, row=row)

    def _correct(self, step: StepLine, entry: EntryLine) -> None:
        assert self.page
        self.desk.go("visit", matter=self.page.id, step=step.id, correct=entry.key)

    def _visit(self, step: StepLine) -> None:
        assert self.page
        if not step.evidence:
            self._new_visit(step)
            return
        today = self.desk.actor.today()
        options = [(visit, t("matters.visit_of", day=formats.day_text(at, today=today))) for visit, at in step.evidence]
        options.append((NEW_VISIT, t("matters.new_visit")))
        self._pick(step.title, options, lambda picked: self._link(step, picked))

    def _link(self, step: StepLine, picked: str) -> None:
        if picked == NEW_VISIT:
            self._new_visit(step)
            return
        assert self.page
        store, actor, matter = self.desk.store, self.desk.actor, self.page.id
        on = next(at for visit, at in step.evidence if visit == picked)[:10]
        done = StepDone(step.id, on, visit=picked)
        self.desk.write(lambda: writing.do_step(store, actor, matter, done), self._done, owner=self)

    def _new_visit(self, step: StepLine) -> None:
        assert self.page
        purpose = "application" if self.page.type == "application" else "review"
        self.desk.go(
            "visit", household=self.page.household, purpose=purpose, form=step.form, matter=self.page.id, step=step.id
        )

    def _done(self, _key: object) -> None:
        self.desk.say(t("matters.done"))
        self.arrive()

    # --- reports, undoing -----------------------------------------------------------------------------------------

    def _read_in(self, step: StepLine) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, t("matters.read_in"), "", t("matters.files"))
        if chosen:
            self.read_report(step, Path(chosen))

    def read_report(self, step: StepLine, file: Path) -> None:
        """Lay a report file beside what was declared, and show it before anything is kept."""
        assert self.page
        store, matter = self.desk.store, self.page.id

        def laid(report: CheckReport) -> None:
            CheckSheet(self.window(), report, lambda: self._keep_report(step, report)).open()

        self.desk.read(lambda: check_report.lay_beside(store, matter, file), laid, owner=self)

    def _keep_report(self, step: StepLine, report: CheckReport) -> None:
        assert self.page
        store, actor, matter = self.desk.store, self.desk.actor, self.page.id
        self.desk.write(
            lambda: check_report.keep(store, actor, matter, step.id, report), lambda _id: self._fill(step), owner=self
        )

    def undo(self) -> None:
        """Take back the last step nothing rests on."""
        entries = [entry for step in self.page.steps for entry in step.entries if entry.may_undo] if self.page else []
        if entries:
            self._undo_entry(max(entries, key=lambda entry: entry.on))

    def _undo_entry(self, entry: EntryLine) -> None:
        assert self.page
        store, actor, matter = self.desk.store, self.desk.actor, self.page.id

        def take(why: str) -> None:
            self.desk.write(
                lambda: writing.undo_step(store, actor, matter, entry.key, why), lambda _key: self.arrive(), owner=self
            )

        title = next(step.title for step in self.page.steps if entry in step.entries)
        words = t("matters.undo_words")
        ReasonSheet(self.window(), t("matters.undo_title", step=title), words, take).open_first()

    def open_household(self) -> None:
        if self.page is not None and self.page.household:
            self.desk.go("household", household=self.page.household)

    def accounts(self) -> None:
        """The mutual-aid fund, vouchers and points of the village."""
        if self._has_accounts():
            self.desk.go("accounts")

    def _has_accounts(self) -> bool:
        return may(self.desk.actor.role, READ, "fund_entry")

