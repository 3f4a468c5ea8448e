"""A forgotten passphrase: a request for two custodians goes out, their answers come in, a new passphrase holds.

Between the two the program may be closed; the request waits in the profile's folder. Nothing of the profile is
readable until both answers are here, and then everything is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import InputError, WorldError
from fieldapp.store.vault import recovery
from fieldapp.store.vault.profile import ProfileLabel
from ui import tasks
from ui.files import write_file
from ui.new_passphrase import NewPassphrase
from ui.widgets.button import Button
from ui.widgets.card import clear
from ui.widgets.field import PassphraseField
from ui.widgets.labels import label
from ui.widgets.notices import ErrorLine
from ui.widgets.tag import Tag
from ui.words import t

if TYPE_CHECKING:
    from fieldapp.store.api import Profile, Store

LONGEST_ANSWER = 64 * 1024
HALVES = ("a", "b")


class RecoveryForm(QWidget):
    """``recovered`` carries (Profile, Store); the profile has new keys and wants to be enrolled again."""

    recovered = Signal(object, object)

    def __init__(self, profile: ProfileLabel, back: Callable[[], None]) -> None:
        super().__init__()
        self.profile, self._back = profile, back
        self.answers: dict[str, bytes] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)
        try:
            waiting = recovery.pending(profile.folder)
        except WorldError:
            waiting = None  # a request that cannot be read any more is asked anew
        self._show_waiting(waiting) if waiting else self._show_asking()

    def _head(self, words: str) -> None:
        clear(self.column)
        self.column.addWidget(label(t("recovery.title", who=self.profile.label), "section", wrap=True))
        self.column.addWidget(label(words, "second", wrap=True))

    def _foot(self, *buttons: Button) -> None:
        self.message = ErrorLine()
        self.column.addWidget(self.message)
        back = Button(t("enrol.back"), kind="quiet")
        back.clicked.connect(self._back)
        row = QHBoxLayout()
        row.addWidget(back)
        row.addStretch()
        for button in buttons:
            row.addWidget(button)
        self.column.addLayout(row)

    def _show_asking(self) -> None:
        self._head(t("recovery.words"))
        self.secret = NewPassphrase()
        self.column.addWidget(self.secret)
        self.go = Button(t("recovery.ask"), kind="primary", key="Enter")
        self.go.clicked.connect(self.ask)
        self.secret.again.field.returnPressed.connect(self.ask)
        self._foot(self.go)
        self.secret.passphrase.field.setFocus()

    def ask(self) -> None:
        """Write the request file; the passphrase typed now protects it and will be the new one."""
        if not self.go.isEnabled() or not self.secret.good():
            return
        path = self._where_to()
        if path is None:
            return
        folder, passphrase = self.profile.folder, self.secret.text()
        self.go.setEnabled(False)
        tasks.run(lambda: begin(folder, passphrase, path), self._show_waiting, failed=self._refused, owner=self)

    def _where_to(self) -> Path | None:
        start = str(Path.home() / f"{self.profile.profile[:8]}.tjbrequest")
        path, _kind = QFileDialog.getSaveFileName(self, t("recovery.ask"), start, "*.tjbrequest")
        return Path(path) if path else None

    def _show_waiting(self, request: recovery.Request) -> None:
        self.request = request
        self._head(t("recovery.waiting"))
        code = label(" ".join(re.findall(".....", request.code)), "title", tone="accent")
        code.setAccessibleName(t("recovery.code", code=request.code))
        code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.column.addWidget(code)
        self.marks = QVBoxLayout()
        self.column.addLayout(self.marks)
        row = QHBoxLayout()
        self.pick = Button(t("recovery.answers"), icon="folder-open")
        self.pick.clicked.connect(self._pick_answers)
        copy = Button(t("recovery.copy"), kind="quiet")
        copy.clicked.connect(self._write_again)
        anew = Button(t("recovery.anew"), kind="quiet")
        anew.clicked.connect(self._show_asking)
        for button in (self.pick, copy, anew):
            row.addWidget(button)
        row.addStretch()
        self.column.addLayout(row)
        self.passphrase = PassphraseField(t("recovery.chosen"))
        self.passphrase.field.returnPressed.connect(self.finish)
        self.column.addWidget(self.passphrase)
        self.go = Button(t("recovery.finish"), kind="primary", key="Enter")
        self.go.clicked.connect(self.finish)
        self._foot(self.go)
        self._show_answers()

    def _show_answers(self) -> None:
        clear(self.marks)
        for half in HALVES:
            here = half in self.answers
            row = QHBoxLayout()
            row.addWidget(label(t(f"recovery.half_{half}"), "body"))
            row.addStretch()
            row.addWidget(Tag(t("recovery.here" if here else "recovery.missing"), "done" if here else "todo"))
            self.marks.addLayout(row)
        self.go.setEnabled(len(self.answers) == len(HALVES))

    def _write_again(self) -> None:
        path = self._where_to()
        if path is not None:
            tasks.run(lambda: write_file(path, self.request.data), failed=self._refused, owner=self)

    def _pick_answers(self) -> None:
        paths, _kind = QFileDialog.getOpenFileNames(self, t("recovery.answers"), "", "*.tjbanswer")
        self.take([Path(path) for path in paths])

    def take(self, paths: list[Path]) -> None:
        """Answer files, one or both at a time; the later one for a half counts."""
        self.message.hide()
        for path in paths:
            try:
                data = _read(path)
                self.answers[recovery.half_of(data)] = data
            except WorldError as error:
                self._refused(error)
        self._show_answers()
        if len(self.answers) == len(HALVES):
            self.passphrase.field.setFocus()

    def finish(self) -> None:
        """Open the profile with both halves, change its keys, open its store."""
        if not self.go.isEnabled() or not self.passphrase.text():
            return
        if not self._backup_there():
            return
        self.go.setEnabled(False)
        self.go.set_text(t("recovery.finishing"))
        folder, passphrase, answers = self.profile.folder, self.passphrase.text(), list(self.answers.values())
        work = lambda: recover(folder, passphrase, answers)  # noqa: E731
        tasks.run(work, lambda pair: self.recovered.emit(*pair), failed=self._refused, owner=self)

    def _backup_there(self) -> bool:
        """Where a backup is being restored: whether it is where it was, or is shown where it is now."""
        path = pending_restore(self.profile.folder)
        if path is None or path.is_file():
            return True
        found, _kind = QFileDialog.getOpenFileName(self, t("restore.file"), "", "*.tjbackup *.tjb-backup")
        if found:
            remember_backup(self.profile.folder, Path(found))
        return bool(found)

    def _refused(self, error: BaseException) -> None:
        self.go.setEnabled(True)
        if self.answers:
            self.go.set_text(t("recovery.finish"))
        self.message.tell(error)


def begin(folder: Path, passphrase: str, path: Path) -> recovery.Request:
    """Make the request and write it for the custodians. Off the GUI thread. Raises VaultError, InputError."""
    request = recovery.begin(folder, passphrase)
    write_file(path, request.data)
    return request


def recover(folder: Path, passphrase: str, answers: list[bytes]) -> tuple[Profile, Store]:
    """Off the GUI thread. Raises VaultError, StorageError."""
    from ui.opening import recover_profile

    return recover_profile(folder, passphrase, answers)


def pending_restore(folder: Path) -> Path | None:
    """The backup this profile is being restored from, if it is. Reads one small file."""
    from fieldapp.store.backup import pending_restore as pending

    return pending(folder)


def remember_backup(folder: Path, path: Path) -> None:
    from fieldapp.store.backup import note_backup

    note_backup(folder, path)


def _read(path: Path) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(LONGEST_ANSWER)
    except OSError as error:
        raise InputError("file.unreadable", where=path.name) from error
