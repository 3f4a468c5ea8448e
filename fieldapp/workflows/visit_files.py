"""Photos, signatures and files of a visit: stored when they are taken, under the visit's id, before it is submitted."""

from __future__ import annotations

from concurrent.futures import Future

from fieldapp.store.api import ReadTx, Store


def keep(store: Store, visit: str, data: bytes, kind: str) -> Future[str]:
    """The blob id, once the bytes are durable. ``kind``: photo | signature | thumbprint | file.

    Encrypts on the caller's thread, so not for the window's.
    """
    staged = store.stage_blob(data, kind)
    return store.write(lambda tx: tx.put_blob(visit, staged, kind))


def fetch(store: Store, blob_id: str) -> Future[bytes | None]:
    """The bytes; None when this laptop does not hold them (yet)."""

    def work(tx: ReadTx) -> bytes | None:
        blob = tx.blob(blob_id)
        return b"".join(blob.pieces()) if blob is not None else None

    return store.read(work)
