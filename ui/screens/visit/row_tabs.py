"""The members (rows of a repeat) as tabs over a section: a tick when nothing is missing, a button for one more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.theme import icons, look
from ui.widgets import painting
from ui.widgets.button import Button
from ui.widgets.card import clear
from ui.widgets.flow import FlowLayout
from ui.words import t


@dataclass(frozen=True)
class RowTab:
    """``words`` is the row's name and what helps to know it; ``done`` nothing is missing in this section."""

    row: str
    words: str
    short: str
    done: bool


class _Tab(QAbstractButton):
    def __init__(self, tab: RowTab) -> None:
        super().__init__()
        self.tab = tab
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tab.words)

    def words(self) -> str:
        return self.tab.words if self.isChecked() else self.tab.short

    def sizeHint(self) -> QSize:
        tick = 20 if self.tab.done else 0
        return QSize(max(look.text_width(self.words(), bold=True) + 28 + tick, 64), look.metrics().control)

    def nextCheckState(self) -> None:
        """Which row is open is the screen's to say."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        area, on = QRectF(self.rect()), self.isChecked()
        ground = "accent_ground" if on else "hover" if self.underMouse() else "todo_ground"
        painting.box(painter, area.adjusted(0, 3, 0, -3), look.colour(ground), None, look.metrics().tag_radius)
        painter.setFont(look.font(bold=on))
        painter.setPen(look.colour("accent" if on else "second"))
        box = area.adjusted(14, 0, -34 if self.tab.done else -14, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.words())
        if self.tab.done:
            tick = QRectF(area.right() - 30, area.center().y() - 8, 16, 16)
            icons.paint(painter, "check", tick, look.colour("done"))
        if self.hasFocus():
            painting.focus_ring(painter, area.adjusted(0, 3, 0, -3), look.metrics().tag_radius)


class RowTabs(QWidget):
    """``chosen(row id)``, ``added`` and ``removed(row id)`` are wishes; the screen carries them out."""

    chosen = Signal(str)
    added = Signal()
    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._flow = FlowLayout(self)
        self._shown: tuple[object, ...] = ()

    def show_rows(
        self, tabs: Sequence[RowTab], current: str, *, may_add: bool, may_remove: bool, people: bool = True
    ) -> None:
        """``people``: the rows are members of the family, not things."""
        wanted = (tuple(tabs), current, may_add, may_remove, people)
        if wanted == self._shown:
            return
        self._shown = wanted
        clear(self._flow)
        for tab in tabs:
            button = _Tab(tab)
            button.setChecked(tab.row == current)
            button.clicked.connect(lambda _checked=False, row=tab.row: self.chosen.emit(row))
            self._put(button)
        if may_add:
            add = Button(t("rows.one_more"), kind="quiet", icon="user-plus" if people else "plus")
            add.clicked.connect(self.added)
            self._put(add)
        if may_remove and current:
            drop = Button(t("rows.not_here" if people else "rows.take_out"), kind="quiet",
                          icon="user-x" if people else "trash-2")  # fmt: skip
            drop.clicked.connect(lambda: self.removed.emit(current))
            self._put(drop)
        self.updateGeometry()

    def _put(self, button: QWidget) -> None:
        button.setParent(self)
        button.show()
        self._flow.addWidget(button)
