"""Why a step is taken back; it stays in the matter with the reason."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ui.widgets.fields_sheet import FieldsSheet
from ui.widgets.labels import label
from ui.words import t


class UndoSheet(FieldsSheet):
    """``take`` gets the reason."""

    def __init__(self, window: QWidget, title: str, take: Callable[[str], None]) -> None:
        super().__init__(window, t("matters.undo_title", step=title), ("why",), words="matters")
        self._take = take
        self.body.insertWidget(0, label(t("matters.undo_words"), "secondbody", wrap=True))

    def save(self) -> None:
        if self.wanted("why", t("matters.why_wanted")):
            why = self.fields["why"].text()
            self.close_sheet()
            self._take(why)
