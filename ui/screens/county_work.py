"""A run over the whole county while it goes on: how far it is, and a way to stop it; and the doors to such screens."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar

from fieldapp.workflows.county_run import CountyRun
from ui.screens.base import Key, Screen
from ui.tasks import Running, tasks
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.labels import label
from ui.words import t

CHECK, PARAMETERS = Key("G", "open_check", "county.key.check"), Key("P", "open_parameters", "county.key.parameters")


class RunCard(Card):
    """``start`` a run; ``stop`` ends it after the stretch under way, and what it found stays."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.running: Running | None = None
        self._halt = Event()
        self.body.addStretch(1)
        self._status = label("", "section")
        self._status.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self._status)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(360)
        self._bar.setAccessibleName(t("common.waiting"))
        self.body.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)
        cancel = Button(t("common.cancel"), key=key)
        cancel.clicked.connect(self.stop)
        self.body.addWidget(cancel, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addStretch(1)

    def start(
        self,
        make: Callable[[], CountyRun],
        done: Callable[[CountyRun, bool], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Make the run and go through the county, both off the window's thread; ``done(run, whole)``."""
        self._halt.clear()
        self._told(0, 0)

        def work() -> tuple[CountyRun, bool]:
            run = make()
            return run, run.run(lambda n, of: tasks().post(lambda: self._told(n, of)), self._halt.is_set)

        def ended(found: tuple[CountyRun, bool]) -> None:
            self.running = None
            done(*found)

        def broke(error: BaseException) -> None:
            self.running = None
            failed(error)

        self.running = tasks().run(work, ended, failed=broke, owner=self, on_cancel=self._halt.set)

    def _told(self, done: int, of: int) -> None:
        self._bar.setRange(0, of)
        self._bar.setValue(done)
        self._status.setText(t("county.working", done=f"{done:,}", of=f"{of:,}") if of else t("county.beginning"))

    def stop(self) -> None:
        if self.running is not None:
            self._halt.set()
            self._status.setText(t("county.stopping"))


def offer_county(screen: Screen, row: QHBoxLayout) -> None:
    """The doors to the county's screens at the end of ``row``, with their keys."""
    for key, name in ((CHECK, "county_check"), (PARAMETERS, "parameters")):
        act = lambda name=name: screen.desk.go(name)  # noqa: E731
        screen.add_key(key, act)
        button = Button(t(f"county.open.{name}"), key=key.sequence)
        button.clicked.connect(lambda _checked=False, act=act: act())
        row.addWidget(button)
