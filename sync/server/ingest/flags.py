"""Whether a revision's time is possible: a claim between two proofs (protocol.md, "A revision")."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from fieldapp.domain.revision import Envelope, FeedHead
from sync.server.storage import feeds

TOLERANCE = timedelta(minutes=10)


class TimeClaims:
    """Judges the claimed times of one batch; remembers the feed heads it looked up."""

    def __init__(self, connection: Connection, county: str, epoch: int, now: str) -> None:
        self._connection, self._county, self._epoch = connection, county, epoch
        self._now = datetime.fromisoformat(now)
        self._seen: dict[tuple[str, FeedHead], datetime | str | None] = {}

    def flag(self, envelope: Envelope) -> str:
        """ "" or ``time.after_receipt`` | ``time.before_seen`` | ``time.unreadable`` | ``seen.unknown``."""
        try:
            claimed = datetime.fromisoformat(envelope.claimed_at)
        except ValueError:
            return "time.unreadable"
        if claimed.tzinfo is None:
            return "time.unreadable"
        if claimed > self._now + TOLERANCE:
            return "time.after_receipt"
        for area, head in envelope.seen.items():
            proof = self._proof(area, head)
            if isinstance(proof, str):
                return proof
            if proof is not None and claimed < proof - TOLERANCE:
                return "time.before_seen"
        return ""

    def _proof(self, area: str, head: FeedHead) -> datetime | str | None:
        key = (area, head)
        if key not in self._seen:
            self._seen[key] = self._look_up(area, head)
        return self._seen[key]

    def _look_up(self, area: str, head: FeedHead) -> datetime | str | None:
        if head.epoch != self._epoch:
            return None  # the feed before a restore cannot be asked any more
        found = feeds.hash_at(self._connection, self._county, self._epoch, area, head.seq)
        if found is None or found[0] != head.hash:
            return "seen.unknown"
        return datetime.fromisoformat(found[1]) if found[1] else None
