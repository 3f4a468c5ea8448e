"""What every screen may use: the open store, who is at work, the way to other screens, a word to the user."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, TypeVar, overload

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fieldapp.store.api import Profile, Store
from fieldapp.workflows.actor import Actor
from ui import tasks
from ui.messages import Words, words_for
from ui.settings import Settings
from ui.sync_runs import SyncRuns

T = TypeVar("T")
Failed = Callable[[BaseException], None]


class Desk(QObject):
    """Made once after unlocking. Screens call its methods; the frame answers its signals."""

    went = Signal(str, dict)
    said = Signal(str, object)
    failed = Signal(object)
    changed = Signal()
    relooked = Signal()
    lock_asked = Signal()

    def __init__(
        self, store: Store, profile: Profile, actor: Actor, settings: Settings, window: QWidget | None = None
    ) -> None:
        super().__init__()
        self.store, self.profile, self.actor, self.settings = store, profile, actor, settings
        self.window_widget = window
        self.runs = SyncRuns(self)

    def go(self, screen: str, **args: Any) -> None:
        """Open a screen by its name in the registry: ``go("household", household=id)``."""
        self.went.emit(screen, args)

    def say(self, words: str, undo: Callable[[], None] | None = None) -> None:
        """Tell what was done; ``undo`` takes it back (Ctrl+Z or a click within eight seconds)."""
        self.said.emit(words, undo)

    @overload
    def read(
        self, work: Callable[[], Future[T]], done: Callable[[T], None], *, owner: QObject, words: str = "",
        failed: Failed | None = None,
    ) -> tasks.Running: ...  # fmt: skip

    @overload
    def read(
        self, work: Callable[[], T], done: Callable[[T], None], *, owner: QObject, words: str = "",
        failed: Failed | None = None,
    ) -> tasks.Running: ...  # fmt: skip

    def read(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        *,
        owner: QObject,
        words: str = "",
        failed: Failed | None = None,
    ) -> tasks.Running:
        """Ask a workflow for a read model; ``done`` gets it on the GUI thread."""
        return tasks.run(work, done, owner=owner, words=words, failed=failed or self.present)

    @overload
    def write(
        self, work: Callable[[], Future[T]], done: Callable[[T], None] | None = None, *, owner: QObject | None = None,
        words: str = "", failed: Failed | None = None,
    ) -> tasks.Running: ...  # fmt: skip

    @overload
    def write(
        self, work: Callable[[], T], done: Callable[[T], None] | None = None, *, owner: QObject | None = None,
        words: str = "", failed: Failed | None = None,
    ) -> tasks.Running: ...  # fmt: skip

    def write(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        *,
        owner: QObject | None = None,
        words: str = "",
        failed: Failed | None = None,
    ) -> tasks.Running:
        """Do something that changes data; counts and the sync pill follow once it is durable."""

        def durable(result: Any) -> None:
            self.changed.emit()
            if done is not None:
                done(result)

        return tasks.run(work, durable, owner=owner, words=words, failed=failed or self.present, lasting=True)

    def reidentify(self) -> None:
        """The county changed role or scope: the profile holds the new identity, the window is made anew for it."""
        identity = self.profile.require_identity()
        self.actor = replace(self.actor, name=identity.name, role=identity.role, scopes=identity.scope)
        self.relooked.emit()

    def present(self, error: BaseException) -> None:
        """Say what happened, what was kept, what to do."""
        self.failed.emit(words_for(error))

    def warn(self, words: Words) -> None:
        """Say on top of every screen what nobody asked for and everybody must know."""
        self.failed.emit(words)
