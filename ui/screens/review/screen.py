"""Review: the queue at the left, last visit beside this one, photos and rules at the right. A approves, R returns."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.workflows import reviews
from fieldapp.workflows.reviews import CompareLine, QueueLine, ReviewPage
from ui.desk import Desk
from ui.formats import clock, day, day_text, stamp, when
from ui.privacy import name
from ui.questions.line import Line
from ui.screens.base import Key, Screen
from ui.screens.review.compare import LAST, CompareTable, words
from ui.screens.review.side import ReviewSide
from ui.screens.visit.arithmetic import show_all_policies, show_arithmetic
from ui.screens.visit.kit import kit_of
from ui.theme import look
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.labels import ElidedText, label
from ui.widgets.notices import EmptyState
from ui.widgets.rows import Row, RowList
from ui.widgets.tabs import Tabs
from ui.words import language, t

TONES = {"urgent": "abnormal", "recheck": "changed", "routine": "todo"}
NARROW = 1120


class Review(Screen):
    """``arrive(visit=id)`` opens that visit; else the first that waits."""

    keys = (
        Key("A", "approve", "review.key.approve"),
        Key("R", "send_back", "review.key.return"),
        Key("E", "pencil", "review.key.pencil"),
        Key("J", "next_visit", "review.key.next"),
        Key("K", "previous_visit", "review.key.previous"),
        Key("C", "toggle_changed", "review.key.changed"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.kit = kit_of(desk)
        self.queue: list[QueueLine] = []
        self.page: ReviewPage | None = None
        self._asked: dict[str, str] = {}
        self._asking: CompareLine | None = None
        self._only_changed = True
        self._wanted = self._loading = ""
        self._across = across = QHBoxLayout(self)
        edge = self.margins()
        across.setContentsMargins(edge, edge, edge, edge)
        across.setSpacing(look.metrics().margin)
        self._queue_card = Card(t("review.waiting", n=0), flush=True)
        self.list = RowList(accessible=t("review.queue"))
        self.list.chosen_row.connect(self._chosen)
        self._queue_card.body.addWidget(self.list, 1)
        across.addWidget(self._queue_card)
        self._middle = QWidget()
        self._build_middle(QVBoxLayout(self._middle))
        across.addWidget(self._middle, 1)
        self.side = ReviewSide(desk)
        self.side.explain.connect(self._explain)
        self.side.show_all.connect(self._all_policies)
        across.addWidget(self.side)
        self._empty = EmptyState("shield-check", t("review.none"), t("review.none_do"))
        across.addWidget(self._empty, 1)
        self._show_empty(False)

    def _build_middle(self, lines: QVBoxLayout) -> None:
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(12)
        head = QHBoxLayout()
        titles = QVBoxLayout()
        titles.setSpacing(0)
        self._title = ElidedText("", "title", bold=True)
        self._about = ElidedText("", "small", ink="second")
        titles.addWidget(self._title)
        titles.addWidget(self._about)
        head.addLayout(titles, 1)
        self._return = Button(t("review.return"), key="R")
        self._return.clicked.connect(self.send_back)
        self._approve = Button(t("review.approve"), kind="primary", key="A")
        self._approve.clicked.connect(self.approve)
        head.addWidget(self._return)
        head.addWidget(self._approve)
        lines.addLayout(head)
        self._hindrance = label("", "error", wrap=True)
        lines.addWidget(self._hindrance)
        card = Card(flush=True)
        self._tabs = Tabs((("changed", t("review.only_changed")), ("all", t("review.all"))), "changed")
        self._tabs.chosen.connect(lambda which: self._show_which(which == "changed"))
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 6, 12, 2)
        bar.addWidget(self._tabs)
        bar.addStretch()
        self._settle = Button(t("review.to_conflicts"), kind="quiet", icon="git-merge")
        self._settle.clicked.connect(lambda: self.desk.go("conflicts", document=self._visit()))
        bar.addWidget(self._settle)
        card.body.addLayout(bar)
        self.table = CompareTable()
        self.table.pencilled.connect(self.ask_about)
        card.body.addWidget(self.table, 1)
        lines.addWidget(card, 1)
        lines.addWidget(self._ask_card())

    def _ask_card(self) -> Card:
        self._ask = Card()
        self._ask_words = label("", "strong", wrap=True)
        self._ask.add(self._ask_words)
        self._ask.add(label(t("review.asking_do"), "second", wrap=True))
        row = QHBoxLayout()
        self.comment = Line(t("review.comment"))
        self.comment.setPlaceholderText(t("review.comment_hint"))
        self.comment.rested.connect(self._noted)
        self.comment.left.connect(self._noted)
        self.comment.leave.connect(self._done_asking)
        row.addWidget(self.comment, 1)
        drop = Button(t("review.drop_comment"), kind="quiet")
        drop.clicked.connect(self._drop_comment)
        row.addWidget(drop)
        self._ask.body.addLayout(row)
        self._ask.hide()
        return self._ask

    # --- loading --------------------------------------------------------------------------------------------------

    def arrive(self, **args: Any) -> None:
        self._wanted = str(args.get("visit") or self._visit())
        self.load(lambda: reviews.bench(self.desk.store, self.desk.actor), self._got)

    def _got(self, queue: list[QueueLine]) -> None:
        before = max(self.list.chosen(), 0)
        self.queue = queue
        self._show_queue()
        self._show_empty(not queue)
        place = next((i for i, line in enumerate(queue) if line.id == self._wanted), min(before, len(queue) - 1))
        self.page, self._loading = None, ""
        self.list.choose(place)
        if queue:
            self._chosen(place)

    def _chosen(self, place: int) -> None:
        if not 0 <= place < len(self.queue) or self._loading == self.queue[place].id:
            return
        self.leave()
        self._loading = self.queue[place].id
        visit, store, actor, shelf = self.queue[place].id, self.desk.store, self.desk.actor, self.kit.shelf
        lang = language()
        work = lambda: reviews.page(store, actor, shelf, visit, lang, f"({lang})")  # noqa: E731
        self.load(work, self._show_page, words=t("common.reading"))

    def _show_page(self, page: ReviewPage) -> None:
        if page.line.id != self._loading:
            return  # the cursor has moved on while it was read
        self.page = page
        self._asked = dict(page.pencilled)
        self._asking = None
        self._ask.hide()
        self._only_changed = page.last_on is not None and page.changed > 0
        self._tabs.select("changed" if self._only_changed else "all")
        self.draw()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- drawing --------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        self._show_queue()
        page = self.page
        if page is None:
            return
        place = f" · {page.line.place}" if page.line.place else ""
        self._title.set_text(t("household.family", name=name(page.line.family)) + place)
        self._about.set_text(_about(page, self.desk))
        hindered = page.hindrance and t(f"review.hindered.{page.hindrance}")
        self._hindrance.setText(hindered)
        self._hindrance.setVisible(bool(hindered))
        self._approve.setEnabled(not page.hindrance)
        self._return.setEnabled(page.hindrance != "own")
        self._settle.setVisible(bool(page.conflicts))
        self._show_lines()
        self.side.show_page(page)

    def _show_lines(self) -> None:
        page = self.page
        if page is None:
            return
        lines = [line for line in page.lines if line.differs or not self._only_changed or line.path in self._asked]
        today = self.desk.actor.today()
        about = "review.changed_of" if page.last_on else "review.first_visit"
        last = t("review.last", day=day_text(page.last_on, today=today)) if page.last_on else ""
        heads = (t(about, n=page.changed, all=len(page.lines)), last, t("review.now"))
        self._tabs.setVisible(page.last_on is not None)  # with nothing to compare there is one view
        self.table.show_lines(lines, self._asked, heads)
        self.table.setColumnHidden(LAST, page.last_on is None)
        if lines:
            self.table.selectRow(0)

    def _show_queue(self) -> None:
        today = self.desk.actor.today()
        self._queue_card.heading.set_text(t("review.waiting", n=len(self.queue)))
        self.list.set_rows(
            [
                Row(
                    title=t("household.family", name=name(line.family)),
                    second=" · ".join(part for part in (line.place, line.who) if part),
                    right=when(stamp(line.at), today=today),
                    tag=("conflict" and t("review.kind.conflict"), "abnormal") if line.conflicts
                    else (t(f"review.kind.{line.kind}"), TONES[line.kind]),
                )
                for line in self.queue
            ]
        )  # fmt: skip

    def _show_empty(self, empty: bool) -> None:
        for widget in (self._queue_card, self._middle, self.side):
            widget.setVisible(not empty)
        self._empty.setVisible(empty)

    def _show_which(self, changed: bool) -> None:
        self._only_changed = changed
        self._show_lines()

    # --- keys -----------------------------------------------------------------------------------------------------

    def approve(self) -> None:
        """One key: this visit is in order, for exactly the leaves on the screen; on to the next."""
        page = self.page
        if page is None or page.hindrance:
            return
        if self._asked:
            self.desk.say(t("review.asked_not_sent", n=len(self._asked)))
            return
        store, actor = self.desk.store, self.desk.actor
        self.desk.write(
            lambda: reviews.approve(store, actor, page.line.id, page.leaves),
            lambda _id: self._decided(t("review.approved", family=name(page.line.family))), owner=self,
        )  # fmt: skip

    def send_back(self) -> None:
        """Return it with what is asked; without a question yet, ask one about the line under the cursor first."""
        page = self.page
        if page is None or page.hindrance == "own":
            return
        self._noted()
        if not self._asked:
            self.pencil()
            return
        store, actor, asked = self.desk.store, self.desk.actor, dict(self._asked)
        self._asked = {}
        self.desk.write(
            lambda: reviews.send_back(store, actor, page.line.id, page.leaves, asked),
            lambda _id: self._decided(t("review.returned", family=name(page.line.family), n=len(asked))), owner=self,
        )  # fmt: skip

    def _decided(self, said: str) -> None:
        self.desk.say(said)
        self._wanted = ""
        self.page = None
        self.arrive()

    def pencil(self) -> None:
        row = self.table.currentIndex().row()
        self.ask_about(row if row >= 0 else 0)

    def ask_about(self, row: int) -> None:
        """Open the comment line for a question."""
        if self.page is None or not 0 <= row < len(self.table.lines.lines):
            return
        self._noted()
        self._asking = self.table.lines.lines[row]
        self._ask_words.setText("✎ " + words(self._asking))
        self._ask.show()
        self.comment.setText(self._asked.get(self._asking.path, ""))
        self.comment.setFocus(Qt.FocusReason.OtherFocusReason)

    def next_visit(self) -> None:
        self.list.step(1)

    def previous_visit(self) -> None:
        self.list.step(-1)

    def toggle_changed(self) -> None:
        self._tabs.select("all" if self._only_changed else "changed")
        self._show_which(not self._only_changed)

    def leave(self) -> None:
        self._noted()

    # --- comments -------------------------------------------------------------------------------------------------

    def _noted(self) -> None:
        """What is being asked is kept as it is written."""
        if self._asking is None or self.page is None:
            return
        text = self.comment.text().strip()
        if text == self._asked.get(self._asking.path, ""):
            return
        if text:
            self._asked[self._asking.path] = text
        else:
            self._asked.pop(self._asking.path, None)
        self.table.lines.mark(self._asked)
        store, actor, visit, asked = self.desk.store, self.desk.actor, self.page.line.id, dict(self._asked)
        self.desk.read(lambda: reviews.pencil(store, actor, visit, asked), lambda _none: None, owner=self)

    def _done_asking(self) -> None:
        self._noted()
        self._ask.hide()
        self._asking = None
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_comment(self) -> None:
        self.comment.setText("")
        self._done_asking()

    # --- the rest -------------------------------------------------------------------------------------------------

    def _visit(self) -> str:
        return self.page.line.id if self.page is not None else ""

    def _explain(self, line_id: str) -> None:
        result = self.page.assessed if self.page is not None else None
        found = (result.program(line_id) or result.policy(line_id)) if result is not None else None
        if found is not None:
            show_arithmetic(self.window(), found)

    def _all_policies(self) -> None:
        if self.page is not None and self.page.assessed is not None:
            show_all_policies(self.window(), self.page.assessed, self._explain)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW * look.scale().body / 15
        larger = 36 if look.theme().large and self.width() >= NARROW else 0  # names and policies stay whole
        self._queue_card.setFixedWidth(208 + larger if narrow else 280)
        self.side.setFixedWidth(232 + larger if narrow else 280)
        self._across.setSpacing(16 if narrow else look.metrics().margin)


def _about(page: ReviewPage, desk: Desk) -> str:
    """``11 月 21 日 09:10–09:46 入户，李秋、陈芳 · 在场 肖雨 · 36 分钟``"""
    start, end = stamp(page.started_at), stamp(page.finished_at)
    span = f"{clock(start)}–{clock(end)}" if start and end and start.date() == end.date() else clock(end) if end else ""
    on = day(end.astimezone().date(), today=desk.actor.today()) if end else ""
    parts = [t("review.about", day=on, time=span, who=page.line.who)]
    if page.present:
        parts.append(t("review.present", who=name(page.present)))
    if page.minutes:
        parts.append(t("review.minutes", n=page.minutes))
    return " · ".join(parts)
