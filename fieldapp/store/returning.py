"""What a county restored from a backup may have lost and this device still holds: revisions, receipts, statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp.domain.statements import Statement
from fieldapp.store.codec import unpack_statement
from fieldapp.store.exchange import Outgoing
from fieldapp.store.revisions import read_signed

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx


@dataclass(frozen=True)
class Held:
    """A revision of whoever's, with the county's word on it if this device has one."""

    out: Outgoing
    receipt: Statement | None


def held_ids(tx: ReadTx, after: int, limit: int) -> list[tuple[int, str]]:
    """(row number, revision id) of everything here behind ``after``, in the order it came."""
    found = tx.rows("SELECT num, id FROM revision WHERE num > ? ORDER BY num LIMIT ?", (after, limit))
    return [(row[0], row[1]) for row in found]


def held(tx: ReadTx, revision: str) -> Held | None:
    found = tx.one("SELECT document, envelope, signature, salt, payload FROM revision WHERE id = ?", (revision,))
    if found is None:
        return None
    signed = read_signed(found[1:])
    blobs = tuple(row[0] for row in tx.rows("SELECT id FROM blob WHERE revision = ? ORDER BY id", (revision,)))
    word = tx.one("SELECT statement FROM verdict WHERE revision = ?", (revision,))
    receipt = unpack_statement(word[0]) if word else None
    return Held(Outgoing(revision, signed, found[0], signed.envelope.area, blobs), receipt)


def uncovered_ids(tx: ReadTx) -> list[str]:
    """Revisions here that no backup of the county covers, as far as this device knows."""
    sql = (
        "SELECT r.id FROM revision r LEFT JOIN backed_up b ON b.area = r.feed_area AND b.epoch = r.feed_epoch "
        "WHERE r.sent = 1 AND (b.seq IS NULL OR r.feed_seq > b.seq) ORDER BY r.num"
    )
    return [row[0] for row in tx.rows(sql)]


def sealed_ids(tx: ReadTx) -> list[str]:
    """Revisions that left this device's scope before a backup covered them: readable by the county alone."""
    return [row[0] for row in tx.rows("SELECT revision FROM sealed WHERE kind = 'revision' ORDER BY num")]


def sealed_contents(tx: ReadTx, revisions: Sequence[str]) -> list[bytes]:
    """Each as it was sealed to the county's transport key."""
    found = []
    for name in revisions:
        found += [bytes(row[0]) for row in tx.rows("SELECT content FROM sealed WHERE revision = ?", (name,))]
    return found


def people(tx: ReadTx) -> list[Statement]:
    """Every device certificate and scope known here."""
    sql = "SELECT statement FROM scope UNION ALL SELECT statement FROM device"
    return [*own_scopes(tx), *(unpack_statement(row[0]) for row in tx.rows(sql))]


def own_scopes(tx: ReadTx) -> list[Statement]:
    """Every scope this device's user had, as far as it is known here: work is judged by the one of its time."""
    if tx.identity is None:
        return []
    kept = tx.rows("SELECT statement FROM scope WHERE user = ?", (tx.identity.user,))
    found = [unpack_statement(row[0]) for row in kept]
    now = tx.identity.scope_statement
    return [*found, *([now] if now is not None and now not in found else [])]


def county_words(tx: ReadTx) -> list[Statement]:
    """What the county signed that a backup may not know: scopes, control documents, erasures."""
    sql = "SELECT statement FROM scope UNION ALL SELECT statement FROM control UNION ALL SELECT statement FROM erased"
    found = [*own_scopes(tx), *(unpack_statement(row[0]) for row in tx.rows(sql))]
    return list({(one.kind, one.body_bytes): one for one in found}.values())
