"""Today: what must be done, in order; one key starts the next thing."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.workflows import rounds, today
from fieldapp.workflows.rounds import RoundProgress
from fieldapp.workflows.today import TodayBoard, Todo
from ui import formats, privacy
from ui.desk import Desk
from ui.screens.base import Key, Page
from ui.screens.quick_report import QuickReportSheet
from ui.screens.reminders import Reminders
from ui.screens.todo_words import due_words, tag_of
from ui.theme import look
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.gauges import ProgressRing
from ui.widgets.heading import Heading
from ui.widgets.labels import ElidedText, label
from ui.widgets.notices import EmptyState
from ui.widgets.tag import Tag
from ui.words import language, t

#: (heading, kinds, screen that has them all, how it is opened)
SECTIONS: tuple[tuple[str, tuple[str, ...], str, dict[str, Any]], ...] = (
    ("urgent", ("emergency", "lead"), "leads", {}),
    ("review", ("review",), "review", {}),
    ("draft", ("draft",), "visit", {"list": "mine"}),
    ("returned", ("returned",), "visit", {"list": "mine"}),
    ("conflict", ("conflict",), "conflicts", {}),
    ("matter", ("matter",), "matters", {"all": True}),
    ("revisit", ("revisit",), "visit", {"list": "route"}),
)
TAG_WIDTH = 84


class Today(Page):
    """The board of one user; ``Enter`` goes on with the round unless something is urgent."""

    keys = (
        Key("Return", "next", "today.key.next"),
        *(Key(str(n), f"start_{n}", "today.key.start", shown=n == 1) for n in range(1, 10)),
        Key("C", "go_on", "today.key.go_on"),
        Key("V", "new_visit", "today.key.visit"),
        Key("R", "quick_report", "today.key.quick"),
        Key("X", "rechecks", "screen.rechecks"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.board: TodayBoard | None = None
        self.progress: RoundProgress | None = None
        self.progress_known = False
        self.heading = Heading()
        self.column.addLayout(self.heading)
        self.reminders = Reminders(desk)
        self.column.addWidget(self.reminders)
        across = QHBoxLayout()
        across.setSpacing(24)
        self.lists = QVBoxLayout()
        self.lists.setSpacing(16)
        self.side = QVBoxLayout()
        self.side.setSpacing(16)
        across.addLayout(self.lists, 1)
        across.addLayout(self.side)
        self.column.addLayout(across)
        self.column.addStretch(1)
        for number in range(1, 10):
            setattr(self, f"start_{number}", lambda number=number: self.start(number))

    def arrive(self, **args: Any) -> None:
        store, actor = self.desk.store, self.desk.actor
        self.reminders.load()
        self.load(lambda: today.board(store, actor, language()), self._got_board)
        self.load(lambda: rounds.progress(store, actor), self._got_progress)

    def _got_board(self, board: TodayBoard) -> None:
        self.board = board
        self.draw()

    def _got_progress(self, progress: RoundProgress | None) -> None:
        self.progress, self.progress_known = progress, True
        self._draw_side()
        self._draw_actions()

    def draw(self) -> None:
        if self.board is None:
            return
        board = self.board
        self.heading.title.set_text(t("today.title", n=board.total) if board.total else t("today.title_none"))
        day = f"{formats.day(board.today, today=board.today)} {formats.weekday(board.today)}"
        self.heading.second.set_text(" · ".join(part for part in (day, board.place) if part))
        self._draw_lists(board)
        self._draw_side()
        self._draw_actions()

    def _draw_lists(self, board: TodayBoard) -> None:
        clear(self.lists)
        number = 0
        for name, kinds, screen, args in SECTIONS:
            todos = board.of(*kinds)
            if not todos:
                continue
            card = Card(t(f"today.{name}"), flush=True)
            if name == "matter":
                card.head.addWidget(self._all_matters(board.matters))
            for place, todo in enumerate(todos):
                number += 1
                key = "C" if name == "draft" and not place else str(number) if number < 10 else ""
                card.add_row(TodoRow(todo, board, key, self))
            hidden = sum(board.totals.get(kind, 0) for kind in kinds) - len(todos)
            if hidden > 0:
                card.add_row(self._more(hidden, screen, args))
            self.lists.addWidget(card)
        if not number:
            card = Card()
            card.add(EmptyState("check-check", t("today.empty"), t("today.empty_do")))
            self.lists.addWidget(card)
        self.lists.addStretch(1)

    def _more(self, hidden: int, screen: str, args: dict[str, Any]) -> QWidget:
        button = Button(t("common.more", n=hidden), kind="quiet")
        button.clicked.connect(lambda: self.desk.go(screen, **args))
        return button

    def _all_matters(self, running: int) -> QWidget:
        button = Button(t("today.all_matters", n=running), kind="quiet")
        button.clicked.connect(lambda: self.desk.go("matters", all=True))
        return button

    def _draw_actions(self) -> None:
        buttons = []
        if not self.desk.actor.at_desk:
            quick = Button(t("today.quick"), key="R")
            quick.clicked.connect(self.quick_report)
            buttons.append(quick)
        visit = Button(t("today.new_visit"), key="V")
        visit.clicked.connect(self.new_visit)
        buttons.append(visit)
        words = self._next_words()
        if words:
            button = Button(words, kind="primary", key="Enter")
            button.clicked.connect(self.next)
            buttons.append(button)
        self.heading.offer(*buttons)

    def _next_words(self) -> str:
        first = self._pressing()
        if first is not None:
            return do_words(first, self.desk)
        if self.progress is not None and not self.desk.actor.at_desk:
            return t("today.go_on" if self.progress.answered else "today.begin")
        return do_words(self.board.todos[0], self.desk) if self.board and self.board.todos else ""

    def _pressing(self) -> Todo | None:
        """What cannot wait for the round: an emergency, or a lead whose term is over or ends today."""
        todos = self.board.todos if self.board else ()
        return next(
            (one for one in todos if one.kind == "emergency" or (one.kind == "lead" and (one.days_left or 1) <= 0)),
            None,
        )

    def next(self) -> None:
        """The next thing: what is pressing, else the round, else the first on the list."""
        first = self._pressing()
        if first is not None:
            self.begin(first)
        elif self.progress is not None and not self.desk.actor.at_desk:
            self.desk.go("screening")
        elif self.board and self.board.todos:
            self.begin(self.board.todos[0])

    def start(self, number: int) -> None:
        shown = [todo for _name, kinds, *_all in SECTIONS for todo in (self.board.of(*kinds) if self.board else ())]
        if number <= len(shown):
            self.begin(shown[number - 1])

    def go_on(self) -> None:
        """Take up again what was begun last and not finished."""
        drafts = self.board.of("draft") if self.board else []
        if drafts:
            self.begin(drafts[0])

    def begin(self, todo: Todo) -> None:
        """Open the place where this thing is done."""
        if todo.kind in ("emergency", "lead"):
            self.desk.go("leads", lead=todo.document)
        elif todo.kind == "conflict":
            self.desk.go("conflicts", document=todo.document)
        elif todo.kind == "review":
            self.desk.go("review", visit=todo.document)
        elif todo.kind in ("draft", "returned"):
            self.desk.go("visit", visit=todo.document)
        elif todo.kind == "matter":
            self.desk.go("matters", matter=todo.document)
        else:
            self.desk.go("household", household=todo.household)

    def new_visit(self) -> None:
        self.desk.go("visit", new=True)

    def quick_report(self) -> None:
        """A walker reports somebody in a minute, whoever they are."""
        if not self.desk.actor.at_desk:
            QuickReportSheet(self.window(), self.desk).start()

    def _draw_side(self) -> None:
        clear(self.side)
        wide = 328 if not look.theme().large else 360
        for card in (self._round_card(), self._week_card()):
            if card is not None:
                card.setFixedWidth(wide)
                self.side.addWidget(card)
        self.side.addStretch(1)

    def _round_card(self) -> Card | None:
        if self.progress is None:
            if not self.progress_known:
                return None
            card = Card(t("today.no_round"))
            card.add(label(t("today.no_round_do"), "secondbody", wrap=True))
            return card
        progress = self.progress
        name = progress.round.title or t("round.unnamed")
        card = Card(t("today.round", title=name, n=progress.round.number) if progress.round.number else name)
        across = QHBoxLayout()
        across.setContentsMargins(0, 8, 0, 8)
        across.setSpacing(16)
        across.addWidget(ProgressRing(progress.answered, progress.total))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch()
        words.addWidget(label(t("today.doors", done=progress.answered, n=progress.total), "title"))
        words.addWidget(label(self._left_words(progress), "second", wrap=True))
        words.addStretch()
        across.addLayout(words, 1)
        card.body.addLayout(across)
        for state, count in progress.states().items():
            card.body.addWidget(CountLine(state, t(f"state.{state}"), count))
        return card

    def _left_words(self, progress: RoundProgress) -> str:
        closes = formats.day_text(progress.round.closes_on, today=self.desk.actor.today())
        return t("today.left", n=progress.total - progress.answered, day=closes)

    def _week_card(self) -> Card | None:
        if self.board is None:
            return None
        at_desk, week = self.desk.actor.at_desk, self.board.week
        card = Card(t("today.week_all" if at_desk else "today.week"))
        across = QHBoxLayout()
        counts = ((week.doors, "doors"), (week.visits - week.phone, "visits"), (week.phone, "phone"))
        for number, words in counts[1:] if at_desk else counts:
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(label(str(number), "title"))
            column.addWidget(label(t(f"today.week_{words}"), "second"))
            across.addLayout(column, 1)
        card.body.addLayout(across)
        checks = Button(t("screen.rechecks"), kind="quiet", key="X")
        checks.clicked.connect(self.rechecks)
        card.add(checks)
        return card

    def rechecks(self) -> None:
        """Who is checked sees the hash before and the draw after."""
        self.desk.go("rechecks")


def do_words(todo: Todo, desk: Desk) -> str:
    """What the button says: a walker verifies a lead at the door, a desk gives it to somebody."""
    at_desk = desk.actor.at_desk and todo.kind in ("emergency", "lead")
    return t("today.do.at_desk") if at_desk else t(f"today.do.{todo.kind}")


class CountLine(QWidget):
    """A coloured square, what it stands for, how many."""

    def __init__(self, state: str, words: str, count: int) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        square = QLabel()
        square.setFixedSize(10, 10)
        square.setPixmap(_square(state))
        row.addWidget(square)
        row.addWidget(label(words), 1)
        row.addWidget(label(str(count), "strong"))


def _square(state: str) -> QPixmap:
    made = QPixmap(10, 10)
    made.fill(look.colour(state))
    return made


class TodoRow(QWidget):
    """One thing to do: how pressing, who and where, what, until when, and the button that starts it."""

    def __init__(self, todo: Todo, board: TodayBoard, key: str, screen: Today) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(16)
        row.addWidget(Tag(*tag_of(todo), width=TAG_WIDTH))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch()
        age = t("format.age", n=todo.age) if todo.age is not None else ""
        title = " · ".join(part for part in (privacy.name(todo.name), age, todo.place) if part)
        words.addWidget(ElidedText(title, bold=True))
        what = todo.words
        if todo.kind == "conflict":
            what = t("today.contested", n=todo.count)
        elif not what and todo.kind == "draft" and todo.purpose:
            what = t(f"purpose.{todo.purpose}")
        source = t("today.said", who=todo.source, words=what) if todo.source and what else what
        words.addWidget(ElidedText(privacy.secret(source), "small", ink="second"))
        words.addStretch()
        row.addLayout(words, 1)
        due = label(due_words(todo, board.today), "second")
        due.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(due)
        button = Button(do_words(todo, screen.desk), key=key)
        button.setAccessibleName(f"{button.text()} {todo.name}")
        button.clicked.connect(lambda: screen.begin(todo))
        row.addWidget(button)
        self.setFixedHeight(look.metrics().row)
