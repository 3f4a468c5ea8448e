"""Plan (一户一策): needs and, against each, the policies in six states; told, wished, who follows it and until when."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.workflows import plans
from fieldapp.workflows.assessing import PolicyLine
from fieldapp.workflows.plans import PlanItem, PlanLine, PlanPage
from forms.api import Choice
from ui.desk import Desk
from ui.formats import day_text, yuan
from ui.privacy import name, secret
from ui.questions.choice_bar import ChoiceBar
from ui.questions.date_text import read_date
from ui.questions.line import Line
from ui.screens.base import Key, Screen, scroll_area
from ui.screens.matters.open_sheet import OpenMatter
from ui.screens.visit.arithmetic import show_arithmetic
from ui.theme import look
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.labels import ElidedText, label
from ui.widgets.notices import EmptyState
from ui.widgets.rows import Row, RowList
from ui.words import language, t

ORDER = ("first_match", "papers", "to_check", "conflict", "has", "no_match", "not_asked")
NARROW = 1120


class Plan(Screen):
    """``arrive(household=id)`` shows that family's plan; else the first family that has been assessed."""

    keys = (
        Key("Return", "steps", "plan.key.steps"),
        Key("M", "open_matter", "plan.key.matter"),
        Key("J", "next_policy", "plan.key.next"),
        Key("K", "previous_policy", "plan.key.previous"),
        Key("F", "family_sheet", "plan.key.sheet"),
        Key("T", "tell", "plan.key.tell"),
        Key("P", "proof", "plan.key.proof"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.families: list[PlanLine] = []
        self.page: PlanPage | None = None
        self._shown: list[PolicyLine] = []
        self._wanted = self._policy = ""
        self._across = across = QHBoxLayout(self)
        edge = self.margins()
        across.setContentsMargins(edge, edge, edge, edge)
        across.setSpacing(look.metrics().margin)
        self._families_card = Card(t("plan.families"), flush=True)
        self.families_list = RowList(accessible=t("plan.families"))
        self.families_list.chosen_row.connect(self._family)
        self._families_card.body.addWidget(self.families_list, 1)
        across.addWidget(self._families_card)
        self._middle = QWidget()
        self._build_middle(QVBoxLayout(self._middle))
        across.addWidget(self._middle, 1)
        self._right = Card()
        self._build_right()
        across.addWidget(self._right)
        visit = Button(t("plan.visit"), kind="primary")
        visit.clicked.connect(lambda: self.desk.go("visit", new=True))
        self._empty = EmptyState("workflow", t("plan.none"), t("plan.none_do"), visit)
        across.addWidget(self._empty, 1)
        self._show_empty(True)

    def _build_middle(self, lines: QVBoxLayout) -> None:
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(12)
        head = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        self._title = ElidedText("", "title", bold=True)
        self._about = ElidedText("", "small", ink="second")
        words.addWidget(self._title)
        words.addWidget(self._about)
        lines.addLayout(words)
        head.setSpacing(8)
        self._sheet = Button(t("plan.sheet"), key="F")
        self._sheet.clicked.connect(self.family_sheet)
        head.addWidget(self._sheet)
        tell = Button(t("plan.tell"), key="T")
        tell.clicked.connect(self.tell)
        head.addWidget(tell)
        again = Button(t("plan.revisit"))
        again.clicked.connect(self._revisit)
        head.addWidget(again)
        head.addStretch(1)
        lines.addLayout(head)
        self._needs = label("", wrap=True)
        lines.addWidget(self._needs)
        card = Card(t("policy.title"), flush=True)
        self.list = RowList(accessible=t("policy.title"))
        self.list.chosen_row.connect(self._chosen)
        self.list.activated_row.connect(lambda _place: self._told.focus_widget().setFocus())
        card.body.addWidget(self.list, 1)
        lines.addWidget(card, 1)

    def _build_right(self) -> None:
        area, inner = scroll_area()
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(0, 0, 4, 0)
        lines.setSpacing(6)
        self._right.body.addWidget(area, 1)
        self._name = label("", "section", wrap=True)
        self._state = label("", "strong", wrap=True)
        self._why = label("", "secondbody", wrap=True)
        self._steps = Button(t("policy.steps"), kind="quiet", key="Enter")
        self._steps.clicked.connect(self.steps)
        self._way = Button(t("plan.matter"), key="M")
        self._way.clicked.connect(self.open_matter)
        for widget in (self._name, self._state, self._why, self._steps, self._way):
            lines.addWidget(widget)
        self._told = self._bar("plan.told", (("yes", t("plan.told.yes")), ("no", t("plan.told.no"))))
        self._told.picked.connect(lambda value: self._keep(told=value == "yes"))
        self._how_told = label("", "second", wrap=True)
        self._proof = Button(t("plan.proof"), kind="quiet", key="P", icon="file-text")
        self._proof.clicked.connect(self.proof)
        self._wish = self._bar("plan.wish", tuple((wish, t(f"plan.wish.{wish}")) for wish in plans.WISHES))
        self._wish.picked.connect(lambda value: self._keep(wish=value))
        self._follower, self._until = Line(t("plan.follower")), Line(t("plan.until"))
        self._follower.left.connect(self._keep_follower)
        self._follower.leave.connect(lambda: self._until.setFocus(Qt.FocusReason.TabFocusReason))
        self._until.setPlaceholderText(t("question.date_how"))
        self._until.left.connect(self._keep_until)
        self._until.leave.connect(self._until_entered)
        self._wrong = label("", "error")
        fields: tuple[tuple[str, QWidget], ...] = (
            ("plan.told", self._told), ("plan.wish", self._wish), ("plan.follower", self._follower),
            ("plan.until", self._until),
        )  # fmt: skip
        for words, field in fields:
            lines.addWidget(label(t(words), "second"))
            lines.addWidget(field)
            if field is self._told:
                lines.addWidget(self._how_told)
                lines.addWidget(self._proof)
        lines.addWidget(self._wrong)
        lines.addStretch()

    def _bar(self, words: str, choices: tuple[tuple[str, str], ...]) -> ChoiceBar:
        bar = ChoiceBar(t(words))
        bar.set_choices([Choice(value, shown) for value, shown in choices])
        return bar

    # --- loading --------------------------------------------------------------------------------------------------

    def arrive(self, **args: Any) -> None:
        self._wanted = str(args.get("household") or (self.page.household if self.page is not None else ""))
        self.load(lambda: plans.assessed_families(self.desk.store, self.desk.actor), self._got)

    def _got(self, families: list[PlanLine]) -> None:
        self.families = families
        self._show_empty(not families)
        self._show_families()
        place = next((i for i, line in enumerate(families) if line.household == self._wanted), 0)
        self.page = None
        self.families_list.choose(place)
        if families:
            self._family(place)

    def _family(self, place: int) -> None:
        if not 0 <= place < len(self.families):
            return
        household, store, actor, lang = self.families[place].household, self.desk.store, self.desk.actor, language()
        if self.page is None or self.page.household != household:
            self._policy = ""
        self.load(lambda: plans.page(store, actor, household, lang), self._show)

    def _show(self, page: PlanPage) -> None:
        self.page = page
        self.draw()

    # --- drawing --------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        self._show_families()
        page = self.page
        if page is None:
            return
        self._sheet.setEnabled(page.assessed is not None)
        self._title.set_text(t("household.family", name=name(page.family)))
        today = self.desk.actor.today()
        on = day_text(page.visited_on[:10], today=today) if page.visited_on else ""
        result = page.assessed
        about = [t("plan.by_visit", day=on)] if on else []
        if result is not None:
            why = f"（{result.risk_reason}）" if result.risk_reason else ""
            about += [t("plan.tier", tier=secret(result.tier)), secret(result.risk + why)]
        self._about.set_text(" · ".join([page.place, *about] if page.place else about))
        needs = "、".join(result.needs) if result is not None else ""
        self._needs.setText(t("plan.needs", needs=secret(needs)) if needs else t("plan.no_needs"))
        lines = list(result.policies) if result is not None else []
        self._shown = sorted(lines, key=lambda line: ORDER.index(line.state))
        self.list.set_rows([self._row(line, page.item(line.id)) for line in self._shown])
        place = next((i for i, line in enumerate(self._shown) if line.id == self._policy), 0)
        self.list.choose(place)
        self._chosen(place)

    def _row(self, line: PolicyLine, item: PlanItem) -> Row:
        done = [t("plan.told.yes")] if item.told else []
        done += [t(f"plan.wish.{item.wish}")] if item.wish else []
        done += [name(item.follower)] if item.follower else []
        done += [day_text(item.until, today=self.desk.actor.today())] if item.until else []
        second = " · ".join(done) or secret(line.reasons[0] if line.reasons else "")
        return Row(
            title=line.name, beside=line.department, second=second, tag=(secret(line.words), line.tone),
            right="、".join(line.needs[:2]),
        )  # fmt: skip

    def _chosen(self, place: int) -> None:
        page = self.page
        self._right.setEnabled(page is not None and 0 <= place < len(self._shown))
        if page is None or not 0 <= place < len(self._shown):
            return
        line = self._shown[place]
        item, self._policy = page.item(line.id), line.id
        amount = f" · {yuan(line.amount)}" if line.amount else ""
        self._name.setText(line.name)
        self._state.setText(secret(line.words + amount))
        papers = [t("policy.papers", papers="、".join(line.papers))] if line.papers else []
        staff = [] if line.to_public else [t("plan.staff_only")]
        self._why.setText("\n".join([secret(reason) for reason in line.reasons[:3]] + papers + staff))
        self._told.show_picked([] if item.told is None else ["yes" if item.told else "no"])
        self._show_how_told(item)
        self._wish.show_picked([item.wish] if item.wish else [])
        self._follower.setText(item.follower or "")
        self._until.setText(item.until or "")
        self._wrong.setText(t("plan.conflict") if line.id in page.conflicts else "")

    def _show_how_told(self, item: PlanItem) -> None:
        """The day it was told and whether it was understood; the way to the telling that shows it."""
        day = day_text(item.told_on, today=self.desk.actor.today()) if item.told_on else ""
        understood = t(f"plan.understood.{item.understood}") if item.understood else ""
        words = " · ".join(part for part in (day, understood) if part)
        self._how_told.setText(words)
        self._how_told.setVisible(bool(words))
        self._proof.setVisible(bool(item.visit))

    def _show_families(self) -> None:
        today = self.desk.actor.today()
        self.families_list.set_rows(
            [
                Row(
                    title=t("household.family", name=name(line.family)), second=line.place,
                    right=day_text(line.open_until, today=today) if line.open_until else "",
                    tag=(t("plan.followed", n=line.followed), "accent") if line.followed else None,
                )
                for line in self.families
            ]
        )  # fmt: skip

    def _show_empty(self, empty: bool) -> None:
        for widget in (self._families_card, self._middle, self._right):
            widget.setVisible(not empty)
        self._empty.setVisible(empty)

    # --- doing ----------------------------------------------------------------------------------------------------

    def _keep(self, **changed: Any) -> None:
        page = self.page
        if page is None or not self._policy:
            return
        item = page.item(self._policy)
        if all(getattr(item, key) == value for key, value in changed.items()):
            return
        store, actor, policy = self.desk.store, self.desk.actor, self._policy
        self.desk.write(
            lambda: plans.keep(store, actor, page.household, policy, changed), lambda _id: self._again(page.household),
            owner=self,
        )  # fmt: skip

    def _again(self, household: str) -> None:
        if self.page is not None and self.page.household == household:
            self.families_list.choose(self.families_list.chosen())
            self._family(self.families_list.chosen())

    def _keep_follower(self) -> None:
        self._keep(follower=self._follower.text().strip() or None)

    def _keep_until(self) -> None:
        text = self._until.text().strip()
        found: date | None = read_date(text, self.desk.actor.today()) if text else None
        wrong = bool(text) and found is None
        self._until.set_wrong(wrong)
        self._wrong.setText(t("question.not_a_date") if wrong else "")
        if not wrong:
            self._keep(until=found.isoformat() if found else None)

    def _until_entered(self) -> None:
        self._keep_until()
        self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def leave(self) -> None:
        self._keep_follower()
        self._keep_until()

    def steps(self) -> None:
        line = next((line for line in self._shown if line.id == self._policy), None)
        if line is not None:
            show_arithmetic(self.window(), line)

    def open_matter(self) -> None:
        """The way to the chosen policy: its application, else a referral to the office that has it."""
        line = next((line for line in self._shown if line.id == self._policy), None)
        if self.page is not None and line is not None:
            origin = ("visit", self.page.visit) if self.page.visit else None
            OpenMatter(self.desk, self.page.household, origin=origin).way_to(line.id, line.name, line.department)

    def next_policy(self) -> None:
        self.list.step(1)

    def previous_policy(self) -> None:
        self.list.step(-1)

    def family_sheet(self) -> None:
        """The page the family keeps: its preview among the papers, with only what the county has signed."""
        if self.page is not None and self.page.assessed is not None:
            self.desk.go("reports", paper="family_sheet", subject=self.page.visit)

    def tell(self) -> None:
        """A visit that tells the family of what was found: one entry fills the plan too."""
        if self.page is not None:
            self.desk.go("visit", household=self.page.household, purpose="policy", form="policy_telling")

    def proof(self) -> None:
        """The telling with its photo or signature, among the reports."""
        if self.page is not None and self._policy and self.page.item(self._policy).visit:
            self.desk.go("reports", visit=self.page.item(self._policy).visit)

    def _revisit(self) -> None:
        if self.page is not None:
            self.desk.go("visit", household=self.page.household, purpose="revisit")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW * look.scale().body / 15
        self._families_card.setFixedWidth(208 if narrow else 256)
        self._right.setFixedWidth(256 if narrow else 312)
        self._across.setSpacing(16 if narrow else look.metrics().margin)
