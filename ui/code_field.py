"""The county's one-time code: pasted or from a file, read at once, so that its server and key can be compared."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QFileDialog

from fieldapp.errors import InputError
from ui.files import read_file
from ui.messages import words_for
from ui.widgets.button import Button
from ui.widgets.field import TextField
from ui.words import t

LONGEST_CODE_FILE = 8192


class CodeField(TextField):
    def __init__(self) -> None:
        super().__init__(t("enrol.code"), hint=t("enrol.code_hint"))
        self.field.textChanged.connect(lambda _text: self.check())
        pick = Button(t("enrol.from_file"))
        pick.clicked.connect(self._from_file)
        self.row.addWidget(pick)

    def check(self) -> bool:
        """Say which server the code leads to, or that it cannot be read."""
        from sync.protocol.code import read_code

        if not self.text():
            self.say("")
            return False
        try:
            code = read_code(self.text())
        except InputError as error:
            self.say(words_for(error).what, wrong=True)
            return False
        self.say(t("enrol.leads_to", server=code.server or "—", root=" ".join(re.findall("....", code.root[:16]))))
        return True

    def by_stick(self) -> bool:
        """Whether the code in the field names no server: the county answers on a stick."""
        from sync.protocol.code import read_code

        return not read_code(self.text()).server

    def demand(self) -> bool:
        """``check`` when the form is sent: an empty field says that it is wanted."""
        if not self.text():
            self.say(t("enrol.wanted"), wrong=True)
            return False
        return self.check()

    def _from_file(self) -> None:
        from sync.protocol.code import FILE_SUFFIX

        path, _kind = QFileDialog.getOpenFileName(self, t("enrol.from_file"), "", f"*{FILE_SUFFIX}")
        if path:
            try:
                self.field.setText(read_file(path, LONGEST_CODE_FILE).decode("utf-8", "replace").strip())
            except InputError as error:
                self.say(words_for(error).what, wrong=True)
