"""What this device still has to tell the county."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldapp.store.exchange import Outgoing
from fieldapp.store.receipts import blobs_named
from fieldapp.store.revisions import read_signed

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx


def unsent(tx: ReadTx, limit: int) -> list[Outgoing]:
    """Own revisions without a receipt, in chain order, with the blobs they name."""
    found = tx.rows(
        "SELECT id, document, envelope, signature, salt, payload FROM revision WHERE own = 1 AND sent = 0 "
        "ORDER BY num LIMIT ?",
        (limit,),
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
