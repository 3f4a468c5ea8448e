"""The first start in one sheet: the five keys that carry a day."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from ui.desk import Desk
from ui.help import KeyCap, shown_key
from ui.widgets.button import Button
from ui.widgets.labels import label
from ui.widgets.sheet import Sheet
from ui.words import t

ALWAYS = (("Ctrl+K", "find"), ("Ctrl+H", "hide"), ("Ctrl+L", "lock"), ("F1", "help"))
WALKER = (("Return", "next"), ("1", "normal"), *ALWAYS)
DESK = (("Return", "next"), ("A", "approve"), ("R", "send_back"), *ALWAYS)

WIDE = 680  # the longest line of the guide, in English too, without a break


def show_once(window: QWidget, desk: Desk) -> None:
    """Show the guide to whoever has not seen it on this profile."""
    if desk.settings["first_guide_seen"]:
        return
    desk.settings["first_guide_seen"] = True
    sheet = Sheet(window, t("guide.title", name=desk.actor.name), width=WIDE)
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(12)
    for row, (sequence, name) in enumerate(DESK if desk.actor.at_desk else WALKER):
        grid.addWidget(KeyCap(shown_key(sequence)), row, 0)
        grid.addWidget(label(t(f"guide.{name}")), row, 1)
    grid.setColumnStretch(1, 1)
    sheet.body.addLayout(grid)
    sheet.body.addWidget(label(t("guide.kept"), "second"))
    begin = Button(t("guide.begin"), kind="primary", key="Enter")
    begin.clicked.connect(sheet.close_sheet)
    sheet.foot.addWidget(begin)
    sheet.open(begin)
