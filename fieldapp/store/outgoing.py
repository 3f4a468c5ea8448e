"""What this device still has to tell the county."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp.store.exchange import Outgoing
from fieldapp.store.receipts import blobs_named
from fieldapp.store.revisions import read_signed

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx


def unsent(tx: ReadTx, limit: int, besides: Iterable[str] = ()) -> list[Outgoing]:
    """Own revisions without a receipt, in chain order, with the blobs they name; ``besides`` are passed over."""
    found = tx.rows(
        "SELECT id, document, envelope, signature, salt, payload FROM revision WHERE own = 1 AND sent = 0 "
        "AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY num LIMIT ?",
        (json.dumps(list(besides)), limit),
    )
    return [
        Outgoing(
            name, signed, document, signed.envelope.area, blobs_named(tx, document, columns[3]) if columns[3] else ()
        )
        for name, document, *columns in found
        for signed in [read_signed(tuple(columns))]
    ]


def unsettled(tx: ReadTx, limit: int) -> list[str]:
    sql = (
        "SELECT v.revision FROM verdict v JOIN revision r ON r.id = v.revision "
        "WHERE r.own = 1 AND (v.state = 'waiting' OR (v.state = 'accepted' AND v.complete = 0)) LIMIT ?"
    )
    return [row[0] for row in tx.rows(sql, (limit,))]


@dataclass(frozen=True)
class Fate:
    """One of this device's revisions as a list names it: nothing of its content. ``reason`` is the county's word."""

    revision: str
    document: str
    type: str
    area: str
    at: str
    reason: str


def pending(tx: ReadTx, limit: int) -> list[Fate]:
    """Own revisions without an answer from the county, the oldest first."""
    sql = (
        "SELECT r.id, r.document, r.type, coalesce(p.area, ''), r.claimed_at, '' FROM revision r "
        "LEFT JOIN place p ON p.document = r.document WHERE r.own = 1 AND r.sent = 0 ORDER BY r.num LIMIT ?"
    )
    return [Fate(*row) for row in tx.rows(sql, (limit,))]


def kept_out(tx: ReadTx, limit: int) -> list[Fate]:
    """Own revisions the county quarantined, the newest first.

    Read from the verdicts, of which there are few of this kind: by ``num`` every revision there is would be looked at.
    """
    sql = (
        "SELECT r.id, r.document, r.type, coalesce(p.area, ''), v.at, v.reason FROM verdict v "
        "CROSS JOIN revision r ON r.id = v.revision LEFT JOIN place p ON p.document = r.document "
        "WHERE v.state = 'quarantined' AND r.own = 1 ORDER BY +r.num DESC LIMIT ?"
    )
    return [Fate(*row) for row in tx.rows(sql, (limit,))]
