"""First start: the county's one-time code, and a passphrase with an honest hint at its strength."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.store.api import Profile, Store
from ui import tasks
from ui.code_field import CodeField
from ui.new_passphrase import NewPassphrase
from ui.stick_answer import ask_request_path
from ui.widgets.button import Button
from ui.widgets.field import TextField
from ui.widgets.labels import label
from ui.widgets.notices import ErrorLine
from ui.words import t


class EnrolmentForm(QWidget):
    """``enrolled`` carries (Profile, Store); ``asked`` a Profile whose request went out on a stick. Nothing is left
    behind when the county refuses the code.

    The code names the server and the county's root key, so neither has to be typed; both are shown to be compared.
    """

    enrolled = Signal(object, object)
    restore_wanted = Signal()
    asked = Signal(object)

    def __init__(self, home: Path, back: Callable[[], None] | None) -> None:
        super().__init__()
        self.home = home
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(label(t("enrol.title"), "section"))
        column.addWidget(label(t("enrol.words"), "second", wrap=True))
        self.code = CodeField()
        self.name = TextField(t("enrol.name"), hint=t("enrol.name_hint"))
        self.secret = NewPassphrase()
        for part in (self.code, self.name, self.secret):
            column.addWidget(part)
        self.message = ErrorLine()
        column.addWidget(self.message)
        column.addLayout(self._foot(back))

    def _foot(self, back: Callable[[], None] | None) -> QHBoxLayout:
        row = QHBoxLayout()
        if back is not None:
            other = Button(t("enrol.back"), kind="quiet")
            other.clicked.connect(back)
            row.addWidget(other)
        restore = Button(t("restore.title"), kind="quiet")
        restore.clicked.connect(self.restore_wanted)
        row.addWidget(restore)
        row.addStretch()
        self.go = Button(t("enrol.go"), kind="primary", key="Enter")
        self.go.clicked.connect(self.enrol)
        self.secret.again.field.returnPressed.connect(self.enrol)
        row.addWidget(self.go)
        return row

    def enrol(self) -> None:
        """Ask the county for a certificate with the one-time code; the keys are made on this laptop."""
        if not self._complete():
            return
        code, passphrase = self.code.text(), self.secret.text()
        folder = self.home / folder_name(self.name.text(), self.home)
        if self.code.by_stick():
            self._ask_by_stick(code, passphrase, folder)
            return
        self._busy(True)
        work = lambda: enrol_here(code, passphrase, folder)  # noqa: E731
        tasks.run(work, lambda pair: self.enrolled.emit(*pair), failed=self._refused, owner=self)

    def _ask_by_stick(self, code: str, passphrase: str, folder: Path) -> None:
        from sync.client import stick_enrolment

        path = ask_request_path(self)
        if path is not None:
            self._busy(True)
            work = lambda: stick_enrolment.request(code, passphrase, folder, path)  # noqa: E731
            tasks.run(work, self.asked.emit, failed=self._refused, owner=self)

    def _complete(self) -> bool:
        named = bool(self.name.text())
        self.name.say("" if named else t("enrol.wanted"), wrong=not named)
        return all((self.code.demand(), named, self.secret.good()))

    def _refused(self, error: BaseException) -> None:
        self._busy(False)
        self.message.tell(error)

    def _busy(self, busy: bool) -> None:
        self.go.setEnabled(not busy)
        self.go.set_text(t("enrol.going" if busy else "enrol.go"))


def folder_name(name: str, home: Path) -> str:
    """A folder of its own for the profile, by the name the user gave it, safe on every file system."""
    plain = re.sub(r'[\\/:*?"<>|.\s]+', "_", name).strip("_")[:40] or "profile"
    numbers = (f"{plain}-{number}" for number in range(2, 1000))
    return plain if not (home / plain).exists() else next(each for each in numbers if not (home / each).exists())


def enrol_here(code: str, passphrase: str, folder: Path) -> tuple[Profile, Store]:
    """Enrol, then open what was made. Off the GUI thread. Raises NetworkError, RefusedError, VaultError, InputError."""
    from fieldapp.workflows.trust_cards import keep_card
    from sync.client.enrol import enrol

    profile = enrol(code, passphrase, folder)
    keep_card(profile)
    return profile, Store.open(profile)
