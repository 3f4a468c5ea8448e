"""Photos, signatures and files in their own lane: in pieces, resumed where the county's offset stands."""

from __future__ import annotations

from fieldapp.errors import InputError, NetworkError, ProgrammingFault, RefusedError
from fieldapp.store.api import Store, WriteTx
from fieldapp.store.exchange import IncomingBlob, OutgoingBlob
from sync.client.pieces import regular
from sync.client.progress import PHOTOS_IN, PHOTOS_OUT, Watch
from sync.client.transport import Transport
from sync.protocol.limits import BLOB_PIECE
from sync.protocol.messages import Done

BATCH = 20


def send_all(store: Store, transport: Transport, watch: Watch) -> None:
    """Send what the county does not hold yet; a blob it will not take now is passed over."""
    passed_over: set[str] = set()
    done = 0
    while found := _outgoing(store, passed_over):
        for blob in found:
            try:
                send(store, transport, watch, blob, done)
                watch.result.photos_out += 1
            except RefusedError as failed:
                watch.result.refused.append((blob.id, failed.code))
            passed_over.add(blob.id)
            done += blob.size


def send(store: Store, transport: Transport, watch: Watch, blob: OutgoingBlob, before: int) -> None:
    """One blob from the county's offset on. Raises RefusedError ``refused.not_here`` while no revision names it
    there, ``refused.request`` when what arrived is not what the id says."""
    answer = transport.ask_blob(blob.id)
    content = store.read_now(lambda tx: tx.blob(blob.id))
    if content is None:
        raise ProgrammingFault("an unsent blob without content")
    if answer.complete:
        # Somebody else brought it, or our receipt was lost: the next pull asks for the receipt.
        store.write_now(lambda tx: tx.blob_offset(blob.id, blob.size))
        return
    offset, pieces = answer.offset, regular(content.pieces(answer.offset), BLOB_PIECE)
    query: dict[str, str | int] = {
        "document": blob.document,
        "kind": blob.kind,
        "media_type": blob.media_type,
        "size": blob.size,
    }
    while offset < blob.size:
        watch.tell(PHOTOS_OUT, before + offset)
        piece = next(pieces)
        end, done = transport.put_piece(blob.id, piece, query=query | {"offset": offset}, salt=blob.salt, answer=Done)
        if end <= offset:
            raise NetworkError("network.garbage")
        offset = end
        store.write_now(WriteTx.blob_offset, blob.id, end)
    receipts = [signed.statement() for signed in done.receipts]
    store.write_now(lambda tx: tx.apply_receipts(receipts))


def fetch_all(store: Store, transport: Transport, watch: Watch) -> None:
    """Fetch what pulled revisions name; what the county does not have (yet) is remembered as absent."""
    passed_over: set[str] = set()
    while found := [blob for blob in store.read_now(lambda tx: tx.blobs_wanted(BATCH)) if blob.id not in passed_over]:
        for blob in found:
            watch.tell(PHOTOS_IN, watch.result.photos_in)
            passed_over.add(blob.id)
            try:
                fetch(store, transport, watch, blob)
                watch.result.photos_in += 1
            except RefusedError:
                store.write_now(WriteTx.blob_absent, blob.id)
            except InputError as failed:
                watch.result.refused.append((blob.id, failed.code))


def fetch(store: Store, transport: Transport, watch: Watch, blob: IncomingBlob) -> None:
    """One blob, from where it stopped the last time. Raises InputError ``blob.hash`` for wrong content, RefusedError
    ``refused.not_here``."""
    said = transport.ask_blob(blob.id)
    if not said.complete or not said.salt:
        raise RefusedError("refused.not_here")
    size = said.offset
    writer = store.write_now(lambda tx: tx.expect_blob(blob, said.kind, said.media_type, size, said.salt))
    if writer.offset < size:
        for piece in regular(transport.get_blob(blob.id, writer.offset), BLOB_PIECE):
            watch.check()
            writer.write(piece)
    writer.check()
    store.write_now(lambda tx: tx.blob_arrived(writer))


def _outgoing(store: Store, passed_over: set[str]) -> list[OutgoingBlob]:
    found = store.read_now(lambda tx: tx.blobs_unsent(BATCH + len(passed_over)))
    return [blob for blob in found if blob.id not in passed_over]
