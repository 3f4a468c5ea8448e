"""A custodian answers a forgotten passphrase: the request file, the code read aloud, his own key, the answer file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from fieldapp.store.vault import recovery
from fieldapp.workflows import custody
from ui import tasks
from ui.desk import Desk
from ui.files import read_file, write_file
from ui.messages import words_for
from ui.widgets.button import Button
from ui.widgets.field import PassphraseField, TextField
from ui.widgets.labels import label
from ui.widgets.notices import ErrorLine
from ui.widgets.sheet import Sheet
from ui.words import t

MOST_REQUEST = 64 * 1024


class CustodianSheet(Sheet):
    """Enter in the last field writes the answer; what goes wrong stands above the button."""

    def __init__(self, window: QWidget, desk: Desk) -> None:
        super().__init__(window, t("custody.title"), width=640)
        self.desk = desk
        self.body.addWidget(label(t("custody.words"), "secondbody", wrap=True))
        self.request = self._file_field("request", "*.tjbrequest")
        self.whose = label("", "strong", wrap=True)
        self.whose.hide()
        self.body.addWidget(self.whose)
        self.request.field.textChanged.connect(self._say_whose)
        self.code = TextField(t("custody.code"))
        self.body.addWidget(self.code)
        self.key = self._file_field("key", "*.pem")
        self.passphrase = PassphraseField(t("custody.passphrase"))
        self.passphrase.field.returnPressed.connect(self.answer)
        self.body.addWidget(self.passphrase)
        self.message = ErrorLine()
        self.body.addWidget(self.message)
        self.button = Button(t("custody.answer"), kind="primary", key="Enter")
        self.button.clicked.connect(self.answer)
        self.foot.addWidget(self.button)

    def open_first(self) -> None:
        self.open(self.request.field)

    def _file_field(self, name: str, pattern: str) -> TextField:
        field = TextField(t(f"custody.{name}"))
        pick = Button(t("enrol.from_file"))
        pick.setAccessibleName(f"{pick.text()} {t(f'custody.{name}')}")
        pick.clicked.connect(lambda: self._pick(field, name, pattern))
        field.row.addWidget(pick)
        self.body.addWidget(field)
        return field

    def _pick(self, field: TextField, name: str, pattern: str) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, t(f"custody.{name}"), "", pattern)
        if path:
            field.field.setText(path)

    def _say_whose(self, path: str) -> None:
        """Whose profile is asked for, as soon as a whole request is named."""
        try:
            asked = recovery.read_request(read_file(path, MOST_REQUEST)) if Path(path).is_file() else None
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with the file is said under it
            self.request.say(words_for(error).in_line(), wrong=True)
            asked = None
        else:
            self.request.say("")
        self.whose.setVisible(asked is not None)
        if asked is not None:
            self.whose.setText(t("custody.whose", who=asked.label or asked.profile))

    def answer(self) -> None:
        """Write the answer where the custodian says; it is on record by then."""
        fields = (self.request, self.code, self.key, self.passphrase)
        missing = [field for field in fields if not field.text()]
        for field in fields:
            field.say(t("enrol.wanted") if field in missing else "", wrong=field in missing)
        if missing or not self.button.isEnabled():
            return
        path = self._where_to()
        if path is None:
            return
        self.button.setEnabled(False)
        store, actor = self.desk.store, self.desk.actor
        request, key = Path(self.request.text()), Path(self.key.text())
        code, passphrase = self.code.text(), self.passphrase.text()

        def work() -> None:
            made = custody.answer(
                store, actor, read_file(request, MOST_REQUEST), code, read_file(key, MOST_REQUEST), passphrase
            )
            write_file(path, made)

        tasks.run(work, lambda _: self._answered(), failed=self._refused, owner=self)

    def _where_to(self) -> Path | None:
        start = Path(self.request.text()).with_suffix(".tjbanswer")
        path, _kind = QFileDialog.getSaveFileName(self, t("custody.answer"), str(start), "*.tjbanswer")
        return Path(path) if path else None

    def _answered(self) -> None:
        self.passphrase.clear()
        self.close_sheet()
        self.desk.say(t("custody.answered"))
        self.desk.changed.emit()

    def _refused(self, error: BaseException) -> None:
        self.button.setEnabled(True)
        self.message.tell(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return  # the field has taken it
        super().keyPressEvent(event)
