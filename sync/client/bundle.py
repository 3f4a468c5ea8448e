"""A stick between laptop and county: what is unsent goes out sealed to the county, what is new comes back sealed to us.

Sticks and the network may be mixed freely: rows that came by one way are passed over when they come by the other, and
nothing counts as delivered before its receipt is here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from fieldapp.domain.areas import may_read
from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError, RefusedError, StateError
from fieldapp.store import returning
from fieldapp.store.api import Store
from fieldapp.store.exchange import Cursor, FeedRow, IncomingBlob, OutgoingBlob, Reader
from sync.client import scoping
from sync.client.county_keys import take_keys
from sync.client.pieces import regular
from sync.client.pulling import feed_rows, head_of, statements
from sync.protocol import bundle
from sync.protocol.limits import BLOB_PIECE
from sync.protocol.messages import (
    At,
    BlobHead,
    PullRequest,
    PullResponse,
    PushItem,
    Sent,
    Signed,
)

BATCH = 500


@dataclass
class StickResult:
    """What a stick carried. ``skipped``: pages that lie ahead of what is here; they come with the next stick."""

    revisions: int = 0
    photos: int = 0
    receipts: int = 0
    skipped: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def write_bundle(store: Store, path: Path, *, photos: bool = True, farewell: bool = False) -> StickResult:
    """Everything the county has not confirmed, and where this laptop stands, sealed to the county.

    ``farewell``: the laptop is given up; what the county confirmed and has not backed up yet goes along, whoever
    wrote it, so that a county that falls back on its backup can still have it.

    Raises StateError ``stick.no_transport_key``, StorageError.
    """
    identity = store.profile.require_identity()
    keys = identity.trust.exchange_keys("transport")
    if not keys:
        raise StateError("stick.no_transport_key")
    result = StickResult()
    made_at = store.now().isoformat(timespec="seconds")
    with bundle.writing(
        path, county=identity.county, sender=store.profile.device, addressee=bundle.COUNTY, made_at=made_at,
        key=store.profile.signing_key(), to=X25519PublicKey.from_public_bytes(keys[-1]),
    ) as out:  # fmt: skip
        out.add("certificate", Signed.of(identity.device_certificate))
        for statement in store.read_now(returning.own_scopes):
            out.add("scope", Signed.of(statement))
        for statement in store.read_now(scoping.acknowledged) + store.read_now(scoping.pending):
            out.add("acknowledged", Signed.of(statement))
        for items in _unsent(store, result):
            out.add("push", items)
        if farewell:
            _add_uncovered(store, out)
        if photos:
            for blob in store.read_now(lambda tx: tx.blobs_unsent(1000, pushed=False)):
                _add_blob(store, out, blob)
                result.photos += 1
        out.add("pull", _request(store))
        out.add("want", [blob.id for blob in store.read_now(lambda tx: tx.blobs_wanted(1000))] if photos else [])
    return result


def read_bundle(store: Store, path: Path) -> StickResult:
    """Apply the county's answer. Reading it twice is harmless.

    Raises InputError ``bundle.not_one`` | ``bundle.newer`` | ``bundle.signature`` | ``bundle.not_for_us`` |
    ``stream.damaged``, RefusedError ``refused.revoked`` when the county tells this device so.
    """
    identity = store.profile.require_identity()
    with open(path, "rb") as file:
        header, line, signature = bundle.read_header(file)
        if header.county != identity.county or header.addressee != store.profile.device:
            raise InputError("bundle.not_for_us")
        found = bundle.records(file, header, line, store.profile.exchange_key())
        first = next(found, ("", None))
        if first[0] == "keys":  # the root signed them; the bundle may be signed by one of them
            take_keys(store.profile, statements(bundle.taken(first[1], list[Signed])))
        bundle.check_sender(line, signature, store.profile.require_identity().trust.keys("server"))
        return apply(store, itertools.chain([first], found))


def apply(store: Store, found: Iterator[tuple[str, Any]]) -> StickResult:
    """Take the records of a bundle whose sender was checked."""
    result = StickResult()
    for kind, content in found:
        _take(store, kind, content, found, result)
    scoping.evict_out_of_scope(store)
    return result


def _take(store: Store, kind: str, content: Any, following: Iterator[tuple[str, Any]], result: StickResult) -> None:
    if kind == "receipts":
        receipts = statements(bundle.taken(content, list[Signed]))
        kept = store.write_now(lambda tx: tx.apply_receipts(receipts))
        result.receipts += len(receipts) - len(kept.refused)
        result.refused += kept.refused
    elif kind == "pull":
        _take_answer(store, bundle.taken(content, PullResponse), result)
    elif kind == "blob":
        _take_blob(store, bundle.taken(content, BlobHead), following, result)
    elif kind == "revoked":
        words = statements(bundle.taken(content, list[Signed]))
        store.write_now(lambda tx: tx.apply_statements(words))
        raise RefusedError("refused.revoked")


def _take_answer(store: Store, answer: PullResponse, result: StickResult) -> None:
    words = statements([*answer.people, *answer.controls, *([answer.backed_up_to] if answer.backed_up_to else [])])
    refused = store.write_now(lambda tx: tx.apply_statements(words))
    result.refused += [("", code) for _, code in refused]
    receipts = statements(answer.receipts)
    if receipts:
        store.write_now(lambda tx: tx.apply_receipts(receipts))
        result.receipts += len(receipts)
    reader = scoping.reader_by(store, answer.scope.statement())
    for page in answer.areas:
        rows, cursor, head = feed_rows(page), Cursor(page.area, head_of(page)), page.head.statement()
        if not may_read(reader.areas, page.area):
            result.refused.append((page.area, "feed.scope"))  # made for an older scope, or by a server that errs
            continue
        _take_page(store, rows, cursor, head, reader, result)
    scoping.take_scope(store, answer.scope.statement())


def _take_page(
    store: Store, rows: list[FeedRow], cursor: Cursor, head: Statement, reader: Reader, result: StickResult
) -> None:
    """Rows behind what is here already; a page ahead of it is left for later."""
    known = store.read_now(lambda tx: tx.cursors()).get(cursor.area)
    if known is not None and known.epoch == cursor.head.epoch:
        rows = [row for row in rows if row.seq > known.seq]
    reset = known is not None and known.epoch != cursor.head.epoch
    expected = 1 if known is None or reset else known.seq + 1
    if not rows:
        return
    if rows[0].seq != expected:
        result.skipped += 1
        return
    kept = store.write_now(lambda tx: tx.apply_feed(rows, cursor, head=head, reset=reset, reader=reader))
    result.revisions += kept.stored
    result.refused += kept.refused


def _take_blob(store: Store, head: BlobHead, following: Iterator[tuple[str, Any]], result: StickResult) -> None:
    wanted = {blob.id: blob for blob in store.read_now(lambda tx: tx.blobs_wanted(100_000))}
    blob: IncomingBlob | None = wanted.get(head.id)
    writer = None
    if blob is not None:
        incoming = blob
        writer = store.write_now(lambda tx: tx.expect_blob(incoming, head.kind, head.media_type, head.size, head.salt))
    place = 0
    while place < head.size:
        kind, piece = next(following, ("", b""))
        if kind != "piece" or not isinstance(piece, bytes) or not piece:
            raise InputError("stream.damaged")
        if writer is not None and writer.offset == place:
            writer.write(piece)
        place += len(piece)
    if writer is not None:
        writer.check()
        arrived = writer
        store.write_now(lambda tx: tx.blob_arrived(arrived))
        result.photos += 1


def _unsent(store: Store, result: StickResult) -> Iterator[list[PushItem]]:
    found = store.read_now(lambda tx: tx.unsent(1_000_000))
    for start in range(0, len(found), BATCH):
        part = found[start : start + BATCH]
        result.revisions += len(part)
        yield [PushItem(Sent.of(out.revision), list(out.blobs)) for out in part]


def _add_uncovered(store: Store, out: bundle.BundleWriter) -> None:
    out.add("people", [Signed.of(statement) for statement in store.read_now(returning.people)])
    for name in store.read_now(returning.uncovered_ids):
        held = store.read_now(returning.held, name)
        if held is not None:
            receipt = Signed.of(held.receipt) if held.receipt else None
            out.add("push", [PushItem(Sent.of(held.out.revision), list(held.out.blobs), receipt)])
    for name in store.read_now(returning.sealed_ids):
        out.add("sealed", store.read_now(returning.sealed_contents, [name]))


def _add_blob(store: Store, out: bundle.BundleWriter, blob: OutgoingBlob) -> None:
    content = store.read_now(lambda tx: tx.blob(blob.id))
    if content is None:
        return
    out.add("blob", BlobHead(blob.id, blob.document, blob.kind, blob.media_type, blob.size, blob.salt))
    for piece in regular(content.pieces(), BLOB_PIECE):
        out.add("piece", piece)


def _request(store: Store) -> PullRequest:
    cursors = store.read_now(lambda tx: tx.cursors())
    return PullRequest(
        store.profile.device,
        [At(area, head.epoch, head.seq, head.hash) for area, head in sorted(cursors.items())],
        store.read_now(lambda tx: tx.controls()),
        store.read_now(lambda tx: tx.unsettled()),
    )
