"""The sections at the left: a tick when done, how many are missing when begun, a dot where one is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.screens.base import scroll_area
from ui.screens.visit.sections import State
from ui.theme import icons, look
from ui.widgets import painting
from ui.widgets.card import Card, line
from ui.widgets.labels import label
from ui.words import t


class _Entry(QAbstractButton):
    """One section. Its state is said aloud by the accessible description."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setText(title)
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.state = State("todo", 0)

    def sizeHint(self) -> QSize:
        return QSize(160, look.metrics().control)

    def show_state(self, state: State) -> None:
        self.state = state
        self.setAccessibleDescription(t(f"section.{state.state}", n=state.problems))
        self.update()

    def nextCheckState(self) -> None:
        """Which section is open is the screen's to say."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        area, on = QRectF(self.rect()), self.isChecked()
        if on or self.underMouse():
            painter.fillRect(area, look.colour("accent_ground" if on else "hover"))
        if on:
            painter.fillRect(QRectF(0, 0, 3, area.height()), look.colour("accent"))
        painter.setFont(look.font(bold=on))
        painter.setPen(look.colour("accent" if on else "ink"))
        box = area.adjusted(16, 0, -48, 0)
        words = painting.elided(self, self.text(), box.width(), painter.font())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)
        self._mark(painter, QRectF(area.right() - 40, 0, 28, area.height()), on)
        if self.hasFocus():
            painting.focus_ring(painter, area.adjusted(1, 1, -1, -1), 4)

    def _mark(self, painter: QPainter, box: QRectF, on: bool) -> None:
        middle = box.center()
        disc = QRectF(middle.x() - 7, middle.y() - 7, 14, 14)
        if self.state.state == "done":
            icons.paint(painter, "check", QRectF(middle.x() - 9, middle.y() - 9, 18, 18), look.colour("done"))
        elif self.state.problems and self.state.state == "open" and not on:
            painter.setFont(look.font(bold=True))
            painter.setPen(look.colour("changed"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self.state.problems))
        elif on:
            painting.box(painter, disc, look.colour("accent"), None, 7)
        else:
            painting.box(painter, disc, None, look.colour("control_line"), 7)


class SectionList(Card):
    """``chosen(place)`` when a section is taken by pointer or Enter; arrows move the cursor."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(flush=True)
        self.setAccessibleName(t("visit.sections"))
        self._entries: list[_Entry] = []
        area, inner = scroll_area()
        self._area: QScrollArea = area
        self._lines = QVBoxLayout(inner)
        self._lines.setContentsMargins(0, 8, 0, 8)
        self._lines.setSpacing(0)
        self._lines.addStretch()
        self.body.addWidget(area, 1)
        self.body.addWidget(line())
        self._foot = label("", "second", wrap=True)
        self._foot.setContentsMargins(16, 12, 16, 12)
        self.body.addWidget(self._foot)

    def show_sections(self, titles: Sequence[str]) -> None:
        if [entry.text() for entry in self._entries] == list(titles):
            return
        for entry in self._entries:
            entry.hide()
            entry.deleteLater()
        self._entries = []
        for place, title in enumerate(titles):
            entry = _Entry(title)
            entry.clicked.connect(lambda _checked=False, place=place: self.chosen.emit(place))
            self._lines.insertWidget(place, entry)
            self._entries.append(entry)

    def show_states(self, states: Sequence[State], current: int) -> None:
        for place, (entry, state) in enumerate(zip(self._entries, states, strict=True)):
            entry.setChecked(place == current)
            entry.show_state(state)
        if 0 <= current < len(self._entries):
            self._area.ensureWidgetVisible(self._entries[current], 0, 40)

    def say(self, words: str) -> None:
        self._foot.setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        focused = next((place for place, entry in enumerate(self._entries) if entry.hasFocus()), -1)
        if step and focused >= 0:
            self._entries[max(0, min(focused + step, len(self._entries) - 1))].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)


def column(widget: QWidget, width: int) -> QFrame:
    """``widget`` in a column of fixed width."""
    frame = QFrame()
    frame.setFixedWidth(width)
    lines = QVBoxLayout(frame)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.addWidget(widget)
    return frame
