"""Work off the GUI thread: its result comes back on it, its failure goes to one presenter, its widget may be gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest
from PySide6.QtWidgets import QWidget

from fieldapp.errors import NetworkError
from tests.ui.hands import settle
from ui.app import make_application
from ui.tasks import tasks


@pytest.fixture(autouse=True)
def _application() -> Iterator[None]:
    make_application()
    before = tasks().present
    yield
    tasks().present = before


def test_the_result_arrives_on_the_gui_thread() -> None:
    seen: list[tuple[int, int]] = []
    tasks().run(threading.get_ident, lambda worker: seen.append((worker, threading.get_ident())))
    settle(lambda: bool(seen))
    worker, here = seen[0]
    assert worker != here
    assert here == threading.get_ident()


def test_a_future_returned_by_the_work_is_followed() -> None:
    inner: Future[int] = Future()
    seen: list[int] = []
    tasks().run(lambda: inner, seen.append)
    inner.set_result(7)
    settle(lambda: bool(seen))
    assert seen == [7]


def test_failures_reach_the_presenter_or_whoever_asked() -> None:
    presented: list[BaseException] = []
    asked: list[BaseException] = []
    tasks().present = presented.append

    def fail() -> None:
        raise NetworkError("network.slow")

    tasks().run(fail)
    tasks().run(fail, failed=asked.append)
    settle(lambda: bool(presented and asked))
    assert [len(presented), len(asked)] == [1, 1]


def test_nothing_is_delivered_to_a_widget_that_has_gone() -> None:
    widget = QWidget()
    gate: Future[int] = Future()
    seen: list[int] = []
    tasks().run(gate, seen.append, owner=widget)
    widget.deleteLater()
    settle_one_round()
    gate.set_result(1)
    settle()
    assert seen == []


def settle_one_round() -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_what_takes_long_shows_and_can_be_cancelled() -> None:
    gate: Future[int] = Future()
    seen: list[int] = []
    running = tasks().run(gate, seen.append, words="正在读取")
    settle_until(lambda: running in tasks().waiting)
    running.cancel()
    settle()
    assert seen == []
    assert running not in tasks().waiting


def settle_until(holds) -> None:  # type: ignore[no-untyped-def]
    import time

    from PySide6.QtWidgets import QApplication

    end = time.monotonic() + 10
    while not holds() and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)
    assert holds()
