"""What is said when there is nothing to show, when something went wrong, and after something was done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.messages import Words, words_for
from ui.theme import icons, look
from ui.widgets.button import Button, IconButton
from ui.widgets.labels import label
from ui.words import t

UNDO_SHOWN_MS = 8000


class ErrorLine(QLabel):
    """What went wrong, in sentences beside the fields it is about; hidden while nothing is."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "error")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.hide()

    def tell(self, error: BaseException) -> None:
        self.say(words_for(error).in_line())

    def say(self, words: str) -> None:
        self.setText(words)
        self.show()


class Picture(QWidget):
    """One icon of the set, as large as asked, in a colour token."""

    def __init__(self, icon: str, size: int = 20, ink: str = "second") -> None:
        super().__init__()
        self._icon, self._ink = icon, ink
        self.setFixedSize(size, size)

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        icons.paint(QPainter(self), self._icon, QRectF(self.rect()), look.colour(self._ink))


class EmptyState(QWidget):
    """An empty list says what that means and what to do."""

    def __init__(self, icon: str, title: str, words: str, button: Button | None = None) -> None:
        super().__init__()
        made = QVBoxLayout(self)
        made.setContentsMargins(24, 40, 24, 40)
        made.setSpacing(8)
        made.addStretch()
        made.addWidget(Picture(icon, 40), 0, Qt.AlignmentFlag.AlignHCenter)
        for text, role in ((title, "section"), (words, "secondbody")):
            line = label(text, role, wrap=True)
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            made.addWidget(line)
        if button is not None:
            made.addSpacing(8)
            made.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        made.addStretch()


class Trouble(QWidget):
    """In place of what could not be read: what happened, what was kept, what to do, and another try."""

    def __init__(self, words: Words, on_again: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(words.what)
        made = QVBoxLayout(self)
        made.setContentsMargins(24, 24, 24, 24)
        made.setSpacing(8)
        made.addStretch()
        made.addWidget(Picture("circle-alert", 40, "abnormal"), 0, Qt.AlignmentFlag.AlignHCenter)
        for text, role in ((words.what, "section"), (words.kept, "secondbody"), (words.do, "secondbody")):
            if text:
                line = label(text, role, wrap=True)
                line.setAlignment(Qt.AlignmentFlag.AlignCenter)
                made.addWidget(line)
        made.addSpacing(8)
        self.again = Button(t("common.again"), kind="primary", key="Enter")
        self.again.clicked.connect(on_again)
        made.addWidget(self.again, 0, Qt.AlignmentFlag.AlignHCenter)
        made.addStretch()


class Banner(QFrame):
    """What happened, what was kept, what to do; with one way on."""

    closed = Signal()

    def __init__(
        self, words: Words, tone: str = "abnormal", *, action: str = "", on_action: Callable[[], None] | None = None
    ) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self.setProperty("tone", tone)
        self.setAccessibleName(words.what)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 8, 12)
        row.setSpacing(12)
        row.addWidget(Picture("circle-alert" if tone == "abnormal" else "info", 20, tone), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(label(words.what, "strong", tone=tone, wrap=True))
        for text in (words.kept, words.do):
            if text:
                texts.addWidget(label(text, wrap=True))
        row.addLayout(texts, 1)
        if action and on_action:
            button = Button(action)
            button.clicked.connect(on_action)
            row.addWidget(button)
        close = IconButton("x", t("common.close"))
        close.clicked.connect(self._close)
        row.addWidget(close)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def _close(self) -> None:
        self.hide()
        self.closed.emit()


class Toast(QFrame):
    """What was just done, with a way back, for eight seconds, at the bottom of the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "toast")
        self._around = parent
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 4, 8, 4)
        self._words = label("")
        self._undo = Button(t("common.undo"), kind="quiet", key="Ctrl Z")
        self._undo.clicked.connect(self.take_back)
        self._row.addWidget(self._words)
        self._row.addWidget(self._undo)
        self._back: Callable[[], None] | None = None
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self.hide)
        self.hide()

    def say(self, words: str, undo: Callable[[], None] | None = None) -> None:
        self._words.setText(words)
        self._back = undo
        self._undo.setVisible(undo is not None)
        self.setAccessibleName(words)
        self.adjustSize()
        self.place()
        self.show()
        self.raise_()
        self._clock.start(UNDO_SHOWN_MS)

    def place(self) -> None:
        around = self._around
        self.move((around.width() - self.width()) // 2, around.height() - self.height() - 24)

    def take_back(self) -> bool:
        """Undo what the words say was done; False when nothing is offered (any more)."""
        back, self._back = self._back if self.isVisible() else None, None
        self.hide()
        if back is not None:
            back()
        return back is not None
