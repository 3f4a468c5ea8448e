"""Buttons that show the key that presses them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from ui.theme import icons, look
from ui.widgets import painting


class Button(QPushButton):
    """``kind``: ``plain`` | ``primary`` (one per screen) | ``quiet`` (a link). ``key`` is shown, not bound.

    Bind keys through ``Screen.keys``, so that F1 and the button say the same.
    """

    def __init__(self, text: str, *, kind: str = "plain", key: str = "", icon: str = "", tip: str = "") -> None:
        super().__init__(text)
        self._kind, self._key, self._icon = kind, key, icon
        self.setAccessibleName(text or tip)
        self.setToolTip(tip)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def content_width(self) -> int:
        """Pixels of icon, words and key with the gaps between them."""
        parts = [20] if self._icon else []
        if self.text():
            parts.append(look.text_width(self.text(), bold=self._kind != "quiet") + 1)
        if self._key:
            parts.append(painting.key_width(self._key))
        return sum(parts) + 10 * (len(parts) - 1)

    def sizeHint(self) -> QSize:
        padding = 8 if self._kind == "quiet" else 16
        return QSize(max(self.content_width() + 2 * padding, look.metrics().control), look.metrics().control)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def colours(self) -> tuple[QColor, QColor | None, QColor | None]:
        """Ink, fill and line for the state the button is in."""
        if not self.isEnabled():
            return look.colour("second"), look.colour("ground"), look.colour("line")
        lively = self.underMouse() or self.isDown()
        if self._kind == "primary":
            return look.colour("on_accent"), look.colour("accent"), None
        if self._kind == "quiet":
            return look.colour("accent"), look.colour("accent_ground") if lively else None, None
        return look.colour("ink"), look.colour("hover" if lively else "surface"), look.colour("control_line")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        area, radius = QRectF(self.rect()), look.metrics().radius
        ink, fill, line = self.colours()
        painting.box(painter, area, fill, line, radius)
        if self._kind == "primary" and (self.underMouse() or self.isDown()) and self.isEnabled():
            painting.box(painter, area.adjusted(2, 2, -2, -2), None, ink, radius - 2)
        self._paint_content(painter, area, ink)
        if self.hasFocus():
            ring = area.adjusted(3, 3, -3, -3) if self._kind == "primary" else area
            painting.box(painter, ring, None, ink if self._kind == "primary" else look.colour("accent"), radius, 2)

    def _paint_content(self, painter: QPainter, area: QRectF, ink: QColor) -> None:
        left = (area.width() - self.content_width()) / 2
        if self._icon:
            icons.paint(painter, self._icon, QRectF(left, area.center().y() - 10, 20, 20), ink)
            left += 30
        painter.setFont(look.font(bold=self._kind != "quiet"))
        painter.setPen(ink)
        words = QRectF(left, 0, look.text_width(self.text(), bold=self._kind != "quiet") + 2, area.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._key:
            line = ink if self._kind == "primary" else look.colour("control_line")
            second = ink if self._kind == "primary" else look.colour("second")
            right = words.right() - 1 + 10 + painting.key_width(self._key)
            painting.key_chip(painter, right, area.center().y(), self._key, second, line, None)


class IconButton(QPushButton):
    """A square button of one icon; ``words`` are its tool tip and accessible name."""

    def __init__(self, icon: str, words: str) -> None:
        super().__init__()
        self._icon = icon
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setFixedSize(look.metrics().control, look.metrics().control)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        area = QRectF(self.rect())
        if self.underMouse() or self.isDown():
            painting.box(painter, area, look.colour("hover"), None, look.metrics().radius)
        middle = area.center()
        ink = look.colour("ink" if self.isEnabled() else "control_line")
        icons.paint(painter, self._icon, QRectF(middle.x() - 10, middle.y() - 10, 20, 20), ink)
        if self.hasFocus():
            painting.focus_ring(painter, area, look.metrics().radius)


class BigAnswer(QPushButton):
    """A large answer with its digit: title, what it means, in the colours of its tone."""

    def __init__(self, title: str, words: str, key: str, tone: str) -> None:
        super().__init__()
        self._title, self._words, self._key, self._tone = title, words, key, tone
        self.setAccessibleName(f"{title} ({key})")
        self.setAccessibleDescription(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str) -> None:
        self._words = words
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        wide = max(look.text_width(self._title, "section", bold=True) + 64, look.text_width(self._words, "small") + 36)
        return QSize(wide, look.line_height("section") + look.line_height("small") + 42)

    def minimumSizeHint(self) -> QSize:
        return QSize(look.text_width(self._title, "section", bold=True) + 56, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        ink, ground = (QColor(c) for c in look.palette().tone(self._tone))
        if not self.isEnabled():
            ink, ground = look.colour("second"), look.colour("todo_ground")
        area, m = QRectF(self.rect()), look.metrics()
        painting.box(painter, area, ground, ink, m.radius, 2 if self.underMouse() or self.isDown() else 1)
        top = 14
        painter.setFont(look.font("section", bold=True))
        painter.setPen(ink)
        painter.drawText(QRectF(16, top, area.width() - 56, look.line_height("section")), 0x81, self._title)
        painter.setFont(look.font("small"))
        below = QRectF(16, top + look.line_height("section"), area.width() - 24, 2 * look.line_height("small"))
        painter.drawText(below, int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), self._words)
        chip = look.colour("surface")
        painting.key_chip(
            painter, area.right() - 16, top + 13, self._key, look.colour("ink"), look.colour("line"), chip
        )
        if self.hasFocus():
            painting.focus_ring(painter, area.adjusted(3, 3, -3, -3), m.radius - 2)
