"""Settings: language, type size, colours, lock time, passphrase; what this program is made of."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.roles import WRITE, may
from fieldapp.store.api import strength
from fieldapp.store.backup import write_backup
from fieldapp.workflows import custody
from ui import tasks
from ui.desk import Desk
from ui.screens.base import Page
from ui.settings import DECLARED
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.field import PassphraseField
from ui.widgets.labels import label
from ui.widgets.notices import ErrorLine
from ui.widgets.sheet import Sheet
from ui.widgets.tabs import Tabs
from ui.words import said, t

CHOSEN = ("language", "type_size", "theme", "lock_minutes", "syncing")
PARTS = (
    ("PySide6-Essentials", "LGPL-3.0"), ("sqlcipher3", "zlib"), ("cryptography", "Apache-2.0 / BSD"),
    ("pyxform", "BSD-2-Clause"), ("reportlab", "BSD"), ("pikepdf", "MPL-2.0"), ("pypdfium2", "Apache-2.0 / BSD"),
    ("requests", "Apache-2.0"), ("msgspec", "BSD-3-Clause"), ("zstandard", "BSD-3-Clause"), ("openpyxl", "MIT"),
    ("pypinyin", "MIT"),
)  # fmt: skip
FONTS = (("Noto Sans SC", "OFL-1.1"), ("Hanazono", "Hanazono / OFL-1.1"), ("Lucide", "ISC / MIT"))


class SettingsScreen(Page):
    """What is chosen here holds at once."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.column.addWidget(label(t("screen.settings"), "title"))
        across = QHBoxLayout()
        across.setSpacing(24)
        left, right = QVBoxLayout(), QVBoxLayout()
        for side in (left, right):
            side.setSpacing(16)
            across.addLayout(side, 1)
        left.addWidget(self._choices())
        left.addWidget(self._vault())
        left.addWidget(self._backup())
        left.addStretch(1)
        right.addWidget(self._about())
        right.addStretch(1)
        self.column.addLayout(across)
        self.column.addStretch(1)

    def _choices(self) -> Card:
        card = Card(t("settings.window"))
        for setting in DECLARED:
            if setting.name in CHOSEN:
                card.body.addWidget(self._choice(setting.name, setting.choices))
        return card

    def _choice(self, name: str, choices: tuple[object, ...]) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(t(f"settings.{name}")), 1)
        by_text = {str(choice): choice for choice in choices}
        words = [(text, said(f"settings.{name}", text)) for text in by_text]
        tabs = Tabs(words, str(self.desk.settings[name]))
        tabs.chosen.connect(lambda text: self._take(name, by_text[text]))
        row.addWidget(tabs)
        return made

    def _take(self, name: str, value: object) -> None:
        self.desk.settings[name] = value
        self.desk.relooked.emit()

    def _vault(self) -> Card:
        card = Card(t("settings.vault"))
        card.add(label(t("settings.vault_words"), "second", wrap=True))
        row = QHBoxLayout()
        change = Button(t("settings.passphrase"), icon="key-round")
        change.clicked.connect(self._change_passphrase)
        lock = Button(t("key.lock"), key="Ctrl L", icon="lock")
        lock.clicked.connect(self.desk.lock_asked.emit)
        log = Button(t("screen.accesses"), icon="eye")
        log.clicked.connect(lambda: self.desk.go("accesses"))
        row.addWidget(change)
        row.addWidget(log)
        row.addWidget(lock)
        row.addStretch()
        card.body.addLayout(row)
        if may(self.desk.actor.role, WRITE, custody.ANSWER):
            answer = Button(t("custody.title"), icon="key-round")
            answer.clicked.connect(self.answer_request)
            line = QHBoxLayout()
            line.addWidget(answer)
            line.addStretch()
            card.body.addLayout(line)
        return card

    def answer_request(self) -> None:
        """A custodian's half for somebody who forgot the passphrase."""
        from ui.screens.custodian_sheet import CustodianSheet

        CustodianSheet(self.window(), self.desk).open_first()

    def _change_passphrase(self) -> None:
        PassphraseSheet(self.window(), self.desk).open_first()

    def _backup(self) -> Card:
        card = Card(t("settings.backup"))
        card.add(label(t("settings.backup_words"), "second", wrap=True))
        row = QHBoxLayout()
        button = Button(t("settings.backup_write"), icon="archive")
        button.clicked.connect(self._write_backup)
        row.addWidget(button)
        row.addStretch()
        card.body.addLayout(row)
        return card

    def _write_backup(self) -> None:
        """The whole profile into one sealed file; it opens with the passphrase of today."""
        store = self.desk.store
        start = str(Path.home() / f"{store.profile.device[:8]}-{store.now():%Y%m%d}.tjbackup")
        path, _kind = QFileDialog.getSaveFileName(self, t("settings.backup_write"), start, "*.tjbackup")
        if path:
            tasks.run(
                lambda: write_backup(store, Path(path)),
                lambda made: self.desk.say(t("settings.backup_done", revisions=made.revisions, drafts=made.drafts)),
                owner=self, words=t("settings.backup_writing"), lasting=True,
            )  # fmt: skip

    def _about(self) -> Card:
        card = Card(t("settings.about"))
        card.add(label(f"{t('app.name')} {program_version()}", "strong"))
        card.add(label(f"Python {platform.python_version()} · Qt {qVersion()} · {platform.machine()}", "second"))
        card.add(label(t("settings.licence"), "second", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        parts = [(name, _version(name), licence) for name, licence in PARTS]
        for row, (name, number, licence) in enumerate([*parts, *((name, "", licence) for name, licence in FONTS)]):
            for column, text in enumerate((name, number, licence)):
                grid.addWidget(label(text, "second"), row, column)
        grid.setColumnStretch(2, 1)
        card.body.addLayout(grid)
        return card


class PassphraseSheet(Sheet):
    """The old one, the new one twice; the key is wrapped anew, records stay as they are."""

    def __init__(self, window: QWidget, desk: Desk) -> None:
        super().__init__(window, t("settings.passphrase"))
        self.desk = desk
        self.old = PassphraseField(t("settings.old"))
        self.new = PassphraseField(t("enrol.passphrase"))
        self.again = PassphraseField(t("enrol.again"))
        for field in (self.old, self.new, self.again):
            self.body.addWidget(field)
        self.new.field.textChanged.connect(self._judge)
        self.again.field.returnPressed.connect(self.save)
        self.message = ErrorLine()
        self.body.addWidget(self.message)
        self.button = Button(t("common.save"), kind="primary", key="Enter")
        self.button.clicked.connect(self.save)
        self.foot.addWidget(self.button)

    def open_first(self) -> None:
        self.open(self.old.field)

    def _judge(self, text: str) -> None:
        reason = strength(text).reason if text else ""
        self.new.say(t(f"error.vault.weak.{reason}") if reason else "", wrong=bool(reason))

    def save(self) -> None:
        if self.new.text() != self.again.text():
            self.again.say(t("enrol.differs"), wrong=True)
            return
        self.button.setEnabled(False)
        old, new, profile = self.old.text(), self.new.text(), self.desk.profile
        tasks.run(
            lambda: profile.change_passphrase(old, new), lambda _: self._changed(), failed=self._refused, owner=self,
            lasting=True,
        )  # fmt: skip

    def _changed(self) -> None:
        self.close_sheet()
        self.desk.say(t("settings.passphrase_changed"))

    def _refused(self, error: BaseException) -> None:
        self.button.setEnabled(True)
        self.message.tell(error)


def program_version() -> str:
    return _version("tiejiaoban") or "0.1.0"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
