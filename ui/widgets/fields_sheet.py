"""A sheet of text fields; Enter in the last saves, in the others goes on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.widgets.button import Button
from ui.widgets.field import TextField
from ui.widgets.sheet import Sheet
from ui.words import t


class FieldsSheet(Sheet):
    """``names`` are the fields; their words stand in the glossary under ``<words>.field.<name>``."""

    def __init__(self, window: QWidget, title: str, names: Sequence[str], *, words: str, width: int = 560) -> None:
        super().__init__(window, title, width=width)
        self.fields = {name: TextField(t(f"{words}.field.{name}")) for name in names}
        order = list(self.fields.values())
        for place, field in enumerate(order):
            self.body.addWidget(field)
            after = order[place + 1].field.setFocus if place + 1 < len(order) else self.save
            field.field.returnPressed.connect(after)
        self.save_button = Button(t("common.save"), kind="primary", key="Enter")
        self.save_button.clicked.connect(self.save)
        self.foot.addWidget(self.save_button)

    def open_first(self) -> None:
        self.open(next(iter(self.fields.values())).field)

    def wanted(self, name: str, words: str) -> bool:
        """Whether the field has text; if not, it says ``words`` and takes the focus."""
        field = self.fields[name]
        if field.text():
            return True
        field.say(words, wrong=True)
        field.field.setFocus()
        return False

    def save(self) -> None:
        """Check, close, hand over."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return  # the field has taken it
        super().keyPressEvent(event)
