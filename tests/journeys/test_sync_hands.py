"""The Sync screen over a real county server: send, fetch, stop, no network, a stick; the pill says what is true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel

from fieldapp.workflows import rounds, syncing
from tests.journeys.county import JourneyCounty, Laptop
from tests.ui.hands import Hands, settle
from ui.screens.sync import Sync
from ui.sync_runs import SyncByItself
from ui.words import t

Key = Qt.Key


@pytest.fixture
def worker(county_server: JourneyCounty) -> Laptop:
    return county_server.laptop("worker")


@pytest.fixture
def hands(worker: Laptop) -> Iterator[Hands]:
    made = Hands(worker.profile, worker.store, worker.actor)
    yield made
    made.close()


def words(hands: Hands) -> str:
    return " ".join(label.text() for label in hands.frame.current_screen().findChildren(QLabel) if label.isVisible())


def unsent(worker: Laptop) -> int:
    return syncing.page(worker.store).result().state.unsent


def sync(hands: Hands) -> Sync:
    screen = hands.open("sync")
    assert isinstance(screen, Sync)
    hands.press(Key.Key_Return)
    settle(lambda: screen.running is None)
    settle()
    return screen


def test_a_morning_of_doors_reaches_the_county(hands: Hands, worker: Laptop) -> None:
    hands.open("screening")
    before = rounds.progress(worker.store, worker.actor).result()
    for _ in range(3):
        hands.press(Key.Key_1)
    settle(lambda: hands.frame.pill.text().startswith("待同步 3 条"))
    screen = sync(hands)
    assert screen.page is not None
    assert (screen.page.state.unsent, screen.page.state.kept) == (0, 3)
    assert screen.page.log[0].outcome == "done"
    assert screen.page.log[0].counts["pushed"] == 3
    settle(lambda: hands.frame.pill.text().startswith("已同步"))
    after = rounds.progress(worker.store, worker.actor).result()
    assert before is not None
    assert after is not None
    assert after.answered == before.answered + 3


def test_without_a_network_the_window_says_so_and_keeps_everything(
    hands: Hands, worker: Laptop, county_server: JourneyCounty
) -> None:
    hands.open("screening")
    hands.press(Key.Key_1)
    with county_server.away():
        screen = sync(hands)
    assert "连不上县服务器" in words(hands)
    assert "本机记录都在" in words(hands)
    assert screen.page is not None
    assert (screen.page.state.unsent, screen.page.log[0].outcome[:8]) == (1, "network.")
    assert hands.frame.isEnabled()


def test_a_stick_goes_out_and_is_not_counted_as_sent(
    hands: Hands, worker: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.open("screening")
    hands.press(Key.Key_1)
    target = tmp_path / "stick.tjbundle"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(target), ""))
    screen = hands.open("sync")
    assert isinstance(screen, Sync)
    hands.press(Key.Key_B)
    settle(lambda: screen.running is None and target.exists())
    settle()
    assert screen.page is not None
    assert (screen.page.state.unsent, screen.page.log[0].outcome) == (1, "stick_out")
    assert worker.actor.name.encode() not in target.read_bytes()


def test_no_stick_is_said_to_be_written_while_a_run_that_began_meanwhile_goes_on(
    hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock of syncing by itself does not stop for the file dialog."""
    target = tmp_path / "stick.tjbundle"

    def choose(*_args: object, **_more: object) -> tuple[str, str]:
        hands.desk.runs.start(by_hand=False)
        return str(target), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    screen = hands.open("sync")
    assert isinstance(screen, Sync)
    screen.stick_out()
    assert screen.running is not None
    assert screen.cancel.isVisible(), "the run can be stopped"
    assert screen.status.text() != t("sync.step.stick_out")
    assert hands.frame.toast.accessibleName() == t("sync.stick_later")
    settle(lambda: screen.running is None)
    assert not target.exists()


def test_with_a_line_it_goes_out_by_itself_and_says_nothing(hands: Hands, worker: Laptop) -> None:
    hands.open("screening")
    hands.press(Key.Key_1)
    by_itself = SyncByItself(hands.desk)
    by_itself.look()
    settle(lambda: unsent(worker) == 0 and hands.desk.runs.running is None)
    settle()
    assert hands.frame.current == "screening"
    assert not hands.frame.toast.isVisible()
    screen = hands.open("sync")
    assert isinstance(screen, Sync)
    settle(lambda: screen.page is not None)
    assert screen.page is not None
    assert [(line.outcome, line.counts["pushed"]) for line in screen.page.log] == [("done", 1)]


def test_without_a_line_nobody_is_troubled_and_by_hand_means_by_hand(
    hands: Hands, worker: Laptop, county_server: JourneyCounty
) -> None:
    hands.open("screening")
    hands.press(Key.Key_1)
    by_itself = SyncByItself(hands.desk)
    with county_server.away():
        hands.desk.runs.start(by_hand=False)
        settle(lambda: hands.desk.runs.running is None)
        settle()
    assert hands.frame.banners.count() == 0
    assert syncing.page(worker.store).result().log == ()
    hands.desk.settings["syncing"] = "by_hand"
    by_itself.look()
    assert hands.desk.runs.running is None
    assert unsent(worker) == 1


def test_a_run_goes_on_while_the_window_is_made_anew(hands: Hands) -> None:
    screen = hands.open("sync")
    assert isinstance(screen, Sync)
    screen.start()
    hands.frame.rebuild()
    anew = hands.frame.screens["sync"]
    assert isinstance(anew, Sync)
    assert anew.running is not None
    assert not anew.go.isEnabled(), "no second run beside the first"
    settle(lambda: anew.running is None)
    assert anew.go.isEnabled()
