"""What goes around a paper on its way out: a password, or the county's certificate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from fieldapp.errors import InputError
from fieldapp.reports.protecting import OPEN, Protection
from fieldapp.reports.signing import Certificate
from ui.files import read_file
from ui.messages import words_for
from ui.widgets.button import Button
from ui.widgets.field import PassphraseField
from ui.widgets.labels import label
from ui.widgets.sheet import Sheet
from ui.words import t


class ProtectSheet(Sheet):
    """``take`` gets the protection for the papers exported from now on; it is held in memory only."""

    def __init__(self, window: QWidget, take: Callable[[Protection], None]) -> None:
        super().__init__(window, t("reports.protect"))
        self._take = take
        self.certificate = b""
        self.password = PassphraseField(t("reports.password"))
        self.password.field.setPlaceholderText(t("reports.password_note"))
        self.body.addWidget(self.password)
        self.choose = Button(t("reports.certificate"), icon="file-check")
        self.choose.clicked.connect(self._choose)
        self.body.addWidget(self.choose)
        self.key = PassphraseField(t("reports.certificate_password"))
        self.body.addWidget(self.key)
        self._wrong = label("", "error", wrap=True)
        self._wrong.hide()
        self.body.addWidget(self._wrong)
        nothing = Button(t("reports.protect_none"))
        nothing.clicked.connect(lambda: self._hand_over(OPEN))
        self.foot.addWidget(nothing)
        self.save_button = Button(t("common.save"), kind="primary", key="Enter")
        self.save_button.clicked.connect(self.save)
        self.foot.addWidget(self.save_button)

    def _choose(self) -> None:
        found, _ = QFileDialog.getOpenFileName(self, t("reports.certificate"), "", "PKCS #12 (*.p12 *.pfx)")
        if found:
            try:
                self.certificate = read_file(found)
            except InputError as error:
                self._say(error)
                return
            self.choose.set_text(Path(found).name)
            self.key.field.setFocus()

    def save(self) -> None:
        certificate = Certificate(self.certificate, self.key.text()) if self.certificate else None
        try:
            made = Protection(self.password.text(), certificate)
        except InputError as error:
            self._say(error)
            return
        self._hand_over(made)

    def _say(self, error: InputError) -> None:
        self._wrong.setText(words_for(error).in_line())
        self._wrong.show()

    def _hand_over(self, made: Protection) -> None:
        self.close_sheet()
        self._take(made)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.choose.hasFocus():
            self.save()
            return
        super().keyPressEvent(event)
