"""Icons of the one bundled set, tinted by token. QtSvg takes ``currentColor`` for black, so it is replaced first."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources


def paint(painter: QPainter, name: str, box: QRectF, colour: QColor) -> None:
    """Draw icon ``name`` (a file of resources/icons without its ending) into ``box``."""
    _renderer(name, colour.name()).render(painter, box)


def pixmap(name: str, size: int, colour: QColor, ratio: float = 1.0) -> QPixmap:
    """The icon as a transparent picture of ``size`` × ``size`` logical pixels."""
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint(painter, name, QRectF(0, 0, size, size), colour)
    painter.end()
    return made


def icon(name: str, colour: QColor, size: int = 20) -> QIcon:
    made = QIcon()
    for ratio in (1.0, 1.25, 2.0):
        made.addPixmap(pixmap(name, size, colour, ratio))
    return made


def forget() -> None:
    """Drop tinted copies; called when the colours change."""
    _renderer.cache_clear()


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    text = resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(text.replace("currentColor", colour).encode()))
