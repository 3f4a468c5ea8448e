"""Reports (报告): visit reports, other papers, ledgers; looked at here, exported, many in one go; who exported what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.reports.protecting import OPEN, Protection
from fieldapp.workflows import exporting, report_lists, report_subjects
from fieldapp.workflows.exporting import Exported, ExportLine
from fieldapp.workflows.report_lists import Printable
from fieldapp.workflows.report_subjects import Subject
from ui.desk import Desk
from ui.formats import stamp, when
from ui.privacy import name
from ui.screens.base import Key, Screen
from ui.screens.reports.batch_sheet import BatchSheet
from ui.screens.reports.checking import check_paper
from ui.screens.reports.ledgers_view import LedgersView
from ui.screens.reports.papers_view import PapersView
from ui.screens.reports.preview import PagePreview
from ui.screens.reports.protect_sheet import ProtectSheet
from ui.screens.visit.kit import kit_of
from ui.theme import look
from ui.widgets.button import Button, IconButton
from ui.widgets.card import Card
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import ElidedText
from ui.widgets.notices import EmptyState
from ui.widgets.rows import Row, RowList
from ui.widgets.tabs import Tabs
from ui.words import said, t

TONES = {"approved": "done", "returned": "changed", "": "todo"}
VIEWS = ("visits", "papers", "ledgers", "log")
#: Pages of the stack behind those of the views.
NOTHING, NO_LOG = 4, 5


class Reports(Screen):
    """``arrive(visit=id)`` shows that visit's report, ``arrive(paper=kind, subject=id)`` any other paper."""

    keys = (
        Key("Return", "export", "reports.key.export"),
        Key("PgDown", "next_page", "reports.key.next"),
        Key("PgUp", "previous_page", "reports.key.previous"),
        Key("B", "batch", "reports.key.batch"),
        Key("P", "protect", "reports.key.protect"),
        Key("C", "check", "reports.key.check"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: list[Printable] = []
        self.view, self.unmask, self.protection = "visits", False, OPEN
        self._wanted = self._shown = ""
        if desk.actor.at_desk:
            self.add_key(Key("U", "toggle_unmask", "reports.key.unmask"), self._toggle_unmask)
        across = QHBoxLayout(self)
        edge = self.margins()
        across.setContentsMargins(edge, edge, edge, edge)
        across.setSpacing(look.metrics().margin)
        self._across, self._tabs_card = across, self._left()
        across.addWidget(self._tabs_card)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addLayout(self._head())
        right.addWidget(self._pages(), 1)
        across.addLayout(right, 1)
        self._show_view("visits")

    def _left(self) -> Card:
        card = Card(flush=True)
        card.setFixedWidth(336)
        self._tabs = Tabs([(view, t(f"reports.{view}")) for view in VIEWS], "visits")
        self._tabs.chosen.connect(self.open_view)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 6, 8, 6)
        bar.addWidget(self._tabs)
        bar.addStretch()
        card.body.addLayout(bar)
        self.lists = QStackedWidget()
        self.list = RowList(accessible=t("reports.visits"))
        self.list.chosen_row.connect(self._chosen)
        self.papers = PapersView(self.desk)
        self.ledgers = LedgersView(self.desk)
        self._log = RowList(accessible=t("reports.log"))
        for each in (self.list, self.papers.list, self.ledgers.list):
            self.lists.addWidget(each)
        card.body.addWidget(self.lists, 1)
        return card

    def _head(self) -> QVBoxLayout:
        """What is shown, then what can be done with it: two lines, so that a low screen keeps both whole."""
        lines = QVBoxLayout()
        lines.setSpacing(8)
        self._title = ElidedText("", "title", bold=True)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self._title, 1)
        lines.addLayout(first)
        actions = QWidget()
        row = FlowLayout(actions, right=True)  # five in English, or on a low screen, take two lines
        self.preview = PagePreview()
        self._turns: list[QWidget] = [self.preview.counted]
        first.addWidget(self.preview.counted)
        for icon, words, step in (("chevron-left", "previous", -1), ("chevron-right", "next", 1)):
            button = IconButton(icon, t(f"reports.key.{words}"))
            button.clicked.connect(lambda _checked=False, step=step: self._turn(step))
            self._turns.append(button)
            first.addWidget(button)
        self._check = self._button(row, "reports.check", "C", self.check)
        self._unmask = self._button(row, "reports.unmask", "U", self._toggle_unmask)
        self._unmask.setCheckable(True)
        if not self.desk.actor.at_desk:
            self._unmask.hide()
        self._protect = self._button(row, "reports.protect", "P", self.protect)
        self._batch = self._button(row, "reports.batch", "B", self.batch)
        self._export = Button(t("reports.export"), kind="primary", key="Enter", icon="file-down")
        self._export.clicked.connect(self.export)
        row.addWidget(self._export)
        lines.addWidget(actions)
        return lines

    def _button(self, row: QLayout, words: str, key: str, act: Any) -> Button:
        button = Button(t(words), key=key)
        button.clicked.connect(act)
        row.addWidget(button)
        return button

    def _pages(self) -> QStackedWidget:
        self.stack = QStackedWidget()
        self._empty = EmptyState("file-text", t("reports.none"), t("reports.none_do"))
        self._log_card = Card(flush=True)
        self._log_card.body.addWidget(self._log, 1)
        self._no_log = EmptyState("file-down", t("reports.log_none"), t("reports.log_none_do"))
        for page in (
            self.preview, self.papers.page, self.ledgers.page, self._log_card, self._empty, self._no_log,
        ):  # fmt: skip
            self.stack.addWidget(page)
        return self.stack

    def _give_room(self, listed: bool) -> None:
        """Without a list the card holds the views alone: no empty card beside a page that says why."""
        self.lists.setVisible(listed)
        top = Qt.AlignmentFlag.AlignTop if not listed else Qt.AlignmentFlag(0)
        self._across.setAlignment(self._tabs_card, top)

    # --- which view ---------------------------------------------------------------------------------------------

    def open_view(self, view: str) -> None:
        self._tabs.select(view)
        self._show_view(view)
        if view == "visits":
            self._load_visits()
        elif view == "papers":
            self.papers.load()
        elif view == "ledgers":
            self.ledgers.load()
        else:
            self.load(lambda: exporting.log_of_exports(self.desk.store), self._show_log)
        self.draw()

    def _show_view(self, view: str) -> None:
        self.view = view
        place = VIEWS.index(view)
        self.lists.setCurrentIndex(min(place, self.lists.count() - 1))
        empty = view == "visits" and not self.found
        self._give_room(not empty and view != "log")
        self.stack.setCurrentIndex(NOTHING if empty else place)
        for widget in self._turns:
            widget.setVisible(view == "visits" and not empty)
        for button, where in (
            (self._batch, ("visits",)), (self._protect, ("visits", "papers")), (self._export, VIEWS[:3]),
        ):  # fmt: skip
            button.setVisible(view in where)
        if self.desk.actor.at_desk:
            self._unmask.setVisible(view in ("visits", "ledgers"))

    # --- visits -------------------------------------------------------------------------------------------------

    def arrive(self, **args: Any) -> None:
        self._wanted = str(args.get("visit") or self._shown)
        if args.get("paper"):
            self.papers.want(str(args["paper"]), str(args.get("subject") or ""))
            self.open_view("papers")
        else:
            self.open_view("visits" if args.get("visit") else self.view)

    def _load_visits(self) -> None:
        self.load(lambda: report_lists.printable(self.desk.store, self.desk.actor), self._got)

    def _got(self, found: list[Printable]) -> None:
        self.found = found
        if self.view == "visits":
            self._show_view("visits")
        self.draw()
        place = next((i for i, each in enumerate(found) if each.id == self._wanted), 0)
        self.list.choose(place)
        if found:
            self._chosen(place)
            self.list.setFocus()

    def _chosen(self, place: int) -> None:
        if 0 <= place < len(self.found) and self._shown != self.found[place].id:
            self._shown = self.found[place].id
            self._draw_visit()

    def _draw_visit(self) -> None:
        visit, unmask = self._shown, self.unmask
        self._show_title()
        self.preview.say(t("reports.drawing"))
        store, actor, forms = self.desk.store, self.desk.actor, kit_of(self.desk).shelf.best
        self.desk.read(
            lambda: exporting.preview_visit(store, actor, forms, visit, unmask=unmask),
            lambda drawn: self.preview.show_pdf(drawn.pdf) if visit == self._shown else None,
            owner=self, words=t("reports.drawing"),
        )  # fmt: skip

    def draw(self) -> None:
        today = self.desk.actor.today()
        self.list.set_rows(
            [
                Row(
                    title=t("household.family", name=name(each.family)), second=f"{each.place} · {each.who}",
                    right=when(stamp(each.finished_at), today=today),
                    tag=(t(f"visit.state.{each.decision or 'waiting'}"), TONES[each.decision]),
                )
                for each in self.found
            ]
        )  # fmt: skip
        self._show_title()
        self.preview.draw()
        self.papers.preview.draw()

    def _show_title(self) -> None:
        titles = {"papers": self.papers.title(), "ledgers": self.ledgers.title(), "log": t("reports.log")}
        here = next((each for each in self.found if each.id == self._shown), None)
        family = t("household.family", name=name(here.family)) if here is not None else t("screen.reports")
        self._title.set_text(titles.get(self.view, family))

    def _show_log(self, lines: list[ExportLine]) -> None:
        today = self.desk.actor.today()
        if self.view == "log":
            self.stack.setCurrentIndex(VIEWS.index("log") if lines else NO_LOG)
        self._log.set_rows(
            [
                Row(
                    title=said("access", line.kind), second=t("reports.log_line", who=line.by, n=len(line.documents)),
                    right=when(stamp(line.at), today=today), icon="file-down",
                )
                for line in lines
            ]
        )  # fmt: skip

    # --- keys ---------------------------------------------------------------------------------------------------

    def next_page(self) -> None:
        self._turn(1)

    def previous_page(self) -> None:
        self._turn(-1)

    def _turn(self, step: int) -> None:
        (self.papers.preview if self.view == "papers" else self.preview).turn(step)

    def export(self) -> None:
        """Into a folder somebody picks; the device's chain says so before the file exists."""
        if self.view == "log" or (self.view == "visits" and not self._shown):
            return
        folder = QFileDialog.getExistingDirectory(self, t("reports.where"))
        if folder:
            self.export_to(Path(folder))

    def export_to(self, folder: Path) -> None:
        work = {
            "visits": self._export_visit, "papers": self.papers.exporter(self.protection),
            "ledgers": self.ledgers.exporter(self.unmask),
        }[self.view]  # fmt: skip
        self.desk.write(lambda: work(folder), self._exported, owner=self, words=t("reports.drawing"))

    def _export_visit(self, folder: Path) -> Any:
        store, actor, forms = self.desk.store, self.desk.actor, kit_of(self.desk).shelf.best
        return exporting.export_visit(
            store, actor, forms, self._shown, folder, unmask=self.unmask, protection=self.protection
        )

    def _exported(self, paper: Exported) -> None:
        words = t("reports.exported", file=paper.path.name)
        if paper.missing:
            words += t("reports.missing", n=len(paper.missing))
        self.desk.say(words)

    def batch(self) -> None:
        if self.view == "visits":
            store, actor, shelf = self.desk.store, self.desk.actor, kit_of(self.desk).shelf
            self.desk.read(lambda: report_subjects.subjects(store, actor, shelf, "area"), self._open_batch, owner=self)

    def _open_batch(self, areas: list[Subject]) -> None:
        forms = kit_of(self.desk).shelf.best
        BatchSheet(self.desk, self.window(), areas, forms, unmask=self.unmask, protection=self.protection).open()

    def protect(self) -> None:
        if self.view in ("visits", "papers"):
            sheet = ProtectSheet(self.window(), self._protected)
            sheet.open(sheet.password.field)

    def _protected(self, protection: Protection) -> None:
        self.protection = protection
        kind = "password" if protection.password else "certificate" if protection.certificate else "none"
        self.desk.say(t(f"reports.protected_{kind}"))

    def _toggle_unmask(self) -> None:
        """The desk's right; every look and every file with whole numbers is on the device's chain."""
        self.unmask = not self.unmask
        self._unmask.setChecked(self.unmask)
        self._unmask.set_text(t("reports.masked" if self.unmask else "reports.unmask"))
        if self.view == "visits" and self._shown:
            self._draw_visit()
        self.desk.say(t("reports.unmasked_on" if self.unmask else "reports.unmasked_off"))

    def check(self) -> None:
        """Genuine, altered or unknown, of a file somebody brought."""
        check_paper(self, self.desk)

    def sizeHint(self) -> QSize:
        return QSize(1278, 712)
