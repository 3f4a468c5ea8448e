"""One pill: how much is unsent, when the county last confirmed, online or not."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from ui.theme import icons, look
from ui.widgets import painting

_ICONS = {"done": "cloud-check", "changed": "refresh-cw", "abnormal": "circle-alert", "todo": "cloud-off"}


class SyncPill(QAbstractButton):
    """``tone``: done (all confirmed) | changed (something waits) | abnormal (refused) | todo (offline)."""

    def __init__(self) -> None:
        super().__init__()
        self._tone = "todo"
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set(self, text: str, tone: str) -> None:
        self._tone = tone
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look.text_width(self.text(), "small") + 54, look.metrics().control)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        ink, ground = (QColor(c) for c in look.palette().tone(self._tone))
        area = QRectF(self.rect()).adjusted(0, 2, 0, -2)
        line = ink if self.underMouse() else None
        painting.box(painter, area, ground, line, area.height() / 2)
        icons.paint(painter, _ICONS[self._tone], QRectF(14, area.center().y() - 8, 16, 16), ink)
        painter.setFont(look.font("small"))
        painter.setPen(ink)
        painter.drawText(area.adjusted(36, 0, -10, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            painting.focus_ring(painter, area, area.height() / 2)
