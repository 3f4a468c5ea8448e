"""Reports in the real window: papers, ledgers, many at once, whole numbers, a file brought to be checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from fieldapp.workflows import exporting
from tests.reports.conftest import text_of  # noqa: F401 - a fixture
from tests.reports.homes import ID_NUMBER
from tests.reports.town import Town, town
from tests.ui.hands import Hands, settle
from ui.screens.reports.batch_sheet import BatchSheet
from ui.screens.reports.screen import Reports
from ui.widgets.sheet import Sheet
from ui.widgets.tag import Tag

Key = Qt.Key


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return town(tmp_path_factory.mktemp("town"), photos=1)


@pytest.fixture
def hands(place: Town) -> Iterator[Hands]:
    made = Hands(place.home.store.profile, place.home.store, place.home.actor)
    yield made
    made.close()


@pytest.fixture
def reports(hands: Hands) -> Reports:
    screen = hands.open("reports")
    assert isinstance(screen, Reports)
    settle(lambda: screen.preview.count > 0)
    hands.frame.activateWindow()
    assert QTest.qWaitForWindowActive(hands.frame)
    return screen


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where every file dialog leads to."""
    out = tmp_path / "报告 导出"
    out.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(out))
    return out


def log(place: Town) -> list[str]:
    return [line.kind for line in exporting.log_of_exports(place.home.store).result()]


def test_every_paper_of_the_desk_shows_its_pages_or_says_why_not(hands: Hands, reports: Reports) -> None:
    reports.open_view("papers")
    settle()
    for number, kind in enumerate(reports.papers.kinds):
        reports.papers.list.choose(number)
        settle()
        assert reports.papers.kind is kind
        assert reports.papers.preview.count > 0 or reports.papers.preview._picture.text(), kind.id
    assert reports.papers.preview.count > 0


def test_a_ledger_is_seen_and_exported(hands: Hands, reports: Reports, folder: Path) -> None:
    reports.open_view("ledgers")
    settle(lambda: reports.ledgers.table.held.rowCount() > 0)
    assert reports.ledgers.table.held.columnCount() > 10
    reports.setFocus()
    hands.press(Key.Key_Return)
    settle(lambda: any(folder.iterdir()))
    assert [path.suffix for path in folder.iterdir()] == [".xlsx"]


def test_many_at_once(hands: Hands, reports: Reports, folder: Path, place: Town) -> None:
    reports.setFocus()
    hands.press(Key.Key_B)
    sheet = next(iter(hands.frame.findChildren(BatchSheet)))
    sheet.states.press("1")
    settle(lambda: bool(sheet.visits))
    wanted = len(sheet.visits)
    hands.press(Key.Key_Return)
    settle(lambda: len(list(folder.glob("*.pdf"))) == wanted and not hands.frame.findChildren(BatchSheet))
    assert log(place)[0] == "export"


def test_whole_numbers_are_the_desks_and_logged(hands: Hands, reports: Reports, place: Town, text_of: object) -> None:  # noqa: F811
    before = log(place).count("unmask")
    reports.setFocus()
    hands.press(Key.Key_U)
    settle(lambda: reports.preview.count > 0)
    assert log(place).count("unmask") == before + 1
    assert ID_NUMBER in text_of(reports.preview.pdf)  # type: ignore[operator]


def test_a_file_somebody_brings_gets_one_word(
    hands: Hands, reports: Reports, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports.setFocus()
    hands.press(Key.Key_Return)
    settle(lambda: any(folder.glob("*.pdf")))
    [paper] = folder.glob("*.pdf")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(paper), ""))
    for change, word in ((False, "真实"), (True, "已被改动")):
        if change:
            paper.write_bytes(paper.read_bytes()[:-40])
        reports.setFocus()
        hands.press(Key.Key_C)
        settle(lambda: bool(hands.frame.findChildren(Sheet)))
        sheet = hands.frame.findChildren(Sheet)[-1]
        assert sheet.findChild(Tag).text() == word
        sheet.close_sheet()
        settle()
