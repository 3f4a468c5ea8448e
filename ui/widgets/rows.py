"""Lists of two-line rows, painted: as quick with 100,000 rows as with ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.theme import icons, look
from ui.widgets import painting
from ui.widgets.cell import cell_of

Index = QModelIndex | QPersistentModelIndex
ROW = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True)
class Row:
    """What one row shows.

    ``number`` stands at the left (walking order); ``title`` bold, ``beside`` after it in second ink; ``second`` is the
    second line; ``right`` the end of the first line; ``tag`` is (text, tone); ``state`` draws a state mark, or a tag
    word when there is none; ``icon`` stands at the left instead of a number. ``key`` shows a key chip.
    """

    title: str
    second: str = ""
    beside: str = ""
    right: str = ""
    number: str = ""
    icon: str = ""
    tag: tuple[str, str] | None = None
    state: str = ""
    key: str = ""
    spoken: str = ""

    def words(self) -> str:
        """The row read aloud."""
        parts = (self.number, self.title, self.beside, self.second, self.tag[0] if self.tag else "", self.right)
        return "，".join(part for part in (*parts, self.spoken) if part)


class RowModel(QAbstractListModel):
    """Rows held in a list. Big lists bring their own model that answers ``ROW``."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        super().__init__()
        self.rows: list[Row] = list(rows)

    def set_rows(self, rows: Sequence[Row]) -> None:
        if len(rows) == len(self.rows):
            self._replace(rows)
            return
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def _replace(self, rows: Sequence[Row]) -> None:
        """Same number of rows: only those that differ are drawn again, selection and scrolling stay."""
        for place, row in enumerate(rows):
            if row != self.rows[place]:
                self.rows[place] = row
                self.dataChanged.emit(self.index(place), self.index(place))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = 0) -> object:
        if not index.isValid():
            return None
        if role == ROW:
            return self.rows[index.row()]
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.rows[index.row()].words()
        return None


class RowDelegate(QStyledItemDelegate):
    """Paints a ``Row``. ``low`` rows are 48 high, others 64."""

    def __init__(self, parent: QWidget, *, low: bool) -> None:
        super().__init__(parent)
        self._low = low
        self._view = parent

    def height(self) -> int:
        return look.metrics().row_low if self._low else look.metrics().row

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, self.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        if row is None:
            return
        painter.save()
        painting.smooth(painter)
        cell = cell_of(option)
        area = cell.area
        self._ground(painter, area, cell.chosen, cell.under_mouse)
        left = self._start(painter, area, row)
        right = self._end(painter, area, row)
        self._lines(painter, area, row, left, right)
        if cell.chosen and self._view.hasFocus():
            painting.focus_ring(painter, area.adjusted(1, 1, -1, -1), 4)
        painter.restore()

    def _ground(self, painter: QPainter, area: QRectF, chosen: bool, over: bool) -> None:
        if chosen:
            painter.fillRect(area, look.colour("accent_ground"))
            painter.fillRect(QRectF(area.left(), area.top(), 3, area.height()), look.colour("accent"))
        elif over:
            painter.fillRect(area, look.colour("hover"))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), look.colour("line"))

    def _start(self, painter: QPainter, area: QRectF, row: Row) -> float:
        """Number or icon; returns where the words begin."""
        if row.number:
            painter.setFont(look.font())
            painter.setPen(look.colour("second"))
            wide = max(44, look.text_width(row.number) + 16)
            painter.drawText(QRectF(area.left(), area.top(), wide, area.height()), painting.CENTER, row.number)
            return area.left() + wide
        if row.icon:
            middle = area.center().y()
            icons.paint(painter, row.icon, QRectF(area.left() + 16, middle - 10, 20, 20), look.colour("second"))
            return area.left() + 48
        return area.left() + 16

    def _end(self, painter: QPainter, area: QRectF, row: Row) -> float:
        """State mark, tag or key chip; returns where the words must stop."""
        right = area.right() - 12
        middle = area.center().y()
        if row.state:
            painting.state_mark(painter, QPointF(right - 12, middle), row.state)
            right -= 32
        if row.key:
            second, line = look.colour("second"), look.colour("control_line")
            painting.key_chip(painter, right, middle, row.key, second, line, look.colour("surface"))
            right -= painting.key_width(row.key) + 8
        ends = right
        if row.tag:
            wide, tall = painting.tag_width(row.tag[0]), painting.tag_height()
            top = middle + 1 if row.right else middle - tall / 2
            painting.tag(painter, QRectF(right - wide, top, wide, tall), *row.tag)
            ends = right - wide - 8
        if row.right:
            painter.setFont(look.font("small"))
            painter.setPen(look.colour("second"))
            wide = look.text_width(row.right, "small")
            top = self._top(area) if row.tag or row.second else middle - 10
            painter.drawText(QRectF(right - wide, top, wide + 1, look.line_height("body")), 0x84, row.right)
            ends = min(ends, right - wide - 8)
        return ends

    def _top(self, area: QRectF) -> float:
        return area.center().y() - (look.line_height("body") + look.line_height("small")) / 2

    def _lines(self, painter: QPainter, area: QRectF, row: Row, left: float, right: float) -> None:
        tall = look.line_height("body")
        top = self._top(area) if row.second else area.center().y() - tall / 2
        bold = look.font(bold=True)
        room = max(0.0, right - left)
        title = QFontMetrics(bold).elidedText(look.one_line(row.title), Qt.TextElideMode.ElideRight, int(room))
        painter.setFont(bold)
        painter.setPen(look.colour("ink"))
        painter.drawText(QRectF(left, top, room, tall), Qt.AlignmentFlag.AlignVCenter, title)
        after = left + QFontMetrics(bold).horizontalAdvance(title) + 6
        small = look.font("small")
        painter.setFont(small)
        painter.setPen(look.colour("second"))
        if row.beside and after < right:
            beside = QFontMetrics(small).elidedText(row.beside, Qt.TextElideMode.ElideRight, int(right - after))
            painter.drawText(QRectF(after, top, right - after, tall), Qt.AlignmentFlag.AlignVCenter, beside)
        if row.second:
            second = QFontMetrics(small).elidedText(look.one_line(row.second), Qt.TextElideMode.ElideRight, int(room))
            below = QRectF(left, top + tall, room, look.line_height("small"))
            painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, second)


