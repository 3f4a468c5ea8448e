"""Leads: by days left, who sent them and why; verified at the door, answered with what was seen."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import date
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.store.api import Store
from fieldapp.workflows import households, lead_clocks, lead_desk, lead_link, leads
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.lead_desk import Assignable
from fieldapp.workflows.lead_link import Linked
from fieldapp.workflows.leads import Inbox, LeadAnswer, LeadLine, LeadPage
from fieldapp.workflows.new_family import NewFamily
from ui import privacy
from ui.desk import Desk
from ui.screens import registry
from ui.screens.base import Key
from ui.screens.importing.door import offer_import
from ui.screens.lead_answer import LeadAnswerSheet
from ui.screens.lead_dates import dates_card, with_words
from ui.screens.lead_link_sheet import LinkSheet
from ui.screens.lead_sheets import AssignSheet, NewLeadSheet, WordsSheet
from ui.screens.list_and_page import ListAndPage
from ui.screens.matters.open_sheet import OpenMatter
from ui.screens.stored_picture import stored_picture
from ui.screens.todo_words import days_tag
from ui.screens.visit.kit import kit_of
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import ElidedText, label
from ui.widgets.notices import EmptyState
from ui.widgets.rows import Row
from ui.widgets.tabs import Tabs
from ui.widgets.tag import Tag
from ui.words import said, t

PHOTO = QSize(120, 90)
VIEWS = ("open", "settled")
DESK_VIEWS = ("open", "mine_to_give", "late", "raised", "settled")


class Leads(ListAndPage):
    """Late ones stand first and say so."""

    page: LeadPage | None
    card_at_most = 440
    page_share = 6

    keys = (
        Key("Return", "verify", "leads.key.verify"),
        Key("A", "answer", "leads.key.answer"),
        Key("O", "open_household", "screening.open_household"),
        Key("L", "link", "leads.key.link"),
        Key("N", "new_lead", "leads.key.enter"),
        Key("R", "relative", "leads.key.relative"),
        Key("M", "open_matter", "household.key.matter"),
        Key("Down", "down", "households.key.down"),
        Key("Up", "up", "households.key.up", shown=False),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.inbox: Inbox | None = None
        self.terms = leads.NO_TERMS
        self.view = "open"
        if desk.actor.at_desk:
            self.add_key(Key("G", "assign", "leads.key.assign"), self.assign)
            self.add_key(Key("W", "withdraw", "leads.key.withdraw"), self.withdraw)
        else:
            self.add_key(Key("B", "hand_back", "leads.key.hand_back"), self.hand_back)
        self.number = ""
        self.lay_out(self._list_card(), t("screen.leads"), EmptyState("bell", t("leads.empty"), t("leads.empty_do")))
        self.line_chosen.connect(self._read_page)
        if desk.actor.at_desk:
            foot = QHBoxLayout()
            foot.setContentsMargins(8, 8, 8, 8)
            foot.addStretch(1)
            offer_import(self, foot)
            self.card.body.addLayout(foot)

    def _list_card(self) -> Card:
        card = Card(flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 8, 8)
        self.title = label(t("screen.leads"), "strong")
        head.addWidget(self.title, 1)
        fresh = Button(t("leads.enter"), key="N")
        fresh.clicked.connect(self.new_lead)
        head.addWidget(fresh)
        card.body.addLayout(head)
        views = DESK_VIEWS if self.desk.actor.at_desk else VIEWS
        self.tabs = Tabs([(name, t(f"leads.view.{name}")) for name in views], "open")
        self.tabs.chosen.connect(self._show_view)
        under = QHBoxLayout()
        under.setContentsMargins(8, 0, 8, 4)
        under.addWidget(self.tabs)
        under.addStretch(1)
        card.body.addLayout(under)
        return card

    def arrive(self, **args: Any) -> None:
        self.wanted = str(args.get("lead") or (self.page.line.id if self.page else ""))
        store, actor, kit = self.desk.store, self.desk.actor, kit_of(self.desk)

        def ask() -> Inbox:
            kit.renew(store, actor.today())
            self.terms = lead_clocks.terms_of(kit.rules, actor.today())
            return leads.inbox(store, actor, self.terms).result()

        self.load(ask, self._got, words=t("common.reading"))

    def _got(self, inbox: Inbox) -> None:
        self.inbox = inbox
        if self.wanted and all(line.id != self.wanted for line in inbox.open):
            self.view = "settled" if any(line.id == self.wanted for line in inbox.settled) else "open"
        self.tabs.select(self.view)
        self._draw_list()

    def _show_view(self, name: str) -> None:
        self.view, self.wanted = name, ""
        self._draw_list()

    def _draw_list(self) -> None:
        if self.inbox is None:
            return
        late = t("leads.late", n=self.inbox.late) if self.inbox.late else ""
        self.title.setText(" · ".join(part for part in (t("leads.count", n=len(self.inbox.open)), late) if part))
        lines = self.inbox.of(self.view)
        today = self.inbox.today if self.desk.actor.at_desk else None
        self.show_rows(lines, [lead_row(line, today) for line in lines])

    def _read_page(self, wanted: str) -> None:
        store, actor = self.desk.store, self.desk.actor
        self.load(lambda: leads.page(store, actor, wanted, self.terms), self._show)

    def _show(self, page: LeadPage) -> None:
        if page.line.id == self.wanted:
            if self.page is None or self.page.line.id != page.line.id:
                self.number = ""
            self.page = page
            self._draw_detail()

    def draw(self) -> None:
        if self.inbox is not None:
            self._draw_list()
        if self.page is not None:
            self._draw_detail()

    def _draw_detail(self) -> None:
        assert self.page
        page, line = self.page, self.page.line
        clear(self.detail)
        self.detail.addLayout(self._head(line))
        why = Card(t("leads.content"))
        why.add(label(privacy.secret(line.content) or t("common.none"), wrap=True))
        sent = " · ".join(part for part in (line.source, said("channel", line.channel) if line.channel else "") if part)
        who = sent or t("common.unknown")
        told = t("leads.sent", who=who, number=line.number) if line.number else t("leads.sent_by", who=who)
        why.add(label(told, "second", wrap=True))
        for words in page.again:
            why.add(label(t("leads.again", words=privacy.secret(words)), "second", wrap=True))
        if line.near_relative:
            why.add(label(t("leads.relative", who=privacy.secret(page.near_relative_of)), tone="changed", wrap=True))
        if page.handed_back:
            why.add(label(t("leads.handed_back", words=page.handed_back), tone="changed", wrap=True))
        why.body.addLayout(self._id_row(page))
        self.detail.addWidget(why)
        self.detail.addWidget(dates_card(page, self.desk.actor.today()))
        if line.state == "open":
            self.detail.addWidget(self._more())
        if page.answered_on:
            self.detail.addWidget(self._answer_card(page))
        self.detail.addStretch(1)

    def _answer_card(self, page: LeadPage) -> Card:
        """What was answered, how it is known, and the photos and files that show it."""
        done = Card(t("leads.answered_card"))
        done.add(label(t("chain.answered", outcome=said("outcome", page.line.outcome)), "strong", wrap=True))
        done.add(label(privacy.secret(page.seen), wrap=True))
        how = t("leads.known_by", how=t(f"how.{page.how}")) if page.how else ""
        files = t("leads.files", n=len(page.files)) if page.files else ""
        if how or files:
            done.add(label(" · ".join(part for part in (how, files) if part), "second", wrap=True))
        if page.photos:
            row = QHBoxLayout()
            row.setSpacing(8)
            for place, blob in enumerate(page.photos, 1):
                row.addWidget(stored_picture(self.desk, (t("evidence.photo", n=place), blob), PHOTO))
            row.addStretch(1)
            done.body.addLayout(row)
        return done

    def _head(self, line: LeadLine) -> QBoxLayout:
        # A name has the whole line however long it is; in large type or a narrow window the buttons are two rows.
        head = QVBoxLayout()
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        names = QHBoxLayout()
        names.setSpacing(8)
        age = t("format.age", n=line.age) if line.age is not None else ""
        words_of = " · ".join(part for part in (privacy.name(line.name), age) if part)
        names.addWidget(ElidedText(words_of, "title", bold=True, shrink=True))
        names.addWidget(Tag(*lead_tag(line)), 0, Qt.AlignmentFlag.AlignVCenter)
        names.addStretch()
        words.addLayout(names)
        words.addWidget(ElidedText(line.place, "small", ink="second"))
        head.addLayout(words, 1)
        give = self.desk.actor.at_desk and not line.assigned_to  # before anybody goes, somebody must have it
        under = QWidget()
        buttons = FlowLayout(under)
        head.addWidget(under)
        if line.household:
            home = Button(t("screening.open_household"), key="O")
            home.clicked.connect(self.open_household)
            buttons.addWidget(home)
            matter = Button(t("household.matter"), key="M")
            matter.clicked.connect(self.open_matter)
            buttons.addWidget(matter)
        elif line.state == "open":
            link = Button(t("leads.link"), key="L", kind="plain" if give else "primary")
            link.clicked.connect(self.link)
            buttons.addWidget(link)
        if line.state == "open":
            if give:
                assign = Button(t("leads.key.assign"), key="G", kind="primary")
                assign.clicked.connect(self.assign)
                buttons.addWidget(assign)
            answer = Button(t("leads.answer"), key="A", kind="plain" if registry.has("visit") else "primary")
            answer.clicked.connect(self.answer)
            buttons.addWidget(answer)
            if registry.has("visit") and line.household:
                verify = Button(t("today.do.lead"), kind="plain" if give else "primary", key="Enter")
                verify.clicked.connect(self.verify)
                buttons.addWidget(verify)
        return head

    def _id_row(self, page: LeadPage) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(t("leads.id", number=self.number or page.id_masked or t("member.no_id")), "second"))
        if page.id_masked and not self.number:
            show = Button(t("common.show"), kind="quiet")
            show.setAccessibleName(t("household.show_id_number"))
            show.clicked.connect(self._reveal)
            row.addWidget(show)
        row.addStretch()
        return row

    def _reveal(self) -> None:
        assert self.page
        store, actor, document = self.desk.store, self.desk.actor, self.page.line.id

        def came(number: str) -> None:
            self.number = number
            self.desk.say(t("household.logged"))
            self._draw_detail()

        self.desk.write(lambda: households.reveal(store, actor, document, "id_number"), came, owner=self)

    def _more(self) -> Card:
        """What is rarer than verifying and answering."""
        card = Card(t("leads.more"))
        under = QWidget()
        flow = FlowLayout(under)
        given = bool(self.page and self.page.line.assigned_to)
        acts = (
            [*([("assign", "G", self.assign)] if given else []), ("withdraw", "W", self.withdraw)]
            if self.desk.actor.at_desk
            else [("hand_back", "B", self.hand_back)]
        )
        if self.page is not None and self.page.line.household:
            acts.append(("link_other", "L", self.link))
        for name, key, act in (*acts, ("relative", "R", self.relative)):
            button = Button(t(f"leads.key.{name}"), key=key)
            button.clicked.connect(act)
            flow.addWidget(button)
        card.add(under)
        return card

    def _open_lead(self) -> LeadPage | None:
        return self.page if self.page is not None and self.page.line.state == "open" else None

    def new_lead(self) -> None:
        NewLeadSheet(self.window(), self.desk, self.terms, lambda made: self.arrive(lead=made)).open_first()

    def link(self) -> None:
        """Say which family it is about: from the registry, or a new one."""
        page = self._open_lead()
        if page is not None:
            LinkSheet(self.window(), self.desk, page, self._link_to, self._link_new).open_first()

    def _link_to(self, household: str) -> None:
        self._link(lambda store, actor, lead: lead_link.link(store, actor, lead, household))

    def _link_new(self, family: NewFamily) -> None:
        self._link(lambda store, actor, lead: lead_link.link_new(store, actor, lead, family))

    def _link(self, work: Callable[[Store, Actor, str], Future[Linked]]) -> None:
        page = self._open_lead()
        if page is None:
            return
        store, actor, lead = self.desk.store, self.desk.actor, page.line.id

        def linked(made: Linked) -> None:
            self.desk.say(t("leads.linked_elsewhere" if made.elsewhere else "leads.linked"), lambda: self._unlink(made))
            self.arrive(lead=lead)

        self.desk.write(lambda: work(store, actor, lead), linked, owner=self)

    def _unlink(self, made: Linked) -> None:
        store, actor = self.desk.store, self.desk.actor
        undo = lambda: lead_link.take_back(store, actor, made)  # noqa: E731
        self.desk.write(undo, lambda lead: self.arrive(lead=lead), owner=self)

    def assign(self) -> None:
        page = self._open_lead()
        if page is None:
            return
        store, actor, lead = self.desk.store, self.desk.actor, page.line.id

        def offer(found: Assignable) -> None:
            AssignSheet(self.window(), page, found, self._assigned).open_first()

        self.desk.read(lambda: lead_desk.assignable(store, actor, lead), offer, owner=self)

    def _assigned(self, to: str, grid: str | None) -> None:
        self._do(lambda store, actor, lead: lead_desk.assign(store, actor, lead, to, grid), t("leads.assigned", who=to))

    def hand_back(self) -> None:
        self._ask("hand_back", lead_desk.hand_back)

    def withdraw(self) -> None:
        self._ask("withdraw", lead_desk.withdraw)

    def relative(self) -> None:
        page = self._open_lead()
        self._ask("relative", lead_desk.mark_relative, text=page.near_relative_of if page else "", may_be_empty=True)

    def _ask(self, name: str, work: Callable[..., Future[str]], *, text: str = "", may_be_empty: bool = False) -> None:
        if self._open_lead() is None:
            return

        def take(words: str) -> None:
            self._do(lambda store, actor, lead: work(store, actor, lead, words), t(f"leads.done.{name}"))

        WordsSheet(self.window(), name, take, text=text, may_be_empty=may_be_empty).open_first()

    def _do(self, work: Callable[[Store, Actor, str], Future[str]], said_after: str) -> None:
        page = self._open_lead()
        if page is None:
            return
        store, actor, lead = self.desk.store, self.desk.actor, page.line.id

        def done(_id: str) -> None:
            self.desk.say(said_after)
            self.arrive(lead=lead)

        self.desk.write(lambda: work(store, actor, lead), done, owner=self)

    def verify(self) -> None:
        if self.page is None or self.page.line.state != "open":
            return
        if registry.has("visit") and self.page.line.household:
            line = self.page.line
            self.desk.go("visit", household=line.household, purpose="lead", lead=line.id)
        else:
            self.answer()

    def answer(self) -> None:
        if self.page is not None and self.page.line.state == "open":
            LeadAnswerSheet(self.window(), self.page, self.desk.actor.today(), self._answer).open_first()

    def _answer(self, given: LeadAnswer) -> None:
        assert self.page
        store, actor, lead = self.desk.store, self.desk.actor, self.page.line.id

        def saved(_revision: str) -> None:
            self.desk.say(t("leads.saved"), lambda: self._take_back(lead))
            self.page = None
            self.arrive()

        self.desk.write(lambda: leads.answer(store, actor, lead, given), saved, owner=self)

    def _take_back(self, lead: str) -> None:
        store = self.desk.store
        self.desk.write(lambda: leads.take_back_answer(store, lead), lambda _id: self.arrive(lead=lead), owner=self)

    def open_household(self) -> None:
        if self.page is not None and self.page.line.household:
            self.desk.go("household", household=self.page.line.household)

    def open_matter(self) -> None:
        """What follows from the lead keeps saying where it came from."""
        if self.page is not None and self.page.line.household:
            line = self.page.line
            OpenMatter(self.desk, str(line.household), origin=("lead", line.id), words=line.content).choose("lead")


def lead_tag(line: LeadLine) -> tuple[str, str]:
    if line.state == "withdrawn":
        return t("leads.is_withdrawn"), "todo"
    if line.state == "answered":
        return t("leads.is_answered"), "done"
    if line.raised:
        return t(f"leads.tag_{line.raised}"), "abnormal"
    late = line.days_left is not None and line.days_left < 0
    if line.misdirected:
        return t("leads.tag_back"), "changed"
    if line.overdue == "assigned":
        return t("leads.tag_unassigned"), "abnormal"
    return (t("tag.urgent"), "abnormal") if line.urgent and not late else days_tag(line.days_left)


def lead_row(line: LeadLine, desk_on: date | None = None) -> Row:
    """At the desk, with the day: who has had it since when comes before what it says."""
    age = t("format.age", n=line.age) if line.age is not None else ""
    held = with_words(line, desk_on) if desk_on is not None and line.state == "open" else ""
    said_by = privacy.secret(f"{line.source}：{line.content}" if line.source else line.content)
    return Row(
        title=privacy.name(line.name) or t("screening.no_name"),
        beside=" · ".join(part for part in (age, line.place) if part),
        second=" · ".join(part for part in (held, said_by) if part),
        tag=lead_tag(line),
    )
