"""What an item view tells the painter of one cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, cast

from PySide6.QtCore import QRect, QRectF
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem


class _Told(Protocol):
    """The members of Qt's style option that PySide6's stubs leave out."""

    rect: QRect
    state: QStyle.StateFlag


@dataclass(frozen=True)
class Cell:
    """Where to paint, in pixels of the view, and how the cell stands."""

    area: QRectF
    chosen: bool
    under_mouse: bool


def cell_of(option: QStyleOptionViewItem) -> Cell:
    told = cast(_Told, option)
    chosen = bool(told.state & QStyle.StateFlag.State_Selected)
    return Cell(QRectF(told.rect), chosen, bool(told.state & QStyle.StateFlag.State_MouseOver))
