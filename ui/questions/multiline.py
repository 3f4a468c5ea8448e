"""Text of several lines; grows with what is written. Committed text only, as in ``line``."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from forms.api import NodeView
from ui.questions.field import AnswerField
from ui.questions.host import Host
from ui.questions.line import REST_MS
from ui.theme import look

LOWEST, HIGHEST = 3, 8


class Page(QPlainTextEdit):
    """Three to eight lines high. Tab leaves it; Enter begins a new line."""

    rested = Signal()
    left = Signal()
    edited = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composing = False
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self.rested)
        self.textChanged.connect(self._changed)
        self._fit()

    def composing(self) -> bool:
        return self._composing

    def settle(self) -> None:
        self._rest.stop()

    def _changed(self) -> None:
        if not self._composing and self.hasFocus():
            self._rest.start()
            self.edited.emit(self.toPlainText())
        self._fit()

    def _fit(self) -> None:
        lines = int(self.document().size().height())
        shown = min(max(lines, LOWEST), HIGHEST)
        self.setFixedHeight(shown * self.fontMetrics().lineSpacing() + 24)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_rest"):
            self._fit()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._composing = False
        self.left.emit()


class MultilineField(AnswerField):
    """Free text of several lines."""

    def __init__(self, view: NodeView, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(view, host, parent)
        self.page = Page(view.label, self)
        self.page.setFont(look.font())
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.page)
        self._said = ""
        self.page.edited.connect(self.typed)
        self.page.rested.connect(self.commit)
        self.page.left.connect(self.commit)
        self.show_view(view)

    def show_view(self, view: NodeView) -> None:
        super().show_view(view)
        self.page.setReadOnly(view.readonly)
        shown = "" if view.value is None else str(view.value)
        if shown != self._said:
            self._said = shown
            if not self.page.composing() and self.page.toPlainText() != shown:
                self.page.setPlainText(shown)

    def commit(self) -> None:
        self.page.settle()
        text = self.page.toPlainText().strip()
        if text != self._said and not self.view.readonly:
            self._said = text
            self.answered.emit(text or None)

    def focus_widget(self) -> QWidget:
        return self.page
