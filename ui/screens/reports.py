"""Reports (报告): pick a visit, look at its pages, export; who exported what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fieldapp.reports import pages
from fieldapp.reports.pages import PagePicture
from fieldapp.workflows import exporting, report_lists
from fieldapp.workflows.exporting import Exported, ExportLine
from fieldapp.workflows.report_lists import Printable
from ui import tasks
from ui.desk import Desk
from ui.formats import stamp, when
from ui.privacy import name, privacy
from ui.screens.base import Key, Screen, scroll_area
from ui.screens.visit.kit import kit_of
from ui.theme import look
from ui.widgets.button import Button, IconButton
from ui.widgets.card import Card
from ui.widgets.labels import ElidedText, label
from ui.widgets.notices import EmptyState
from ui.widgets.rows import Row, RowList
from ui.widgets.tabs import Tabs
from ui.words import said, t

TONES = {"approved": "done", "returned": "changed", "": "todo"}
PAGE_WIDTH = 760


class Reports(Screen):
    """``arrive(visit=id)`` shows that visit's report."""

    keys = (
        Key("Return", "export", "reports.key.export"),
        Key("PgDown", "next_page", "reports.key.next"),
        Key("PgUp", "previous_page", "reports.key.previous"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: list[Printable] = []
        self.pdf = b""
        self._page = self._pages = 0
        self._wanted = self._shown = ""
        across = QHBoxLayout(self)
        edge = self.margins()
        across.setContentsMargins(edge, edge, edge, edge)
        across.setSpacing(look.metrics().margin)
        across.addWidget(self._left())
        self._right = QWidget()
        self._preview(QVBoxLayout(self._right))
        across.addWidget(self._right, 1)
        self._empty = EmptyState("file-text", t("reports.none"), t("reports.none_do"))
        across.addWidget(self._empty, 1)
        self._show_empty(True)

    def _left(self) -> Card:
        self._list_card = Card(flush=True)
        self._list_card.setFixedWidth(320)
        self._tabs = Tabs((("visits", t("reports.visits")), ("log", t("reports.log"))), "visits")
        self._tabs.chosen.connect(self._which)
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 6, 12, 6)
        bar.addWidget(self._tabs)
        bar.addStretch()
        self._list_card.body.addLayout(bar)
        self.list = RowList(accessible=t("reports.visits"))
        self.list.chosen_row.connect(self._chosen)
        self._log = RowList(accessible=t("reports.log"))
        self._log.hide()
        self._list_card.body.addWidget(self.list, 1)
        self._list_card.body.addWidget(self._log, 1)
        return self._list_card

    def _preview(self, lines: QVBoxLayout) -> None:
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(12)
        head = QHBoxLayout()
        self._title = ElidedText("", "title", bold=True)
        head.addWidget(self._title, 1)
        self._number = label("", "second")
        head.addWidget(self._number)
        for icon, words, step in (("chevron-left", "previous", -1), ("chevron-right", "next", 1)):
            button = IconButton(icon, t(f"reports.key.{words}"))
            button.clicked.connect(lambda _checked=False, step=step: self._turn(step))
            head.addWidget(button)
        self._export = Button(t("reports.export"), kind="primary", key="Enter", icon="file-down")
        self._export.clicked.connect(self.export)
        head.addWidget(self._export)
        lines.addLayout(head)
        card = Card()
        area, inner = scroll_area()
        inside = QVBoxLayout(inner)
        self._picture = QLabel()
        self._picture.setAccessibleName(t("reports.page"))
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        inside.addWidget(self._picture)
        card.body.addWidget(area, 1)
        lines.addWidget(card, 1)

    # --- loading --------------------------------------------------------------------------------------------------

    def arrive(self, **args: Any) -> None:
        self._wanted = str(args.get("visit") or self._shown)
        self.desk.read(lambda: report_lists.printable(self.desk.store, self.desk.actor), self._got, owner=self)

    def _got(self, found: list[Printable]) -> None:
        self.found = found
        self._show_empty(not found)
        self.draw()
        place = next((i for i, each in enumerate(found) if each.id == self._wanted), 0)
        self.list.choose(place)
        if found:
            self._chosen(place)
            self.list.setFocus()

    def _chosen(self, place: int) -> None:
        if not 0 <= place < len(self.found) or self._shown == self.found[place].id:
            return
        self._shown = visit = self.found[place].id
        self.pdf, self._page, self._pages = b"", 0, 0
        self._show_title()
        self._picture.setText(t("reports.drawing"))
        store, actor, forms = self.desk.store, self.desk.actor, kit_of(self.desk).shelf.best
        self.desk.read(
            lambda: exporting.preview_visit(store, actor, forms, visit),
            lambda drawn: self._drawn(visit, drawn.pdf), owner=self, words=t("reports.drawing"),
        )  # fmt: skip

    def _drawn(self, visit: str, pdf: bytes) -> None:
        if visit == self._shown:
            self.pdf = pdf
            self._pages = pages.page_count(pdf)
            self._show_page()

    def _show_page(self) -> None:
        self._number.setText(t("reports.page_of", n=self._page + 1, all=self._pages) if self._pages else "")
        if not self.pdf:
            return
        pdf, number, ratio = self.pdf, self._page, self.devicePixelRatioF()
        wide = min(PAGE_WIDTH, max(self._right.width() - 80, 320))
        tasks.run(lambda: pages.picture(pdf, number, round(wide * ratio)), self._show_picture, owner=self)

    def _show_picture(self, drawn: PagePicture) -> None:
        if privacy().on:
            self._picture.setText(t("reports.hidden"))
            return
        image = QImage(drawn.pixels, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGB32).copy()
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self._picture.setPixmap(QPixmap.fromImage(image))

    # --- drawing --------------------------------------------------------------------------------------------------

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
        self._show_page()

    def _show_title(self) -> None:
        here = next((each for each in self.found if each.id == self._shown), None)
        self._title.set_text(t("household.family", name=name(here.family)) if here is not None else t("screen.reports"))

    def _show_empty(self, empty: bool) -> None:
        self._list_card.setVisible(not empty)
        self._right.setVisible(not empty)
        self._empty.setVisible(empty)

    def _which(self, which: str) -> None:
        self.list.setVisible(which == "visits")
        self._log.setVisible(which == "log")
        if which == "log":
            self.desk.read(lambda: exporting.log_of_exports(self.desk.store), self._show_log, owner=self)

    def _show_log(self, lines: list[ExportLine]) -> None:
        today = self.desk.actor.today()
        self._log.set_rows(
            [
                Row(
                    title=said("access", line.kind), second=t("reports.log_line", who=line.by, n=len(line.documents)),
                    right=when(stamp(line.at), today=today), icon="file-down",
                )
                for line in lines
            ]
        )  # fmt: skip

    # --- keys -----------------------------------------------------------------------------------------------------

    def next_page(self) -> None:
        self._turn(1)

    def previous_page(self) -> None:
        self._turn(-1)

    def _turn(self, step: int) -> None:
        place = self._page + step
        if 0 <= place < self._pages:
            self._page = place
            self._show_page()

    def export(self) -> None:
        """Into a folder somebody picks; the device's chain says so before the file exists."""
        if not self._shown:
            return
        folder = QFileDialog.getExistingDirectory(self, t("reports.where"))
        if folder:
            self.export_to(Path(folder))

    def export_to(self, folder: Path) -> None:
        store, actor, forms, visit = self.desk.store, self.desk.actor, kit_of(self.desk).shelf.best, self._shown
        self.desk.write(
            lambda: exporting.export_visit(store, actor, forms, visit, folder), self._exported, owner=self,
            words=t("reports.drawing"),
        )  # fmt: skip

    def _exported(self, paper: Exported) -> None:
        words = t("reports.exported", file=paper.path.name)
        if paper.missing:
            words += t("reports.missing", n=len(paper.missing))
        self.desk.say(words)

    def sizeHint(self) -> QSize:
        return QSize(1278, 712)
