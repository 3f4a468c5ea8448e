"""A profile whose device key is new (recovered, restored) asks for a code before it can save again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.store.api import Profile, Store
from ui import tasks
from ui.code_field import CodeField
from ui.widgets.button import Button
from ui.widgets.labels import label
from ui.widgets.notices import ErrorLine
from ui.words import t


class EnrolAgainForm(QWidget):
    """``done`` carries (Profile, Store), enrolled or, when put off, as they are: everything can be read meanwhile."""

    done = Signal(object, object)

    def __init__(self, profile: Profile, store: Store) -> None:
        super().__init__()
        self.profile, self.store = profile, store
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(label(t("enrol.again_title"), "section"))
        column.addWidget(label(t("enrol.again_words"), "second", wrap=True))
        self.code = CodeField()
        column.addWidget(self.code)
        self.message = ErrorLine()
        column.addWidget(self.message)
        row = QHBoxLayout()
        self.later = Button(t("enrol.later"), kind="quiet")
        self.later.clicked.connect(lambda: self.done.emit(self.profile, self.store))
        self.go = Button(t("enrol.go"), kind="primary", key="Enter")
        self.go.clicked.connect(self.enrol)
        self.code.field.returnPressed.connect(self.enrol)
        row.addWidget(self.later)
        row.addStretch()
        row.addWidget(self.go)
        column.addLayout(row)

    def enrol(self) -> None:
        """The new key goes to the county with the one-time code; records and user stay as they are."""
        if not self.go.isEnabled() or not self.code.demand():
            return
        self._busy(True)
        code, profile = self.code.text(), self.profile
        tasks.run(lambda: enrol_again_here(profile, code), lambda _: self.done.emit(self.profile, self.store),
                  failed=self._refused, owner=self)  # fmt: skip

    def _refused(self, error: BaseException) -> None:
        self._busy(False)
        self.message.tell(error)

    def _busy(self, busy: bool) -> None:
        self.go.setEnabled(not busy)
        self.later.setEnabled(not busy)
        self.go.set_text(t("enrol.going" if busy else "enrol.go"))


def enrol_again_here(profile: Profile, code: str) -> None:
    """Off the GUI thread. Raises NetworkError, RefusedError, VaultError, InputError."""
    from fieldapp.workflows.trust_cards import keep_card
    from sync.client.enrol import enrol_again

    enrol_again(profile, code)
    keep_card(profile)
