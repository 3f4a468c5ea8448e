"""The list of all households, fetched in pages as it is scrolled: 100,000 rows cost no more than those on screen."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from fieldapp.workflows import households as workflow
from fieldapp.workflows.households import PAGE, HouseholdLine
from ui.desk import Desk
from ui.finding import row
from ui.widgets.rows import ROW, Row
from ui.words import t

PAGES_KEPT = 40
Index = QModelIndex | QPersistentModelIndex


class HouseholdModel(QAbstractListModel):
    """Shows everything, or what a search found. Rows not here yet say so and are asked for."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._total = 0
        self._pages: OrderedDict[int, list[HouseholdLine]] = OrderedDict()
        self._asked: set[int] = set()
        self._found: list[HouseholdLine] | None = None

    def show_all(self, total: int) -> None:
        self.beginResetModel()
        self._total, self._found = total, None
        self._pages.clear()
        self._asked.clear()
        self.endResetModel()

    def show_found(self, found: list[HouseholdLine]) -> None:
        self.beginResetModel()
        self._found = found
        self.endResetModel()

    def line(self, place: int) -> HouseholdLine | None:
        """The household at ``place``; None while it is being fetched."""
        if self._found is not None:
            return self._found[place] if 0 <= place < len(self._found) else None
        page = self._pages.get(place // PAGE)
        if page is None:
            self._ask(place // PAGE)
            return None
        self._pages.move_to_end(place // PAGE)
        return page[place % PAGE] if place % PAGE < len(page) else None

    def repaint(self) -> None:
        """Names were hidden or shown."""
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    def _ask(self, page: int) -> None:
        if page in self._asked:
            return
        self._asked.add(page)
        store = self._desk.store
        self._desk.read(
            lambda: workflow.page_of_list(store, page * PAGE), lambda lines: self._came(page, lines), owner=self
        )

    def _came(self, page: int, lines: list[HouseholdLine]) -> None:
        self._asked.discard(page)
        self._pages[page] = lines
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        if self._found is None and self._total:
            last = min((page + 1) * PAGE, self._total) - 1
            self.dataChanged.emit(self.index(page * PAGE), self.index(last))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        if parent.isValid():
            return 0
        return len(self._found) if self._found is not None else self._total

    def data(self, index: Index, role: int = 0) -> object:
        if not index.isValid() or role not in (ROW, Qt.ItemDataRole.AccessibleTextRole):
            return None
        line = self.line(index.row())
        shown = row(line) if line is not None else Row(title=t("common.reading"), icon="house")
        return shown if role == ROW else shown.words()
