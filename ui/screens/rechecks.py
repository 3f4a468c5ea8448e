"""Random re-checks (双随机抽查): announced by the seed's hash, drawn with the seed, drawn again by whoever asks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from fieldapp.domain.documents import Recheck
from fieldapp.workflows import rechecks
from fieldapp.workflows.rechecks import Difference, DrawnLine, NewRecheck, RecheckPage
from ui import formats, privacy
from ui.desk import Desk
from ui.messages import words_for
from ui.screens.base import Key
from ui.screens.list_and_page import ListAndPage
from ui.screens.recheck_sheets import AnnounceSheet, CompareSheet
from ui.screens.visit.kit import form_language, kit_of
from ui.widgets.button import Button
from ui.widgets.card import Card, clear, line
from ui.widgets.labels import ElidedText, label
from ui.widgets.notices import Banner, EmptyState
from ui.widgets.rows import Row, RowList
from ui.words import said, t

#: how long a period is unless somebody says otherwise
USUAL_DAYS = 14


class Rechecks(ListAndPage):
    """The list at the left; commitment, draw and results at the right. Everybody verifies, the desk announces."""

    keys = (
        Key("N", "announce", "rechecks.key.announce"),
        Key("D", "reveal", "rechecks.key.reveal"),
        Key("S", "replace", "rechecks.key.replace"),
        Key("V", "verify", "rechecks.key.verify"),
        Key("Return", "open_line", "rechecks.key.open"),
        Key("J", "down", "common.key.next"),
        Key("K", "up", "common.key.previous"),
        Key("Escape", "back", "common.back"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.page: RecheckPage | None = None
        first, foot = (self._announce_button() if desk.actor.at_desk else None for _place in range(2))
        empty = EmptyState("shield-check", t("rechecks.none"), t("rechecks.none_do"), first)
        self.lay_out(Card(t("screen.rechecks"), flush=True), t("screen.rechecks"), empty, foot=foot)
        self.line_chosen.connect(self._read)
        self.notice = QVBoxLayout()
        self.detail.addLayout(self.notice)
        self.detail.addWidget(self._page_card(), 1)

    def _announce_button(self) -> Button:
        button = Button(t("rechecks.announce"), kind="primary", key="N")
        button.clicked.connect(self.announce)
        return button

    def no_page(self) -> None:
        """The page is built once."""

    def _page_card(self) -> Card:
        card = Card(flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 12)
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(4)
        self.title = ElidedText("", "title", bold=True)
        self.about = ElidedText("", "small", ink="second")
        words.addWidget(self.title)
        words.addWidget(self.about)
        head.addLayout(words, 1)
        self.replacing = Button(t("rechecks.replace"), key="S")
        self.replacing.clicked.connect(self.replace)
        self.verifying = Button(t("rechecks.verify"), key="V")
        self.verifying.clicked.connect(self.verify)
        self.drawing = Button(t("rechecks.reveal"), key="D", kind="primary")
        self.drawing.clicked.connect(self.reveal)
        for button in (self.replacing, self.verifying, self.drawing):
            head.addWidget(button)
        card.body.addLayout(head)
        proofs = QVBoxLayout()
        proofs.setContentsMargins(16, 0, 16, 12)
        proofs.setSpacing(4)
        self.verdict = label("", "strong", wrap=True)
        self.hash = label("", "second", wrap=True)
        self.seed = label("", "second", wrap=True)
        for part in (self.verdict, self.hash, self.seed):
            proofs.addWidget(part)
        card.body.addLayout(proofs)
        card.body.addWidget(line())
        self.drawn = QStackedWidget()
        self.lines = RowList(accessible=t("rechecks.drawn"), one_click=False)
        self.lines.activated_row.connect(lambda _place: self.open_line())
        self.drawn.addWidget(self.lines)
        self.not_drawn = EmptyState("shield-check", t("rechecks.not_drawn"), t("rechecks.not_drawn_do"))
        self.drawn.addWidget(self.not_drawn)
        card.body.addWidget(self.drawn, 1)
        return card

    def arrive(self, **args: Any) -> None:
        self.wanted = str(args.get("recheck") or self.wanted)
        store, actor = self.desk.store, self.desk.actor
        self.load(lambda: rechecks.listing(store, actor), self._got)

    def _fail(self, error: BaseException) -> None:
        clear(self.notice)
        self.notice.addWidget(Banner(words_for(error), action=t("common.again"), on_action=self._again))

    def _again(self) -> None:
        clear(self.notice)
        self.arrive()

    def _got(self, found: tuple[Recheck, ...]) -> None:
        clear(self.notice)
        self.show_rows(found, [_row(each) for each in found])
        self.list.setFocus()

    def _read(self, wanted: str) -> None:
        store, actor = self.desk.store, self.desk.actor
        self.desk.read(lambda: rechecks.page(store, actor, wanted), self._show, owner=self, failed=self._fail)

    def _show(self, page: RecheckPage) -> None:
        if page.id == self.wanted:
            self.page = page
            self.draw()

    def draw(self) -> None:
        if self.page is None:
            return
        page, record, today = self.page, self.page.record, self.desk.actor.today()
        self.title.set_text(record.title or "")
        self.about.set_text(_about(record, today))
        self.hash.setText(t("rechecks.hash", hash=record.commitment or "", on=_day(record.announced_on, today)))
        self.seed.setText(_seed_words(page, today))
        verdict = _verdict(page) or (_superseded(page, today) if page.state == "superseded" else "")
        self.verdict.setText(verdict)
        self.verdict.setVisible(bool(verdict))
        self.drawing.setVisible(page.state == "announced" and page.here)
        self.drawing.setEnabled(page.may_reveal)
        self.replacing.setVisible(page.may_replace)
        self.verifying.setVisible(page.state == "drawn")
        self.lines.set_rows([_line(each, self.desk) for each in page.lines])
        self.drawn.setCurrentIndex(0 if page.lines else 1)

    # --- keys -----------------------------------------------------------------------------------------------------

    def announce(self) -> None:
        actor, today = self.desk.actor, self.desk.actor.today()
        if actor.at_desk:
            span = (today, today + timedelta(days=USUAL_DAYS))
            AnnounceSheet(self.window(), actor, span, self._announce).open_first()

    def replace(self) -> None:
        """Another announcement in the place of one whose seed is lost: the same terms, from the same first day."""
        if self.page is None or not self.page.may_replace:
            return
        record, today = self.page.record, self.desk.actor.today()
        first, last = (date.fromisoformat(day or today.isoformat()) for day in (record.first, record.last))
        span = (first, max(last, today))
        AnnounceSheet(self.window(), self.desk.actor, span, self._announce, instead_of=record).open_first()

    def _announce(self, wanted: NewRecheck) -> None:
        store, actor = self.desk.store, self.desk.actor

        def done(made: str) -> None:
            self.desk.say(t("rechecks.announced_said"))
            self.arrive(recheck=made)

        self.desk.write(lambda: rechecks.announce(store, actor, wanted), done, owner=self, failed=self._fail)

    def reveal(self) -> None:
        if self.page is None or not self.page.may_reveal:
            return
        store, actor, wanted = self.desk.store, self.desk.actor, self.page.id

        def done(drawn: tuple[Any, ...]) -> None:
            self.desk.say(t("rechecks.drawn_said", n=len(drawn)))
            self.arrive(recheck=wanted)

        self.desk.write(lambda: rechecks.reveal(store, actor, wanted), done, owner=self, failed=self._fail)

    def verify(self) -> None:
        """The page is drawn again each time it is read; this says so aloud."""
        if self.page is not None and self.page.state == "drawn":
            self.arrive(recheck=self.page.id)
            self.desk.say(_verdict(self.page))

    def open_line(self) -> None:
        """The second visit when it is mine to make; the comparison when it is made; else the family."""
        place = max(self.lines.chosen(), 0)
        if self.page is None or not 0 <= place < len(self.page.lines):
            return
        each = self.page.lines[place]
        if each.second:
            self._compare(each)
        elif each.drawn.inspector == self.desk.actor.name and each.drawn.kind == "visit":
            self.desk.go("visit", recheck=self.page.id, of=each.drawn.id)
        elif each.household:
            self.desk.go("household", household=each.household)

    def _compare(self, each: DrawnLine) -> None:
        assert self.page is not None
        store, actor, shelf = self.desk.store, self.desk.actor, kit_of(self.desk).shelf
        recheck, visit = self.page.id, each.drawn.id

        def show(found: tuple[tuple[Difference, ...], str]) -> None:
            differences, lang = found
            CompareSheet(self.window(), each, differences, lambda: self._publish(visit, lang)).open_first()

        def ask() -> tuple[tuple[Difference, ...], str]:
            lang = form_language(shelf.newest("home_visit"))
            return rechecks.compare(store, actor, shelf, recheck, visit, lang).result(), lang

        self.desk.read(ask, show, owner=self, failed=self._fail)

    def _publish(self, visit: str, lang: str) -> None:
        assert self.page is not None
        store, actor, shelf, recheck = self.desk.store, self.desk.actor, kit_of(self.desk).shelf, self.page.id

        def done(_counts: object) -> None:
            self.desk.say(t("rechecks.published"))
            self.arrive(recheck=recheck)

        self.desk.write(
            lambda: rechecks.publish(store, actor, shelf, recheck, visit, lang), done, owner=self, failed=self._fail
        )

    def back(self) -> None:
        self.desk.go("coverage" if self.desk.actor.at_desk else "today")


def _row(each: Recheck) -> Row:
    state = "drawn" if each.seed else "superseded" if each.superseded else "announced"
    tones = {"drawn": "done", "superseded": "todo", "announced": "changed"}
    span = t("rounds.span", first=formats.day_text(each.first), last=formats.day_text(each.last))
    return Row(title=each.title or "", second=span, tag=(t(f"rechecks.is_{state}"), tones[state]))


def _about(record: Recheck, today: date) -> str:
    share = t("rechecks.share", percent=f"{record.per_mille / 10:g}")
    span = t("rounds.span", first=_day(record.first, today), last=_day(record.last, today))
    return " · ".join((span, share, t("rechecks.inspectors", names="、".join(record.inspectors))))


def _day(day: str | None, today: date) -> str:
    return formats.day_text(day, today=today)


def _seed_words(page: RecheckPage, today: date) -> str:
    """Where the seed is: published, waiting here, waiting on somebody else's laptop, void."""
    record = page.record
    if record.seed:
        return t("rechecks.seed", seed=record.seed, on=_day(record.drawn_on, today))
    if page.state == "superseded":
        return t("rechecks.void")
    where = "here_over" if page.may_reveal else "here" if page.here else "elsewhere"
    return t(f"rechecks.seed_{where}", last=_day(record.last, today), who=record.by or "—")


