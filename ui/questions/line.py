"""A one-line field that says committed text only, and never loses it.

Text in composition (an input method's half-typed word) is not in ``QLineEdit.text()`` and is never said; it is
committed or dropped by the input method before the focus goes. An answer is said after a short rest, on Enter, when
the focus leaves, and when the screen asks (``commit``).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from forms.api import NodeView
from ui.questions.field import AnswerField
from ui.questions.host import Host
from ui.theme import look
from ui.words import t

REST_MS = 350


class Line(QLineEdit):
    """The field itself: a unit at its right end, a rest after typing, Enter as ``leave``."""

    rested = Signal()
    left = Signal()
    leave = Signal()

    def __init__(self, name: str, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = unit
        self._composing = False
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self.rested)
        self.textEdited.connect(lambda _text: self._rest.start())
        self.setAccessibleName(f"{name} {unit}".strip())
        if unit:
            self.setTextMargins(0, 0, look.text_width(unit, "small") + 8, 0)

    def composing(self) -> bool:
        return self._composing

    def settle(self) -> None:
        """No rest is to come any more: what stands has been said."""
        self._rest.stop()

    def set_wrong(self, wrong: bool) -> None:
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            self.style().polish(self)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        if self._composing:
            self._rest.stop()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._composing = False
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._composing:
            self.leave.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._unit:
            painter = QPainter(self)
            painter.setFont(look.font("small"))
            painter.setPen(look.colour("second"))
            box = self.rect().adjusted(0, 0, -12, 0)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._unit)


class NotAnAnswer(ValueError):
    """What stands in a field is no answer of its kind; ``args[0]`` says why, in words."""


class LineField(AnswerField):
    """Base of everything typed in one line: a subclass reads the text and writes the value."""

    wide = False

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None, unit: str = "") -> None:
        super().__init__(view, host, parent)
        self.line = Line(view.label, unit, self)
        self.line.setPlaceholderText(t("question.fill_or_unknown") if view.node.companion else "")
        self.line.textEdited.connect(self.typed)
        self.line.rested.connect(self.commit)
        self.line.left.connect(self.commit)
        self.line.leave.connect(self._enter)
        self._said = self._shown(view)
        self.build()
        self.show_view(view)

    def build(self) -> None:
        """Lay out; subclasses add buttons and readings around the line."""
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.line)

    def read(self, text: str) -> object:
        """The answer ``text`` stands for (never empty). Raises NotAnAnswer."""
        return text

    def write(self, value: object) -> str:
        """The text an answer is shown as."""
        return str(value)

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        shown = self._shown(view)
        self.line.setReadOnly(view.readonly)
        self.line.set_wrong(not view.valid or self.pending())
        if shown != self._said or not self.line.hasFocus():
            self._put(shown)

    def _shown(self, view: NodeView) -> str:
        return "" if view.value is None else self.write(view.value)

    def _put(self, shown: str) -> None:
        self._said = shown
        if not self.line.composing() and not self.pending() and self.line.text() != shown:
            self.line.setText(shown)

    def pending(self) -> bool:
        text = self.line.text().strip()
        if not text or text == self._said:
            return False
        try:
            self.read(text)
        except NotAnAnswer:
            return True
        return False

    def commit(self) -> None:
        self.line.settle()
        text = self.line.text().strip()
        if text == self._said or self.view.readonly:
            return
        try:
            value = self.read(text) if text else None
        except NotAnAnswer as reason:
            self.line.set_wrong(True)
            self.rejected.emit(str(reason))
            return
        self._said = text
        self.line.set_wrong(False)
        self.rejected.emit("")
        self.answered.emit(value)

    def _enter(self) -> None:
        self.commit()
        if not self.pending():
            self.leave.emit()

    def focus_widget(self) -> QWidget:
        return self.line


class TextField(LineField):
    """Free text in one line."""

    wide = False


class DigitsField(LineField):
    """Text with appearance ``numbers``: kept as typed, leading zeros and all."""

    def build(self) -> None:
        super().build()
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers | Qt.InputMethodHint.ImhPreferLatin)
