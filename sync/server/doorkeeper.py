"""Thousands of connections that say nothing: each has a while to say what it wants, then it is closed."""

from __future__ import annotations

import asyncio
import sys

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_SECONDS = 20.0


class PatientProtocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, with a limit on the time until a request's headers are complete.

    Bodies have their own limit (``app.BODY_SECONDS``), quiet connections between requests uvicorn's keep-alive.
    """

    _too_slow: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._too_slow = self.loop.call_later(HEADER_SECONDS, transport.close)

    def on_headers_complete(self) -> None:
        self._cancel()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel()
        super().connection_lost(exc)

    def _cancel(self) -> None:
        if self._too_slow is not None:
            self._too_slow.cancel()
            self._too_slow = None


def allow_many_connections(wanted: int) -> None:
    """Raise this process's limit of open files as far as the system lets it."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = wanted + 1000 if hard == resource.RLIM_INFINITY else min(wanted + 1000, hard)
    if soft < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
