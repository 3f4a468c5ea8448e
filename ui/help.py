"""F1: what this screen is for, its keys and those that work everywhere; complete without a network.

The words are ``resources/help/LANGUAGE/SCREEN.md``, one file per screen and language, in plain Markdown.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

import resources
from ui.screens.base import Key
from ui.theme import look
from ui.widgets import painting
from ui.widgets.labels import label
from ui.widgets.sheet import Sheet
from ui.words import language, t

_SHOWN = {"Return": "Enter", "Escape": "Esc", "Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}


def shown_key(sequence: str) -> str:
    """A key as buttons and help show it: ``Ctrl Z``."""
    return " ".join(_SHOWN.get(part, part) for part in sequence.split("+"))


class KeyCap(QWidget):
    """A key, drawn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(painting.key_width(self._text), look.line_height("body"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painting.smooth(QPainter(self))
        area = QRectF(self.rect())
        ink, line = look.colour("ink"), look.colour("control_line")
        painting.key_chip(painter, area.right(), area.center().y(), self._text, ink, line, look.colour("ground"))


def page(screen: str) -> str:
    """The help of a screen as Markdown, in the language in force; "" for a screen without any."""
    file = resources.path("help", language(), f"{screen}.md")
    return file.read_text(encoding="utf-8") if file.is_file() else ""


class HelpSheet(Sheet):
    """The screen's page over two columns of keys."""

    def __init__(
        self, window: QWidget, screen: str, keys: Sequence[Key], everywhere: Sequence[tuple[str, str, str]]
    ) -> None:
        super().__init__(window, t("help.title", screen=t(f"screen.{screen}")), width=860)
        words = label("", wrap=True)
        words.setTextFormat(Qt.TextFormat.MarkdownText)
        words.setText(page(screen))
        self.body.addWidget(words)
        words.setVisible(bool(words.text()))
        self._add_keys(keys, everywhere)

    def _add_keys(self, keys: Sequence[Key], everywhere: Sequence[tuple[str, str, str]]) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        here = [(key.sequence, key.words) for key in keys if key.shown]
        for side, (heading, pairs) in enumerate(
            (("help.here", here), ("help.everywhere", [(s, w) for s, _act, w in everywhere] + [("Alt+1", "key.rail")]))
        ):
            grid.addWidget(label(t(heading), "second"), 0, side * 3, 1, 2)
            for number, (sequence, words) in enumerate(pairs, 1):
                grid.addWidget(KeyCap(shown_key(sequence)), number, side * 3)
                grid.addWidget(label(t(words), wrap=True), number, side * 3 + 1)
            if not pairs:
                grid.addWidget(label(t("help.none"), "secondbody"), 1, side * 3, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(2, 24)
        grid.setColumnStretch(4, 1)
        self.body.addLayout(grid)
