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


def test_at_the_end_what_changes_data_is_done_and_what_follows_from_it_and_the_rest_is_stopped() -> None:
    """Three threads are busy: a save waits for its turn, and a second one is begun by the first."""
    busy, halted, done = threading.Event(), threading.Event(), []
    for _ in range(3):
        tasks().run(busy.wait, lambda _: done.append("long"), on_cancel=busy.set)

    def then(_result: object) -> None:
        done.append("first")
        tasks().run(lambda: None, lambda _: done.append("second"), lasting=True)

    tasks().run(lambda: None, then, lasting=True)
    tasks().run(lambda: None, lambda _: done.append("read"))
    tasks().run(halted.wait, lambda _: done.append("batch"), on_cancel=halted.set, lasting=True)
    assert tasks().finish()
    settle()
    assert done.count("batch") == 1, "asked to end, and its last word heard"
    assert [each for each in done if each != "batch"] == ["first", "second"]


def test_what_does_not_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.tasks.GRACE", 0.05)
    silent, begun = threading.Event(), threading.Event()
    tasks().run(lambda: begun.set() or silent.wait())
    assert begun.wait(10)
    assert not tasks().finish()
    silent.set()
    settle()
