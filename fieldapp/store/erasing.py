"""Erasure by law: payload, salt, blobs and drafts go, the envelope and the paths it wrote stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fieldapp.domain.payload import parse_payload
from fieldapp.domain.statements import Statement
from fieldapp.store import blobs
from fieldapp.store.codec import pack_statement, to_text, unpack
from fieldapp.store.evicting import TO_FORGET
from fieldapp.store.receipts import blobs_named

if TYPE_CHECKING:
    from fieldapp.store.writing import WriteTx


def erase_revision(tx: WriteTx, name: str, statement: Statement, body: dict[str, Any]) -> None:
    """Erase one revision named by a verified ``erasure``; remembered for when it arrives later by another door."""
    tx.run("INSERT OR IGNORE INTO erased VALUES (?,?,?)", (name, tx.now, pack_statement(statement)))
    found = tx.one("SELECT document, payload FROM revision WHERE id = ?", (name,))
    if found is None:
        return
    document, packed = found
    if packed is not None:
        written = list(parse_payload(unpack(packed)).set)
        lost = set(blobs_named(tx, document, packed))
    else:
        written = list(body["revisions"].get(name) or ()) if isinstance(body["revisions"], dict) else []
        lost = set()
    tx.run("UPDATE revision SET payload = NULL, salt = NULL, erased_set = ? WHERE id = ?", (to_text(written), name))
    for kept in tx.rows("SELECT payload FROM revision WHERE document = ? AND payload IS NOT NULL", (document,)):
        lost -= set(blobs_named(tx, document, kept[0]))
    for blob in lost:
        blobs.mark_ending_one(tx, blob)
    for draft in tx.drafts(document):
        tx.drop_draft(draft.id)
    tx.set_meta(TO_FORGET, 1)
