"""A reason that stays on record: why a step is taken back, why a line of an account is struck."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ui.widgets.fields_sheet import FieldsSheet
from ui.widgets.labels import label
from ui.words import t


class ReasonSheet(FieldsSheet):
    """``words`` say what becomes of it; ``take`` gets the reason."""

    def __init__(self, window: QWidget, title: str, words: str, take: Callable[[str], None]) -> None:
        super().__init__(window, title, ("why",), words="matters")
        self._take = take
        self.body.insertWidget(0, label(words, "secondbody", wrap=True))

    def save(self) -> None:
        if self.wanted("why", t("matters.why_wanted")):
            why = self.fields["why"].text()
            self.close_sheet()
            self._take(why)
