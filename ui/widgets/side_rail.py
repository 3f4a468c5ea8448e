"""The narrow rail at the left: one entry per screen, with a count where something waits."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout

from ui.theme import icons, look
from ui.widgets import painting
from ui.widgets.labels import label
from ui.words import t

ICON = 20  # its side, pixels


class RailEntry(QAbstractButton):
    """One screen: icon over word; the chosen one carries the accent."""

    def __init__(self, icon: str, text: str, key: str) -> None:
        super().__init__()
        self._icon, self._count = icon, 0
        self.setText(text)
        self.setCheckable(True)
        self.setToolTip(f"{text}  {key}" if key else text)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def set_count(self, count: int) -> None:
        self._count = count
        self.setAccessibleName(t("rail.with_count", name=self.text(), n=count) if count else self.text())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look.metrics().rail - 1, look.line_height("small") + 37)

    def minimumSizeHint(self) -> QSize:
        """What a low screen in large type leaves: icon, word and little air."""
        return QSize(look.metrics().rail - 1, max(40, look.line_height("small") + ICON + 4))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        area = QRectF(self.rect())
        words = look.line_height("small")
        top = (area.height() - ICON - 1 - words) / 2
        if self.isChecked():
            painter.fillRect(area, look.colour("accent_ground"))
            painter.fillRect(QRectF(0, 12, 3, area.height() - 24), look.colour("accent"))
        elif self.underMouse():
            painter.fillRect(area, look.colour("hover"))
        ink = look.colour("accent" if self.isChecked() else "second")
        icons.paint(painter, self._icon, QRectF(area.center().x() - ICON / 2, top, ICON, ICON), ink)
        painter.setFont(look.font("small", bold=self.isChecked()))
        painter.setPen(ink)
        painter.drawText(QRectF(0, top + ICON + 1, area.width(), words), painting.CENTER, self.text())
        if self._count:
            self._paint_count(painter, area, max(1.0, top - 4))
        if self.hasFocus():
            painting.focus_ring(painter, area.adjusted(2, 2, -2, -2), look.metrics().radius)

    def _paint_count(self, painter: QPainter, area: QRectF, top: float) -> None:
        text = str(self._count) if self._count < 100 else "99+"
        wide = max(18, look.text_width(text, "small") + 10)
        disc = QRectF(area.center().x() + 7, top, wide, 18)
        painting.box(painter, disc, look.colour("abnormal"), None, 9)
        painter.setFont(look.font("small"))
        painter.setPen(look.colour("surface"))
        painter.drawText(disc, painting.CENTER, text)


class SideRail(QFrame):
    """Emits ``chosen`` with a screen's name."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "rail")
        self.setFixedWidth(look.metrics().rail)
        self._entries: dict[str, RailEntry] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        brand = label(t("app.name"), "brand")
        brand.setAlignment(Qt.AlignmentFlag.AlignCenter)
        brand.setFixedHeight(look.metrics().top)
        self._column.addWidget(brand)
        self._column.addStretch()

    def add(self, name: str, icon: str, text: str, key: str = "", *, foot: bool = False) -> None:
        entry = RailEntry(icon, text, key)
        entry.clicked.connect(lambda: self.chosen.emit(name))
        self._entries[name] = entry
        place = self._column.count() if foot else self._column.count() - 1 - self._feet()
        self._column.insertWidget(place, entry)
        entry.setProperty("foot", foot)

    def _feet(self) -> int:
        return sum(1 for entry in self._entries.values() if entry.property("foot"))

    def choose(self, name: str) -> None:
        for each, entry in self._entries.items():
            entry.setChecked(each == name)

    def set_count(self, name: str, count: int) -> None:
        if name in self._entries:
            self._entries[name].set_count(count)

    def names(self) -> list[str]:
        return list(self._entries)
