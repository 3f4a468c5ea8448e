"""What an import has to say about rows, as a table: sheet, row and column of each, what it is and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from fieldapp.workflows.intake.problems import FLAG, NOTE, REFUSED, Problem
from ui.privacy import secret
from ui.theme import look
from ui.widgets import painting
from ui.widgets.cell import cell_of
from ui.widgets.line_table import LineTable
from ui.words import language, t

Index = QModelIndex | QPersistentModelIndex
PROBLEM = int(Qt.ItemDataRole.UserRole) + 1
FATE, SHEET, ROW, COLUMN, WHAT, WRITTEN, REMEDY = range(7)
HEADS = ("fate", "sheet", "row", "column", "what", "written", "remedy")
TONES = {REFUSED: "abnormal", FLAG: "changed", NOTE: "todo"}
EDGE = 8


class ProblemModel(QAbstractTableModel):
    """Cells are worded when they are painted: thousands of problems cost what a screenful does."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: Sequence[Problem] = ()

    def show(self, problems: Sequence[Problem]) -> None:
        self.beginResetModel()
        self.problems = problems
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.problems)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return t(f"importing.head.{HEADS[section]}")
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        problem = self.problems[index.row()]
        if role == PROBLEM:
            return problem
        if role == Qt.ItemDataRole.DisplayRole:
            return cell(problem, index.column())
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return sentence(problem)
        return None


def cell(problem: Problem, column: int) -> str:
    if column == FATE:
        return t(f"importing.fate.{problem.severity}")
    if column == COLUMN:
        return " ".join(part for part in (problem.column, problem.label) if part) or "—"
    texts = {
        SHEET: problem.sheet,
        ROW: str(problem.row) if problem.row else "—",
        WHAT: problem.what(language()),
        WRITTEN: secret(problem.detail) if problem.detail else "",
        REMEDY: problem.remedy(language()),
    }
    return texts[column]


def sentence(problem: Problem) -> str:
    """The problem read aloud, or in full under the table."""
    place = t("importing.place", sheet=problem.sheet, row=problem.row or "—", column=cell(problem, COLUMN))
    return t("importing.sentence", place=place, what=cell(problem, WHAT), remedy=cell(problem, REMEDY))


class _Cell(QStyledItemDelegate):
    """One line, cut at its end; the first column is the row's fate in its colour."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, look.metrics().control)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        problem: Problem = index.data(PROBLEM)
        cell = cell_of(option)
        area = cell.area
        painter.save()
        painting.smooth(painter)
        if cell.chosen:
            painter.fillRect(area, look.colour("accent_ground"))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), look.colour("line"))
        words = str(index.data() or "")
        if index.column() == FATE:
            tall = painting.tag_height()
            wide = min(painting.tag_width(words), area.width() - 2 * EDGE)
            box = QRectF(area.left() + 2 * EDGE, area.center().y() - tall / 2, wide, tall)
            painting.tag(painter, box, words, TONES[problem.severity])
        else:
            painter.setFont(look.font())
            painter.setPen(look.colour("ink" if index.column() in (ROW, WHAT) else "second"))
            box = area.adjusted(EDGE, 0, -EDGE, 0)
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()


class ProblemTable(LineTable):
    """What an import says about the rows of a file."""

    def __init__(self) -> None:
        model = ProblemModel()
        super().__init__(model, t("importing.problems"))
        self.held = model
        self.setItemDelegate(_Cell(self))
        self.choose_one_line()
        self._lay_columns()

    def _lay_columns(self) -> None:
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column in (WHAT, REMEDY):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        fates = max(painting.tag_width(t(f"importing.fate.{severity}")) for severity in TONES)
        letter = look.text_width("表")
        for column, width in {FATE: fates + 3 * EDGE, SHEET: 7 * letter, ROW: 4 * letter, COLUMN: 7 * letter,
                              WRITTEN: 8 * letter}.items():  # fmt: skip
            self.setColumnWidth(column, int(width) + 2 * EDGE)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        self.held.show(problems)
        self.scrollToTop()
        if problems:
            self.selectRow(0)
