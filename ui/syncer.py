"""A sync run from the window: the heavy parts are imported when it starts, not when the window does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from fieldapp.store.api import Store
from fieldapp.store.files import wording
from sync.client.progress import Progress, SyncResult

if TYPE_CHECKING:
    from sync.client.bundle import StickResult
    from sync.client.transport import Transport

SUFFIX = ".tjbundle"
_lines: dict[str, Transport] = {}


def run(
    store: Store, told: Callable[[Progress], None], halted: Callable[[], bool], *, sparing: bool = False
) -> SyncResult:
    """Sync once with the server the profile was enrolled with; off the GUI thread. ``sparing``: photos go out, none is
    fetched.

    Raises NetworkError, RefusedError (``refused.revoked``: lock), StorageError, StateError ``state.not_enrolled``.
    """
    from sync.client.run import PHOTOS_ALL, PHOTOS_OUT, SyncRun

    return SyncRun(store, _line(store), photos=PHOTOS_OUT if sparing else PHOTOS_ALL).run(told, halted)


def _line(store: Store) -> Transport:
    """Kept between runs: connection and token of the last one serve again. It ends with the process, which locking
    ends."""
    from sync.client.enrol import transport_for

    kept = _lines.get(store.profile.device)
    if kept is None:
        _lines.clear()
        kept = _lines[store.profile.device] = transport_for(store.profile)
    return kept


def take_out(store: Store, path: Path) -> StickResult:
    """Write what is unsent onto a stick, sealed to the county; off the GUI thread.

    The name of the file says which laptop it comes from, never whose. Raises StateError ``stick.no_transport_key``,
    StorageError ``storage.*``.
    """
    from sync.client.bundle import write_bundle

    with wording(path):
        return write_bundle(store, path)


def take_in(store: Store, path: Path) -> StickResult:
    """Apply the county's answer from a stick. Raises InputError ``bundle.*``, RefusedError, StorageError."""
    from sync.client.bundle import read_bundle

    with wording(path):
        return read_bundle(store, path)


def stick_name(store: Store) -> str:
    """A name for the file: the laptop's own number and the day."""
    return f"{store.profile.device[:8]}-{store.now():%Y%m%d-%H%M}{SUFFIX}"
