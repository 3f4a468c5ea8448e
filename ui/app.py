"""The process: one application, an entrance, then the frame; locking ends it and starts it anew."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from ui import tasks, words
from ui.crash import CrashGuard
from ui.entrance import Entrance
from ui.garbage import GuiThreadCollector, let_windows_go
from ui.idle import IdleClock
from ui.native_memory import return_big_blocks
from ui.privacy import privacy
from ui.settings import Settings
from ui.theme import look
from ui.words import t as words_of

if TYPE_CHECKING:
    from fieldapp.store.api import Profile, Store
    from ui.desk import Desk
    from ui.frame import Frame
    from ui.sync_runs import SyncByItself

#: What the work needs and the entrance does not: fetched while the passphrase is typed.
LATER = ("ui.frame", "ui.desk", "fieldapp.store.store", "ui.screens.today", "ui.screens.screening.screen")
#: What the first visit, lead and household need: fetched once Today stands, so that the window does not wait for it.
SOON = ("ui.screens.visit.screen", "ui.screens.leads", "ui.screens.household", "ui.screens.households")
PREPARE_AFTER_MS = 150
WARM_AFTER_MS = 2500
SWITCH_INTERVAL = 0.0005  # seconds; a busy Python thread otherwise starves painting (5 ms frames became 60-100)


def make_application(arguments: list[str] | None = None) -> QApplication:
    """The one QApplication with our fonts, colours and style; the program and the tests alike start here."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    sys.setswitchinterval(SWITCH_INTERVAL)
    return_big_blocks()
    use_input_method()
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(arguments or sys.argv[:1])
    GuiThreadCollector(app)
    app.setApplicationName("tiejiaoban")
    app.setDesktopFileName("tiejiaoban")
    look.apply(app)
    speak(app, "zh")
    return app


def use_input_method() -> None:
    """The wheel carries ibus only; fcitx answers to it. Must run before the application is made."""
    wanted = os.environ.get("QT_IM_MODULE", "") + os.environ.get("XMODIFIERS", "")
    if "fcitx" in wanted:
        os.environ["QT_IM_MODULE"] = "ibus"


def speak(app: QApplication, language: str) -> None:
    """Our words and Qt's own (menus of a text field) in ``zh`` or ``en``."""
    words.use_language(language)
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    if language == "zh":
        translator = QTranslator(app)
        where = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load("qtbase_zh_CN", where):
            app.installTranslator(translator)
    QLocale.setDefault(QLocale(QLocale.Language.Chinese if language == "zh" else QLocale.Language.English))


