"""Members as chips: who, how old, where now; a letter key changes where."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from ui.theme import icons, look
from ui.widgets import painting

TICK = 14  # pixels


class MemberChip(QAbstractButton):
    """``name`` and ``about`` at the left, the state as a tag at the right, the letter that changes it above."""

    def __init__(self, name: str, about: str, state: str, tone: str, key: str = "") -> None:
        super().__init__()
        self._name, self._about, self._state, self._tone, self._key = name, about, state, tone, key
        self.setAccessibleName(f"{name}，{about}，{state}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(220, look.line_height("body") + look.line_height("small") + 16)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        area = QRectF(self.rect())
        fill = look.colour("hover" if self.underMouse() else "surface")
        painting.box(painter, area, fill, look.colour("line"), look.metrics().radius)
        right = area.right() - 12
        tall = painting.tag_height() + 6
        wide = painting.tag_width(self._state)
        painting.tag(painter, QRectF(right - wide, area.center().y() - tall / 2, wide, tall), self._state, self._tone)
        right -= wide + 8
        if self._key:
            second, line = look.colour("second"), look.colour("control_line")
            painting.key_chip(painter, right, area.center().y(), self._key, second, line, None)
            right -= painting.key_width(self._key) + 8
        self._words(painter, right)
        if self.hasFocus():
            painting.focus_ring(painter, area, look.metrics().radius)

    def _words(self, painter: QPainter, right: float) -> None:
        room = right - 12
        cut = []
        for text, size, bold, ink, top in (
            (self._name, "body", True, "ink", 8.0),
            (self._about, "small", False, "second", 8.0 + look.line_height("body")),
        ):
            font = look.font(size, bold=bold)
            painter.setFont(font)
            painter.setPen(look.colour(ink))
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(room))
            cut += [text] if shown != text else []
            painter.drawText(QRectF(12, top, room, look.line_height(size)), Qt.AlignmentFlag.AlignVCenter, shown)
        self.setToolTip("\n".join(cut))


class PickChip(QAbstractButton):
    """A choice among several, with its key; checked ones carry accent and a tick."""

    def __init__(self, text: str, key: str = "", *, tone: str = "accent") -> None:
        super().__init__()
        self._key, self._tone = key, tone
        self.setText(text)
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        key = painting.key_width(self._key) + 10 if self._key else 0
        return QSize(look.text_width(self.text(), bold=True) + 34 + TICK + key, look.metrics().control)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        area, p = QRectF(self.rect()), look.palette()
        ink, ground = p.tone(self._tone)
        on = self.isChecked()
        line = look.colour(self._tone if on else "control_line")
        fill = ground if on else (p.hover if self.underMouse() else p.surface)
        painting.box(painter, area, QColor(fill), line, look.metrics().radius)
        painter.setFont(look.font(bold=on))
        painter.setPen(QColor(ink if on else p.ink))
        if on:
            tick = QRectF(10, area.center().y() - TICK / 2, TICK, TICK)
            icons.paint(painter, "check", tick, QColor(ink))
        room = area.adjusted(16 + TICK / 2, 0, -16 - (painting.key_width(self._key) + 10 if self._key else 0), 0)
        shown = painting.elided(self, self.text(), room.width() + 16, painter.font())  # the air at its sides may go
        painter.drawText(room.adjusted(-8, 0, 8, 0), Qt.AlignmentFlag.AlignCenter, shown)
        if self._key:
            second, control = look.colour("second"), look.colour("control_line")
            painting.key_chip(painter, area.right() - 12, area.center().y(), self._key, second, control, None)
        if self.hasFocus():
            painting.focus_ring(painter, area.adjusted(2, 2, -2, -2), look.metrics().radius - 2)
