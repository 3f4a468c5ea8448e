"""A window for tests: the real frame over a real store, waited for and pressed like a person would."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QEventLoop, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from fieldapp.store.api import Profile, Store
from fieldapp.workflows.actor import Actor
from ui import tasks
from ui.app import make_application
from ui.desk import Desk
from ui.frame import Frame
from ui.settings import Settings

PATIENCE_SECONDS = 30.0


def settle(until: Callable[[], bool] | None = None, beside: Callable[[], int] = lambda: 0) -> None:
    """Let the window work until nothing is under way (and ``until`` holds); ``beside``: how many that may go on."""
    app = QApplication.instance()
    assert app
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if tasks.tasks().busy <= beside() and (until is None or until()):
            for _round in range(8):  # a new widget is shown, laid out and scrolled to in rounds of their own
                app.processEvents()
                # Without a running event loop nothing that was let go would ever be deleted.
                app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            if tasks.tasks().busy <= beside():
                return
        time.sleep(0.002)
    raise AssertionError("the window did not settle")


def let_go(frame: Frame) -> None:
    """Close a window and all its screens: one that lived on would still hear the privacy key, its store closed."""
    frame.close()
    settle()
    for screen in frame.screens.values():
        screen.deleteLater()
    frame.screens.clear()
    frame.deleteLater()
    settle()


class Hands:
    """One open frame. ``pressed`` counts keys and clicks."""

    def __init__(self, profile: Profile, store: Store, actor: Actor, size: tuple[int, int] = (1366, 768)) -> None:
        make_application()
        self.desk = Desk(store, profile, actor, Settings())
        self.frame = Frame(self.desk)
        self.frame.resize(*size)
        self.frame.show()
        self.frame.activateWindow()
        self.pressed = 0

    def open(self, screen: str, **args: object) -> QWidget:
        self.frame.open(screen, dict(args))
        settle()
        return self.frame.current_screen()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key on whatever has the focus."""
        self.pressed += 1
        QTest.keyClick(self.frame.focusWidget() or self.frame, key, modifier)
        settle()

    def type(self, text: str) -> None:
        """Letters one by one into whatever has the focus; Han characters come committed from an input method."""
        for letter in text:
            self.pressed += 1
            where = self.frame.focusWidget() or self.frame
            if letter.isascii():
                QTest.keyClicks(where, letter)
            else:
                commit = QInputMethodEvent()
                commit.setCommitString(letter)
                QApplication.sendEvent(where, commit)
        settle()

    def click(self, widget: QWidget) -> None:
        self.pressed += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        settle()

    def close(self) -> None:
        let_go(self.frame)


@contextmanager
def at_work(profile: Profile, store: Store, actor: Actor) -> Iterator[Hands]:
    """A window over a store of its own; behind it both are closed."""
    made = Hands(profile, store, actor)
    yield made
    made.close()
    store.close()
