"""What the store and the sync client hand each other: plain data, no I/O (protocol.md, "Areas and feeds").

The sync client fetches bytes and makes these; the store alone decides whether they are true. Nothing here is
trusted until ``WriteTx.apply_feed`` or ``WriteTx.apply_receipts`` has verified it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldapp.domain.revision import FeedHead, SignedRevision
from fieldapp.domain.statements import Statement

ACCEPTED, WAITING, QUARANTINED = "accepted", "waiting", "quarantined"
STATES = (ACCEPTED, WAITING, QUARANTINED)
MAX_ROWS = 200


@dataclass(frozen=True)
class FeedRow:
    """One row of one area's feed, as served.

    ``kind`` is ``revision`` | ``verdict`` | ``evict`` | ``erase``; ``subject`` a revision id, for ``evict`` a document
    id. ``revision`` comes with kind ``revision`` (payload and salt None when erased), ``statement`` with kind
    ``verdict`` (a statement of kind ``receipt``) and ``erase`` (of kind ``erasure``). A verdict that keeps a revision
    out comes before the revision's own row, so that no device shows it for a moment.
    """

    area: str
    epoch: int
    seq: int
    kind: str
    subject: str
    statement: Statement | None = None
    revision: SignedRevision | None = None

    @property
    def detail(self) -> bytes:
        """What ``feed.extend`` hashes: the statement's signed bytes, empty without one."""
        return self.statement.body_bytes if self.statement else b""


@dataclass(frozen=True)
class Reader:
    """Who reads a feed here: role and areas, by the newest scope the county signed."""

    role: str
    areas: tuple[str, ...]


@dataclass(frozen=True)
class Cursor:
    """How far this device has read an area's feed."""

    area: str
    head: FeedHead


@dataclass(frozen=True)
class FeedResult:
    """What became of a page of rows.

    ``refused``: (revision id, error code) of rows that verify as county feed but whose revision does not; they enter
    no projection and are kept for the log. ``missing_devices``: devices whose certificate the page lacked; their
    revisions are refused with ``device.unknown`` until ``apply_statements`` brings it. ``sealed``: revisions deleted
    or sealed by evictions. ``lacking``: ids of bare rows that are not here (withheld from this role, or to be fetched
    and given to ``apply_fetched``).
    """

    cursor: Cursor
    stored: int
    already: int
    refused: tuple[tuple[str, str], ...]
    missing_devices: tuple[str, ...]
    sealed: int = 0
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outgoing:
    """One revision to push, with the ids of its blobs. ``bytes_total`` counts envelope, salt, signature, payload."""

    id: str
    revision: SignedRevision
    document: str
    area: str
    blobs: tuple[str, ...]

    @property
    def bytes_total(self) -> int:
        r = self.revision
        return len(r.envelope_bytes) + len(r.signature) + len(r.salt or b"") + len(r.payload or b"")


@dataclass(frozen=True)
class ReceiptResult:
    """How receipts were taken: counted by state; ``refused``: (revision id or "", error code) of those that lie."""

    accepted: int
    waiting: int
    quarantined: int
    refused: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OutgoingBlob:
    """A blob the county does not hold completely. ``size`` in bytes of the clear content, ``offset`` already held.

    The server checks SHA-256(``salt`` ‖ bytes) = ``id``.
    """

    id: str
    document: str
    kind: str
    media_type: str
    size: int
    salt: bytes
    offset: int


@dataclass(frozen=True)
class IncomingBlob:
    """A blob named by a pulled revision and not here yet."""

    id: str
    document: str
    revision: str


@dataclass(frozen=True)
class SyncState:
    """What the sync pill and the sync page say, counted now.

    ``unsent`` revisions of this device have no receipt; ``kept`` are accepted and complete with their blobs;
    ``waiting`` and ``quarantined`` have a receipt saying so. ``last_receipt_at`` and ``last_pull_at`` are RFC 3339.
    """

    unsent: int
    unsent_bytes: int
    unsent_blobs: int
    kept: int
    waiting: int
    quarantined: int
    last_receipt_at: str | None
    last_pull_at: str | None
    cursors: Mapping[str, FeedHead]
