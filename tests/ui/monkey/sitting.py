"""The monkey before one laptop: events one after the other, and after each what must hold.

After every event: no exception, no complaint of Qt's, no stray window, nothing left hanging. Every so often: no control
without a name; keys alone and the mouse alone lead back to the work from wherever one stands; and a program that was
closed, locked or switched off as it stood finds every answer that was given, and what stood in the form that was open.
"""

from __future__ import annotations

import math
import random
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.ui.monkey.acts import Acts, reachable
from tests.ui.monkey.seat import Seat, colleague, fresh_process
from tests.ui.monkey.troubles import fill_disk, make_room, no_dialogs
from tests.ui.monkey.watching import listening, nameless

if TYPE_CHECKING:
    from fieldapp.store.api import Store
    from ui.entrance import Entrance

REMEMBERED = 40
BETWEEN_LOOKS, BETWEEN_WAYS_HOME, BETWEEN_ENDS, BETWEEN_TROUBLES = 10, 40, 130, 55
WAYS_BACK = ("enrol.back", "restore.back")
FULL_FOR, AT_THE_ENTRANCE = 8, 8


class Wrong(AssertionError):
    """What the monkey found, with the events that led there."""


class Monkey:
    """Sits before ``seat`` until told to stop. ``longest`` is the longest an event took, in seconds."""

    def __init__(self, seat: Seat, seed: int) -> None:
        self.seat, self.seed = seat, seed
        self.chance = random.Random(seed)
        self.acts = Acts(seat, self.chance)
        self.events: deque[str] = deque(maxlen=REMEMBERED)
        self.faults: list[str] = []
        self.steps = 0
        self.longest = (0.0, "")
        self._full_until = 0
        self._was_full = False  # what could not be kept then was said, and comes with the next answer
        self._send = colleague(seat)

    def run(self, until: Callable[[], bool]) -> int:
        """Press on until told to stop; how many events. Raises Wrong."""
        with listening(self.faults), no_dialogs(self.chance):
            self.seat.sit_down()
            while not until():
                self.step()
            self._check(self._room_again)
            self._check(self.come_home_by_keys)
            self._check(self.lock)
            self.seat.end()
        return self.steps

    def step(self) -> None:
        self.steps += 1
        self._check(self._act)
        if self.seat.program.restart:
            self._check(self._begin_again)
        if self._full_until and self.steps >= self._full_until:
            self._check(self._room_again)
        if self.steps % BETWEEN_LOOKS == 0:
            self._check(self._all_named)
        if self.steps % BETWEEN_WAYS_HOME == 0:
            self._check(self.come_home_by_keys if self.steps // BETWEEN_WAYS_HOME % 2 else self.come_home_by_mouse)
        if self.steps % BETWEEN_TROUBLES == 0:
            self._check(self._pull if self.steps // BETWEEN_TROUBLES % 2 else self._no_room)
        if self.steps % BETWEEN_ENDS == 0:
            self._check(self._room_again)
            self._check(self.chance.choice((self.lock, self.lose_power)))

    def _check(self, work: Callable[[], None]) -> None:
        """Do it; whatever is wrong then is told with the events that led there."""
        self.events.append(work.__name__)
        began = time.monotonic()
        try:
            work()
            self._settle()
        except Exception as error:
            raise Wrong(self._told("".join(traceback.format_exception(error)))) from error
        self.longest = max(self.longest, (time.monotonic() - began, self.events[-1]))
        if self.faults:
            raise Wrong(self._told(self.faults[0]))

    def _told(self, fault: str) -> str:
        events = "\n".join(self.events)
        return f"{self.seat.user.role}, seed {self.seed}, step {self.steps}, the last events:\n{events}\n\n{fault}"

    def _act(self) -> None:
        self.events[-1] = self._one_of(self.acts.weighted())

    def _act_before_work(self) -> None:
        self.events[-1] = self._one_of(self.acts.before_work())

    def come_to_the_code(self) -> None:
        """By the mouse, from the other forms of the first start."""
        from ui.enrolment import EnrolmentForm

        for _ in range(6):
            if self.seat.window.findChildren(EnrolmentForm):
                return
            self._click_named(self.seat.window, *WAYS_BACK)
            self._settle()
        self.faults.append("a dead end at the first start")

    def _one_of(self, kinds: tuple[tuple[int, Callable[[], str]], ...]) -> str:
        weights, acts = zip(*kinds, strict=True)
        chosen: Callable[[], str] = self.chance.choices(acts, weights)[0]
        return chosen()

    def _settle(self) -> None:
        from PySide6.QtWidgets import QApplication

        from tests.ui.hands import settle

        # A list told to go before the display has said that it came would stay the active window, unseen.
        settle(beside=runs)
        popup = QApplication.activePopupWidget()
        if popup is not None and self.chance.random() < 0.5:
            popup.close()
            settle(beside=runs)
        active = QApplication.activeWindow()
        if QApplication.activePopupWidget() is None and (active is None or not active.isVisible()):
            self.seat.window.activateWindow()  # as a window manager does once a list has folded up

    # --- troubles ---------------------------------------------------------------------------------------------------

    def _pull(self) -> None:
        """Something comes from the county meanwhile, and the window hears of it as after a run."""
        self._send()
        self.seat.desk.changed.emit()

    def _no_room(self) -> None:
        fill_disk(self.seat.desk.store)
        self._full_until, self._was_full = self.steps + FULL_FOR, True

    def _room_again(self) -> None:
        if self._full_until:
            self._full_until = 0
            make_room(self.seat.desk.store)

    # --- what must hold ---------------------------------------------------------------------------------------------

    def _all_named(self) -> None:
        self.faults += nameless(self.seat.window)

    def come_home_by_keys(self) -> None:
        """A few Esc and Alt+1 lead to the first screen from wherever one stands."""
        for _ in range(3):  # what runs may have to end first, and says so
            for _ in range(6):
                if self.acts.top() is self.seat.window:
                    break
                self.acts.press("Esc")
                self._settle()
            self.acts.press("Alt+1")
            self._settle()
            if self.seat.frame.current == self.seat.first_screen:
                break
        self._must_be_home("keys")

    def come_home_by_mouse(self) -> None:
        """Clicks beside open lists, on the sheets' crosses and on the rail's first entry lead there too."""
        from PySide6.QtWidgets import QApplication

        for _ in range(12):
            popup = QApplication.activePopupWidget()
            if popup is not None:
                popup.close()  # a click beside it, which the display of the tests does not hand on
            elif self.acts.sheets():
                self._click_named(self.acts.top(), "common.close")
            else:
                self._click_named(self.seat.window, f"screen.{self.seat.first_screen}")
            self._settle()
            if self.seat.frame.current == self.seat.first_screen and self.acts.top() is self.seat.window:
                break
        self._must_be_home("the mouse")

    def _click_named(self, within: Any, *words: str) -> None:
        from PySide6.QtWidgets import QAbstractButton

        from ui.words import t

        found = [each for each in within.findChildren(QAbstractButton)
                 if reachable(each) and each.accessibleName().startswith(tuple(map(t, words)))]  # fmt: skip
        if found:
            self.acts.click_on(found[0], found[0].visibleRegion().boundingRect().center())
        else:  # on a low screen it may lie below
            self.acts.wheel(-1200)

    def _must_be_home(self, how: str) -> None:
        from PySide6.QtWidgets import QApplication

        top = self.acts.top()
        if top is self.seat.window and self.seat.frame.current == self.seat.first_screen:
            return
        keyboard = f"{QApplication.activeWindow()}, {QApplication.focusWidget()}"
        said = f"{type(top).__name__} {top.accessibleName()!r}"
        self.faults.append(f"a dead end for {how}: {said} over {self.seat.frame.current}; keyboard: {keyboard}")

    def lock(self) -> None:
        """Ctrl+L from wherever one stands; everything is there when the passphrase has been typed again."""
        form = self._open_form()
        self.acts.press("Ctrl+L")
        self._settle()
        if not self.seat.program.restart:
            self.faults.append("Ctrl+L does not lock")
            return
        self._begin_again(form)

    def _begin_again(self, form: tuple[str, Any] | None = None) -> None:
        """The window is closed; what comes now is the end of the process, the entrance, and the work again."""
        before = given(self.seat.desk.store)
        if form is not None:
            draft, sheet = form
            before[f"draft {draft}"] = _answers({"session": sheet.session.save(), "typed": sheet.typed})
        self._was_full = False
        self.seat.end()
        self.seat.start()
        self._at_the_entrance()
        self.seat.unlock()
        self._compare(before)

    def lose_power(self) -> None:
        """Switched off as it stands, without a word to the program: half a line in a field is on the disk already."""
        before = given(self.seat.desk.store)
        form = self._open_form()
        if form is not None and not self._was_full:
            draft, sheet = form
            before[f"draft {draft}"] = _answers({"session": sheet.session.save(), "typed": sheet.typed})
        self._was_full = False
        self.seat.lose_power()
        self.seat.sit_down()
        self._compare(before)

    def _compare(self, before: dict[str, str]) -> None:
        after = given(self.seat.desk.store)
        lost = sorted(key for key in before if after.get(key) != before[key])
        if lost:
            self.faults.append(f"lost: {lost}\n{_differing(before[lost[0]], after.get(lost[0], ''))}")

    def _open_form(self) -> tuple[str, Any] | None:
        """The draft's id and the sheet of the form that is open, if any: what stands in it must be found again."""
        from ui.screens.visit.screen import Visits

        screen = self.seat.frame.screens.get("visit")
        if not isinstance(screen, Visits) or screen.form is None or screen.form.sheet.closed:
            return None
        return screen.form.sheet.opening.header.visit, screen.form.sheet

    def _at_the_entrance(self) -> None:
        """Somebody else tries first; then the way back to the passphrase is found."""
        for _ in range(self.chance.randint(0, AT_THE_ENTRANCE)):
            self.events.append(self._one_of(self.acts.before_work()))
            self._settle()
        self.come_to_the_passphrase()

    def come_to_the_passphrase(self) -> None:
        """By the mouse, from every form before the work."""
        entrance = self.seat.program.entrance
        assert entrance
        for _ in range(6):
            if _asks_for_the_passphrase(entrance):
                return
            self._click_named(entrance, *WAYS_BACK)
            self._settle()
        raise Wrong(self._told("a dead end at the entrance"))


def runs() -> int:
    """Syncing, going through the county: other screens are used meanwhile."""
    from ui.tasks import tasks

    return sum(each.stoppable for each in tasks().under_way)


def at_the_first_start(folder: Path, seed: int, steps: int) -> None:
    """A laptop nobody has enrolled yet: whatever is pressed, the way to the code is found again. Raises Wrong."""
    from ui.app import make_application

    make_application()
    monkey = Monkey(Seat(folder, ""), seed)
    with listening(monkey.faults), no_dialogs(monkey.chance):
        monkey.seat.start()
        for monkey.steps in range(1, steps + 1):
            monkey._check(monkey._act_before_work)
            if monkey.steps % BETWEEN_LOOKS == 0:
                monkey._check(monkey._all_named)
        monkey._check(monkey.come_to_the_code)
        monkey.seat.end()
    fresh_process()


def _asks_for_the_passphrase(entrance: Entrance) -> bool:
    from shiboken6 import isValid

    return isValid(entrance.passphrase) and entrance.passphrase.isVisible()


def given(store: Store) -> dict[str, str]:
    """Everything said so far: the merged state of every document and the answers of every draft."""
    from fieldapp.domain.documents import RECORDS

    def read(tx: Any) -> dict[str, str]:
        found = {view.id: repr(view.state) for kind in RECORDS for view in tx.of_type(kind)}
        return found | {f"draft {draft.id}": _answers(draft.body) for draft in tx.drafts()}

    return store.read(read).result()


def _answers(body: Mapping[str, Any]) -> str:
    """What was said in a draft; which language it is shown in is not."""
    session = {key: value for key, value in body.get("session", {}).items() if key != "language"}
    typed = body.get("typed")
    return repr((session, tuple(typed) if typed else None) if session else body)


def _differing(one: str, other: str) -> str:
    pairs = enumerate(zip(one, other, strict=False))
    at = next((place for place, (here, there) in pairs if here != there), min(len(one), len(other)))
    return f"... {one[max(0, at - 80) : at + 200]}\n... {other[max(0, at - 80) : at + 200]}"


def sit(folder: Path, *, who: str, seed: int, seconds: float = math.inf, steps: int = sys.maxsize) -> Monkey:
    """One monkey before the laptop of ``who`` (``seat.USERS``) for ``seconds``, at most ``steps`` events.

    Raises Wrong.
    """
    from ui.app import make_application

    make_application()
    monkey = Monkey(Seat(folder, who), seed)
    end = time.monotonic() + seconds
    try:
        monkey.run(lambda: time.monotonic() >= end or monkey.steps >= steps)
    finally:
        monkey.seat.end()
        fresh_process()
    return monkey
