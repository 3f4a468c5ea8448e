"""A few views of one thing, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from ui.theme import look
from ui.widgets import painting


class _Tab(QAbstractButton):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.setText(text)
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(max(look.text_width(self.text(), bold=True) + 26, look.metrics().control), look.metrics().control)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        area, on = QRectF(self.rect()), self.isChecked()
        if on or self.underMouse():
            fill = look.colour("accent_ground" if on else "hover")
            painting.box(painter, area.adjusted(0, 2, 0, -2), fill, None, look.metrics().radius)
        painter.setFont(look.font(bold=on))
        painter.setPen(look.colour("accent" if on else "second"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus():
            painting.focus_ring(painter, area.adjusted(0, 2, 0, -2), look.metrics().radius)


class Tabs(QWidget):
    """``options`` are (name, words); ``chosen`` fires with the name the user took."""

    chosen = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str]], current: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._group = QButtonGroup(self)
        self._tabs: dict[str, _Tab] = {}
        for name, words in options:
            tab = _Tab(words)
            tab.setChecked(name == current)
            tab.clicked.connect(lambda _checked=False, name=name: self.chosen.emit(name))
            self._group.addButton(tab)
            self._tabs[name] = tab
            row.addWidget(tab)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def select(self, name: str) -> None:
        if name in self._tabs:
            self._tabs[name].setChecked(True)