class Program(QObject):
    """Holds the entrance or the frame, whichever is on screen."""

    def __init__(self, app: QApplication, home: Path, wanted: str = "") -> None:
        super().__init__()
        self.app, self.home, self.wanted = app, home, wanted
        self.desk: Desk | None = None
        self.frame: Frame | None = None
        self.by_itself: SyncByItself | None = None
        self.restart = False
        self.crash = CrashGuard(self)
        self.entrance: Entrance | None = Entrance(home, wanted)
        self.entrance.opened.connect(self.begin)
        self.idle = IdleClock(app)
        self.idle.elapsed.connect(self.lock)

    def show(self) -> None:
        assert self.entrance
        self.entrance.show()
        QTimer.singleShot(PREPARE_AFTER_MS, self._after_paint)

    def _after_paint(self) -> None:
        tasks.run(prepare)
        from ui import input_method
        from ui.messages import Words
        from ui.widgets.notices import Banner

        if self.entrance is not None and input_method.is_missing():
            words = Words(words_of("input.missing"), do=words_of("input.missing_do"))
            self.entrance.say(Banner(words, "changed"))

    def begin(self, profile: Profile, store: Store) -> None:
        """The profile is open: from the entrance into the work."""
        from ui.found_missing import words_of as words_of_losses
        from ui.frame import Frame
        from ui.guide import show_once
        from ui.screens.registry import first_of
        from ui.sync_runs import SyncByItself

        store.forbid_thread(threading.get_ident())
        settings = Settings(profile.folder)
        self.desk = make_desk(profile, store, settings)
        self.apply_settings()
        # Before the frame's own: it is made anew in the language and look that are then in force.
        self.desk.relooked.connect(self.apply_settings)
        self.frame = Frame(self.desk)
        self.desk.lock_asked.connect(self.lock)
        self.frame.restore_place()
        self.frame.show()
        if self.entrance is not None:
            self.entrance.close()
            self.entrance.deleteLater()
            self.entrance = None
        # Where no window manager hands the keyboard on, the work would wait for a click.
        QTimer.singleShot(0, self.frame, self.frame.activateWindow)
        self.frame.open(first_of(self.desk.actor.role))
        losses = words_of_losses(store.opened)
        if losses is not None:
            self.desk.warn(losses)
        self.by_itself = SyncByItself(self.desk)
        show_once(self.frame.centralWidget(), self.desk)
        QTimer.singleShot(WARM_AFTER_MS, self.desk, self._warm)
        self.idle.start(settings["lock_minutes"])

    def _warm(self) -> None:
        """Once Today stands, what the first visit needs is made ready."""
        if self.desk is not None:
            tasks.run(lambda: prepare(SOON), self._warm_forms, owner=self.desk)

    def _warm_forms(self, _nothing: None) -> None:
        from ui.screens.visit.kit import warm  # late: forms and rules are not needed to paint Today

        if self.desk is not None:
            warm(self.desk)

    def apply_settings(self) -> None:
        assert self.desk
        settings = self.desk.settings
        speak(self.app, settings["language"])
        look.apply(self.app, dark=settings["theme"] == "dark", large=settings["type_size"] == "large")
        privacy().set(settings["privacy"])
        self.idle.start(settings["lock_minutes"])

    def lock(self) -> None:
        """Drafts are saved, the store is closed, and the process ends: no key stays in its memory."""
        if self.frame is None:
            return
        self.restart = True
        if self.desk is not None:
            self.desk.runs.stop()
        self.frame.close()
        QTimer.singleShot(0, self.app.quit)

    def close(self) -> bool:
        """After the event loop: do what is still to be written, close the store, let the windows go.

        Whether everything has ended; what has not holds a thread that nobody should wait for.
        """
        ended = tasks.tasks().close()
        if self.desk is not None:
            self.desk.store.close()
        let_windows_go(self.app)
        return ended


def prepare(modules: Sequence[str] = LATER) -> None:
    """Import what comes after unlocking; off the GUI thread."""
    for name in modules:
        import_module(name)


def make_desk(profile: Profile, store: Store, settings: Settings) -> Desk:
    """Who is at work, from the profile's identity. Raises StateError ``state.not_enrolled``."""
    from fieldapp.workflows.actor import Actor
    from ui.desk import Desk

    identity = profile.require_identity()
    actor = Actor(identity.user, identity.name, identity.role, identity.county, identity.scope)
    return Desk(store, profile, actor, settings)


def run(home: Path, wanted: str = "") -> int:
    """Start the window; returns the exit status. Locked, the process is started anew at the entrance."""
    app = make_application()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    program = Program(app, home, wanted)
    program.show()
    status = app.exec()
    ended = program.close()
    if program.restart:
        start_anew()
    if not ended:
        sys.stdout.flush()
        os._exit(status)  # Python would wait for the threads: a silent server, for minutes
    return status


def start_anew() -> None:
    """Replace this process by a fresh one with the same arguments."""
    command = [sys.executable, *sys.argv] if not getattr(sys, "frozen", False) else sys.argv
    sys.stdout.flush()
    if sys.platform == "win32":
        import subprocess

        subprocess.Popen(command, close_fds=True)
        os._exit(0)  # as execv does: no thread of this process is waited for
    os.execv(command[0], command)
