"""What the county said of a revision: receipts after a push, verdicts in the feed. Both are ``receipt`` statements."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError
from fieldapp.store.codec import pack_statement, to_text, unpack
from fieldapp.store.exchange import ACCEPTED, QUARANTINED, STATES, WAITING, ReceiptResult

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx
    from fieldapp.store.writing import WriteTx

_DIGEST = re.compile(rb"[0-9a-f]{64}")


def apply_receipts(tx: WriteTx, receipts: Iterable[Statement]) -> ReceiptResult:
    """Keep receipts that verify; what they quarantine or release changes the document's reading at once."""
    trust = tx.require_identity().trust
    counts = dict.fromkeys(STATES, 0)
    refused: list[tuple[str, str]] = []
    touched: set[str] = set()
    for statement in receipts:
        try:
            body = trust.check(statement, "receipt")
            name = str(body["revision"])
            found = tx.one("SELECT document FROM revision WHERE id = ?", (name,))
            if found is None:
                raise InputError("receipt.unknown")
            if keep_verdict(tx, statement, body):
                touched.add(found[0])
            counts[body["state"]] += 1
        except InputError as error:
            refused.append((_named(statement), error.code))
        except (KeyError, TypeError, ValueError):
            refused.append((_named(statement), "statement.shape"))
    for document in sorted(touched):
        tx.touch(document)
    tx.set_meta("last_receipt_at", tx.now)
    return ReceiptResult(counts[ACCEPTED], counts[WAITING], counts[QUARANTINED], tuple(refused))


def _named(statement: Statement) -> str:
    found = re.search(rb'"revision":"([0-9a-f]{64})"', statement.body_bytes)
    return found.group(1).decode() if found else ""


def keep_verdict(tx: WriteTx, statement: Statement, body: dict[str, Any]) -> bool:
    """Keep the county's later word; whether the revision counts differently now.

    Later is by (epoch, time, then bytes), so that every order of arrival ends alike. Raises InputError
    ``receipt.state``.
    """
    state, name = body["state"], body["revision"]
    if state not in STATES:
        raise InputError("receipt.state")
    packed = pack_statement(statement)
    before = tx.one("SELECT state, epoch, at, statement FROM verdict WHERE revision = ?", (name,))
    if before and (before[1], before[2], before[3]) >= (body["epoch"], body["at"], packed):
        return False
    held = sorted(set(body["blobs_held"]))
    complete = bool(body["payload_held"]) and _named_blobs(tx, name) <= set(held)
    tx.run(
        "INSERT OR REPLACE INTO verdict VALUES (?,?,?,?,?,?,?,?,?)",
        (
            name, state, body["reason"] or "", body["at"], body["epoch"], int(bool(body["payload_held"])),
            to_text(held), int(complete), packed,
        ),
    )  # fmt: skip
    tx.run("UPDATE revision SET sent = 1 WHERE id = ?", (name,))
    _note_place(tx, name, body)
    for blob in held:
        tx.run("UPDATE blob SET held = 1, offset = size WHERE id = ?", (blob,))
    return bool(state != (before[0] if before else ACCEPTED))  # without a word an own revision reads as an accepted one


def outlive(tx: WriteTx, name: str, epoch: int) -> None:
    """A restored county put the revision into its feed: what it said of it before does not hold any more. Of an own
    revision a new receipt is asked for."""
    tx.run(
        "UPDATE verdict SET state = 'waiting' WHERE revision = ? AND epoch < ? AND state = 'quarantined' "
        "AND revision IN (SELECT id FROM revision WHERE own = 1)",
        (name, epoch),
    )
    tx.run(
        "DELETE FROM verdict WHERE revision = ? AND epoch < ? AND state <> 'accepted' "
        "AND revision NOT IN (SELECT id FROM revision WHERE own = 1)",
        (name, epoch),
    )


def _note_place(tx: WriteTx, name: str, body: dict[str, Any]) -> None:
    """The feed head after the commit: a backup up to there covers the revision. A feed row's own place is nearer."""
    if body["state"] != ACCEPTED or not body["area"] or body["seq"] is None:
        return
    tx.run(
        "UPDATE revision SET feed_area = ?, feed_epoch = ?, feed_seq = ? WHERE id = ? AND "
        "(feed_epoch IS NULL OR feed_epoch < ?)",
        (body["area"], body["epoch"], body["seq"], name, body["epoch"]),
    )


def _named_blobs(tx: WriteTx, name: str) -> set[str]:
    found = tx.one("SELECT document, payload FROM revision WHERE id = ?", (name,))
    return set(blobs_named(tx, found[0], found[1])) if found and found[1] is not None else set()


def blobs_named(tx: ReadTx, document: str, packed: bytes) -> tuple[str, ...]:
    """The blobs of ``document`` that a payload names, sorted."""
    names = {match.decode() for match in _DIGEST.findall(unpack(packed))}
    own = {row[0] for row in tx.rows("SELECT id FROM blob WHERE document = ?", (document,))} if names else set()
    return tuple(sorted(names & own))
