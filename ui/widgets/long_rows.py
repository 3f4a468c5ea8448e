"""A list of as many rows as a county has households: only the rows on screen are ever asked for.

Hazard: ``QListView`` and ``QTreeView`` lay out every row when a model is shown, and ask the model for the index of
each; with 300,000 rows the window stands still for seconds. A table whose rows are all of one fixed height asks for
nothing.
"""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.widgets.rows import Picking, RowDelegate


class LongRowList(Picking, QTableView):
    """``RowList`` for a model that answers ``ROW`` a page at a time."""

    chosen_row = Signal(int)
    activated_row = Signal(int)

    def __init__(self, *, accessible: str, model: QAbstractListModel) -> None:
        super().__init__()
        delegate = RowDelegate(self, low=False)
        self.setItemDelegate(delegate)
        self._fix_sizes(delegate.height())
        self.setModel(model)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.behave(accessible, one_click=True)

    def _fix_sizes(self, height: int) -> None:
        down, across = self.verticalHeader(), self.horizontalHeader()
        down.hide()
        across.hide()
        down.setMinimumSectionSize(height)
        down.setDefaultSectionSize(height)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
