"""Somebody who knows nothing of the program and presses everything: real events on every screen, from one seed.

    python -m tests.ui.monkey [--minutes 30] [--seed N] [--desk]

What must hold after every event: no exception, nothing left hanging. Every so often: Esc and Alt+1 lead back to the
work from wherever one stands, and a program started anew finds every answer that was given. The seed is printed first,
the last events when something is wrong.
"""

from __future__ import annotations

import argparse
import logging
import math
import os
import random
import sys
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QWidget

    from fieldapp.store.api import Profile, Store
    from fieldapp.workflows.actor import Actor
    from tests.ui.hands import Hands

REMEMBERED = 40
STEPS_BETWEEN_WAYS_HOME, STEPS_BETWEEN_RESTARTS = 60, 300
TEXTS = (
    "王",
    "䶮𬱖",
    "0",
    "12",
    "1950.3.5",
    "118000",
    "-1",
    "外出务工三人，老人由邻居照看",
    "%_'\"",
    "wgy",
    " ",
    "341799195203050027",
)
SIZES = ((1366, 768), (1093, 590), (960, 560), (1920, 1080))
DIALOGS = ("getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory")


class Wrong(AssertionError):
    """What the monkey found, with the events that led there."""


class Monkey:
    """Sits before the laptop ``made`` until told to stop."""

    def __init__(self, made: tuple[Profile, Store, Actor], passphrase: str, seed: int) -> None:
        from tests.ui.hands import Hands

        self.made, self._passphrase, self.seed = made, passphrase, seed
        self.chance = random.Random(seed)
        self.events: deque[str] = deque(maxlen=REMEMBERED)
        self.faults: list[str] = []
        self.steps = 0
        self.dark = self.large = False
        self.hands: Hands = Hands(*made)
        self.hands.open("today")
        kinds: tuple[tuple[int, Callable[[], str]], ...] = (
            (30, self._screen_key), (14, self._any_key), (30, self._click), (8, self._type), (10, self._go),
            (3, self._resize), (2, self._look), (1, self._language), (2, self._privacy),
        )  # fmt: skip
        self._kinds = [kind for _, kind in kinds]
        self._weights = [weight for weight, _ in kinds]

    def run(self, until: Callable[[], bool]) -> int:
        """Press on until told to stop; how many events. Raises Wrong."""
        with _listening(self.faults), _no_dialogs(self.chance):
            while not until():
                self.step()
            self.come_home()
            self.restart()
        self.hands.close()
        return self.steps

    def step(self) -> None:
        self.steps += 1
        act = self.chance.choices(self._kinds, self._weights)[0]
        self.events.append(act.__name__)
        try:
            self.events[-1] = act()
            self._settle()
        except Exception as error:
            raise Wrong(self._told("".join(traceback.format_exception(error)))) from error
        self._judge()
        if self.steps % STEPS_BETWEEN_WAYS_HOME == 0:
            self.come_home()
        if self.steps % STEPS_BETWEEN_RESTARTS == 0:
            self.restart()

    def _judge(self) -> None:
        if self.faults:
            raise Wrong(self._told(self.faults[0]))

    def _told(self, fault: str) -> str:
        events = "\n".join(self.events)
        return f"seed {self.seed}, step {self.steps}, the last events:\n{events}\n\n{fault}"

    def _settle(self) -> None:
        from PySide6.QtWidgets import QApplication

        from tests.ui.hands import settle

        popup = QApplication.activePopupWidget()
        if popup is not None and self.chance.random() < 0.5:
            popup.close()
        settle()
        if QApplication.activeWindow() is None and QApplication.activePopupWidget() is None:
            self.hands.frame.activateWindow()  # as a window manager does once a list has folded up

    # --- events ---------------------------------------------------------------------------------------------------

    def _top(self) -> QWidget:
        """What lies on top: an open list, a sheet over the window, the window."""
        from PySide6.QtWidgets import QApplication

        from ui.widgets.sheet import Sheet

        popup = QApplication.activePopupWidget()
        if popup is not None:
            return popup
        sheets = [each for each in self.hands.frame.findChildren(Sheet) if each.isVisible()]
        return sheets[-1] if sheets else self.hands.frame

    def _target(self) -> QWidget:
        top = self._top()
        return top.focusWidget() or self.hands.frame.focusWidget() or self.hands.frame if top.isWindow() else (
            self.hands.frame.focusWidget() or top
        )  # fmt: skip

    def _press(self, sequence: str) -> str:
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest

        combined = QKeySequence(sequence)[0]
        QTest.keyClick(self._target(), combined.key(), combined.keyboardModifiers())
        return f"{self.hands.frame.current}: {sequence}"

    def _screen_key(self) -> str:
        """One of the screen's own keys, as F1 names them."""
        keys = self.hands.frame.current_screen().keys
        return self._press(self.chance.choice(keys).sequence) if keys else "no key"

    def _any_key(self) -> str:
        keys = ["Tab", "Shift+Tab", "Return", "Esc", "Up", "Down", "Left", "Right", "Space", "Backspace", "Del", "F1",
                "F2", "F4", "Shift+F4", "Ctrl+Z", "Ctrl+K", "Ctrl+Return", "Ctrl+Down", "Ctrl+Up", "PgDown", "Home",
                *"1234567890ABCDEFGHNRU"]  # fmt: skip
        return self._press(self.chance.choice(keys))

    def _click(self) -> str:
        """A visible control, or a place in a list."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QWidget

        kinds = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit)
        found = [each for each in self._top().findChildren(QWidget) if isinstance(each, kinds) and _reachable(each)]
        if not found:
            return "nothing to click"
        widget = self.chance.choice(found)
        shown = widget.visibleRegion().boundingRect()
        at = QPoint(self.chance.randint(shown.left(), shown.right()), self.chance.randint(shown.top(), shown.bottom()))
        name = f"{self.hands.frame.current}: click {type(widget).__name__} at {at.x()},{at.y()}"
        where = widget.viewport() if isinstance(widget, QAbstractItemView | QPlainTextEdit) else widget
        click = QTest.mouseDClick if self.chance.random() < 0.1 else QTest.mouseClick
        click(where, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        return name

    def _type(self) -> str:
        from PySide6.QtGui import QInputMethodEvent
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        text, where = self.chance.choice(TEXTS), self._target()
        if text.isascii():
            QTest.keyClicks(where, text)
        else:
            commit = QInputMethodEvent()
            commit.setCommitString(text)
            QApplication.sendEvent(where, commit)
        return f"{self.hands.frame.current}: type {text!r} into {type(where).__name__}"

    def _go(self) -> str:
        """To a screen of the rail by its key; now and then to one that only others lead to."""
        from ui.screens.registry import SCREENS, rail_of

        rail = rail_of(self.made[2].role)
        if self.chance.random() < 0.85:
            return self._press(f"Alt+{self.chance.randint(1, min(9, len(rail)))}")
        if self._top() is not self.hands.frame:
            return "a sheet is open"
        name = self.chance.choice([each.name for each in SCREENS if each in rail or not each.rail])
        self.hands.frame.open(name, {})
        return f"open {name}"

    def _resize(self) -> str:
        size = self.chance.choice(SIZES)
        self.hands.frame.resize(*size)
        return f"resize {size}"

    def _look(self) -> str:
        from ui.app import make_application
        from ui.theme import look

        self.dark, self.large = self.chance.random() < 0.5, self.chance.random() < 0.5
        look.apply(make_application(), dark=self.dark, large=self.large)
        self.hands.desk.relooked.emit()
        return f"look dark={self.dark} large={self.large}"

    def _language(self) -> str:
        from ui.app import make_application, speak

        language = self.chance.choice(("zh", "en"))
        speak(make_application(), language)
        self.hands.desk.relooked.emit()
        return f"language {language}"

    def _privacy(self) -> str:
        return self._press("Ctrl+H")

    # --- what must hold -------------------------------------------------------------------------------------------

    def come_home(self) -> None:
        """No dead end: a few Esc and Alt+1 lead to Today from wherever one stands."""
        from PySide6.QtWidgets import QApplication

        from ui.widgets.sheet import Sheet

        self.events.append("come home")
        for _ in range(3):  # what runs may have to end first, and says so
            for _ in range(6):
                popup = QApplication.activePopupWidget()
                if popup is not None:
                    popup.close()
                if not any(each.isVisible() for each in self.hands.frame.findChildren(Sheet)):
                    break
                self._press("Esc")
                self._settle()
            self._press("Alt+1")
            self._settle()
            if self.hands.frame.current == "today":
                break
        if self._top() is not self.hands.frame or self.hands.frame.current != "today":
            keyboard = f"{QApplication.activeWindow()}, {QApplication.focusWidget()}"
            self.faults.append(
                f"a dead end: {type(self._top()).__name__} over {self.hands.frame.current}; keyboard: {keyboard}"
            )
        self._judge()

    def restart(self) -> None:
        """The program is closed and opened: every answer is there as it was."""
        from fieldapp.store.api import Profile, Store
        from tests.ui.hands import Hands

        self.events.append("restart")
        before = given(self.made[1])
        self.hands.close()
        self.made[1].close()
        profile = Profile.unlock(self.made[0].folder, self._passphrase)
        self.made = (profile, Store.open(profile), self.made[2])
        after = given(self.made[1])
        if before != after:
            lost = {key for key in before if after.get(key) != before[key]}
            self.faults.append(f"lost at a restart: {sorted(lost)}")
        self.hands = Hands(*self.made)
        self.hands.open("today")
        self._judge()


def given(store: Store) -> dict[str, Any]:
    """Everything said so far: the merged state of every document and the body of every draft."""
    from fieldapp.domain.documents import RECORDS

    def read(tx: Any) -> dict[str, Any]:
        found = {view.id: repr(view.state) for kind in RECORDS for view in tx.of_type(kind)}
        return found | {f"draft {draft.id}": repr(draft.body) for draft in tx.drafts()}

    return store.read(read).result()


def _reachable(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and not widget.visibleRegion().isEmpty()


@contextmanager
def _no_dialogs(chance: random.Random) -> Iterator[None]:
    """The system's file dialog takes no events from here: it is cancelled, or a file that is not there is chosen."""
    from PySide6.QtWidgets import QFileDialog

    with tempfile.TemporaryDirectory() as folder:

        def answer(name: str) -> Callable[..., Any]:
            def chosen(*_args: Any, **_kwargs: Any) -> Any:
                path = str(Path(folder) / f"{chance.randint(0, 9)}.bin") if chance.random() < 0.3 else ""
                if name == "getExistingDirectory":
                    return folder if path else ""
                return ([path] if path else [], "") if name == "getOpenFileNames" else (path, "")

            return chosen

        patches = [patch.object(QFileDialog, name, answer(name)) for name in DIALOGS]
        for each in patches:
            each.start()
        try:
            yield
        finally:
            for each in patches:
                each.stop()


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
def _listening(faults: list[str]) -> Iterator[None]:
    ears, before = _Ears(faults), sys.excepthook
    logging.getLogger().addHandler(ears)

    def heard(_kind: object, error: BaseException, _trace: object) -> None:
        faults.append("".join(traceback.format_exception(error)))

    sys.excepthook = heard
    watch = _watch_windows(faults)
    try:
        yield
    finally:
        watch.deleteLater()
        sys.excepthook = before
        logging.getLogger().removeHandler(ears)


def sit(folder: Path, *, desk: bool, seed: int, seconds: float = math.inf, steps: int = sys.maxsize) -> int:
    """One monkey before a worker's or the desk's laptop for ``seconds``, at most ``steps`` events; how many they were.

    Raises Wrong.
    """
    from tests.store.county import PASSPHRASE
    from tests.ui.town import village
    from ui.app import make_application, speak
    from ui.privacy import privacy
    from ui.theme import look

    app = make_application()
    monkey = Monkey(village(folder, desk=desk), PASSPHRASE, seed)
    end = time.monotonic() + seconds
    try:
        return monkey.run(lambda: time.monotonic() >= end or monkey.steps >= steps)
    finally:
        monkey.made[1].close()
        privacy().set(False)
        speak(app, "zh")
        look.apply(app)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.ui.monkey")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--desk", action="store_true", help="before the supervisor's laptop")
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(1_000_000)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        try:
            steps = sit(Path(folder), desk=asked.desk, seed=seed, seconds=asked.minutes * 60)
        except Wrong as wrong:
            print(wrong, flush=True)
            return 1
    print(f"{steps} events, nothing wrong")
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # Qt's own teardown order is not what is looked at here
