"""Rows of the revision table: inserting, the device's next link, a document as it stood at given leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fieldapp.domain.revision import Envelope, SignedRevision, parse_envelope
from fieldapp.store.codec import pack, unpack
from fieldapp.store.connection import Connection, Row, one, rows
from fieldapp.store.views import REVISION_COLUMNS, DocumentView, current_area, view_of

if TYPE_CHECKING:
    from fieldapp.store.feeding import Fresh

_INSERT = (
    "INSERT INTO revision(id, document, type, author, device, device_seq, prev, claimed_at, own, sent, stored_at, "
    "feed_area, feed_epoch, feed_seq, envelope, signature, salt, payload) "
    "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, as envelopes carry it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def insert(
    connection: Connection,
    signed: SignedRevision,
    envelope: Envelope,
    *,
    own: bool,
    stored_at: str,
    place: tuple[str, int, int] | None = None,
) -> None:
    """Keep a verified revision; ``place`` is (area, epoch, seq) of the feed row that brought it."""
    area, epoch, seq = place or (None, None, None)
    connection.execute(
        _INSERT,
        (
            signed.id, envelope.document, envelope.type, envelope.author, envelope.device, envelope.device_seq,
            envelope.prev, envelope.claimed_at, int(own), int(place is not None), stored_at, area, epoch, seq,
            *packed(signed),
        ),
    )  # fmt: skip


def insert_many(connection: Connection, fresh: Sequence[Fresh], own: frozenset[str], stored_at: str) -> None:
    """Keep verified revisions that a feed brought."""
    connection.executemany(
        _INSERT,
        [
            (
                item.name, e.document, e.type, e.author, e.device, e.device_seq, e.prev, e.claimed_at,
                int(e.device in own), 1, stored_at, *item.place,
                item.revision.envelope_bytes, item.revision.signature, item.revision.salt, item.prepared.packed,
            )
            for item in fresh
            for e in [item.envelope]
        ],
    )  # fmt: skip


def packed(signed: SignedRevision) -> tuple[bytes, bytes, bytes | None, bytes | None]:
    """(envelope, signature, salt, packed payload), as rows hold them."""
    payload = None if signed.payload is None else pack(signed.payload)
    return signed.envelope_bytes, signed.signature, signed.salt, payload


def read_signed(row: Row) -> SignedRevision:
    """From (envelope, signature, salt, packed payload)."""
    envelope, signature, salt, payload = row
    return SignedRevision(envelope, signature, salt, None if payload is None else unpack(payload))


def next_link(connection: Connection, device: str) -> tuple[int, str | None]:
    """(device_seq, prev) of this device's next revision. After a loss it goes on behind the last number known to
    have been used, so that the loss shows as a gap and never becomes a fork."""
    last = one(
        connection, "SELECT device_seq, id FROM revision WHERE device = ? ORDER BY device_seq DESC LIMIT 1", (device,)
    )
    known = one(connection, "SELECT value FROM meta WHERE key = ?", (f"chain:{device}",))
    if known:
        seq, _, name = str(known[0]).partition(":")
        if last is None or int(seq) > last[0]:
            return int(seq) + 1, name
    return (last[0] + 1, last[1]) if last else (1, None)


def keep_link(connection: Connection, device: str) -> None:
    """Remember the last number before revisions are deleted: the next one must not take a number twice (a fork)."""
    seq, prev = next_link(connection, device)
    if seq > 1:
        value = f"{seq - 1}:{prev}"
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"chain:{device}", value))


def is_forked(connection: Connection, device: str) -> bool:
    return one(connection, "SELECT 1 FROM chain_fault WHERE device = ? AND kind = 'fork'", (device,)) is not None


def view_at(connection: Connection, document: str, leaves: Sequence[str]) -> DocumentView | None:
    """The document as its reader saw it at ``leaves``; None when one of them is not here."""
    found = rows(
        connection,
        f"SELECT {REVISION_COLUMNS} FROM revision r LEFT JOIN verdict v ON v.revision = r.id WHERE r.document = ?",
        (document,),
    )
    here = {row[0]: row for row in found}
    area = current_area(connection, document)
    if area is None or not set(leaves) <= set(here):
        return None
    wanted, queue = set(leaves), list(leaves)
    while queue:
        for parent in parse_envelope(here[queue.pop()][5]).parents:
            if parent in here and parent not in wanted:
                wanted.add(parent)
                queue.append(parent)
    return view_of(document, area, [here[name] for name in wanted])
