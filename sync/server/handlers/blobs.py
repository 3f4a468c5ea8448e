"""The photos' own lane: pieces at an offset, resumed where the recorded offset stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from fieldapp.domain import roles
from fieldapp.domain.areas import may_read
from fieldapp.domain.revision import SALT_BYTES, is_digest
from sync.protocol.limits import BLOB_PIECE, MAX_BLOB
from sync.protocol.messages import Done, Signed
from sync.server.blobs import BlobFiles
from sync.server.handlers.callers import Caller
from sync.server.ingest import receipts
from sync.server.service import Rejected, Service
from sync.server.storage import damage, revisions
from sync.server.storage.schema import blobs, revision_blobs, uploads
from sync.server.storage.schema import revisions as revision_table


@dataclass(frozen=True)
class Offer:
    """What the uploader says of a blob. ``size`` in bytes of the clear content."""

    blob: str
    document: str
    kind: str
    media_type: str
    size: int
    salt: bytes


@dataclass(frozen=True)
class Stored:
    """A held blob as a reader gets it."""

    document: str
    kind: str
    media_type: str
    size: int
    salt: bytes


def ask(service: Service, caller: Caller, blob: str) -> tuple[int, bool, Stored | None]:
    """(bytes held, whether that is all of it, what a reader may know). Raises Rejected 404."""
    _check_name(blob)

    def work(connection: Connection) -> tuple[int, bool, Stored | None]:
        _may_offer(service, connection, caller, blob)
        row = _held(service, connection, blob)
        if row is None:
            return _recorded(service, connection, caller, blob), False, None
        return row.size, True, row if _readable(service, connection, caller, row.document) else None

    return service.read(work)


def put_piece(service: Service, caller: Caller, offer: Offer, offset: int, piece: bytes) -> tuple[int, Done]:
    """Take one piece; (bytes held now, receipts of the revisions this completed).

    Raises Rejected 404 for a blob nobody may offer, 409 ``blob.offset`` when another offset is recorded, 413, 422.
    """
    _check_offer(offer, offset, piece)

    def work(connection: Connection) -> int:
        document = _may_offer(service, connection, caller, offer.blob)
        if document != offer.document:
            raise Rejected(404, "unknown")
        held = _held(service, connection, offer.blob)
        if held:
            return held.size
        if _recorded(service, connection, caller, offer.blob, lock=True) != offset:
            raise Rejected(409, "blob.offset")
        files = BlobFiles(service.blobs, service.sealer)
        files.write_piece(caller.device.device, offer.blob, offset, piece)
        end = offset + len(piece)
        if end == offer.size:
            _finish(service, connection, caller, offer, files)
        else:
            _record(service, connection, caller, offer.blob, end)
        return end

    end = service.write(work)
    service.metrics.add("blob_bytes_total", len(piece))
    if end < offer.size:
        return end, Done()
    return end, service.read(lambda c: _receipts(service, c, offer.blob))


def find(service: Service, caller: Caller, blob: str) -> Stored:
    """A blob the caller may read: through an accepted revision of a document in his scope. Raises Rejected 404, also
    for one that does not open any more; that one is named to the office."""
    _check_name(blob)

    def work(connection: Connection) -> Stored:
        row = _held(service, connection, blob)
        if row is None or not _readable(service, connection, caller, row.document):
            raise Rejected(404, "unknown")
        return row

    found = service.read(work)
    if not BlobFiles(service.blobs, service.sealer).sound(blob):
        service.note_damage(damage.BLOB, {blob})
        raise Rejected(404, "unknown")
    return found


def content(service: Service, blob: str, offset: int) -> Iterator[bytes]:
    return BlobFiles(service.blobs, service.sealer).read(blob, offset)


def _check_name(blob: str) -> None:
    if not is_digest(blob):
        raise Rejected(404, "unknown")


def _check_offer(offer: Offer, offset: int, piece: bytes) -> None:
    _check_name(offer.blob)
    if offer.size > MAX_BLOB or len(piece) > BLOB_PIECE:
        raise Rejected(413, "blob.too_large")
    last = offset + len(piece) == offer.size
    if offset % BLOB_PIECE or not piece or offset + len(piece) > offer.size or not (last or len(piece) == BLOB_PIECE):
        raise Rejected(422, "blob.piece")
    if len(offer.salt) != SALT_BYTES or len(offer.kind) > 40 or len(offer.media_type) > 100:
        raise Rejected(422, "blob.piece")


def _may_offer(service: Service, connection: Connection, caller: Caller, blob: str) -> str:
    """The document that names ``blob`` in a revision of this device or in one the caller may read."""
    here = (revision_blobs.c.county == revision_table.c.county) & (
        revision_blobs.c.revision == revision_table.c.revision
    )
    query = select(revision_table.c.document, revision_table.c.device).join(revision_blobs, here)
    query = query.where(revision_blobs.c.county == service.keys.county, revision_blobs.c.blob == blob)
    for document, device in connection.execute(query.order_by(revision_table.c.received_at)):
        if device == caller.device.device or _readable(service, connection, caller, document):
            return str(document)
    raise Rejected(404, "unknown")


def _readable(service: Service, connection: Connection, caller: Caller, document: str) -> bool:
    area, kind = revisions.document_areas(connection, service.keys.county, [document]).get(document, (None, ""))
    return area is not None and may_read(caller.grant.areas, area) and roles.may(caller.grant.role, roles.READ, kind)


def _held(service: Service, connection: Connection, blob: str) -> Stored | None:
    query = select(blobs).where(blobs.c.county == service.keys.county, blobs.c.blob == blob)
    row = connection.execute(query).first()
    if row is None:
        return None
    return Stored(row.document, row.kind, row.media_type, row.size, service.sealer.open_piece(blob, -1, row.salt))


def _recorded(service: Service, connection: Connection, caller: Caller, blob: str, *, lock: bool = False) -> int:
    """The recorded offset; less when the disk lost what the database remembers."""
    query = select(uploads.c.offset).where(*_upload(service, caller, blob))
    offset = connection.execute(query.with_for_update() if lock else query).scalar() or 0
    on_disk = BlobFiles(service.blobs, service.sealer).partial_size(caller.device.device, blob)
    return min(int(offset), on_disk // BLOB_PIECE * BLOB_PIECE)


def _record(service: Service, connection: Connection, caller: Caller, blob: str, offset: int) -> None:
    here = update(uploads).where(*_upload(service, caller, blob)).values(offset=offset)
    if not connection.execute(here).rowcount:
        values = {"county": service.keys.county, "device": caller.device.device, "blob": blob, "offset": offset}
        connection.execute(insert(uploads).values(**values))


def _finish(service: Service, connection: Connection, caller: Caller, offer: Offer, files: BlobFiles) -> None:
    connection.execute(delete(uploads).where(*_upload(service, caller, offer.blob)))
    if not files.finish(caller.device.device, offer.blob, offer.salt):
        raise Rejected(422, "blob.hash")
    connection.execute(
        insert(blobs).values(
            county=service.keys.county,
            blob=offer.blob,
            document=offer.document,
            kind=offer.kind,
            media_type=offer.media_type,
            size=offer.size,
            salt=service.sealer.seal_piece(offer.blob, -1, offer.salt),
        )
    )


def _receipts(service: Service, connection: Connection, blob: str) -> Done:
    query = select(revision_blobs.c.revision).where(
        revision_blobs.c.county == service.keys.county, revision_blobs.c.blob == blob
    )
    names = list(connection.execute(query).scalars())
    proofs = receipts.issue(connection, service.county(connection), names)
    return Done([Signed.of(proof) for proof in proofs.values()])


def _upload(service: Service, caller: Caller, blob: str) -> tuple[ColumnElement[bool], ...]:
    return (
        uploads.c.county == service.keys.county,
        uploads.c.device == caller.device.device,
        uploads.c.blob == blob,
    )
