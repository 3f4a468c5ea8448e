"""A thread that owns one connection and works through a queue."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")
Job = tuple[Callable[[], Any], "Future[Any]"]


class Worker:
    """Runs jobs one after the other; ``close`` lets those already given finish first."""

    def __init__(self, name: str, idle: Callable[[], None] | None = None, idle_after: float = 2.0) -> None:
        self._jobs: queue.Queue[Job | None] = queue.Queue()
        self._idle, self._idle_after = idle, idle_after
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Raises RuntimeError once closed."""
        if self._closed.is_set():
            raise RuntimeError("the store is closed")
        future: Future[T] = Future()
        self._jobs.put((work, future))
        return future

    @property
    def ident(self) -> int | None:
        return self._thread.ident

    def close(self) -> None:
        self._closed.set()
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        rested = False
        while True:
            try:
                job = self._jobs.get(timeout=None if rested or not self._idle else self._idle_after)
            except queue.Empty:
                rested = True
                if self._idle:
                    self._idle()
                continue
            if job is None:
                return
            rested = False
            self._do(*job)

    @staticmethod
    def _do(work: Callable[[], Any], future: Future[Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for the future
            future.set_exception(error)
