"""Labelled text fields, and one for passphrases."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.widgets.button import IconButton
from ui.widgets.labels import label
from ui.words import t


class TextField(QWidget):
    """A label over a line of text, with a hint or an error under it."""

    def __init__(self, words: str, *, hint: str = "", text: str = "") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.caption = label(words, "second")
        column.addWidget(self.caption)
        self.field = QLineEdit(text)
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(words)
        self.row = QHBoxLayout()
        self.row.setSpacing(4)
        self.row.addWidget(self.field, 1)
        column.addLayout(self.row)
        self.note = label("", "second", wrap=True)
        self.note.hide()
        column.addWidget(self.note)

    def text(self) -> str:
        return self.field.text().strip()

    def say(self, words: str, *, wrong: bool = False) -> None:
        """A word under the field; empty takes it away."""
        self.note.setText(words)
        self.note.setProperty("role", "error" if wrong else "second")
        self.note.setVisible(bool(words))
        self.field.setProperty("wrong", wrong)
        for widget in (self.note, self.field):
            widget.style().unpolish(widget)
            widget.style().polish(widget)


class PassphraseField(TextField):
    """Hidden text with an eye; tells the input method that it is secret."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        hints = Qt.InputMethodHint
        self.field.setInputMethodHints(hints.ImhHiddenText | hints.ImhSensitiveData | hints.ImhNoPredictiveText)
        self.eye = IconButton("eye", t("passphrase.show"))
        self.eye.setCheckable(True)
        self.eye.toggled.connect(self._show)
        self.row.addWidget(self.eye)

    def text(self) -> str:
        return self.field.text()

    def clear(self) -> None:
        self.field.clear()

    def _show(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode
        self.field.setEchoMode(mode.Normal if shown else mode.Password)
        self.eye.setAccessibleName(t("passphrase.hide" if shown else "passphrase.show"))
