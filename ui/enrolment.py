"""First start: server address, one-time code, a passphrase with an honest hint at its strength."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

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


class EnrolmentForm(QWidget):
    """``enrolled`` carries (Profile, Store). Nothing is left behind when the county refuses the code."""

    enrolled = Signal(object, object)

    def __init__(self, home: Path, back: Callable[[], None] | None) -> None:
        super().__init__()
        self.home = home
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(label(t("enrol.title"), "section"))
        column.addWidget(label(t("enrol.words"), "second", wrap=True))
        self.server = TextField(t("enrol.server"), hint="https://")
        self.code = TextField(t("enrol.code"), hint=t("enrol.code_hint"))
        self.passphrase = PassphraseField(t("enrol.passphrase"))
        self.again = PassphraseField(t("enrol.again"))
        self.strength = SegmentedBar((), 100, t("enrol.strength"))
        self.passphrase.field.textChanged.connect(self._judge)
        for field in (self.server, self.code, self.passphrase):
            column.addWidget(field)
        column.addWidget(self.strength)
        column.addWidget(self.again)
        self.message = label("", "error", wrap=True)
        self.message.hide()
        column.addWidget(self.message)
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
        column.addLayout(row)

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
        server, code, passphrase = self.server.text(), self.code.text(), self.passphrase.text()
        folder = self.home / uuid.uuid4().hex[:12]
        self._busy(True)
        work = lambda: enrol_here(server, code, passphrase, folder)  # noqa: E731
        tasks.run(work, lambda pair: self.enrolled.emit(*pair), failed=self._refused, owner=self)

    def _complete(self) -> bool:
        self.again.say("")
        for field in (self.server, self.code):
            field.say("" if field.text() else t("enrol.wanted"), wrong=not field.text())
        weak = passphrase_strength(self.passphrase.text()).reason
        if weak:
            self.passphrase.say(t(f"error.vault.weak.{weak}"), wrong=True)
        differs = self.passphrase.text() != self.again.text()
        if differs:
            self.again.say(t("enrol.differs"), wrong=True)
        return bool(self.server.text() and self.code.text()) and not weak and not differs

    def _refused(self, error: BaseException) -> None:
        self._busy(False)
        words = words_for(error)
        self.message.setText(" ".join(part for part in (words.what, words.kept, words.do) if part))
        self.message.show()

    def _busy(self, busy: bool) -> None:
        self.go.setEnabled(not busy)
        self.go.set_text(t("enrol.going" if busy else "enrol.go"))


def enrol_here(server: str, code: str, passphrase: str, folder: Path) -> tuple[Profile, Store]:
    """Enrol, then open what was made. Off the GUI thread. Raises NetworkError, RefusedError, VaultError."""
    from sync.client.enrol import enrol

    profile = enrol(server, code, passphrase, folder)
    return profile, Store.open(profile)
