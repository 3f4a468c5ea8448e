"""What the monkey does: keys and mouse events through the window, text through the keyboard and the input method."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QWindow
    from PySide6.QtWidgets import QWidget

    from tests.ui.monkey.seat import Seat

TEXTS = (
    "王",
    "䶮𬱖",
    "0",
    "12",
    "1950.3.5",
    "118000",
    "-1",
    "99999999999999999999",
    "外出务工三人，老人由邻居照看",
    "%_'\"",
    "wgy",
    "dengguangming",
    " ",
    "341799195203050027",
    "13967254418",
    "👵🏽🏚️",
    "e\u0301\u200d\ufeff",
    "灶台裂了三道缝，夜里漏风，雨棚塌了半边还没修。" * 40,
)
SIZES = ((1366, 768), (1093, 590), (960, 560), (1920, 1080))
KEYS = ("Tab", "Shift+Tab", "Return", "Esc", "Up", "Down", "Left", "Right", "Space", "Backspace", "Del", "F1", "F2",
        "F4", "Shift+F4", "Ctrl+Z", "Ctrl+A", "Ctrl+K", "Ctrl+Return", "Ctrl+Down", "Ctrl+Up", "PgDown", "PgUp", "Home",
        "End", *"1234567890ABCDEFGHNRU")  # fmt: skip


class Acts:
    """One event each; every method says in a line what it did."""

    def __init__(self, seat: Seat, chance: random.Random) -> None:
        self.seat, self.chance = seat, chance

    def weighted(self) -> tuple[tuple[int, Callable[[], str]], ...]:
        """At work, over all screens."""
        return (
            (28, self.screen_key), (12, self.any_key), (30, self.click), (9, self.type), (10, self.go), (3, self.drag),
            (4, self.wheel), (1, self.menu), (3, self.resize), (2, self.look), (1, self.language), (2, self.privacy),
        )  # fmt: skip

    def before_work(self) -> tuple[tuple[int, Callable[[], str]], ...]:
        """At the entrance."""
        return ((10, self.any_key), (30, self.click), (15, self.type), (3, self.wheel), (2, self.resize))

    # --- where ------------------------------------------------------------------------------------------------------

    def top(self) -> QWidget:
        """What lies on top: an open list, a sheet over the window, the window."""
        from PySide6.QtWidgets import QApplication

        popup = QApplication.activePopupWidget()
        if popup is not None:
            return popup
        sheets = self.sheets()
        return sheets[-1] if sheets else self.seat.window

    def sheets(self) -> list[QWidget]:
        from ui.widgets.sheet import Sheet

        return [each for each in self.seat.window.findChildren(Sheet) if each.isVisible()]

    def _handle(self) -> QWindow:
        from shiboken6 import isValid

        made = self.top().window().windowHandle()
        if made is None or not isValid(made):  # a menu that is just going: the key goes on to what lies under it
            made = self.seat.window.windowHandle()
        assert made
        return made

    def _here(self) -> str:
        frame = self.seat.program.frame
        return frame.current if frame is not None else "entrance"

    def press(self, sequence: str) -> str:
        """One key into the window, as the display hands it on: shortcuts, open lists and the focus see it in turn."""
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest

        here = self._here()
        combined = QKeySequence(sequence)[0]
        key, held = combined.key(), combined.keyboardModifiers()
        QTest.keyPress(self._handle(), key, held)
        QTest.keyRelease(self._handle(), key, held)  # the press may have closed what it was given to
        return f"{here}: {sequence}"

    def _at(self, widget: QWidget) -> QPoint:
        """A place of the widget that can be seen, in its own coordinates."""
        from PySide6.QtCore import QPoint

        shown = widget.visibleRegion().boundingRect()
        return QPoint(
            self.chance.randint(shown.left(), shown.right()), self.chance.randint(shown.top(), shown.bottom())
        )

    def _controls(self) -> list[QWidget]:
        from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QWidget

        kinds = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit)
        return [each for each in self.top().findChildren(QWidget) if isinstance(each, kinds) and reachable(each)]

    # --- what -------------------------------------------------------------------------------------------------------

    def screen_key(self) -> str:
        """One of the screen's own keys, as F1 names them."""
        keys = self.seat.frame.current_screen().keys
        return self.press(self.chance.choice(keys).sequence) if keys else "no key"

    def any_key(self) -> str:
        return self.press(self.chance.choice(KEYS))

    def click(self) -> str:
        """A visible control, or a place in a list."""
        found = self._controls()
        if not found:
            return "nothing to click"
        widget = self.chance.choice(found)
        return self.click_on(widget, self._at(widget), double=self.chance.random() < 0.1)

    def click_on(self, widget: QWidget, at: QPoint, *, double: bool = False) -> str:
        """Through the window, so that whatever lies over the place gets it."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        words = f"{self._here()}: click {type(widget).__name__} {widget.accessibleName()[:20]!r} at {at.x()},{at.y()}"
        click = QTest.mouseDClick if double else QTest.mouseClick
        left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        click(self._handle(), left, plain, widget.mapTo(widget.window(), at))
        return words

    def type(self) -> str:
        """Text into whatever has the keyboard: letters as keys, Han from an input method, sometimes half composed."""
        from PySide6.QtGui import QInputMethodEvent
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        text, here = self.chance.choice(TEXTS), self._here()
        where = QApplication.focusWidget() or self.seat.window
        words = f"{here}: type {text[:20]!r} into {type(where).__name__}"
        if text.isascii():
            QTest.keyClicks(where, text)
            return words
        if self.chance.random() < 0.3:
            QApplication.sendEvent(where, QInputMethodEvent("wai chu", []))
            if self.chance.random() < 0.3:
                return words + ", half composed"
        commit = QInputMethodEvent()
        commit.setCommitString(text)
        QApplication.sendEvent(where, commit)
        return words

    def drag(self) -> str:
        """Press here, move, let go there: over lists, maps, signatures, sliders and what is none of these."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QWidget

        found = [each for each in self.top().findChildren(QWidget) if reachable(each)]
        if not found:
            return "nothing to drag"
        one, other = self.chance.choice(found), self.chance.choice(found)
        words = f"{self._here()}: drag from {type(one).__name__} to {type(other).__name__}"
        window, handle = one.window(), self._handle()
        start, end = one.mapTo(window, self._at(one)), other.mapTo(window, self._at(other))
        left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QTest.mousePress(handle, left, plain, start)
        QTest.mouseMove(handle, (start + end) / 2)
        QTest.mouseMove(handle, end)
        QTest.mouseRelease(handle, left, plain, end)
        return words

    def wheel(self, angle: int = 0) -> str:
        """Over any control, up or down, a little or much."""
        from PySide6.QtCore import QPoint, QPointF, Qt
        from PySide6.QtGui import QWheelEvent
        from PySide6.QtWidgets import QApplication

        found = self._controls()
        if not found:
            return "nothing under the wheel"
        widget = self.chance.choice(found)
        turn = QPoint(0, angle or self.chance.choice((-120, 120, -1200, 1200)))
        at = QPointF(widget.mapTo(widget.window(), self._at(widget)))
        QApplication.sendEvent(
            widget.window().windowHandle(),
            QWheelEvent(at, widget.window().mapToGlobal(at), QPoint(), turn, Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False),
        )  # fmt: skip
        return f"{self._here()}: wheel {turn.y()} over {type(widget).__name__}"

    def menu(self) -> str:
        """A right click, for whoever tries."""
        from PySide6.QtGui import QContextMenuEvent
        from PySide6.QtWidgets import QApplication

        found = self._controls()
        if not found:
            return "nothing to right-click"
        widget = self.chance.choice(found)
        at = self._at(widget)
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at))
        QApplication.sendEvent(widget, asked)
        return f"{self._here()}: right click on {type(widget).__name__}"

    def go(self) -> str:
        """To a screen of the rail by its key or the mouse; now and then to one that only others lead to."""
        from ui.screens.registry import SCREENS, rail_of
        from ui.widgets.side_rail import RailEntry

        rail = rail_of(self.seat.user.role)
        how = self.chance.random()
        if how < 0.45:
            return self.press(f"Alt+{self.chance.randint(1, min(9, len(rail)))}")
        if self.top() is not self.seat.window:
            return "a sheet is open"
        if how < 0.85:
            found = [each for each in self.seat.frame.findChildren(RailEntry) if reachable(each)]
            entry = self.chance.choice(found)
            return self.click_on(entry, entry.rect().center())
        name = self.chance.choice([each.name for each in SCREENS if each in rail or not each.rail])
        self.seat.frame.open(name, {})
        return f"open {name}"

    def resize(self) -> str:
        size = self.chance.choice(SIZES)
        self.seat.window.resize(*size)
        return f"resize {size}"

    def look(self) -> str:
        settings = self.seat.desk.settings
        settings["theme"] = self.chance.choice(("light", "dark"))
        settings["type_size"] = self.chance.choice(("normal", "large"))
        self.seat.desk.relooked.emit()
        return f"look {settings['theme']} {settings['type_size']}"

    def language(self) -> str:
        self.seat.desk.settings["language"] = self.chance.choice(("zh", "en"))
        self.seat.desk.relooked.emit()
        return f"language {self.seat.desk.settings['language']}"

    def privacy(self) -> str:
        return self.press("Ctrl+H")


def reachable(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and not widget.visibleRegion().isEmpty()
