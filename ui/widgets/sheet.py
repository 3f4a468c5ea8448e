"""A sheet laid over the window: help, a short question, a compact form. Esc closes it; focus stays inside."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ui.theme import look
from ui.widgets.button import IconButton
from ui.widgets.card import Card
from ui.widgets.labels import label
from ui.words import t


class _Inner(QWidget):
    """Asks for the height its lines need at its own width. A wrapped line by itself asks for that of a narrow one, and
    the sheet would scroll although there is room."""

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        if layout is None or not layout.hasHeightForWidth() or not self.width():
            return super().minimumSizeHint()
        return QSize(super().minimumSizeHint().width(), layout.heightForWidth(self.width()))


class SheetArea(QScrollArea):
    """As high as its content where there is room; scrolls on a low screen."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        inner = _Inner()
        inner.setProperty("role", "scroll")
        self.body = QVBoxLayout(inner)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(12)
        self.setWidget(inner)
        inner.installEventFilter(self)

    def sizeHint(self) -> QSize:
        wide = self.width() or self.body.sizeHint().width()
        tall = self.body.heightForWidth(wide) if self.body.hasHeightForWidth() else self.body.sizeHint().height()
        return QSize(wide, tall)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, min(self.sizeHint().height(), 120))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()


def _application() -> QApplication:
    running = QApplication.instance()
    assert isinstance(running, QApplication)
    return running


def _sheet_of(widget: QWidget) -> QWidget | None:
    """The sheet the widget stands on, if any."""
    above: QWidget | None = widget
    while above is not None and not isinstance(above, Sheet):
        above = above.parentWidget()
    return above


class Sheet(QWidget):
    """Put things into ``body`` and buttons into ``foot``; ``closed`` fires when it goes, by whatever way."""

    closed = Signal()

    def __init__(self, window: QWidget, title: str, *, width: int = 560) -> None:
        super().__init__(window)
        self.setAccessibleName(title)
        self._before = window.focusWidget()
        self._window = window
        self._holding = False
        around = QVBoxLayout(self)
        around.setContentsMargins(24, 24, 24, 24)
        card = Card()
        card.setFixedWidth(min(width, window.width() - 48))
        head = QHBoxLayout()
        head.addWidget(label(title, "section", wrap=True), 1)
        close = IconButton("x", t("common.close"))
        close.clicked.connect(self.close_sheet)
        head.addWidget(close)
        area = SheetArea()
        self.body = area.body
        self.foot = QHBoxLayout()
        self.foot.setSpacing(8)
        self.foot.addStretch()
        card.body.setContentsMargins(24, 16, 24, 16)
        card.body.addLayout(head)
        card.body.addWidget(area)
        card.body.addLayout(self.foot)
        # Between two stretches, not aligned: only so does a wrapped line get its height from the card's own width.
        across = QHBoxLayout()
        across.addStretch()
        across.addWidget(card)
        across.addStretch()
        around.addStretch()
        around.addLayout(across)
        around.addStretch()
        window.installEventFilter(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def open(self, focus: QWidget | None = None) -> None:
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        (focus or self).setFocus(Qt.FocusReason.OtherFocusReason)
        if not self._holding:
            self._holding = True
            _application().focusChanged.connect(self._hold_focus)

    def _hold_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """What happens on the screen below (it is drawn anew) must not take the keyboard from under the hands."""
        if new is None or not self.isVisible() or self.isAncestorOf(new) or new.window() is not self.window():
            return
        if isinstance(_sheet_of(new), Sheet):
            return  # one sheet over another
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_sheet(self) -> None:
        if self._holding:
            self._holding = False
            _application().focusChanged.disconnect(self._hold_focus)
        self._window.removeEventFilter(self)
        self.hide()
        if self._before is not None and isValid(self._before):  # the screen below may have been made anew
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
            return
        focused = self._window.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QAbstractButton):
            focused.click()
            return
        event.accept()  # keys of the screen below must not act through the sheet

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside the sheet."""
        inside = [w for w in self.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible()]
        inside = [w for w in inside if w.isEnabled()]
        if not inside:
            return True
        here = self._window.focusWidget()
        place = inside.index(here) if here in inside else (-1 if forward else 0)
        inside[(place + (1 if forward else -1)) % len(inside)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        veil = QColor(look.palette().veil)
        veil.setAlpha(110)
        QPainter(self).fillRect(self.rect(), veil)
