"""Tags: a short word in the colours of its state."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.widgets import painting


class Tag(QWidget):
    """``tone``: accent | done | changed | abnormal | absent | todo. ``width`` fixes a column of tags, ``most`` is the
    width beyond which the words end in … and stand whole in the tool tip."""

    def __init__(self, text: str, tone: str = "todo", *, width: int = 0, most: int = 0) -> None:
        super().__init__()
        self._text, self._tone, self._width, self._most = text, tone, width, most
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set(self, text: str, tone: str) -> None:
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        return self._text

    def sizeHint(self) -> QSize:
        needed = max(self._width, painting.tag_width(self._text))
        if self._most and needed > self._most:
            self.setToolTip(self._text)
            needed = self._most
        return QSize(needed, painting.tag_height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painting.tag(painting.smooth(QPainter(self)), QRectF(self.rect()), self._text, self._tone)


class StateMark(QWidget):
    """A state as a disc with its own shape: done | changed | abnormal | absent | todo. ``words`` say it aloud."""

    def __init__(self, state: str, words: str) -> None:
        super().__init__()
        self._state = state
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setFixedSize(24, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painting.state_mark(painting.smooth(QPainter(self)), QPointF(12, 12), self._state)
