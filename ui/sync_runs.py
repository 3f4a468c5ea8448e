"""Runs of sync, one at a time: begun by hand on the Sync screen or by themselves; screens only look on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from fieldapp.errors import NetworkError, WorldError
from fieldapp.workflows import syncing
from sync.client.progress import Progress, SyncResult
from ui import syncer
from ui.messages import Words
from ui.tasks import Running, tasks
from ui.words import t

if TYPE_CHECKING:
    from sync.client.auto import Automatic
    from sync.client.bundle import StickResult
    from ui.desk import Desk

BY_HAND, SPARING = "by_hand", "sparing"
LOOK_EVERY_MS = 30_000
MOVED = ("pushed", "pulled", "quarantined", "photos_out", "photos_in")


@dataclass(frozen=True)
class Ended:
    """A run is over: ``result`` of one over the network, ``stick`` of one by stick (``out`` tells which way), or the
    ``error`` that ended it. ``by_hand``: somebody waits for the word."""

    by_hand: bool = True
    result: SyncResult | None = None
    stick: StickResult | None = None
    out: bool = False
    error: BaseException | None = None


class SyncRuns(QObject):
    """``began``, ``told`` (Progress) and ``ended`` (Ended) for whoever looks on; ``noted`` when the log has it."""

    began = Signal()
    told = Signal(object)
    ended = Signal(object)
    noted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.running: Running | None = None
        self._halt = threading.Event()

    def start(self, *, by_hand: bool = True) -> None:
        """Sync with the county over the network, unless a run is under way."""
        store, sparing = self._desk.store, self._desk.settings["syncing"] == SPARING
        self._run(
            lambda: syncer.run(store, self._tell, self._halt.is_set, sparing=sparing),
            lambda result: self._over(Ended(by_hand, result=result)), by_hand, lasting=False,
        )  # fmt: skip

    def take_out(self, path: Path) -> bool:
        """What is unsent onto a stick, whole or not at all; False when a run is under way and nothing is begun."""
        store = self._desk.store
        return self._run(lambda: syncer.take_out(store, path), lambda made: self._over(Ended(stick=made, out=True)))

    def take_in(self, path: Path) -> bool:
        """The county's answer from a stick; False when a run is under way and nothing is begun."""
        store = self._desk.store
        return self._run(lambda: syncer.take_in(store, path), lambda made: self._over(Ended(stick=made)))

    def stop(self) -> None:
        """What was confirmed stays; the next run goes on from there."""
        self._halt.set()

    def _run(
        self, work: Callable[[], object], done: Callable[..., None], by_hand: bool = True, *, lasting: bool = True
    ) -> bool:
        """Whether it was begun: one at a time. ``lasting``: a closing window does not cut it off; a run over the
        network goes on next time."""
        if self.running is not None:
            return False
        self._halt.clear()
        failed = lambda error: self._over(Ended(by_hand, error=error))  # noqa: E731
        on_cancel = None if lasting else self.stop
        self.running = tasks().run(work, done, failed=failed, owner=self, on_cancel=on_cancel, lasting=lasting)
        self.began.emit()
        return True

    def _tell(self, progress: Progress) -> None:
        tasks().post(lambda: self.told.emit(progress))

    def _over(self, ended: Ended) -> None:
        self.running = None
        # No line at all is no news when nobody asked for one; the pill says when the county last confirmed.
        if ended.by_hand or not isinstance(ended.error, NetworkError):
            self._note(ended)
        self.ended.emit(ended)
        if isinstance(ended.error, WorldError) and ended.error.code == "refused.revoked":
            self._desk.lock_asked.emit()
        elif ended.stick is not None and not ended.out:
            self._desk.reidentify()
        elif ended.result is not None and ended.result.scope_changed:
            self._take_scope(ended)

    def _take_scope(self, ended: Ended) -> None:
        """Asked for, the window is made anew at once; else not under somebody's hands."""
        if ended.by_hand:
            self._desk.reidentify()
        else:
            self._desk.warn(Words(t("sync.new_scope"), do=t("sync.new_scope_do")))

    def _note(self, ended: Ended) -> None:
        store, actor = self._desk.store, self._desk.actor
        outcome, counts = _log_line(ended)
        self._desk.write(
            lambda: syncing.note(store, actor, outcome, counts), lambda _none: self.noted.emit(), owner=self
        )


def _log_line(ended: Ended) -> tuple[str, dict[str, int]]:
    if ended.result is not None:
        counts = {name: getattr(ended.result, name) for name in MOVED}
        return "cancelled" if ended.result.cancelled else "done", counts
    if ended.stick is not None:
        way, moved = ("out", "pushed") if ended.out else ("in", "pulled")
        return f"stick_{way}", {moved: ended.stick.revisions, f"photos_{way}": ended.stick.photos}
    return ended.error.code if isinstance(ended.error, WorldError) else "ours", {}


class SyncByItself(QObject):
    """Looks every half minute whether a run is due: a line has appeared, something waits, or it has been long."""

    def __init__(self, desk: Desk) -> None:
        from sync.client.auto import Automatic

        super().__init__(desk)
        self._desk = desk
        self._auto: Automatic = Automatic(desk.profile.require_identity().server)
        self._looking = False
        desk.runs.ended.connect(self._ended)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self.look)
        self._clock.start(LOOK_EVERY_MS)

    def look(self) -> None:
        """Ask, off this thread; the run that follows is quiet about what nobody waits for."""
        wanted = self._desk.settings["syncing"]
        if wanted == BY_HAND or self._looking or self._desk.runs.running is not None:
            return
        self._looking = True
        self._auto.metered = wanted == SPARING
        tasks().run(self._due, self._answered, failed=self._unknown, owner=self)

    def _due(self) -> bool:
        state = self._desk.store.read_now(lambda tx: tx.sync_state())
        return self._auto.due(time.monotonic(), unsent=state.unsent + state.unsent_blobs)

    def _answered(self, due: bool) -> None:
        self._looking = False
        if due:
            self._desk.runs.start(by_hand=False)

    def _unknown(self, _error: BaseException) -> None:
        # What cannot be read is said by the screen that shows it; here the next look tries again.
        self._looking = False

    def _ended(self, ended: Ended) -> None:
        if ended.stick is None:
            note = self._auto.failed if ended.error is not None else self._auto.succeeded
            note(time.monotonic())
