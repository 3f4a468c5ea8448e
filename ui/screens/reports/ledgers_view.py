"""Ledgers: every book in a list, its first rows at the right, its file as the office wants it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.errors import InputError
from fieldapp.reports.table import Ledger
from fieldapp.workflows import ledger_export, report_subjects
from fieldapp.workflows.exporting import Exported
from fieldapp.workflows.ledgers.registry import BOOKS
from fieldapp.workflows.papers.asking import Ask
from fieldapp.workflows.report_subjects import Subject
from ui.desk import Desk
from ui.files import read_file
from ui.screens.reports.asking import AskingRow
from ui.screens.reports.ledger_table import LedgerTable
from ui.screens.visit.kit import kit_of
from ui.theme import look
from ui.widgets.button import Button
from ui.widgets.dropdown import Dropdown
from ui.widgets.labels import label
from ui.widgets.notices import EmptyState
from ui.widgets.rows import Row, RowList
from ui.words import t

FLAT = "flat:"


class LedgersView:
    """``list`` stands at the left, ``page`` at the right. Below the books the forms: their data as flat tables."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._own = [(book.id, book.title) for book in BOOKS.values() if desk.actor.at_desk or not book.desk]
        self.books: list[tuple[str, str]] = list(self._own)
        self.list = RowList(accessible=t("reports.ledgers"), low=True)
        self.list.chosen_row.connect(self._chosen)
        self.book = self.books[0][0]
        self.columns: bytes = b""
        self.page = QWidget()
        lines = QVBoxLayout(self.page)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(8)
        self.asking = AskingRow()
        self.asking.offer(period=True, policy=False)
        self.asking.changed.connect(self.draw)
        lines.addWidget(self.asking)
        lines.addLayout(self._how())
        self.stack = QStackedWidget()
        self.table = LedgerTable()
        self.stack.addWidget(self.table)
        self.stack.addWidget(EmptyState("table", t("reports.ledger_none"), t("reports.ledger_none_do")))
        self.stack.addWidget(EmptyState("table", t("reports.flat_none"), t("reports.flat_none_do")))
        lines.addWidget(self.stack, 1)
        self._show_books()

    def _how(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.form = Dropdown()
        self.form.setAccessibleName(t("reports.ledger_form"))
        self.form.setMinimumHeight(look.metrics().control)
        for form in ledger_export.FORMS:
            self.form.addItem(t(f"reports.form.{form}"), form)
        row.addWidget(self.form)
        self.template = Button(t("reports.mapping_template"))
        self.template.clicked.connect(self._make_template)
        self.mapping = Button(t("reports.mapping"))
        self.mapping.clicked.connect(self._choose_mapping)
        row.addWidget(self.template)
        row.addWidget(self.mapping)
        row.addStretch(1)
        self.counted = label("", "second")
        row.addWidget(self.counted)
        return row

    def _show_books(self) -> None:
        self.list.set_rows([Row(title=title, icon="pen-line" if book.startswith(FLAT) else "table")
                            for book, title in self.books])  # fmt: skip

    def title(self) -> str:
        return dict(self.books)[self.book]

    def load(self) -> None:
        store, actor, shelf = self.desk.store, self.desk.actor, kit_of(self.desk).shelf
        self.desk.read(
            lambda: report_subjects.subjects(store, actor, shelf, "area"), self._got_areas, owner=self.page
        )
        self.desk.read(
            lambda: report_subjects.subjects(store, actor, shelf, "form"), self._got_forms, owner=self.page
        )

    def _got_areas(self, found: list[Subject]) -> None:
        self.asking.offer_subjects(found, self.asking.chosen())
        self.list.choose([book for book, _ in self.books].index(self.book))
        self.draw()

    def _got_forms(self, found: list[Subject]) -> None:
        flat = [(f"{FLAT}{form.id}", t("reports.flat", form=form.words)) for form in found]
        self.books = [*self._own, *flat]
        self._show_books()

    def _chosen(self, place: int) -> None:
        if 0 <= place < len(self.books) and self.books[place][0] != self.book:
            self.book, self.columns = self.books[place][0], b""
            self.mapping.set_text(t("reports.mapping"))
            self.draw()

    def ask(self) -> Ask:
        forms = kit_of(self.desk).shelf.best
        return Ask(self.asking.chosen(), self.desk.actor.now(), forms, **self.asking.asked())

    def draw(self) -> None:
        flat = self.book.startswith(FLAT)
        for widget in (self.form, self.template, self.mapping):
            widget.setVisible(not flat)
        self.counted.setText("")
        if flat or not self.asking.chosen():
            self.stack.setCurrentIndex(2)
            return
        store, actor, book, ask = self.desk.store, self.desk.actor, self.book, self.ask()
        self.desk.read(
            lambda: ledger_export.preview_ledger(store, actor, book, ask), lambda made: self._drawn(book, made),
            owner=self.page, words=t("common.reading"),
        )  # fmt: skip

    def _drawn(self, book: str, made: Ledger) -> None:
        if book == self.book:
            self.stack.setCurrentIndex(0 if made.rows else 1)
            self.table.show_ledger(made)
            self.counted.setText(t("reports.ledger_count", n=len(made.rows)))

    def exporter(self, unmask: bool) -> Callable[[Path], Future[Exported]]:
        store, actor, book, ask = self.desk.store, self.desk.actor, self.book, self.ask()
        form, columns = str(self.form.currentData()), self.columns
        if book.startswith(FLAT):
            shelf = kit_of(self.desk).shelf
            return lambda folder: ledger_export.export_flat_form(
                store, actor, shelf.newest(book.removeprefix(FLAT)), ask, folder, unmask=unmask
            )
        return lambda folder: ledger_export.export_ledger(
            store, actor, book, ask, folder, form=form, unmask=unmask, columns=columns
        )

    def _make_template(self) -> None:
        folder = QFileDialog.getExistingDirectory(self.page, t("reports.where"))
        if folder:
            store, actor, book, ask = self.desk.store, self.desk.actor, self.book, self.ask()
            self.desk.read(
                lambda: ledger_export.mapping_template(store, actor, book, ask, Path(folder)),
                lambda path: self.desk.say(t("reports.exported_template", file=path.name)), owner=self.page,
            )  # fmt: skip

    def _choose_mapping(self) -> None:
        found, _ = QFileDialog.getOpenFileName(self.page, t("reports.mapping"), "", "(*.xlsx *.yaml *.yml)")
        if found:
            try:
                self.columns = read_file(found)
            except InputError as error:
                self.desk.present(error)
                return
            self.mapping.set_text(Path(found).name)
