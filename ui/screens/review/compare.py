"""Last visit beside this visit, question by question; differences stand out, what weighs on safety is red."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from fieldapp.workflows.reviews import CompareLine
from ui.formats import clock, stamp
from ui.privacy import name, secret
from ui.theme import icons, look
from ui.units import told
from ui.widgets import painting
from ui.widgets.cell import cell_of
from ui.widgets.line_table import LineTable
from ui.words import t

Index = QModelIndex | QPersistentModelIndex
LINE, ASKED = (int(Qt.ItemDataRole.UserRole) + place for place in (1, 2))
QUESTION, LAST, NOW, PENCIL = range(4)
QUESTION_SHARE = 0.42
FIRST_EDGE, EDGE = 16, 8  # pixels beside the text
WRAPPED = Qt.TextFlag.TextWordWrap


class CompareModel(QAbstractTableModel):
    """``lines`` in the form's order; ``asked`` are comments by path."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[CompareLine] = []
        self.asked: dict[str, str] = {}
        self.heads = ("", "", "")

    def show(self, lines: Sequence[CompareLine], asked: Mapping[str, str], heads: tuple[str, str, str]) -> None:
        self.beginResetModel()
        self.lines, self.asked, self.heads = list(lines), dict(asked), heads
        self.endResetModel()

    def mark(self, asked: Mapping[str, str]) -> None:
        self.asked = dict(asked)
        if self.lines:
            self.dataChanged.emit(self.index(0, PENCIL), self.index(len(self.lines) - 1, PENCIL))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole and section < PENCIL:
            return self.heads[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if role == ASKED:
            return line.path in self.asked
        if role == Qt.ItemDataRole.DisplayRole:
            nothing = "—" if line.differs else ""
            answers = (secret(told(text)) if text else nothing for text in (line.last, line.now))
            return (words(line), *answers, "")[index.column()]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            changed = t("review.changed_word") if line.differs else ""
            given = stamp(line.at) if line.at else None
            at = t("review.answered_at", time=clock(given)) if given is not None else ""
            parts = (words(line), secret(told(line.last)), secret(told(line.now)), changed, at)
            return "，".join(part for part in parts if part)
        return None


def words(line: CompareLine) -> str:
    """The member before the question: ``邓山 · 医疗自付``."""
    return f"{name(line.row)} · {line.label}" if line.row else line.label


class _Cell(QStyledItemDelegate):
    """Ink and weight by what the line says; a pencil in the last column, in the accent where something is asked."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, look.metrics().control)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: CompareLine = index.data(LINE)
        cell = cell_of(option)
        area = cell.area
        painting.smooth(painter)
        if cell.chosen:
            painter.fillRect(area, look.colour("accent_ground"))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), look.colour("line"))
        if index.column() == PENCIL:
            asked = index.data(ASKED)
            box = QRectF(area.center().x() - 9, area.center().y() - 9, 18, 18)
            icon, ink = ("message-square-text", "accent") if asked else ("pencil", "second")
            icons.paint(painter, icon, box, look.colour(ink))
            return
        bold = line.differs and index.column() == NOW
        ink = "second"
        if index.column() == NOW and line.differs:
            ink = "abnormal" if line.red else "changed"
        elif line.differs and index.column() == QUESTION:
            ink = "ink"
        painter.setFont(look.font(bold=bold))
        painter.setPen(look.colour(ink))
        box = area.adjusted(FIRST_EDGE if index.column() == QUESTION else EDGE, 0, -EDGE, 0)
        painter.drawText(box, WRAPPED | Qt.AlignmentFlag.AlignVCenter, index.data())


def _height(text: str, width: int, *, bold: bool) -> int:
    """Of a row that shows the whole text in a column so wide."""
    metrics = QFontMetrics(look.font(bold=bold))
    return metrics.boundingRect(QRect(0, 0, max(width, 40), 4000), WRAPPED, text).height() + 2 * EDGE


class CompareTable(LineTable):
    """``pencilled(row)`` when the supervisor wants to ask about a line (E, Enter, or a click on its pencil)."""

    pencilled = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        model = CompareModel()
        super().__init__(model, t("review.compare"), parent)
        self.lines = model
        self.setItemDelegate(_Cell(self))
        self.choose_one_line()
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(PENCIL, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(PENCIL, look.metrics().control + 8)
        head.setSectionResizeMode(QUESTION, QHeaderView.ResizeMode.Fixed)
        self.clicked.connect(lambda index: self.pencilled.emit(index.row()) if index.column() == PENCIL else None)

    def show_lines(self, lines: Sequence[CompareLine], asked: Mapping[str, str], heads: tuple[str, str, str]) -> None:
        """Rows as high as what they say: who decides reads it whole."""
        self.lines.show(lines, asked, heads)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Questions are longer than answers; the two columns of answers share what is left."""
        super().resizeEvent(event)
        self.setColumnWidth(QUESTION, round(self.viewport().width() * QUESTION_SHARE))
        self._fit()

    def _fit(self) -> None:
        usual = look.metrics().control
        for row, line in enumerate(self.lines.lines):
            tallest = usual
            for column in (QUESTION, LAST, NOW):
                edge = EDGE + (FIRST_EDGE if column == QUESTION else EDGE)
                text = self.lines.data(self.lines.index(row, column), Qt.ItemDataRole.DisplayRole)
                width, bold = self.columnWidth(column) - edge, column == NOW and line.differs
                if look.text_width(text, bold=bold) > width or "\n" in text:
                    tallest = max(tallest, _height(text, width, bold=bold))
            if self.rowHeight(row) != tallest:
                self.setRowHeight(row, tallest)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.pencilled.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
