"""A sheet of choices, each with its key: one key picks, Enter takes several."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.widgets.button import Button
from ui.widgets.chips import PickChip
from ui.widgets.labels import label
from ui.widgets.sheet import Sheet
from ui.words import t

KEYS = "1234567890ABCDEFGHIJKLMNOP"
WIDE = 640


class Picks(QWidget):
    """Choices with keys. ``several`` lets more than one stand; ``press(letter)`` says whether it took the key."""

    def __init__(
        self, options: Sequence[tuple[str, str]], *, several: bool, keys: str = KEYS, columns: int = 3,
        room: int = WIDE - 64,
    ) -> None:  # fmt: skip
        """At most ``columns`` columns, fewer where the longest words would not fit into ``room`` pixels."""
        super().__init__()
        widest = max((PickChip(words, keys[:1]).sizeHint().width() for _code, words in options), default=1)
        columns = max(1, min(columns, (room + 8) // (widest + 8)))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        self._several = several
        self.on_change: Callable[[], None] = lambda: None
        self.chips: dict[str, PickChip] = {}
        self._by_key: dict[str, str] = {}
        for place, (code, words) in enumerate(options):
            key = keys[place] if place < len(keys) else ""
            chip = PickChip(words, key)
            chip.setSizePolicy(chip.sizePolicy().Policy.Expanding, chip.sizePolicy().Policy.Fixed)
            chip.clicked.connect(lambda _checked=False, code=code: self._clicked(code))
            self.chips[code] = chip
            if key:
                self._by_key[key] = code
            grid.addWidget(chip, place // columns, place % columns)
        for column in range(columns):
            grid.setColumnStretch(column, 1)

    def _clicked(self, code: str) -> None:
        if not self._several:
            self.choose(code)
        self.on_change()

    def choose(self, code: str) -> None:
        """Only this one stands."""
        for each, chip in self.chips.items():
            chip.setChecked(each == code)

    def picked(self) -> list[str]:
        return [code for code, chip in self.chips.items() if chip.isChecked()]

    def press(self, letter: str) -> bool:
        code = self._by_key.get(letter.upper())
        if code is None:
            return False
        if self._several:
            self.chips[code].setChecked(not self.chips[code].isChecked())
        else:
            self.choose(code)
        self.on_change()
        return True


class PickSheet(Sheet):
    """``take`` gets the codes. With ``several`` Enter takes them, else the first key does."""

    def __init__(
        self,
        window: QWidget,
        title: str,
        options: Sequence[tuple[str, str]],
        take: Callable[[list[str]], None],
        *,
        several: bool = False,
        words: str = "",
    ) -> None:
        super().__init__(window, title, width=WIDE)
        self._take, self._several = take, several
        if words:
            self.body.addWidget(label(words, "secondbody", wrap=True))
        self.picks = Picks(options, several=several)
        self.body.addWidget(self.picks)
        if several:
            self.button = Button(t("common.save"), kind="primary", key="Enter")
            self.button.clicked.connect(self.take)
            self.foot.addWidget(self.button)
        self.picks.on_change = self._changed

    def _changed(self) -> None:
        if not self._several and self.picks.picked():
            self.take()

    def take(self) -> None:
        picked = self.picks.picked()
        if picked:
            self.close_sheet()
            self._take(picked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        elif not self.picks.press(event.text()):
            super().keyPressEvent(event)
