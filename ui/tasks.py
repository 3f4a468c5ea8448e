"""Work off the GUI thread, its result back on it, every failure to one presenter.

    tasks.run(lambda: workflow.board(store, actor), self.show_board, owner=self)

``work`` is a future (the store's) or a function; a function may itself return a future, whose result is then
awaited without holding a thread. Results for a widget that has gone are dropped.

The program ends (``close``): what changes data (``lasting``) is done first, however long its turn takes; everything
else is told to stop and given ``GRACE`` seconds, for a server that is silent must not keep a closed window's process
and its keys.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, QTimer, Signal
from shiboken6 import isValid

T = TypeVar("T")
log = logging.getLogger("ui.tasks")
WAIT_SHOWN_AFTER, LOOK_EVERY_MS = 0.3, 50
GRACE = 2.0  # seconds
_UNTIL_SOMETHING_COMES = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents


class Running:
    """One piece of work under way. ``cancel()`` drops its result and asks a not yet started one not to start."""

    def __init__(self, words: str, on_cancel: Callable[[], None] | None, lasting: bool = False) -> None:
        self.words, self.lasting = words, lasting
        self.since = time.monotonic()
        self.cancelled = False
        self.finished = False
        self._on_cancel = on_cancel
        self._future: Future[Any] | None = None

    @property
    def stoppable(self) -> bool:
        """Whether it says how far it is and can be asked to end: the window goes on beside it."""
        return self._on_cancel is not None

    def attach(self, future: Future[Any]) -> None:
        self._future = future

    def halt(self) -> None:
        """Ask it to come to an end by itself; its result still counts."""
        if self._on_cancel:
            self._on_cancel()

    def cancel(self) -> None:
        self.cancelled = True
        self.halt()
        if self._future:
            self._future.cancel()
        tasks().changed.emit()

    def ended(self, within: float) -> bool:
        """Wait for it, at most ``within`` seconds; whether it has ended."""
        return self._future is None or bool(wait([self._future], max(0.0, within)).done)


class Tasks(QObject):
    """The one courier between threads. ``changed`` tells the frame that what is waited for has changed."""

    changed = Signal()
    _arrived = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.present: Callable[[BaseException], None] = _log_only
        self.waiting: list[Running] = []
        self.under_way: list[Running] = []
        # One clock for all: a single-shot timer per piece of work costs milliseconds of the window's time each.
        self._slow: list[Running] = []
        self._clock = QTimer(self)
        self._clock.setInterval(LOOK_EVERY_MS)
        self._clock.timeout.connect(self._look)
        self._pool = ThreadPoolExecutor(max_workers=3, thread_name_prefix="ui-task")
        self._arrived.connect(lambda call: call(), Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], Any] | Future[Any],
        done: Callable[[Any], None] | None = None,
        *,
        failed: Callable[[BaseException], None] | None = None,
        owner: QObject | None = None,
        words: str = "",
        on_cancel: Callable[[], None] | None = None,
        lasting: bool = False,
    ) -> Running:
        """Start ``work``; ``done(result)`` or ``failed(error)`` follows on the GUI thread.

        Without ``failed`` the error goes to ``present``. After 300 ms ``words`` show with a way to cancel. ``lasting``
        work changes data: the program does not end before it is done.
        """
        running = Running(words, on_cancel, lasting)
        future = work if isinstance(work, Future) else self._pool.submit(work)
        running.attach(future)
        self.under_way.append(running)
        if running.words:
            self._slow.append(running)
            self._clock.start()
        arrive = _Arrival(self, running, done, failed, owner)
        future.add_done_callback(arrive.settle)
        return running

    def _look(self) -> None:
        """Show what has been under way for too long."""
        now = time.monotonic()
        self._slow = [each for each in self._slow if not each.finished and not each.cancelled]
        for each in [each for each in self._slow if now - each.since >= WAIT_SHOWN_AFTER]:
            self._slow.remove(each)
            self.waiting.append(each)
            self.changed.emit()
        if not self._slow:
            self._clock.stop()

    def forget(self, running: Running) -> None:
        running.finished = True
        self.under_way.remove(running)
        if running in self.waiting:
            self.waiting.remove(running)
        self.changed.emit()

    def post(self, call: Callable[[], None]) -> None:
        """Run ``call`` on the GUI thread soon; for progress from worker threads."""
        self._arrived.emit(call)

    @property
    def busy(self) -> int:
        """How many pieces of work are under way."""
        return len(self.under_way)

    def finish(self) -> bool:
        """The program is about to end: do what changes data, and what follows from it; stop the rest.

        Whether all of it has ended.
        """
        for running in list(self.under_way):
            running.halt() if running.lasting else running.cancel()
        while any(running.lasting for running in self.under_way):
            QCoreApplication.processEvents(_UNTIL_SOMETHING_COMES)
        until = time.monotonic() + GRACE
        return all([running.ended(until - time.monotonic()) for running in self.under_way])

    def close(self) -> bool:
        """``finish``, and nothing new is begun."""
        ended = self.finish()
        self._pool.shutdown(wait=False, cancel_futures=True)
        return ended


class _Arrival:
    """Follows a future, through a future it may return, to its delivery on the GUI thread."""

    def __init__(
        self,
        tasks: Tasks,
        running: Running,
        done: Callable[[Any], None] | None,
        failed: Callable[[BaseException], None] | None,
        owner: QObject | None,
    ) -> None:
        self._tasks, self._running, self._done, self._failed, self._owner = tasks, running, done, failed, owner

    def settle(self, future: Future[Any]) -> None:
        if not future.cancelled() and future.exception() is None and isinstance(future.result(), Future):
            inner = future.result()
            self._running.attach(inner)
            inner.add_done_callback(self.settle)
            return
        self._tasks.post(lambda: self._deliver(future))

    def _deliver(self, future: Future[Any]) -> None:
        self._tasks.forget(self._running)
        if self._running.cancelled or (self._owner is not None and not isValid(self._owner)):
            return
        try:
            error = future.exception()
        except CancelledError:
            return
        if error is not None:
            (self._failed or self._tasks.present)(error)
        elif self._done is not None:
            self._done(future.result())


def _log_only(error: BaseException) -> None:
    log.error("task failed: %s", type(error).__name__)


_tasks: Tasks | None = None


def tasks() -> Tasks:
    """The process's courier, made on first use, on the GUI thread."""
    global _tasks
    if _tasks is None:
        _tasks = Tasks()
    return _tasks


def run(
    work: Callable[[], Any] | Future[Any],
    done: Callable[[Any], None] | None = None,
    *,
    failed: Callable[[BaseException], None] | None = None,
    owner: QObject | None = None,
    words: str = "",
    on_cancel: Callable[[], None] | None = None,
    lasting: bool = False,
) -> Running:
    """``Tasks.run`` of the process's courier."""
    return tasks().run(work, done, failed=failed, owner=owner, words=words, on_cancel=on_cancel, lasting=lasting)
