"""Strokes that several painted parts share: rounded boxes, key chips, focus rings, state marks, tags."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import icons, look

CENTER = Qt.AlignmentFlag.AlignCenter
#: Door states, each with its own shape: the icon of resources/icons that marks it.
STATE_ICONS = {
    "done": "check", "changed": "triangle", "abnormal": "circle-alert", "absent": "circle-dashed", "todo": "circle",
}  # fmt: skip


def smooth(painter: QPainter) -> QPainter:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    return painter


def box(
    painter: QPainter, area: QRectF, fill: QColor | None, line: QColor | None, radius: float, width: float = 1
) -> None:
    """A rounded box whose line lies inside ``area``."""
    painter.setPen(QPen(line, width) if line else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill else Qt.BrushStyle.NoBrush)
    half = width / 2 if line else 0
    painter.drawRoundedRect(area.adjusted(half, half, -half, -half), radius, radius)


def focus_ring(painter: QPainter, area: QRectF, radius: float) -> None:
    """The 2-pixel accent ring of whatever the keyboard speaks to."""
    box(painter, area, None, look.colour("accent"), radius, look.metrics().focus)


def key_width(text: str) -> int:
    """Pixels a key chip takes."""
    return max(look.text_width(text, "small") + 14, 22)


def key_chip(
    painter: QPainter, right: float, middle: float, text: str, ink: QColor, line: QColor, fill: QColor | None
) -> None:
    """The key that presses a button, drawn on it, ending at ``right``."""
    height = look.scale().small + 8
    area = QRectF(right - key_width(text), middle - height / 2, key_width(text), height)
    box(painter, area, fill, line, look.metrics().tag_radius)
    painter.setFont(look.font("small"))
    painter.setPen(ink)
    painter.drawText(area, CENTER, text)


def tag_width(text: str) -> int:
    return look.text_width(text, "small") + 16


def tag_height() -> int:
    return look.scale().small + 9


def tag(painter: QPainter, area: QRectF, text: str, tone: str) -> None:
    ink, ground = look.palette().tone(tone)
    box(painter, area, QColor(ground), None, look.metrics().tag_radius)
    font = look.font("small")
    painter.setFont(font)
    painter.setPen(QColor(ink))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()) - 8)
    painter.drawText(area, CENTER, shown)


def state_mark(painter: QPainter, centre: QPointF, state: str) -> None:
    """A door's state as a coloured disc with its own shape in it."""
    ink, ground = look.palette().tone(state)
    painter.setPen(look.colour("control_line") if state == "todo" else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawEllipse(centre, 11.5, 11.5)
    if state != "todo":
        icons.paint(painter, STATE_ICONS[state], QRectF(centre.x() - 7, centre.y() - 7, 14, 14), QColor(ink))


def elided(widget: QWidget, text: str, room: float, font: QFont, tip: str = "") -> str:
    """``text`` as it fits into ``room``. What is cut stands whole in the widget's tool tip, above ``tip``."""
    shown = QFontMetrics(font).elidedText(look.one_line(text), Qt.TextElideMode.ElideRight, int(room))
    whole = text if shown != look.one_line(text) else ""
    widget.setToolTip("\n".join(part for part in (whole, tip) if part))
    return shown
