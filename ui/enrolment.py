"""First start: the county's one-time code, and a passphrase with an honest hint at its strength."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import InputError
from fieldapp.store.api import Profile, Store
from fieldapp.store.api import strength as passphrase_strength
from ui import tasks
from ui.messages import words_for
from ui.widgets.button import Button
from ui.widgets.field import PassphraseField, TextField
from ui.widgets.gauges import SegmentedBar
from ui.widgets.labels import label
from ui.words import t

GOOD_BITS = 60.0
LONGEST_CODE_FILE = 8192


class EnrolmentForm(QWidget):
    """``enrolled`` carries (Profile, Store). Nothing is left behind when the county refuses the code.

    The code names the server and the county's root key, so neither has to be typed; both are shown to be compared.
    """

    enrolled = Signal(object, object)

    def __init__(self, home: Path, back: Callable[[], None] | None) -> None:
        super().__init__()
        self.home = home
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(label(t("enrol.title"), "section"))
        column.addWidget(label(t("enrol.words"), "second", wrap=True))
        self.code = TextField(t("enrol.code"), hint=t("enrol.code_hint"))
        self.code.field.textChanged.connect(lambda _text: self._read_code())
        pick = Button(t("enrol.from_file"))
        pick.clicked.connect(self._from_file)
        self.code.row.addWidget(pick)
        self.name = TextField(t("enrol.name"), hint=t("enrol.name_hint"))
        self.passphrase = PassphraseField(t("enrol.passphrase"))
        self.again = PassphraseField(t("enrol.again"))
        self.strength = SegmentedBar((), 100, t("enrol.strength"))
        self.passphrase.field.textChanged.connect(self._judge)
        for part in (self.code, self.name, self.passphrase, self.strength, self.again):
            column.addWidget(part)
        self.message = label("", "error", wrap=True)
        self.message.hide()
        column.addWidget(self.message)
        column.addLayout(self._foot(back))

    def _foot(self, back: Callable[[], None] | None) -> QHBoxLayout:
        row = QHBoxLayout()
        if back is not None:
            other = Button(t("enrol.back"), kind="quiet")
            other.clicked.connect(back)
            row.addWidget(other)
        row.addStretch()
        self.go = Button(t("enrol.go"), kind="primary", key="Enter")
        self.go.clicked.connect(self.enrol)
        self.again.field.returnPressed.connect(self.enrol)
        row.addWidget(self.go)
        return row

    def _read_code(self) -> bool:
        """Say which server the code leads to, or that it cannot be read."""
        from sync.protocol.code import read_code

        if not self.code.text():
            self.code.say("")
            return False
        try:
            code = read_code(self.code.text())
        except InputError as error:
            self.code.say(words_for(error).what, wrong=True)
            return False
        self.code.say(t("enrol.leads_to", server=code.server or "—", root=" ".join(re.findall("....", code.root[:16]))))
        return True

    def _from_file(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, t("enrol.from_file"), "", "*.tjbcode")
        if path and Path(path).stat().st_size <= LONGEST_CODE_FILE:
            self.code.field.setText(Path(path).read_text(encoding="utf-8", errors="replace").strip())

    def _judge(self, text: str) -> None:
        found = passphrase_strength(text)
        share = 0 if not text else max(6, min(100, round(found.bits / GOOD_BITS * 100)))
        tone = "abnormal" if found.reason else ("done" if found.bits >= GOOD_BITS else "changed")
        self.strength.set(((tone, share),), 100, t("enrol.strength"))
        if not text:
            self.passphrase.say("")
        elif found.reason:
            self.passphrase.say(t(f"error.vault.weak.{found.reason}"), wrong=True)
        else:
            self.passphrase.say(t("enrol.strong" if found.bits >= GOOD_BITS else "enrol.fair"))

    def enrol(self) -> None:
        """Ask the county for a certificate with the one-time code; the keys are made on this laptop."""
        if not self._complete():
            return
        code, passphrase = self.code.text(), self.passphrase.text()
        folder = self.home / folder_name(self.name.text(), self.home)
        self._busy(True)
        work = lambda: enrol_here(code, passphrase, folder)  # noqa: E731
        tasks.run(work, lambda pair: self.enrolled.emit(*pair), failed=self._refused, owner=self)

    def _complete(self) -> bool:
        self.again.say("")
        self.name.say("" if self.name.text() else t("enrol.wanted"), wrong=not self.name.text())
        if not self.code.text():
            self.code.say(t("enrol.wanted"), wrong=True)
        weak = passphrase_strength(self.passphrase.text()).reason
        if weak:
            self.passphrase.say(t(f"error.vault.weak.{weak}"), wrong=True)
        differs = self.passphrase.text() != self.again.text()
        if differs:
            self.again.say(t("enrol.differs"), wrong=True)
        return self._read_code() and bool(self.name.text()) and not weak and not differs

    def _refused(self, error: BaseException) -> None:
        self._busy(False)
        words = words_for(error)
        self.message.setText(" ".join(part for part in (words.what, words.kept, words.do) if part))
        self.message.show()

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
