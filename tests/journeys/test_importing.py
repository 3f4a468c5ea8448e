"""A supervisor's import in the real window over a real store: an office's ledger, a list of leads, rows mended.

I1  the ledger of the reference folder is read apart, previewed with every problem's place, and imported on one key
I2  the same file again says that nothing changes, and nothing can be pressed
I3  rows to be mended go to a file; mended and imported, they join their household
I4  a file that is no table is answered in plain words, and nothing is left half done
I5  stopped half way, what was written stays and importing again brings the rest
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QFileDialog, QLabel

from fieldapp.store.api import ReadTx
from fieldapp.store.projections import households, leads, people
from fieldapp.workflows.intake import storing
from tests.journeys.laptop import Laptop, settle
from tests.store.county import County
from tests.workflows.intake.makers import HEADER, book, number
from ui.screens.importing.screen import CHOOSE, DONE, PREVIEW, Importing
from ui.widgets.button import Button
from ui.widgets.notices import Banner

TOWN = "341799101"


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Laptop]:
    laptop = Laptop.open(tmp_path / "desk", County(), "deng", "邓丽", role="supervisor", areas=(TOWN,))
    yield laptop
    laptop.close()


def import_screen(laptop: Laptop) -> Importing:
    """As a supervisor finds it: the households, then I."""
    laptop.frame.open("households", {})
    settle()
    laptop.frame.screens["households"].setFocus()
    laptop.press(Qt.Key.Key_I)
    screen = laptop.frame.screens["importing"]
    assert isinstance(screen, Importing)
    laptop.wait(lambda: screen.area.count() > 0)
    return screen


def drop(laptop: Laptop, screen: Importing, file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    screen.zone.take(data)
    laptop.wait(lambda: screen.running is None)


def buttons(screen: Importing) -> list[tuple[str, bool]]:
    found = (screen.heading.buttons.itemAt(place).widget() for place in range(screen.heading.buttons.count()))
    return [(each.text(), each.isEnabled()) for each in found if isinstance(each, Button)]


def counts(laptop: Laptop) -> tuple[int, int, int]:
    def read(tx: ReadTx) -> tuple[int, int, int]:
        return households.count(tx), people.count(tx), leads.count_waiting(tx)

    return laptop.read(read)


def test_the_shared_ledger_and_leads_go_in_once(supervisor: Laptop, shared: Path) -> None:
    """I1, I2."""
    want = json.loads((shared / "inputs" / "expected.json").read_text("utf-8"))
    screen = import_screen(supervisor)
    drop(supervisor, screen, shared / "inputs" / "ledger.xlsx")
    assert screen.pages.currentIndex() == PREVIEW
    assert buttons(screen)[-1] == ("导入 80 户 203 人；2 行不导入", True)
    told = [p.code for p in screen.table.held.problems]
    assert {code: told.count(code) for code in want["flags"]} == want["flags"]
    assert all(p.sheet and p.row and p.what() and p.remedy() for p in screen.table.held.problems)
    assert counts(supervisor) == (0, 0, 0)  # a preview writes nothing
    supervisor.press(Qt.Key.Key_Return)
    supervisor.wait(lambda: screen.pages.currentIndex() == DONE)
    assert counts(supervisor) == (want["households"], want["persons"], 0)

    supervisor.press(Qt.Key.Key_Return)  # another one
    drop(supervisor, screen, shared / "inputs" / "ledger.xlsx")
    assert buttons(screen)[-1] == ("没有变化，不用导入", False)
    supervisor.press(Qt.Key.Key_Return)
    assert screen.pages.currentIndex() == PREVIEW

    supervisor.press(Qt.Key.Key_Escape)
    assert screen.pages.currentIndex() == CHOOSE
    drop(supervisor, screen, shared / "inputs" / "leads.csv")
    assert buttons(screen)[-1] == ("导入 62 条预警；3 行不导入", True)
    assert len(screen.account.views["duplicate"]) >= 5
    supervisor.press(Qt.Key.Key_Return)
    supervisor.wait(lambda: screen.pages.currentIndex() == DONE)
    assert counts(supervisor) == (80, 203, want["leads"]["distinct_numbers"])
    supervisor.press(Qt.Key.Key_Return)
    drop(supervisor, screen, shared / "inputs" / "leads.csv")
    assert buttons(screen)[-1] == ("没有变化，不用导入", False)


def test_mended_rows_join_their_household(supervisor: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """I3."""
    wang, li = number("1950-03-05", 1), number("1952-07-09", 2)
    ledger = tmp_path / "竹园村.xlsx"
    ledger.write_bytes(
        book(("竹园村", [
            HEADER,
            [1, "王一", 2, "王一", "户主", "男", wang, None, "竹园村1组1号"],
            [None, None, None, None, "配偶", "女", li],
        ]))
    )  # fmt: skip
    screen = import_screen(supervisor)
    drop(supervisor, screen, ledger)
    assert buttons(screen)[-1][0] == "导入 1 户 1 人；1 行不导入"
    supervisor.press(Qt.Key.Key_Return)
    supervisor.wait(lambda: screen.pages.currentIndex() == DONE)

    bad = tmp_path / "待改正.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(bad), ""))
    screen.setFocus()
    supervisor.press(Qt.Key.Key_S)
    supervisor.wait(lambda: screen.saved)
    assert [each.name for each in tmp_path.glob("*待改正*")] == [bad.name]  # no half-written file beside it
    words = bad.read_text("utf-8-sig")
    bad.write_text(words.replace(",,配偶", ",李二,配偶", 1), "utf-8-sig")

    supervisor.press(Qt.Key.Key_Return)
    drop(supervisor, screen, bad)
    supervisor.press(Qt.Key.Key_Return)
    supervisor.wait(lambda: screen.pages.currentIndex() == DONE)
    home = supervisor.read(lambda tx: people.with_number(tx, wang))[0].household
    assert [p.full_name for p in supervisor.read(lambda tx: people.members(tx, home))] == ["王一", "李二"]


def test_a_file_that_is_no_table_is_answered_in_words(supervisor: Laptop, tmp_path: Path) -> None:
    """I4."""
    screen = import_screen(supervisor)
    for name, data, said in (
        ("照片.xlsx", b"\x89PNG not a workbook at all", ("这不是表格，是 PDF、图片或压缩包",)),
        ("空.csv", b"", ("文件是空的",)),
        ("坏.xlsx", b"PK\x03\x04" + bytes(600), ("这不是 Excel 工作簿，或者已经损坏",)),
    ):
        file = tmp_path / name
        file.write_bytes(data)
        drop(supervisor, screen, file)
        banner = screen.findChildren(Banner)[-1]
        assert banner.accessibleName() in said
        assert any("没有导入任何一行" in each.text() for each in banner.findChildren(QLabel))
        assert screen.pages.currentIndex() == CHOOSE
    gone = tmp_path / "没有了.csv"
    drop(supervisor, screen, gone)
    assert screen.findChildren(Banner)[-1].accessibleName() == "读不到文件 没有了.csv"
    assert counts(supervisor) == (0, 0, 0)


def test_stopped_half_way_the_rest_comes_with_the_next_import(
    supervisor: Laptop, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I5."""
    monkeypatch.setattr(storing, "BATCH", 20)
    screen = import_screen(supervisor)
    drop(supervisor, screen, shared / "inputs" / "ledger.xlsx")
    supervisor.frame.activateWindow()
    screen.forward()
    screen.back()  # Esc while the first batch is being written
    supervisor.wait(lambda: screen.pages.currentIndex() == DONE)
    homes, inhabitants, _ = counts(supervisor)
    assert 0 < homes + inhabitants < 283
    supervisor.press(Qt.Key.Key_Return)
    drop(supervisor, screen, shared / "inputs" / "ledger.xlsx")
    supervisor.press(Qt.Key.Key_Return)
    supervisor.wait(lambda: screen.pages.currentIndex() == DONE)
    assert counts(supervisor) == (80, 203, 0)
