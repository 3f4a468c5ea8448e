"""The way to Import from the lists it fills; only a desk has it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from ui.screens.base import Key, Screen
from ui.widgets.button import Button
from ui.words import t

DOOR = Key("I", "open_import", "importing.key.open")


def offer_import(screen: Screen, row: QHBoxLayout) -> None:
    """Put the button at the end of ``row`` and its key on the screen, for a supervisor or the county."""
    if not screen.desk.actor.at_desk:
        return
    open_import = lambda: screen.desk.go("importing")  # noqa: E731
    screen.add_key(DOOR, open_import)
    button = Button(t("importing.open"), key="I")
    button.clicked.connect(open_import)
    row.addWidget(button)
