"""Accounts of a village: the mutual-aid fund, vouchers, points; each line with its balance, a new one by one key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.workflows.matters import accounts, fund
from fieldapp.workflows.matters.accounts import Account, AccountLine
from fieldapp.workflows.matters.fund import ACCOUNTS, Line
from ui import formats, privacy
from ui.desk import Desk
from ui.messages import words_for
from ui.questions.line import NotAnAnswer
from ui.questions.number import read_number
from ui.screens.base import Key, Screen
from ui.screens.matters.reason_sheet import ReasonSheet
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.fields_sheet import FieldsSheet
from ui.widgets.labels import ElidedText, label
from ui.widgets.notices import Banner, EmptyState
from ui.widgets.pick_sheet import Picks, PickSheet
from ui.widgets.rows import Row, RowList
from ui.widgets.tabs import Tabs
from ui.words import t

IN, OUT = "in", "out"


class Accounts(Screen):
    """``arrive(account=..., village=...)``; by default the mutual-aid fund of one's own village."""

    keys = (
        Key("N", "new_line", "accounts.key.new"),
        Key("V", "other_village", "accounts.key.village"),
        Key("X", "strike", "accounts.key.strike"),
        Key("Return", "open_matter", "accounts.key.matter"),
        Key("Escape", "back", "common.back"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.account: Account | None = None
        self.name, self.village = ACCOUNTS[0], ""
        edge = self.margins()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(edge, edge, edge, edge)
        outer.setSpacing(16)
        self.notice = QVBoxLayout()
        outer.addLayout(self.notice)
        head = QHBoxLayout()
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.title = ElidedText("", "title", bold=True)
        self.about = ElidedText("", "small", ink="second")
        words.addWidget(self.title)
        words.addWidget(self.about)
        head.addLayout(words, 1)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        head.addLayout(self.buttons)
        outer.addLayout(head)
        self.tabs = Tabs(tuple((name, t(f"account.{name}")) for name in ACCOUNTS), ACCOUNTS[0])
        self.tabs.chosen.connect(self._tab)
        outer.addWidget(self.tabs)
        card = Card(flush=True)
        self.views = QStackedWidget()
        self.list = RowList(accessible=t("screen.accounts"))
        self.views.addWidget(self.list)
        self.views.addWidget(EmptyState("wallet", t("accounts.empty"), t("accounts.empty_do")))
        card.body.addWidget(self.views, 1)
        outer.addWidget(card, 1)

    def arrive(self, **args: Any) -> None:
        self.name = str(args.get("account") or self.name)
        self.village = str(args.get("village") or self.village)
        self.tabs.select(self.name)
        store, actor, name, village = self.desk.store, self.desk.actor, self.name, self.village
        self.desk.read(
            lambda: accounts.account(store, actor, name, village), self._got, owner=self, failed=self._fail,
            words=t("common.reading"),
        )  # fmt: skip

    def _fail(self, error: BaseException) -> None:
        clear(self.notice)
        self.notice.addWidget(Banner(words_for(error), action=t("common.again"), on_action=self.arrive))

    def _got(self, account: Account) -> None:
        clear(self.notice)
        self.account, self.village = account, account.village
        self.draw()

    def _tab(self, name: str) -> None:
        self.arrive(account=name)

    def draw(self) -> None:
        account = self.account
        if account is None:
            return
        what = t(f"account.{account.kind}")
        self.title.set_text(t("accounts.balance", what=what, amount=self._sum(account.balance)))
        counted = t("accounts.lines", n=len(account.lines))
        self.about.set_text(" · ".join(part for part in (account.place, counted) if part))
        self.list.set_rows([self._row(line) for line in account.lines])
        self.views.setCurrentIndex(0 if account.lines else 1)
        clear(self.buttons)
        if len(account.villages) > 1:
            other = Button(t("accounts.village"), key="V")
            other.clicked.connect(self.other_village)
            self.buttons.addWidget(other)
        if account.may_write:
            new = Button(t("accounts.new"), kind="primary", key="N")
            new.clicked.connect(self.new_line)
            self.buttons.addWidget(new)

    def _row(self, line: AccountLine) -> Row:
        today = self.desk.actor.today()
        second = " · ".join(part for part in (formats.day_text(line.on, today=today), line.by) if part)
        if line.struck:
            second = t("accounts.struck", why=line.struck)
        tone = "todo" if line.struck else "done" if line.amount > 0 else "changed"
        amount = ("+" if line.amount > 0 else "") + self._sum(line.amount)
        return Row(
            title=privacy.secret(line.words or t("accounts.no_words")), beside=privacy.name(line.who), second=second,
            right=t("accounts.after", amount=self._sum(line.balance)), tag=(privacy.secret(amount), tone),
        )  # fmt: skip

    def _sum(self, amount: int) -> str:
        is_money = self.account is not None and self.account.is_money
        return privacy.secret(formats.yuan(amount) if is_money else t("accounts.points", n=amount))

    # --- doing ----------------------------------------------------------------------------------------------------

    def new_line(self) -> None:
        if self.account is not None and self.account.may_write:
            LineSheet(self.window(), self.account, self.desk.actor.today(), self._enter).open_first()

    def _enter(self, line: Line) -> None:
        assert self.account is not None
        store, actor, village = self.desk.store, self.desk.actor, self.account.village

        def work() -> str:
            found = accounts.person_named(store, village, line.who).result() if line.who else None
            whose = Line(line.account, line.amount, line.on, line.words, line.who, *(found or ("", "")))
            return fund.enter(store, actor, village, whose).result()

        def entered(entry: str) -> None:
            self.desk.say(t("accounts.entered"), lambda: self._strike(entry, t("common.undo")))
            self.arrive()

        self.desk.write(work, entered, owner=self)

    def strike(self) -> None:
        """The chosen line no longer counts; the reason stays with it."""
        line = self._chosen()
        if line is not None and not line.struck and self.account is not None and self.account.may_write:
            title = t("accounts.strike_title", what=privacy.secret(line.words))
            ReasonSheet(
                self.window(), title, t("accounts.strike_words"), lambda why: self._strike(line.id, why)
            ).open_first()

    def _strike(self, entry: str, why: str) -> None:
        store, actor = self.desk.store, self.desk.actor
        self.desk.write(lambda: fund.strike(store, actor, entry, why), lambda _id: self.arrive(), owner=self)

    def open_matter(self) -> None:
        line = self._chosen()
        if line is not None and line.matter:
            self.desk.go("matters", matter=line.matter)

    def _chosen(self) -> AccountLine | None:
        place = self.list.chosen()
        return self.account.lines[place] if self.account and 0 <= place < len(self.account.lines) else None

    def other_village(self) -> None:
        if self.account is not None and len(self.account.villages) > 1:
            PickSheet(
                self.window(), t("accounts.village"), self.account.villages,
                lambda picked: self.arrive(village=picked[0]),
            ).open()  # fmt: skip

    def back(self) -> None:
        self.desk.go("matters", all=True)


class LineSheet(FieldsSheet):
    """In or out, how much, what for, from or to whom."""

    def __init__(self, window: QWidget, account: Account, today: date, take: Callable[[Line], None]) -> None:
        title = t("accounts.new_title", what=t(f"account.{account.kind}"))
        super().__init__(window, title, ("amount", "words", "who"), words="accounts")
        self.account, self._today, self._take = account, today, take
        own = "points" if account.kind == "points" else "money"
        self.way = Picks([(IN, t(f"accounts.in.{own}")), (OUT, t(f"accounts.out.{own}"))], several=False, keys="")
        self.way.choose(IN)
        self.body.insertWidget(0, self.way)
        self.body.addWidget(label(t("accounts.sheet_words"), "second", wrap=True))

    def save(self) -> None:
        try:
            amount = read_number(self.fields["amount"].text())
        except NotAnAnswer:
            amount = Decimal(0)
        if amount <= 0:
            self.fields["amount"].say(t("accounts.amount_wanted"), wrong=True)
            self.fields["amount"].field.setFocus()
            return
        whole = round(amount * 100) if self.account.is_money else round(amount)
        signed = whole if self.way.picked() == [IN] else -whole
        texts = {name: field.text() for name, field in self.fields.items()}
        if signed < 0 and self.account.balance + signed < 0 and not texts["words"]:
            self.fields["words"].say(t("accounts.words_wanted"), wrong=True)
            return
        self.close_sheet()
        self._take(Line(self.account.kind, signed, self._today.isoformat(), texts["words"], texts["who"]))
