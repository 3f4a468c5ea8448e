"""Other papers: every kind in a list, its pages at the right as soon as it knows what it is about."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldapp.reports.content import Rendered
from fieldapp.reports.protecting import Protection
from fieldapp.workflows import exporting, report_subjects
from fieldapp.workflows.exporting import Exported
from fieldapp.workflows.papers.asking import Ask
from fieldapp.workflows.papers.registry import KINDS, Kind
from fieldapp.workflows.report_subjects import Subject
from ui.desk import Desk
from ui.messages import words_for
from ui.screens.reports.asking import AskingRow
from ui.screens.reports.preview import PagePreview, framed
from ui.screens.visit.kit import kit_of
from ui.widgets.button import IconButton
from ui.widgets.rows import Row, RowList
from ui.words import t

ICONS = {
    "visit": "clipboard-list", "household": "users", "lead": "bell", "task": "heart-handshake",
    "round": "grid-2x2-check", "area": "map", "form": "pen-line",
    "application": "file-check", "emergency": "flame", "mutual_aid": "hand-coins", "referral": "workflow",
    "conference": "message-square-text", "recheck": "shuffle",
}  # fmt: skip


class PapersView:
    """``list`` stands at the left, ``page`` at the right."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.kinds: list[Kind] = [kind for kind in KINDS.values() if desk.actor.at_desk or not kind.desk]
        self.list = RowList(accessible=t("reports.papers"))
        self.list.set_rows(
            [
                Row(title=kind.title, second=t(f"reports.subject.{kind.subject}"), icon=ICONS.get(kind.subject, "file"))
                for kind in self.kinds
            ]
        )
        self.list.chosen_row.connect(self._chosen)
        self.asking = AskingRow()
        self.asking.changed.connect(self.draw)
        self.preview = PagePreview()
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.asking, 1)
        row.addWidget(self.preview.counted)
        for icon, words, step in (("chevron-left", "previous", -1), ("chevron-right", "next", 1)):
            button = IconButton(icon, t(f"reports.key.{words}"))
            button.clicked.connect(lambda _checked=False, step=step: self.preview.turn(step))
            row.addWidget(button)
        self.page = framed(bar, self.preview)
        self.kind = self.kinds[0]
        self._wanted = ""

    def title(self) -> str:
        return self.kind.title

    def want(self, kind: str, subject: str) -> None:
        """Another screen asks for a paper."""
        self.kind = KINDS[kind]
        self._wanted = subject

    def load(self) -> None:
        self.list.choose(self.kinds.index(self.kind))
        self._ask_subjects()

    def _chosen(self, place: int) -> None:
        if 0 <= place < len(self.kinds) and self.kinds[place] is not self.kind:
            self.kind = self.kinds[place]
            self._wanted = ""
            self._ask_subjects()

    def _ask_subjects(self) -> None:
        kind, store, actor, shelf = self.kind, self.desk.store, self.desk.actor, kit_of(self.desk).shelf
        self.asking.offer(period=kind.period, policy=kind.policy)
        self.preview.say(t("reports.drawing"))
        if kind.policy:
            self.desk.read(
                lambda: report_subjects.policies(store, actor), self.asking.offer_policies, owner=self.page
            )
        self.desk.read(
            lambda: report_subjects.subjects(store, actor, shelf, kind.subject),
            lambda found: self._got(kind, found), owner=self.page, words=t("common.reading"),
        )  # fmt: skip

    def _got(self, kind: Kind, found: list[Subject]) -> None:
        if kind is self.kind:
            self.asking.offer_subjects(found, self._wanted)
            self.draw()

    def ask(self) -> Ask:
        forms = kit_of(self.desk).shelf.best
        return Ask(self.asking.chosen(), self.desk.actor.now(), forms, **self.asking.asked())

    def draw(self) -> None:
        if not self.asking.chosen():
            self.preview.say(t("reports.nothing_to_print"))
            return
        store, actor, kind, ask = self.desk.store, self.desk.actor, self.kind, self.ask()
        self.preview.say(t("reports.drawing"))
        self.desk.read(
            lambda: exporting.preview_paper(store, actor, kind.id, ask), lambda drawn: self._drawn(kind, drawn),
            owner=self.page, words=t("reports.drawing"), failed=self._failed,
        )  # fmt: skip

    def _drawn(self, kind: Kind, drawn: Rendered) -> None:
        if kind is self.kind:
            self.preview.show_pdf(drawn.pdf)

    def _failed(self, error: BaseException) -> None:
        words = words_for(error)
        self.preview.say("\n".join(filter(None, (words.what, words.do))))

    def exporter(self, protection: Protection) -> Callable[[Path], Future[Exported]]:
        store, actor, kind, ask = self.desk.store, self.desk.actor, self.kind.id, self.ask()
        return lambda folder: exporting.export_paper(store, actor, kind, ask, folder, protection=protection)
