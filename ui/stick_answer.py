"""A laptop that enrols by stick waits for the county's answer: open it here, or write the request once more."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.store.api import Profile, Store
from ui import tasks
from ui.widgets.button import Button
from ui.widgets.labels import label
from ui.widgets.notices import ErrorLine
from ui.words import t


class StickAnswerForm(QWidget):
    """``done`` carries (Profile, Store) once the certificate and the first content are in."""

    done = Signal(object, object)

    def __init__(self, profile: Profile) -> None:
        super().__init__()
        self.profile = profile
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(label(t("enrol.stick_title"), "section"))
        column.addWidget(label(t("enrol.stick_words"), "second", wrap=True))
        self.message = ErrorLine()
        column.addWidget(self.message)
        row = QHBoxLayout()
        again = Button(t("enrol.stick_again"), kind="quiet")
        again.clicked.connect(self.write_again)
        self.go = Button(t("enrol.stick_take"), kind="primary")
        self.go.clicked.connect(self.take)
        row.addWidget(again)
        row.addStretch()
        row.addWidget(self.go)
        column.addLayout(row)

    def write_again(self) -> None:
        """The first stick may be lost; the county answers the same request as often as it comes."""
        from sync.client import stick_enrolment

        path = ask_request_path(self)
        if path is not None:
            work = lambda: stick_enrolment.write_again(self.profile, path)  # noqa: E731
            tasks.run(work, lambda _: None, failed=self._refused, owner=self)

    def take(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, t("enrol.stick_take"), "", "*.tjbundle")
        if path:
            self.go.setEnabled(False)
            work = lambda: take_answer(self.profile, Path(path))  # noqa: E731
            tasks.run(work, lambda pair: self.done.emit(*pair), failed=self._refused, owner=self)

    def _refused(self, error: BaseException) -> None:
        self.go.setEnabled(True)
        self.message.tell(error)


def ask_request_path(owner: QWidget) -> Path | None:
    """Where the request for the county goes; None when the user thinks better of it."""
    path, _kind = QFileDialog.getSaveFileName(owner, t("enrol.stick_save"), "enrol.tjbrequest", "*.tjbrequest")
    return Path(path) if path else None


def take_answer(profile: Profile, path: Path) -> tuple[Profile, Store]:
    """Off the GUI thread. Raises InputError, VaultError, StorageError."""
    from fieldapp.workflows.trust_cards import keep_card
    from sync.client import stick_enrolment

    store, _ = stick_enrolment.take_answer(profile, path)
    keep_card(profile)
    return profile, store
