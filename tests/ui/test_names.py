"""What opens over a screen has names too: folded-out lists and the calendar."""

from __future__ import annotations

from datetime import date

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCalendarWidget, QToolButton, QWidget

from tests.ui.faults import HIT, nameless
from tests.ui.hands import settle
from ui.app import make_application
from ui.questions.calendar import calendar
from ui.widgets.dropdown import Dropdown


def unnamed(window: QWidget) -> list[str]:
    return [fault for each in window.findChildren(QWidget) if each.isVisible() for fault in nameless(each)]


def test_the_list_of_a_dropdown_is_called_like_the_dropdown() -> None:
    make_application()
    choice = Dropdown()
    choice.setAccessibleName("关于哪一户")
    choice.addItems(["邓光明", "向军"])
    choice.show()
    settle()
    choice.showPopup()
    settle()
    assert choice.view().isVisible()
    assert choice.view().accessibleName() == "关于哪一户"
    assert unnamed(choice.view().window()) == []
    choice.hidePopup()


def test_every_part_of_the_calendar_has_a_name_and_room_for_a_finger() -> None:
    make_application()
    shown: QCalendarWidget = calendar("哪天入户", date(2026, 11, 21))
    shown.show()
    assert QTest.qWaitForWindowExposed(shown)
    assert shown.selectedDate().toString("yyyy-MM-dd") == "2026-11-21"
    assert unnamed(shown) == []
    for button in shown.findChildren(QToolButton):
        assert min(button.width(), button.height()) >= HIT
