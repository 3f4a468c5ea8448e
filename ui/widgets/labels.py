"""Text on screen, by role."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme import look


def label(text: str = "", role: str = "body", *, tone: str = "", wrap: bool = False) -> QLabel:
    """Text in a role: ``title`` | ``section`` | ``strong`` | ``body`` | ``second`` | ``secondbody`` | ``error``."""
    made = QLabel(text)
    made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


class ElidedText(QWidget):
    """One line that ends in … where its place ends; the whole text is its tool tip and accessible name.

    ``size`` is one of the four sizes; ``ink`` a colour token.
    """

    def __init__(
        self,
        text: str = "",
        size: str = "body",
        *,
        bold: bool = False,
        ink: str = "ink",
        right: bool = False,
        shrink: bool = False,
    ) -> None:
        """``shrink``: as wide as its words where there is room, so that what follows stands close to it."""
        super().__init__()
        self._side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self._text, self._size, self._bold, self._ink = text, size, bold, ink
        wide = QSizePolicy.Policy.Maximum if shrink else QSizePolicy.Policy.Expanding
        self.setSizePolicy(wide, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def setText(self, text: str) -> None:
        """As a label's: so that one may stand where the other stood."""
        self.set_text(text)

    def text(self) -> str:
        return self._text

    def sizeHint(self) -> QSize:
        return QSize(look.text_width(self._text, self._size, bold=self._bold) + 2, look.line_height(self._size))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, look.line_height(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        font = look.font(self._size, bold=self._bold)
        shown = QFontMetrics(font).elidedText(look.one_line(self._text), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self._text if shown != self._text else "")
        painter = QPainter(self)
        painter.setFont(font)
        painter.setPen(look.colour(self._ink))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | self._side, shown)
