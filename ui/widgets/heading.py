"""The top of a screen: its title, a second line under it, and at the right what can be done here."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ui.widgets.button import Button
from ui.widgets.card import clear
from ui.widgets.labels import ElidedText


class Heading(QHBoxLayout):
    def __init__(self, title: str = "", second: str = "") -> None:
        super().__init__()
        words = QVBoxLayout()
        words.setSpacing(0)
        self.title = ElidedText(title, "title", bold=True)
        self.second = ElidedText(second, "small", ink="second")
        words.addWidget(self.title)
        words.addWidget(self.second)
        self.addLayout(words, 1)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.addLayout(self.buttons)

    def offer(self, *buttons: Button) -> None:
        """These buttons and no others."""
        clear(self.buttons)
        for button in buttons:
            self.buttons.addWidget(button)
