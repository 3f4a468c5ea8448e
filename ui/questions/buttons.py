"""The button questions are made of: a choice to pick, loud or quiet (不清楚 ...)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.theme import icons, look
from ui.widgets import painting

_SIDE = 16
_TICK = 18


class ChoiceButton(QAbstractButton):
    """One choice as a button of control height: a thin frame, the accent and a tick when picked.

    ``quiet`` draws it without a frame until it is picked: 不清楚, 拒答, 待核 stand back behind the real answers.
    ``mark`` is a text shown instead of the tick (the place in a ranking).
    """

    def __init__(self, text: str, *, quiet: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.quiet = quiet
        self.mark = ""

    def sizeHint(self) -> QSize:
        room = _TICK if self.isChecked() and not self.mark else 0
        side = _SIDE - 4 if self.quiet else _SIDE
        text = look.text_width(self.text(), bold=self.isChecked())
        if self.mark:
            room = look.text_width(self.mark) + 8
        return QSize(max(text + room + 2 * side, look.metrics().control), look.metrics().control)

    def minimumSizeHint(self) -> QSize:
        return QSize(look.metrics().control, look.metrics().control)

    def checkStateSet(self) -> None:
        super().checkStateSet()
        self.updateGeometry()

    def nextCheckState(self) -> None:
        """Whoever listens to ``clicked`` decides what is picked, so that one rule holds for mouse and keys."""

    def set_picked(self, picked: bool, mark: str = "") -> None:
        if picked != self.isChecked() or mark != self.mark:
            self.mark = mark
            self.setChecked(picked)
            self.updateGeometry()
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        event.ignore()  # arrows, digits and letters belong to the group and the screen

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        picked, area = self.isChecked(), QRectF(self.rect())
        self._frame(painter, area, picked)
        ink = "second" if not self.isEnabled() else "accent" if picked else "second" if self.quiet else "ink"
        painter.setPen(look.colour(ink))
        box = self.rect().adjusted(8, 0, -8, 0)
        if picked and not self.mark:
            left = max((self.width() - look.text_width(self.text(), bold=True) - _TICK) // 2, 6)
            icons.paint(painter, "check", QRectF(left, (self.height() - 14) / 2, 14, 14), look.colour("accent"))
            box.setLeft(left + _TICK)
            self._words(painter, box, self.text(), Qt.AlignmentFlag.AlignLeft)
        else:
            words = f"{self.mark}  {self.text()}" if self.mark else self.text()
            self._words(painter, box, words, Qt.AlignmentFlag.AlignHCenter)
        if self.hasFocus():
            painting.focus_ring(painter, area, look.metrics().radius)

    def _frame(self, painter: QPainter, area: QRectF, picked: bool) -> None:
        if self.quiet and not picked and not self.underMouse():
            return
        ground = "accent_ground" if picked else "hover" if self.underMouse() else "surface"
        line = "accent" if picked else "line" if self.quiet else "control_line"
        painting.box(painter, area, look.colour(ground), look.colour(line), look.metrics().radius)

    def _words(self, painter: QPainter, box: QRect, text: str, side: Qt.AlignmentFlag) -> None:
        painter.setFont(look.font(bold=self.isChecked()))
        shown = painting.elided(self, text, box.width(), painter.font())
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)
