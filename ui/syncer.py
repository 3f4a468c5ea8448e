"""A sync run from the window: the heavy parts are imported when it starts, not when the window does."""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.store.api import Store
from sync.client.progress import Progress, SyncResult


def run(store: Store, told: Callable[[Progress], None], halted: Callable[[], bool]) -> SyncResult:
    """Sync once with the server the profile was enrolled with; off the GUI thread.

    Raises NetworkError, RefusedError (``refused.revoked``: lock), StorageError, StateError ``state.not_enrolled``.
    """
    from sync.client.enrol import transport_for
    from sync.client.run import SyncRun

    transport = transport_for(store.profile)
    try:
        return SyncRun(store, transport).run(told, halted)
    finally:
        transport.close()