if TYPE_CHECKING:
    _View = QAbstractItemView
else:
    _View = object


class Picking(_View):
    """What every list of rows does: one row chosen by keys, opened by Enter or a click, letters left to the screen."""

    if TYPE_CHECKING:
        chosen_row = Signal(int)
        activated_row = Signal(int)

    def behave(self, accessible: str, *, one_click: bool) -> None:
        """Once model and delegate are set."""
        self.setMouseTracking(True)
        self.setAccessibleName(accessible)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self.chosen_row.emit(now.row()))
        signal = self.clicked if one_click else self.doubleClicked
        signal.connect(lambda index: self.activated_row.emit(index.row()))

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Every row is as high as every other: what changed is painted again, and nothing is laid out anew."""
        self.viewport().update()

    def choose(self, place: int) -> None:
        """Select row ``place`` and bring it into view; nothing happens when it is not there."""
        if 0 <= place < self.model().rowCount():
            index = self.model().index(place, 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def choose_none(self) -> None:
        self.setCurrentIndex(QModelIndex())

    def chosen(self) -> int:
        """The selected row, -1 for none."""
        return self.currentIndex().row()

    def step(self, by: int) -> None:
        self.choose(max(0, min(self.model().rowCount() - 1, self.chosen() + by)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.chosen() >= 0:
            self.activated_row.emit(self.chosen())
            return
        if event.text() and event.text().isprintable():
            # Letters and digits are the screen's own keys, not a search inside the list.
            event.ignore()
            return
        super().keyPressEvent(event)


class RowList(Picking, QListView):
    """A list of ``Row``s; ``chosen_row`` on every move, ``activated_row`` on Enter or click twice (one click is enough
    when ``one_click``). More than some thousand rows are a ``LongRowList``."""

    chosen_row = Signal(int)
    activated_row = Signal(int)

    def __init__(self, *, accessible: str, low: bool = False, one_click: bool = True) -> None:
        super().__init__()
        self.setModel(RowModel())
        self.setItemDelegate(RowDelegate(self, low=low))
        self.setUniformItemSizes(True)
        self.behave(accessible, one_click=one_click)

    def set_rows(self, rows: Sequence[Row]) -> None:
        model = self.model()
        assert isinstance(model, RowModel)
        model.set_rows(rows)

    def set_row(self, place: int, row: Row) -> None:
        """One row differs now."""
        model = self.model()
        assert isinstance(model, RowModel)
        model.rows[place] = row
        model.dataChanged.emit(model.index(place), model.index(place))

    def content_height(self) -> int:
        delegate = self.itemDelegate()
        assert isinstance(delegate, RowDelegate)
        return self.model().rowCount() * delegate.height()
