"""Random re-checks (双随机抽查): announced by the seed's hash, drawn with the seed, drawn again by whoever asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from fieldapp.domain.documents import Recheck
from fieldapp.workflows import rechecks
from fieldapp.workflows.rechecks import Difference, DrawnLine, NewRecheck, RecheckPage
from ui import formats, privacy
from ui.desk import Desk
from ui.messages import words_for
from ui.screens.base import Key, Screen
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


class Rechecks(Screen):
    """The list at the left; commitment, draw and results at the right. Everybody verifies, the desk announces."""

    keys = (
        Key("N", "announce", "rechecks.key.announce"),
        Key("D", "reveal", "rechecks.key.reveal"),
        Key("V", "verify", "rechecks.key.verify"),
        Key("Return", "open_line", "rechecks.key.open"),
        Key("Escape", "back", "common.back"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: tuple[Recheck, ...] = ()
        self.page: RecheckPage | None = None
        self.wanted = ""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(self.margins(), self.margins(), self.margins(), self.margins())
        self.notice = QVBoxLayout()
        outer.addLayout(self.notice)
        across = QHBoxLayout()
        across.setSpacing(24)
        self.card = self._list_card()
        across.addWidget(self.card, 3)
        across.addWidget(self._page_card(), 7)
        outer.addLayout(across, 1)

    def _list_card(self) -> Card:
        card = Card(t("screen.rechecks"), flush=True)
        card.setMinimumWidth(260)
        self.list = RowList(accessible=t("screen.rechecks"))
        self.list.chosen_row.connect(self._choose)
        card.body.addWidget(self.list, 1)
        if self.desk.actor.at_desk:
            card.body.addWidget(line())
            card.body.addLayout(self._foot())
        return card

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 8)
        button = Button(t("rechecks.announce"), kind="primary", key="N")
        button.clicked.connect(self.announce)
        foot.addWidget(button)
        foot.addStretch(1)
        return foot

    def _page_card(self) -> QStackedWidget:
        self.sides = QStackedWidget()
        first = None
        if self.desk.actor.at_desk:
            first = Button(t("rechecks.announce"), kind="primary", key="N")
            first.clicked.connect(self.announce)
        self.sides.addWidget(EmptyState("shield-check", t("rechecks.none"), t("rechecks.none_do"), first))
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
        self.drawing = Button(t("rechecks.reveal"), key="D", kind="primary")
        self.drawing.clicked.connect(self.reveal)
        self.verifying = Button(t("rechecks.verify"), key="V")
        self.verifying.clicked.connect(self.verify)
        head.addWidget(self.verifying)
        head.addWidget(self.drawing)
        card.body.addLayout(head)
        proofs = QVBoxLayout()
        proofs.setContentsMargins(16, 0, 16, 12)
        proofs.setSpacing(4)
        self.hash = label("", "second", wrap=True)
        self.seed = label("", "second", wrap=True)
        self.verdict = label("", "strong", wrap=True)
        for part in (self.hash, self.seed, self.verdict):
            proofs.addWidget(part)
        card.body.addLayout(proofs)
        card.body.addWidget(line())
        self.lines = RowList(accessible=t("rechecks.drawn"), one_click=False)
        self.lines.activated_row.connect(lambda _place: self.open_line())
        card.body.addWidget(self.lines, 1)
        self.sides.addWidget(card)
        return self.sides

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
        self.found = found
        self.list.set_rows([_row(each) for each in found])
        self.card.setVisible(bool(found))  # no empty list beside the page that says why
        if not found:
            self.sides.setCurrentIndex(0)
            return
        place = next((n for n, each in enumerate(found) if each.id == self.wanted), 0)
        if self.list.chosen() == place:
            self._choose(place)
        else:
            self.list.choose(place)

    def _choose(self, place: int) -> None:
        if not 0 <= place < len(self.found):
            return
        wanted, store, actor = self.found[place].id, self.desk.store, self.desk.actor
        self.wanted = wanted
        self.desk.read(lambda: rechecks.page(store, actor, wanted), self._show, owner=self, failed=self._fail)

    def _show(self, page: RecheckPage) -> None:
        if page.id == self.wanted:
            self.page = page
            self.draw()

    def draw(self) -> None:
        if self.page is None:
            return
        page, record = self.page, self.page.record
        self.sides.setCurrentIndex(1)
        self.title.set_text(record.title or "")
        self.about.set_text(_about(record))
        self.hash.setText(t("rechecks.hash", hash=record.commitment or "", on=record.announced_on or ""))
        told = t("rechecks.seed", seed=record.seed, on=record.drawn_on or "") if record.seed else ""
        self.seed.setText(told or t(f"rechecks.{page.state}"))
        self.verdict.setText(_verdict(page))
        self.drawing.setVisible(page.state != "drawn")
        self.drawing.setEnabled(page.may_reveal)
        self.verifying.setEnabled(page.state == "drawn")
        self.lines.set_rows([_line(each, self.desk) for each in page.lines])

    # --- keys -----------------------------------------------------------------------------------------------------

    def announce(self) -> None:
        actor, today = self.desk.actor, self.desk.actor.today()
        if actor.at_desk:
            span = (today, today + timedelta(days=USUAL_DAYS))
            AnnounceSheet(self.window(), actor, span, self._announce).open_first()

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
        place = self.lines.chosen()
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
    tag = (t("rechecks.is_drawn"), "done") if each.seed else (t("rechecks.is_announced"), "changed")
    return Row(title=each.title or "", second=t("rounds.span", first=each.first, last=each.last), tag=tag)


def _about(record: Recheck) -> str:
    share = t("rechecks.share", percent=f"{record.per_mille / 10:g}")
    span = t("rounds.span", first=record.first, last=record.last)
    return " · ".join((span, share, t("rechecks.inspectors", names="、".join(record.inspectors))))


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
