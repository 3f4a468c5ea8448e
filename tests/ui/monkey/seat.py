"""The laptop the monkey sits before: the program itself, from the entrance on, for each of its users."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from tests.store.county import COUNTY, GRID, PASSPHRASE, VILLAGE, County

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from fieldapp.store.api import Profile, Store
    from fieldapp.workflows.actor import Actor
    from ui.app import Program
    from ui.desk import Desk
    from ui.frame import Frame
    from ui.settings import Settings


@dataclass(frozen=True)
class User:
    """Who sits down: role of the identity, areas of its scope, name."""

    role: str
    areas: tuple[str, ...]
    name: str


USERS = {
    "worker": User("grid_worker", (GRID,), "李秋"),
    "collector": User("collector", (GRID,), "范小雨"),
    "supervisor": User("supervisor", (VILLAGE,), "王敏"),
    "county": User("county", (COUNTY,), "何建"),
    "third_party": User("third_party", (GRID,), "安和社工站"),
}

NOBODY = User("", (), "")


class Seat:
    """``sit_down`` starts the program and types the passphrase; ``lock`` and ``lose_power`` are the two ways out."""

    def __init__(self, folder: Path, who: str) -> None:
        """``who`` is one of ``USERS``; nobody's laptop is a new one."""
        self.user = USERS.get(who, NOBODY)
        self.county = County()
        self.home = folder / "home"
        self._program: Program | None = None
        self._copies = 0
        if self.user is not NOBODY:
            self._enrol(who)

    def _enrol(self, who: str) -> None:
        from tests.ui.town import village
        from tests.workflows.doors import actor

        profile, store, _ = village(self.home, desk=True, matters=True, county=self.county)
        if who == "county":
            publish_pack(store, self.county)
        profile.set_identity(self.county.identity(profile, role=self.user.role, areas=self.user.areas, version=99,
                                                  name=self.user.name))  # fmt: skip
        store.close()
        self.actor: Actor = actor(self.user.role, self.user.areas, self.user.name)

    @property
    def program(self) -> Program:
        assert self._program
        return self._program

    @property
    def frame(self) -> Frame:
        assert self.program.frame
        return self.program.frame

    @property
    def desk(self) -> Desk:
        assert self.program.desk
        return self.program.desk

    @property
    def first_screen(self) -> str:
        from ui.screens.registry import first_of

        return first_of(self.user.role)

    @property
    def window(self) -> QMainWindow:
        """The work, or the entrance before it."""
        made = self.program.frame or self.program.entrance
        assert made
        return made

    def start(self) -> None:
        """The program as it starts: the entrance, in Chinese, light, nothing hidden."""
        from tests.ui.hands import settle
        from ui.app import Program, make_application

        fresh_process()
        self.home.mkdir(exist_ok=True)
        self._program = Program(make_application(), self.home)
        self.program.show()
        self.window.activateWindow()
        settle()

    def unlock(self) -> None:
        """Type the passphrase; the guide of the first start is put away."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        from tests.ui.hands import settle
        from ui.widgets.sheet import Sheet

        entrance = self.program.entrance
        assert entrance
        settle(entrance.enter.isEnabled)  # after a wrong passphrase a second passes
        entrance.passphrase.field.setText(PASSPHRASE)
        with patch("ui.app.make_desk", self._desk_on_the_day):
            QTest.keyClick(entrance.passphrase.field, Qt.Key.Key_Return)
            settle(lambda: self.program.frame is not None)
        settle()
        for guide in self.frame.findChildren(Sheet):
            guide.close_sheet()
        settle()

    def _desk_on_the_day(self, profile: Profile, store: Store, settings: Settings) -> Desk:
        from ui.desk import Desk

        return Desk(store, profile, self.actor, settings)

    def sit_down(self) -> None:
        self.start()
        self.unlock()

    def close_window(self) -> None:
        """The window is closed as it stands; the store is still open."""
        from tests.ui.hands import settle

        self.frame.close()
        settle()

    def end(self) -> None:
        """The rest of a process's end: windows and clocks go, the store is closed. Harmless when called twice."""
        from tests.ui.hands import let_go
        from ui.tasks import tasks

        if self._program is None:
            return
        program = self._program
        tasks().finish()
        if program.frame is not None:
            let_go(program.frame)  # here events still run: in the program no clock of a window ticks after its store
        if program.desk is not None:
            program.desk.store.close()
        if program.entrance is not None:
            program.entrance.close()
            program.entrance.deleteLater()
        program.idle.deleteLater()
        program.deleteLater()
        self._program = None

    def lose_power(self) -> None:
        """The laptop goes off as it stands: what lies on its disk in this moment is what the next start finds."""
        self._copies += 1
        after = self.home.with_name(f"home-{self._copies}")
        shutil.copytree(self.home, after)
        self.window.hide()
        self.end()
        shutil.rmtree(self.home)
        self.home = after


def fresh_process() -> None:
    """What a new process begins with."""
    from ui.app import make_application, speak
    from ui.privacy import privacy
    from ui.theme import look

    privacy().set(False)
    speak(make_application(), "zh")
    look.apply(make_application())


def publish_pack(store: Store, county: County) -> None:
    """The county's policies in force, as its office sees them."""
    import base64

    from tests.policy.makers import DEMO

    content = {"file": "pack.xlsx", "base64": base64.b64encode((DEMO / "pack.xlsx").read_bytes()).decode()}
    body = {"name": "pack/county", "version": 1, "content": content, "effective": None, "at": "2026-11-01T00:00:00Z"}
    store.write_now(lambda tx: tx.apply_statements([county.sign("control", "control", **body)]))


def colleague(seat: Seat) -> Callable[[], int]:
    """Somebody else's laptop: every call brings a family more from the county into this store; how many rows came."""
    from tests.store.test_exchange import people_of, pull

    device = seat.county.device("wang.wei", areas=(GRID,))
    known: list[Store] = []

    def bring() -> int:
        store = seat.desk.store
        if store not in known:
            known.append(store)
            store.write_now(lambda tx: tx.apply_statements(people_of(device)))
        number = device.seq + 101
        home = device.write("household", {"head_name": "新来的人", "address": f"周岭村 3 组 {number} 号",
                                          "doors": {"d1": {"@row": True, "number": str(number), "order": float(number)}}})  # fmt: skip
        seat.county.publish(home)
        return len(pull(store, seat.county, GRID))

    def send() -> int:
        with ThreadPoolExecutor(max_workers=1) as line:  # as a run does: beside the window's thread
            return line.submit(bring).result()

    return send
