"""What a screen is: built once, told to ``arrive`` each time it is opened, its keys declared as data."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar, overload

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.desk import Desk
from ui.messages import words_for
from ui.privacy import privacy
from ui.theme import look
from ui.widgets.notices import Trouble

T = TypeVar("T")
UNBOUNDED = 16777215  # QWIDGETSIZE_MAX, which PySide6 does not name: no largest width


@dataclass(frozen=True)
class Key:
    """One key of a screen. ``act`` is the name of the method it calls, ``words`` a glossary key for F1.

    The same keys are shown on the buttons they press; auto-repeat never triggers them.
    """

    sequence: str
    act: str
    words: str
    shown: bool = True


class Screen(QWidget):
    """Subclass, build in ``__init__``, load in ``arrive``, draw in ``draw``.

    ``draw`` is called again when privacy mode changes, so it must be repeatable from the model the screen holds.
    """

    keys: tuple[Key, ...] = ()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Keys act at once: no input method may hold a letter back while focus is on the screen itself.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.shortcuts: dict[str, QShortcut] = {}
        self.trouble: Trouble | None = None
        self._last_asked: dict[str, Any] = {}
        for key in self.keys:
            self._bind(key)
        privacy().changed.connect(self._draw_try_again)

    def arrive(self, **args: Any) -> None:
        """The screen is opened (again): load what it shows."""

    def leave(self) -> None:
        """The screen is left or the program locks: put what is half done where it is safe."""

    def draw(self) -> None:
        """Show the model held, if any."""

    def come_in(self, **args: Any) -> None:
        """The frame's way in: ``arrive``, remembered for another try."""
        self._last_asked = args
        self.well()
        self.arrive(**args)

    @overload
    def load(self, work: Callable[[], Future[T]], done: Callable[[T], None], *, words: str = "") -> None: ...

    @overload
    def load(self, work: Callable[[], T], done: Callable[[T], None], *, words: str = "") -> None: ...

    def load(self, work: Callable[[], Any], done: Callable[[Any], None], *, words: str = "") -> None:
        """Read what the screen shows: ``done`` draws it, a failure stands in its place (``fail``)."""

        def got(result: Any) -> None:
            self.well()
            done(result)

        self.desk.read(work, got, owner=self, failed=self.fail, words=words)

    def fail(self, error: BaseException) -> None:
        """What the screen shows could not be read: say so in its place, with another try, and claim nothing else."""
        self.well()
        self.trouble = Trouble(words_for(error), self._try_again, self)
        self.trouble.setGeometry(self.rect())
        self.trouble.show()
        self.trouble.raise_()
        self.trouble.again.setFocus(Qt.FocusReason.OtherFocusReason)

    def well(self) -> None:
        """Take an earlier trouble away."""
        if self.trouble is not None:
            self.trouble.hide()
            self.trouble.deleteLater()
            self.trouble = None

    def _try_again(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.come_in(**self._last_asked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.trouble is not None:
            self.trouble.setGeometry(self.rect())

    def margins(self) -> int:
        return look.metrics().margin

    def _draw_try_again(self) -> None:
        if self.isVisible():
            self.draw()

    def add_key(self, key: Key, act: Callable[[], object]) -> None:
        """A key that only some users have on this screen."""
        self.keys = (*self.keys, key)  # shadows the class's for this screen alone
        setattr(self, key.act, act)
        self._bind(key)

    def _bind(self, key: Key) -> None:
        shortcut = QShortcut(QKeySequence(key.sequence), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(lambda: self._press(key))
        self.shortcuts[key.sequence] = shortcut

    def _press(self, key: Key) -> None:
        if self.trouble is not None:  # nothing can be done to what could not be read
            if key.sequence == "Return":
                self._try_again()
            return
        focused = QApplication.focusWidget()
        if key.sequence == "Return" and isinstance(focused, QAbstractButton) and self.isAncestorOf(focused):
            # Enter presses the button the keyboard stands on, not the screen's main one.
            focused.click()
            return
        getattr(self, key.act)()


class Page(Screen):
    """A screen of one column inside a scroll area. Put parts into ``column``."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        area, inner = scroll_area()
        outer.addWidget(area, 1)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(self.margins(), self.margins(), self.margins(), self.margins())
        self.column.setSpacing(look.metrics().gap)


def scroll_area() -> tuple[QScrollArea, QWidget]:
    """A vertical scroll area and the widget inside it."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    inner = QWidget()
    inner.setProperty("role", "scroll")
    area.setWidget(inner)
    return area, inner
