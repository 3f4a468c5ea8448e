"""Names and addresses as long as they come: the layout stays, what is cut stands whole in tool tip and spoken name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetrics

from tests.ui.hands import Hands, at_work, settle
from tests.ui.town import crowd
from ui.screens.leads import Leads
from ui.theme import look
from ui.widgets.button import Button
from ui.widgets.chips import MemberChip
from ui.widgets.labels import ElidedText


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    with at_work(*crowd(tmp_path, 60)) as made:
        yield made


def test_a_long_name_does_not_move_the_buttons_of_a_lead(hands: Hands) -> None:
    screen = hands.open("leads")
    assert isinstance(screen, Leads)
    heights = set()
    for place in range(4):  # four names, from four characters to eleven
        screen.list.choose(place)
        settle(lambda place=place: screen.page is not None and screen.page.line.id == screen.inbox.open[place].id)
        settle()
        acts = [one for one in screen.area.findChildren(Button) if one.isVisible() and one.y() < 200]
        heights.add(tuple(sorted({one.mapTo(screen, one.rect().topLeft()).y() for one in acts})))
    assert len(heights) == 1
    (rows,) = heights
    assert len(rows) == 1 or rows[0] != rows[1], "one row of buttons"


def test_what_is_cut_stands_whole_where_it_can_be_read(hands: Hands) -> None:
    cut = {screen: whole_though_cut(hands, screen) for screen in ("screening", "leads", "today")}
    assert cut["screening"], "names of the crowd are long: otherwise nothing was looked at"
    assert cut["today"], "here too; a lead has its whole line"


def whole_though_cut(hands: Hands, screen: str) -> int:
    """How many lines of the screen are cut; each says itself whole."""
    shown = hands.open(screen)
    settle()
    hands.frame.grab()
    cut = [one for one in shown.findChildren(ElidedText) if not one.visibleRegion().isEmpty() and _too_wide(one)]
    for one in cut:
        assert one.toolTip() == one.text() == one.accessibleName()
    for chip in shown.findChildren(MemberChip):
        if chip.isVisible() and chip.toolTip():
            assert all(part in chip.accessibleName() for part in chip.toolTip().split("\n"))
    if screen == "screening":
        assert any(chip.toolTip() for chip in shown.findChildren(MemberChip)), "the crowd's illnesses are long"
    return len(cut)


def _too_wide(one: ElidedText) -> bool:
    return QFontMetrics(look.font(one._size, bold=one._bold)).horizontalAdvance(look.one_line(one.text())) > one.width()
