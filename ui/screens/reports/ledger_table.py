"""A ledger before it is a file: its first rows as they will stand there, numbers masked."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView

from fieldapp.reports.sheets import spoken
from fieldapp.reports.table import Kind, Ledger
from ui.privacy import privacy
from ui.theme import look
from ui.widgets.line_table import LineTable
from ui.words import t

Index = QModelIndex | QPersistentModelIndex
SHOWN = 500
LETTERS = {Kind.NUMBER: 5, Kind.MONEY: 7, Kind.DATE: 7, Kind.TIME: 10, Kind.ID: 12, Kind.PHONE: 8}


class LedgerModel(QAbstractTableModel):
    """Cells are worded when they are painted."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger: Ledger | None = None

    def show(self, ledger: Ledger | None) -> None:
        self.beginResetModel()
        self.ledger = ledger
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() or self.ledger is None else min(len(self.ledger.rows), SHOWN)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() or self.ledger is None else len(self.ledger.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if self.ledger is None or orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.ledger.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        if self.ledger is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if privacy().on:
            return "＊"
        return spoken(self.ledger.rows[index.row()][index.column()], self.ledger.columns[index.column()])


class LedgerTable(LineTable):
    """Scrolls both ways."""

    def __init__(self) -> None:
        model = LedgerModel()
        super().__init__(model, t("reports.ledger_rows"))
        self.held = model
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def show_ledger(self, ledger: Ledger | None) -> None:
        self.held.show(ledger)
        letter = look.text_width("表")
        for place, column in enumerate(ledger.columns if ledger else ()):
            letters = max(LETTERS.get(column.kind, 8), len(column.title) + 1, round(column.width / 2))
            self.setColumnWidth(place, int(min(letters, 16) * letter) + 16)
