"""One household: who they are, what they get, and the chain of help in time order."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.workflows import households as workflow
from fieldapp.workflows import visit_planning
from fieldapp.workflows.households import Link
from fieldapp.workflows.households import Page as Model
from fieldapp.workflows.people import Member
from fieldapp.workflows.visit_planning import Agreed
from ui import formats, privacy
from ui.desk import Desk
from ui.screens import registry
from ui.screens.base import Key, Page
from ui.screens.handing_over import HandOverSheet, ResultSheet
from ui.screens.matters.open_sheet import OpenMatter
from ui.screens.plan_visit_sheet import PlanVisitSheet
from ui.screens.screening.door_words import member_about, place_words
from ui.screens.screening.family_panel import TAG_MOST, program_words, tags_of
from ui.screens.twin_card import TwinCard
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.labels import ElidedText, label
from ui.widgets.notices import EmptyState, Picture
from ui.widgets.tag import Tag
from ui.words import language, said, t

TERM = re.compile(r"≤ (\d{4}-\d\d-\d\d)")
LINK_LOOKS = {
    "lead": ("bell", "changed"), "answered": ("check", "done"), "withdrawn": ("x", "todo"),
    "door": ("door-open", "accent"),
    "visit": ("clipboard-check", "accent"), "report": ("megaphone", "abnormal"), "approved": ("shield-check", "done"),
    "returned": ("undo-2", "changed"), "program": ("hand-coins", "done"), "help": ("heart-handshake", "accent"),
    "step": ("circle-check", "accent"), "paid": ("wallet", "done"), "served": ("check-check", "done"),
    "due": ("calendar-clock", "changed"),
}  # fmt: skip


class HouseholdPage(Page):
    """Numbers are masked; showing one goes on the access log first."""

    keys = (
        Key("V", "visit", "household.key.visit"),
        Key("D", "agree", "household.key.agree"),
        Key("T", "hand_over", "household.key.hand_over"),
        Key("M", "open_matter", "household.key.matter"),
        Key("Escape", "back", "common.back"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.household = ""
        self.page: Model | None = None
        self.shown: dict[tuple[str, str], str] = {}
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.column.addLayout(self.head)
        across = QHBoxLayout()
        across.setSpacing(24)
        self.left = QVBoxLayout()
        self.left.setSpacing(16)
        self.right = QVBoxLayout()
        self.right.setSpacing(16)
        across.addLayout(self.left, 5)
        across.addLayout(self.right, 4)
        self.column.addLayout(across)
        self.column.addStretch(1)

    def arrive(self, **args: Any) -> None:
        if args.get("household", self.household) != self.household:
            self.household, self.page = str(args["household"]), None
            self.shown.clear()
            for part in (self.head, self.left, self.right):
                clear(part)
        if not self.household:
            self.head.addWidget(EmptyState("users", t("household.none"), t("household.none_do")))
            return
        store, actor, wanted = self.desk.store, self.desk.actor, self.household
        self.load(lambda: workflow.page(store, actor, wanted, language()), self._got, words=t("common.reading"))

    def leave(self) -> None:
        self.shown.clear()  # a number shown once is not still there for the next one who looks

    def _got(self, page: Model) -> None:
        self.page = page
        self.draw()

    def draw(self) -> None:
        if self.page is None:
            return
        for part in (self.head, self.left, self.right):
            clear(part)
        self._draw_head(self.page)
        self.left.addWidget(self._members(self.page))
        self.left.addWidget(TwinCard(self.desk, self.page.id, self.arrive))
        self.left.addWidget(self._help(self.page))
        self.left.addStretch(1)
        self.right.addWidget(self._next_visit(self.page))
        self.right.addWidget(self._chain(self.page))
        self.right.addStretch(1)

    def _draw_head(self, page: Model) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        names = QHBoxLayout()
        names.setSpacing(8)
        family = t("household.family", name=privacy.name(page.head))
        names.addWidget(ElidedText(family, "title", bold=True, shrink=True))
        for text, tone in tags_of(page.tier, page.risk, [one.policy for one in page.programs], len(page.disputed)):
            names.addWidget(Tag(text, tone, most=TAG_MOST), 0, Qt.AlignmentFlag.AlignVCenter)
        names.addStretch()
        words.addLayout(names)
        counts = t("household.visits", visits=page.visit_count, phone=page.phone_count)
        parts = (page.address or page.place, t("household.people", n=len(page.members)), counts)
        words.addWidget(ElidedText(" · ".join(part for part in parts if part), "small", ink="second"))
        self.head.addLayout(words, 1)
        if page.phone_masked:
            self.head.addWidget(self._secret(page.id, "phone", page.phone_masked))
        if registry.has("plan"):
            plan = Button(t("screen.plan"))
            plan.clicked.connect(lambda: self.desk.go("plan", household=page.id))
            self.head.addWidget(plan)
        matter = Button(t("household.matter"), key="M")
        matter.clicked.connect(self.open_matter)
        self.head.addWidget(matter)
        hand_over = Button(t("household.hand_over"), key="T")
        hand_over.clicked.connect(self.hand_over)
        self.head.addWidget(hand_over)
        if registry.has("visit"):
            visit = Button(t("today.new_visit"), kind="primary", key="V")
            visit.clicked.connect(self.visit)
            self.head.addWidget(visit)

    def _members(self, page: Model) -> Card:
        card = Card(t("household.members"), flush=True)
        for member in page.members:
            card.add_row(self._member(member))
        if not page.members:
            card.add(EmptyState("users", t("household.no_members"), t("household.no_members_do")))
        return card

    def _member(self, member: Member) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedText(privacy.name(member.name), bold=True))
        words.addWidget(ElidedText(member_about(member), "small", ink="second"))
        row.addLayout(words, 1)
        if member.id_masked:
            row.addWidget(self._secret(member.id, "id_number", member.id_masked))
        else:
            row.addWidget(label(member.no_id_reason or t("member.no_id"), "second"))
        row.addWidget(Tag(*place_words(member.whereabouts)))
        return made

    def _secret(self, document: str, what: str, masked: str) -> QWidget:
        """A masked number and the button that shows it; the look is logged before the number comes."""
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        full = self.shown.get((document, what))
        row.addWidget(label(full or masked, "second"))
        if full is None:
            show = Button(t("common.show"), kind="quiet")
            show.setAccessibleName(t(f"household.show_{what}"))
            show.clicked.connect(lambda: self._reveal(document, what))
            row.addWidget(show)
        return made

    def _reveal(self, document: str, what: str) -> None:
        store, actor = self.desk.store, self.desk.actor

        def came(number: str) -> None:
            self.shown[(document, what)] = number
            self.desk.say(t("household.logged"))
            self.draw()

        self.desk.write(lambda: workflow.reveal(store, actor, document, what), came, owner=self)

    def _next_visit(self, page: Model) -> Card:
        """When somebody comes again and why; the day is one key."""
        card = Card(t("household.next_visit"))
        row = QHBoxLayout()
        day = formats.day_text(page.revisit_on, today=self.desk.actor.today()) if page.revisit_on else ""
        words = " · ".join(part for part in (day, privacy.secret(page.revisit_reason) if day else "") if part)
        row.addWidget(ElidedText(words or t("household.next_none"), ink="ink" if words else "second"), 1)
        agree = Button(t("household.agree"), key="D")
        agree.clicked.connect(self.agree)
        row.addWidget(agree)
        card.body.addLayout(row)
        return card

    def agree(self) -> None:
        if self.page is None:
            return
        store, actor, page = self.desk.store, self.desk.actor, self.page

        def take(on: date, why: str) -> None:
            self.desk.write(lambda: visit_planning.agree(store, actor, page.id, on, why), agreed, owner=self)

        def agreed(made: Agreed) -> None:
            self.desk.say(t("household.agreed"), lambda: self._not_agreed(made))
            self.arrive()

        PlanVisitSheet(self.window(), privacy.name(page.head), actor.today(), take).open_first()

    def _not_agreed(self, made: Agreed) -> None:
        store, actor = self.desk.store, self.desk.actor
        self.desk.write(lambda: visit_planning.take_back(store, actor, made), lambda _id: self.arrive(), owner=self)

    def _help(self, page: Model) -> Card:
        card = Card(t("household.receives"))
        for one in page.programs:
            card.add(label(privacy.secret(program_words(one.policy, one.amount_month)), wrap=True))
            since = formats.day_text(one.since, today=self.desk.actor.today())
            card.add(label(t("household.since", day=since), "second"))
        if not page.programs:
            card.add(label(t("household.receives_none"), "secondbody", wrap=True))
        if page.flags:
            card.add(label("、".join(said("flag", flag) for flag in page.flags), "second", wrap=True))
        return card

    def _days_read(self, words: str) -> str:
        """A term written as a workflow has it (``≤ 2026-11-19``), as people read it."""
        return TERM.sub(lambda found: t("tag.due", day=formats.day_text(found[1])), words)

    def _chain(self, page: Model) -> Card:
        card = Card(t("household.chain"), flush=True)
        for link in page.chain:
            card.add_row(self._link(link))
        if not page.chain:
            card.add(EmptyState("link", t("household.chain_none"), t("household.chain_none_do")))
        return card

    def _link(self, link: Link) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(12)
        icon, tone = LINK_LOOKS.get(link.kind, ("circle", "todo"))
        row.addWidget(Picture(icon, 20, tone), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(link_words(link), "strong", wrap=True))
        amount = privacy.secret(formats.yuan(link.amount)) if link.amount is not None else ""
        told = (privacy.name(link.person), amount, privacy.secret(self._days_read(link.words)), link.who)
        more = " · ".join(part for part in told if part)
        if more:
            words.addWidget(label(more, "second", wrap=True))
        row.addLayout(words, 1)
        if link.matter and link.kind == "help":
            go_on = Button(t("matters.look"), kind="quiet")
            go_on.setAccessibleName(f"{go_on.text()} {link.what}")
            go_on.clicked.connect(lambda: self.desk.go("matters", matter=link.document))
            row.addWidget(go_on, 0, Qt.AlignmentFlag.AlignTop)
        if link.open and link.quick:
            result = Button(t("task.close"))
            result.setAccessibleName(f"{result.text()} {link.what}")
            result.clicked.connect(lambda: self.close_task(link))
            row.addWidget(result, 0, Qt.AlignmentFlag.AlignTop)
        day = label(formats.day_text(link.at, today=self.desk.actor.today()), "second")
        row.addWidget(day, 0, Qt.AlignmentFlag.AlignTop)
        return made

    def visit(self) -> None:
        if self.page is not None and registry.has("visit"):
            self.desk.go("visit", household=self.page.id)

    def hand_over(self) -> None:
        if self.page is not None:
            HandOverSheet(self.window(), self.desk, self.page.id, self.arrive).open_first()

    def open_matter(self) -> None:
        if self.page is not None:
            OpenMatter(self.desk, self.page.id).choose("household")

    def close_task(self, link: Link) -> None:
        ResultSheet(self.window(), self.desk, link.document, privacy.secret(link.what), self.arrive).open_first()

    def back(self) -> None:
        self.desk.go("households")


def link_words(link: Link) -> str:
    """One link in words: ``预警 · 部门下发``, ``网格排查：正常``."""
    if link.kind == "door":
        return t("chain.door", answer=t(f"answer.{link.what}"))
    if link.kind == "lead":
        return t("chain.lead", channel=said("channel", link.what) if link.what else "")
    if link.kind == "answered":
        return t("chain.answered", outcome=said("outcome", link.what))
    if link.kind in ("step", "paid"):
        return privacy.secret(link.what)
    if link.kind in ("program", "help", "served"):
        prefix = "policy" if link.kind == "program" else "help"
        return t(f"chain.{link.kind}", what=privacy.secret(said(prefix, link.what)))
    if link.kind in ("visit", "report"):
        return t(f"chain.{link.kind}", purpose=said("purpose", link.what) if link.what else "")
    return t(f"chain.{link.kind}")
