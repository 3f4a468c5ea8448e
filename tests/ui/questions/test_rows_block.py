"""Several rows of a repeat stand open at once; what is typed in one stays when another opens or closes."""

from __future__ import annotations

from pathlib import Path

from forms.api import FormSession
from tests.ui.hands import settle
from tests.ui.questions.host import KeepingHost
from tests.ui.small_forms import small_form
from ui.app import make_application
from ui.screens.visit.rows_block import RowsBlock
from ui.widgets.button import Button
from ui.words import t

PIGS = "/farm/pigs"


def farm(folder: Path) -> FormSession:
    return small_form(
        folder, "养殖", "farm",
        ("type", "name", "label"),
        ("begin group", "farm", "养殖"),
        ("begin repeat", "pigs", "猪"),
        ("text", "mark", "耳号"),
        ("integer", "weight", "斤"),
        ("end repeat", "", ""),
        ("end group", "", ""),
    )  # fmt: skip


def press(block: RowsBlock, words: str, place: int) -> None:
    settle()
    [one for one in block.findChildren(Button) if one.text() == words and one.isVisible()][place].click()
    settle()


def test_two_pigs_open_beside_each_other(tmp_path: Path) -> None:
    make_application()
    session = farm(tmp_path)
    while len(session.children(PIGS)) < 2:
        session.add_row(PIGS, f"pig{len(session.children(PIGS))}")
    first, second = session.children(PIGS)[:2]
    block = RowsBlock(session, KeepingHost(), PIGS)
    block.answered.connect(session.set)
    session.observe(block.apply)
    block.show()
    assert set(block._panes) == {second}, "the last is the one being written"
    press(block, t("rows.open"), 0)
    assert set(block._panes) == {first, second}
    assert block.focus_node(f"{first}/mark")
    session.set(f"{first}/mark", "甲-7")
    press(block, t("rows.close"), 1)
    assert set(block._panes) == {first}
    assert session.view(f"{first}/mark").value == "甲-7"
    assert block.focus_node(f"{second}/weight"), "the cursor opens the row it goes to"
    session.remove_row(first)
    settle()
    assert set(block._panes) == {second}
    block.deleteLater()
