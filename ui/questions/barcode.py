"""A bar code by a reader that types: it sends the characters and then Enter."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ui.questions.line import LineField
from ui.words import t


class BarcodeField(LineField):
    def build(self) -> None:
        super().build()
        self.line.setPlaceholderText(t("question.scan_or_type"))
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhPreferLatin | Qt.InputMethodHint.ImhNoPredictiveText)
