"""Syncing by itself: when a connection appears, again after a while, and modestly where every megabyte costs.

The window asks ``due`` on a worker thread twice a minute; nothing here knows a clock or a thread of its own.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from sync.client.run import PHOTOS_ALL, PHOTOS_OUT

FIRST_WAIT = 30.0
LONGEST_WAIT = 30 * 60.0
CALM_WAIT = 10 * 60.0
METERED_WAIT = 60 * 60.0


def reachable(server: str, timeout: float = 3.0) -> bool:
    """Whether somebody answers at the server's address: one connection, nothing said. A laptop that only knows sticks
    has no such address."""
    address = urlsplit(server)
    if not address.hostname:
        return False
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        with socket.create_connection((address.hostname, port), timeout):
            return True
    except OSError:
        return False


@dataclass
class Automatic:
    """Decides when to sync. ``metered``: photos are sent and not fetched, and runs are an hour apart.

    ``next_at`` is in seconds of the caller's own monotonic clock.
    """

    server: str
    metered: bool = False
    is_reachable: Callable[[str], bool] = reachable
    next_at: float = 0.0
    _failures: int = 0
    _was_there: bool = False

    @property
    def photos(self) -> str:
        """What ``SyncRun`` takes."""
        return PHOTOS_OUT if self.metered else PHOTOS_ALL

    def due(self, now: float, *, unsent: int) -> bool:
        """Whether to run now: at once when a connection appears or new work waits, else when the time has come."""
        there = self.is_reachable(self.server)
        appeared, self._was_there = there and not self._was_there, there
        if not there:
            return False
        return appeared or now >= self.next_at or (unsent > 0 and not self._failures and not self.metered)

    def succeeded(self, now: float) -> None:
        self._failures = 0
        self.next_at = now + (METERED_WAIT if self.metered else CALM_WAIT)

    def failed(self, now: float) -> None:
        """Wait longer after every failure, to half an hour."""
        self._failures += 1
        self.next_at = now + min(FIRST_WAIT * 2 ** (self._failures - 1), LONGEST_WAIT)