def _superseded(page: RecheckPage, today: date) -> str:
    told = page.record.superseded
    title = page.instead or "—"
    return t(
        "rechecks.superseded", day=_day(str(told.get("on") or ""), today), who=told.get("who") or "—",
        why=told.get("why") or "—", title=title,
    )  # fmt: skip


def _verdict(page: RecheckPage) -> str:
    if page.state != "drawn":
        return ""
    if page.wrong:
        return t("rechecks.wrong", what="、".join(t(f"rechecks.problem.{each}") for each in page.wrong))
    whole = t("rechecks.right", n=page.candidates, drawn=len(page.lines))
    return f"{whole} {t('rechecks.left_out', n=page.left_out)}" if page.left_out else whole


def _line(each: DrawnLine, desk: Desk) -> Row:
    kind = said("rechecks.kind", each.drawn.kind)
    title = t("household.family", name=privacy.name(each.family)) if each.family else kind
    marks = [t("rechecks.by", who=each.drawn.inspector or t("rechecks.no_inspector"))]
    if each.always:
        marks.append(t("rechecks.always"))
    if each.result is not None:
        day = formats.day_text(str(each.result.get("on") or ""), today=desk.actor.today())
        counts = t("rechecks.counts", asked=each.result["asked"], differs=each.result["differs"])
        tag = (counts, "changed" if each.result["differs"] else "done")
        marks.append(day)
    elif each.second:
        tag = (t("rechecks.to_compare"), "changed")
    else:
        tag = (t("rechecks.to_visit"), "todo")
    second = " · ".join(part for part in (each.place, *marks) if part)
    return Row(title=title, beside=kind if each.family else "", second=second, tag=tag)
