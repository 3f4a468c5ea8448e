"""Who does something: the user of an open profile, what they may do, and the day it is for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from fieldapp.domain.areas import may_write
from fieldapp.domain.roles import COUNTY, READ, SUPERVISOR, WRITE, may
from fieldapp.errors import RefusedError


def today_here() -> date:
    """The day on this machine's own calendar."""
    return datetime.now().astimezone().date()


def now_utc() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Actor:
    """``scopes`` are area codes; ``today`` and ``now`` are asked each time, so that midnight passes in a running
    window and tests can say what day it is."""

    user: str
    name: str
    role: str
    county: str
    scopes: tuple[str, ...]
    today: Callable[[], date] = field(default=today_here, repr=False, compare=False)
    now: Callable[[], datetime] = field(default=now_utc, repr=False, compare=False)

    @property
    def at_desk(self) -> bool:
        """Whether this is a supervisor's or the county's desk rather than a walker's laptop."""
        return self.role in (SUPERVISOR, COUNTY)

    def stamp(self) -> str:
        """The time as documents keep it: RFC 3339 in UTC, seconds."""
        return self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def require_read(self, document_type: str) -> None:
        """Raises RefusedError ``refused.role`` when this user's role may not read such documents."""
        if not may(self.role, READ, document_type):
            raise RefusedError("refused.role", document_type=document_type)

    def require(self, document_type: str, area: str) -> None:
        """Raises RefusedError ``refused.role`` or ``refused.scope`` when this user may not write that there."""
        if not may(self.role, WRITE, document_type):
            raise RefusedError("refused.role", document_type=document_type)
        if not may_write(self.scopes, area):
            raise RefusedError("refused.scope", area=area)
