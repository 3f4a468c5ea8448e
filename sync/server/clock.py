"""The server's clock, in one place so that tests may set it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    return datetime.now(UTC)


def now_text() -> str:
    """Now as RFC 3339 in UTC with milliseconds."""
    return text(now())


def text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def in_future(**delta: float) -> str:
    """A time ``delta`` (as ``timedelta`` takes it) from now, as text."""
    return text(now() + timedelta(**delta))
