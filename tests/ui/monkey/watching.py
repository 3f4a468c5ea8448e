"""What may not happen while the monkey is at it: faults of ours, Qt's complaints, stray windows, nameless controls."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QWidget

#: What the display of the tests says of itself, not of the program.
OFFSCREEN_CANNOT = ("This plugin does not support",)
#: QTest's own remark when a key was pressed where nobody takes it.
UNTAKEN = ("Keyboard event not accepted by receiving widget", "Mouse event occurs outside target window")


class _Ears(logging.Handler):
    """Hears what the program itself calls a fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        trace = "".join(traceback.format_exception(record.exc_info[1])) if record.exc_info else ""
        self._faults.append(f"{record.name}: {record.getMessage()}\n{trace}")


def _watch_windows(faults: list[str]) -> QObject:
    """A widget shown before it has a place is a window of its own for a moment, and takes the keyboard along."""
    from PySide6.QtCore import QEvent, QObject, Qt
    from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                own = isinstance(watched, QMainWindow) or watched.windowType() != Qt.WindowType.Window
                if not own:
                    trace = "".join(traceback.format_stack(limit=8))
                    faults.append(f"a window of its own: {type(watched).__name__} {watched.accessibleName()}\n{trace}")
            return False

    watch = Watch()
    app = QApplication.instance()
    assert app
    app.installEventFilter(watch)
    return watch


@contextmanager
def _hearing_qt(faults: list[str]) -> Iterator[None]:
    """Qt says on its own channel what it was asked to do and could not: a slot that is not there, a painter twice."""
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler

    def heard(kind: QtMsgType, _context: Any, words: str) -> None:
        harmless = kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) or words.startswith(OFFSCREEN_CANNOT + UNTAKEN)
        if not harmless:
            faults.append(f"Qt says: {words}\n" + "".join(traceback.format_stack(limit=6)))

    before = qInstallMessageHandler(heard)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


@contextmanager
def listening(faults: list[str]) -> Iterator[None]:
    """Everything that must not happen goes into ``faults``, in words."""
    ears, before = _Ears(faults), sys.excepthook
    logging.getLogger().addHandler(ears)
    watch = _watch_windows(faults)
    try:
        with _hearing_qt(faults):
            yield
    finally:
        watch.deleteLater()
        sys.excepthook = before  # the program's guard against crashes took its place
        logging.getLogger().removeHandler(ears)


def nameless(window: QWidget) -> list[str]:
    """Visible controls that a screen reader could not name."""
    from PySide6.QtWidgets import QWidget

    from tests.ui import faults

    return [fault for widget in window.findChildren(QWidget) if widget.isVisible() for fault in faults.nameless(widget)]
