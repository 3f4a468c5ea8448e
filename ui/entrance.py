"""The window before the work: unlock a profile, recover it, or enrol this laptop with a one-time code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMainWindow, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from fieldapp.errors import VaultError
from fieldapp.store.vault.profile import ProfileLabel, profiles_in
from ui import tasks
from ui.renewing import Renewing
from ui.theme import look
from ui.widgets.button import Button
from ui.widgets.card import Card, clear
from ui.widgets.chips import PickChip
from ui.widgets.field import PassphraseField
from ui.widgets.labels import label
from ui.widgets.notices import Banner, ErrorLine
from ui.words import t

if TYPE_CHECKING:
    from fieldapp.store.api import Profile, Store

PAUSE_AFTER_WRONG_MS = 1000


class Entrance(QMainWindow):
    """``opened`` carries (Profile, Store). ``home`` is the folder that holds one folder per profile."""

    opened = Signal(object, object)

    def __init__(self, home: Path, wanted: str = "") -> None:
        super().__init__()
        self.home = home
        self.setWindowTitle(t("app.name"))
        self.setMinimumSize(960, 560)
        self.resize(1366, 768)
        self.profiles = profiles_in(home)
        self.chosen = next((each for each in self.profiles if wanted in (each.label, each.folder.name)), None)
        self.chosen = self.chosen or (self.profiles[0] if self.profiles else None)
        self._build()

    def _build(self) -> None:
        root = QWidget()
        root.setProperty("role", "page")
        root.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        around = QVBoxLayout(root)
        around.addStretch(2)
        brand = label(t("app.name"), "title", tone="accent")
        brand.setAlignment(Qt.AlignmentFlag.AlignCenter)
        slogan = label(t("app.slogan"), "second")
        slogan.setAlignment(Qt.AlignmentFlag.AlignCenter)
        around.addWidget(brand)
        around.addWidget(slogan)
        around.addSpacing(16)
        self.card = Card()
        self.card.setFixedWidth(480 if not look.theme().large else 560)
        self.card.body.setContentsMargins(24, 20, 24, 20)
        self.card.body.setSpacing(12)
        across = QHBoxLayout()
        across.addStretch()
        across.addWidget(self.card)
        across.addStretch()
        around.addLayout(across)
        around.addStretch(3)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(root)
        self.setCentralWidget(area)
        if self.profiles:
            self.show_unlock()
        else:
            self.show_enrolment()

    def show_unlock(self) -> None:
        clear(self.card.body)
        self.card.add(label(t("unlock.title"), "section"))
        self._add_profiles()
        self.passphrase = PassphraseField(t("unlock.passphrase"))
        self.passphrase.field.returnPressed.connect(self.unlock)
        self.card.add(self.passphrase)
        self.message = ErrorLine()
        self.card.add(self.message)
        self.renewing = Renewing()
        self.card.add(self.renewing)
        self.enter = Button(t("unlock.open"), kind="primary", key="Enter")
        self.enter.clicked.connect(self.unlock)
        forgot = Button(t("unlock.forgot"), kind="quiet")
        forgot.clicked.connect(self.show_recovery)
        other = Button(t("unlock.new_profile"), kind="quiet")
        other.clicked.connect(self.show_enrolment)
        self._ways = (forgot, other)
        row = QHBoxLayout()
        row.addWidget(forgot)
        row.addWidget(other)
        row.addStretch()
        row.addWidget(self.enter)
        self.card.body.addLayout(row)
        self.passphrase.field.setFocus()

    def _add_profiles(self) -> None:
        group = QButtonGroup(self.card)
        column = QVBoxLayout()
        column.setSpacing(4)
        for each in self.profiles:
            chip = PickChip(each.label)
            chip.setSizePolicy(chip.sizePolicy().Policy.Expanding, chip.sizePolicy().Policy.Fixed)
            chip.setChecked(each == self.chosen)
            chip.clicked.connect(lambda _checked=False, each=each: self._choose(each))
            group.addButton(chip)
            column.addWidget(chip)
        self.card.body.addLayout(column)

    def _choose(self, profile: ProfileLabel) -> None:
        self.chosen = profile
        self.message.hide()
        self.passphrase.field.setFocus()

    def unlock(self) -> None:
        """Try the passphrase, off this thread: deriving the key takes its time on purpose."""
        if self.chosen is None or not self.enter.isEnabled() or not self.passphrase.text():
            self.passphrase.field.setFocus()
            return
        folder, passphrase = self.chosen.folder, self.passphrase.text()
        self._busy(True)
        self.renewing.hide()
        tasks.run(
            lambda: open_profile(folder, passphrase, self._follow), self._unlocked, failed=self._refused, owner=self
        )

    def _follow(self, done: int, total: int) -> None:
        """From the thread that opens."""
        shown = self.renewing
        tasks.tasks().post(lambda: shown.show_progress(done, total) if isValid(shown) else None)

    def _opened(self, profile: Profile, store: Store) -> None:
        if profile.identity is None:
            store.close()
            self._show_stick_answer(profile)
            return
        if not profile.enrolled:
            self._show_enrolling_again(profile, store)
            return
        self.opened.emit(profile, store)

    def _show_stick_answer(self, profile: Profile) -> None:
        from ui.stick_answer import StickAnswerForm

        clear(self.card.body)
        form = StickAnswerForm(profile)
        form.done.connect(self.opened.emit)
        self.card.add(form)

    def _unlocked(self, pair: tuple[Profile, Store]) -> None:
        self.passphrase.clear()
        self._opened(*pair)

    def _refused(self, error: BaseException) -> None:
        self.message.tell(error)
        self.passphrase.field.selectAll()
        wrong = isinstance(error, VaultError) and error.code == "vault.passphrase"
        self._let_go_elsewhere(True)
        # The button is the context: it may have gone meanwhile, with its form.
        QTimer.singleShot(PAUSE_AFTER_WRONG_MS if wrong else 0, self.enter, lambda: self._busy(False))

    def _let_go_elsewhere(self, may: bool) -> None:
        """While a store is being opened no other form takes the place: it would stay open, and locked for the next."""
        for way in self._ways:
            way.setEnabled(may)

    def _busy(self, busy: bool) -> None:
        self.enter.setEnabled(not busy)
        self._let_go_elsewhere(not busy)
        self.enter.set_text(t("unlock.opening" if busy else "unlock.open"))
        if not busy:
            self.passphrase.field.setFocus()

    def show_recovery(self) -> None:
        """The passphrase is forgotten: two custodians, and nothing is lost."""
        if self.chosen is None:
            return
        from ui.recovering import RecoveryForm

        clear(self.card.body)
        form = RecoveryForm(self.chosen, self.show_unlock)
        form.recovered.connect(self._opened)
        self.card.add(form)

    def _show_enrolling_again(self, profile: Profile, store: Store) -> None:
        from ui.enrolling_again import EnrolAgainForm

        clear(self.card.body)
        form = EnrolAgainForm(profile, store)
        form.done.connect(self.opened.emit)
        self.card.add(form)
        form.code.field.setFocus()

    def show_enrolment(self) -> None:
        clear(self.card.body)
        from ui.enrolment import EnrolmentForm

        back: Callable[[], None] | None = self.show_unlock if self.profiles else None
        self.form = EnrolmentForm(self.home, back)
        self.form.enrolled.connect(self.opened.emit)
        self.form.restore_wanted.connect(self.show_restore)
        self.form.asked.connect(self._show_stick_answer)
        self.card.add(self.form)

    def show_restore(self) -> None:
        """A backup from another laptop, or from this one before it broke."""
        from ui.restoring import RestoreForm

        clear(self.card.body)
        form = RestoreForm(self.home, self.show_enrolment)
        form.restored.connect(self._opened)
        form.forgotten.connect(self._recover)
        self.card.add(form)
        form.file.field.setFocus()

    def _recover(self, profile: ProfileLabel) -> None:
        """A profile made of a backup; its custodians are asked for it."""
        self.profiles, self.chosen = profiles_in(self.home), profile
        self.show_recovery()

    def say(self, banner: Banner) -> None:
        """Something to be known before the passphrase is typed (no input method, a crash before)."""
        self.card.body.insertWidget(0, banner)


def open_profile(
    folder: Path, passphrase: str, progress: Callable[[int, int], None] | None = None
) -> tuple[Profile, Store]:
    """Off the GUI thread. Raises VaultError, StorageError."""
    from ui.opening import open_profile as unlock

    return unlock(folder, passphrase, progress)
