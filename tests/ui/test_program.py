"""From the entrance into the work and out again: unlocking, locking, idling, a fault of our own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from fieldapp.errors import ProgrammingFault
from fieldapp.store.api import Profile, Store, WriteTx
from tests.store.county import GRID, PASSPHRASE
from tests.ui.hands import settle
from tests.ui.town import village
from ui.app import Program, make_application
from ui.crash import fault_text
from ui.screens.registry import SCREENS, rail_of
from ui.settings import Settings
from ui.widgets.sheet import Sheet
from ui.words import t


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    app = make_application()
    _profile, store, _actor = village(tmp_path)
    store.close()
    hook = sys.excepthook
    made = Program(app, tmp_path)
    made.show()
    yield made
    sys.excepthook = hook
    for window in (made.frame, made.entrance):
        if window is not None:
            window.close()
            window.deleteLater()
    if made.desk is not None:
        made.desk.store.close()
    settle()


def unlock(program: Program, *, first: bool = False) -> None:
    assert program.entrance
    program.entrance.passphrase.field.setText(PASSPHRASE)
    QTest.keyClick(program.entrance.passphrase.field, Qt.Key.Key_Return)
    settle(lambda: program.frame is not None)
    settle()
    if not first:
        QTest.keyClick(_sheets(program)[0], Qt.Key.Key_Escape)
        settle()


def _sheets(program: Program) -> list[Sheet]:
    assert program.frame
    return [sheet for sheet in program.frame.findChildren(Sheet) if sheet.isVisible()]


def test_the_first_start_is_told_the_keys_once(program: Program) -> None:
    unlock(program, first=True)
    assert program.frame
    begin = program.frame.focusWidget()
    QTest.keyClick(begin, Qt.Key.Key_Return)
    settle()
    assert _sheets(program) == []
    assert program.desk
    assert Settings(program.desk.profile.folder)["first_guide_seen"]


def test_unlocking_opens_today(program: Program) -> None:
    unlock(program)
    assert program.frame
    assert program.frame.current == "today"
    assert program.entrance is None
    assert program.frame.windowTitle() == "铁脚板", "no name of a person stands in a title"


def test_locking_closes_the_store_and_asks_for_a_new_process(program: Program) -> None:
    unlock(program)
    assert program.frame
    assert program.desk
    QTest.keyClick(program.frame, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert program.restart
    assert not program.frame.isVisible()
    program.desk.store.close()
    with pytest.raises(RuntimeError, match="closed"):
        program.desk.store.read(lambda tx: tx.meta("x"))


def test_a_blocking_read_on_the_windows_thread_is_a_fault(program: Program) -> None:
    unlock(program)
    assert program.desk
    with pytest.raises(ProgrammingFault):
        program.desk.store.read_now(lambda tx: tx.sync_state())


def test_what_a_power_cut_took_is_said_when_the_laptop_opens_again(program: Program) -> None:
    """The file goes back to before two more families were written; the mark knows of them."""
    folder = program.home / "profile"
    profile = Profile.unlock(folder, PASSPHRASE)
    before = (folder / "records.db").read_bytes()
    with Store.open(profile) as store:
        written = store.opened.last_link[0]
        store.write_now(_two_families)
    (folder / "records.db").write_bytes(before)
    unlock(program)
    assert program.frame
    settle()
    shown = " ".join(label.text() for label in program.frame.findChildren(QLabel) if label.isVisible())
    assert t("opened.lost", n=2, first=written + 1, last=written + 2) in shown
    assert t("opened.lost_do") in shown
    assert program.frame.current == "today", "work goes on"


def _two_families(tx: WriteTx) -> None:
    for head in ("黄国强", "向军"):
        tx.create("household", GRID, {"head_name": head})


def test_the_idle_minutes_lock(program: Program) -> None:
    unlock(program)
    assert not program.idle.idle_for(599)
    assert program.idle.idle_for(600)
    program.idle.elapsed.emit()
    assert program.restart


def test_a_fault_of_ours_says_what_was_kept_and_lets_work_go_on(program: Program) -> None:
    unlock(program)
    assert program.frame
    error = _fault("邓光明")
    program.crash.caught(type(error), error, error.__traceback__)
    settle()
    shown = " ".join(label.text() for label in program.frame.findChildren(QLabel) if label.isVisible())
    assert t("error.ours.kept") in shown
    assert "邓光明" not in fault_text(error), "values may be somebody's name"
    assert "_fault" in fault_text(error)


def _fault(name: str) -> Exception:
    try:
        raise KeyError(name)
    except KeyError as error:
        return error


def test_settings_change_the_window_at_once_and_stay(program: Program) -> None:
    unlock(program)
    assert program.frame
    assert program.desk
    program.frame.open("settings", {})
    program.desk.settings["language"] = "en"
    program.desk.relooked.emit()
    settle()
    try:
        assert program.frame.rail.names() == [entry.name for entry in rail_of("grid_worker")]
        shown = {label.text() for label in program.frame.findChildren(QLabel) if label.isVisible()}
        assert "Settings" in shown
        assert Settings(program.desk.profile.folder)["language"] == "en"
    finally:
        program.desk.settings["language"] = "zh"
        program.desk.relooked.emit()
        settle()


@pytest.mark.parametrize("entry", SCREENS, ids=lambda entry: entry.name)
def test_the_keys_of_a_screen_are_its_own_and_have_words(entry) -> None:  # type: ignore[no-untyped-def]
    from importlib import import_module

    module, _, name = entry.where.partition(":")
    screen = getattr(import_module(module), name)
    sequences = [key.sequence for key in screen.keys]
    assert len(sequences) == len(set(sequences))
    for key in screen.keys:
        t(key.words)
        assert hasattr(screen, key.act) or key.act.startswith(("member_", "start_", "show_")), key.act
    from ui.frame import FRAME_KEYS

    assert not set(sequences) & {sequence for sequence, _act, _words in FRAME_KEYS}
