"""A backup brought back on this laptop: the file, the passphrase it was written under, a name for the profile here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from ui import tasks
from ui.enrolment import folder_name
from ui.widgets.button import Button
from ui.widgets.field import PassphraseField, TextField
from ui.widgets.labels import label
from ui.widgets.notices import ErrorLine
from ui.words import t

if TYPE_CHECKING:
    from fieldapp.store.api import Profile, Store
    from fieldapp.store.vault.profile import ProfileLabel


class RestoreForm(QWidget):
    """``restored`` carries (Profile, Store); its device key is new, so it wants to be enrolled again. Nothing is left
    behind when the file or the passphrase is wrong."""

    restored = Signal(object, object)
    forgotten = Signal(object)
    """The backup's passphrase is forgotten too: ``ProfileLabel`` of what custodians can now be asked for."""

    def __init__(self, home: Path, back: Callable[[], None]) -> None:
        super().__init__()
        self.home = home
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(label(t("restore.title"), "section"))
        column.addWidget(label(t("restore.words"), "second", wrap=True))
        self.file = TextField(t("restore.file"), hint=t("restore.file_hint"))
        pick = Button(t("enrol.from_file"))
        pick.clicked.connect(self._pick)
        self.file.row.addWidget(pick)
        self.name = TextField(t("enrol.name"), hint=t("enrol.name_hint"))
        self.passphrase = PassphraseField(t("restore.passphrase"))
        self.passphrase.field.returnPressed.connect(self.restore)
        for part in (self.file, self.name, self.passphrase):
            column.addWidget(part)
        self.message = ErrorLine()
        column.addWidget(self.message)
        row = QHBoxLayout()
        away = Button(t("restore.back"), kind="quiet")
        away.clicked.connect(back)
        self.go = Button(t("restore.go"), kind="primary", key="Enter")
        self.go.clicked.connect(self.restore)
        forgot = Button(t("unlock.forgot"), kind="quiet")
        forgot.clicked.connect(self.forget)
        row.addWidget(away)
        row.addWidget(forgot)
        row.addStretch()
        row.addWidget(self.go)
        column.addLayout(row)

    def _pick(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, t("restore.file"), "", "*.tjbackup *.tjb-backup")
        if path:
            self.file.field.setText(path)

    def restore(self) -> None:
        missing = [field for field in (self.file, self.name, self.passphrase) if not field.text()]
        for field in (self.file, self.name, self.passphrase):
            field.say(t("enrol.wanted") if field in missing else "", wrong=field in missing)
        if missing or not self.go.isEnabled():
            return
        path, passphrase = Path(self.file.text()), self.passphrase.text()
        folder = self.home / folder_name(self.name.text(), self.home)
        self._busy(True)
        work = lambda: restore_here(path, folder, passphrase)  # noqa: E731
        tasks.run(work, lambda pair: self.restored.emit(*pair), failed=self._refused, owner=self)

    def forget(self) -> None:
        """Without the passphrase: the county's custodians open it, as they open a profile."""
        missing = [field for field in (self.file, self.name) if not field.text()]
        for field in (self.file, self.name, self.passphrase):
            field.say(t("enrol.wanted") if field in missing else "", wrong=field in missing)
        if missing or not self.go.isEnabled():
            return
        path, folder = Path(self.file.text()), self.home / folder_name(self.name.text(), self.home)
        self._busy(True)
        tasks.run(lambda: prepare_here(path, folder), self.forgotten.emit, failed=self._refused, owner=self)

    def _refused(self, error: BaseException) -> None:
        self._busy(False)
        self.message.tell(error)

    def _busy(self, busy: bool) -> None:
        self.go.setEnabled(not busy)
        self.go.set_text(t("restore.going" if busy else "restore.go"))


def restore_here(path: Path, folder: Path, passphrase: str) -> tuple[Profile, Store]:
    """Off the GUI thread. Raises InputError, VaultError, StorageError."""
    from ui.opening import restore_profile

    return restore_profile(path, folder, passphrase)


def prepare_here(path: Path, folder: Path) -> ProfileLabel:
    """Off the GUI thread. Raises InputError, VaultError."""
    from ui.opening import prepare_recovery

    return prepare_recovery(path, folder)
