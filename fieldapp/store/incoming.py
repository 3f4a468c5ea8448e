"""Blobs on their way in: written piece by piece, resumed after a break, believed once their hash is right."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldapp.domain.payload import Payload, parse_payload
from fieldapp.errors import InputError, StorageError
from fieldapp.store.blobs import FOLDER, MAX_BLOB, PIECE, nonce, read_pieces
from fieldapp.store.exchange import IncomingBlob
from fieldapp.store.files import wording

if TYPE_CHECKING:
    from fieldapp.store.writing import WriteTx

_TAG = 16
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAMED = re.compile(rb'"[0-9a-f]{64}"')
#: Digests under these keys name revisions or rule packs, never blobs.
_NOT_BLOBS = frozenset({"assessment", "audit", "change", "subject_leaves"})


class BlobWriter:
    """Takes the clear content in order, in pieces of a multiple of 64 KiB (the last may be shorter).

    ``offset`` says where to go on. ``finish`` proves SHA-256(salt ‖ bytes) = id and then the blob counts.
    """

    def __init__(self, blob: str, size: int, salt: bytes, key: bytes, path: Path) -> None:
        self.blob, self.size = blob, size
        self._salt, self._key, self.path = salt, key, path

    @property
    def offset(self) -> int:
        """Bytes of clear content safely here: whole pieces, or all."""
        held = self.path.stat().st_size if self.path.exists() else 0
        whole, rest = divmod(held, PIECE + _TAG)
        clear = whole * PIECE + max(rest - _TAG, 0)
        return clear if clear == self.size else whole * PIECE

    def write(self, data: bytes) -> int:
        """Append ``data``; the new offset. Raises InputError ``blob.piece``, StorageError ``storage.full``."""
        at = self.offset
        end = at + len(data)
        if end > self.size or (len(data) % PIECE and end != self.size):
            raise InputError("blob.piece")
        cipher = AESGCM(self._key)
        with wording(self.path), open(self.path, "r+b" if self.path.exists() else "xb") as out:
            out.seek(at // PIECE * (PIECE + _TAG))
            for start in range(0, len(data), PIECE):
                number = (at + start) // PIECE
                last = at + start + PIECE >= self.size
                out.write(cipher.encrypt(nonce(number, last=last), data[start : start + PIECE], None))
            out.truncate()
            out.flush()
            os.fsync(out.fileno())
        return end

    def check(self) -> None:
        """Raises InputError ``blob.hash`` and removes the file when the content is not what the id says."""
        digest = hashlib.sha256(self._salt)
        try:
            for piece in read_pieces(self.path, self._key, self.size):
                digest.update(piece)
            good = digest.hexdigest() == self.blob
        except StorageError:
            good = False
        if not good:
            self.path.unlink(missing_ok=True)
            raise InputError("blob.hash")


def expect(tx: WriteTx, blob: IncomingBlob, kind: str, media_type: str, size: int, salt: bytes) -> BlobWriter:
    """Begin or resume a wanted blob. Raises InputError ``blob.too_large`` | ``blob.unasked``."""
    if not 0 < size <= MAX_BLOB:
        raise InputError("blob.too_large", limit=MAX_BLOB)
    found = tx.one("SELECT size, salt, key, file FROM blob WHERE id = ? AND state = 'wanted'", (blob.id,))
    if found is None:
        raise InputError("blob.unasked")
    key, file = (found[2], found[3]) if (found[0], found[1]) == (size, salt) else (secrets.token_bytes(32), found[3])
    if key != found[2]:
        (tx.folder / FOLDER / file).unlink(missing_ok=True)
    tx.run(
        "UPDATE blob SET kind = ?, media_type = ?, size = ?, salt = ?, key = ? WHERE id = ?",
        (kind[:40], media_type[:100], size, salt, key, blob.id),
    )
    return BlobWriter(blob.id, size, salt, key, tx.folder / FOLDER / file)


def arrived(tx: WriteTx, writer: BlobWriter) -> None:
    """A writer that passed ``check``: the blob may be shown."""
    tx.run("UPDATE blob SET state = 'here', held = 1, offset = size WHERE id = ?", (writer.blob,))


def absent(tx: WriteTx, blob: str) -> None:
    """The county does not have it (yet): asked again when another revision names it."""
    tx.run("UPDATE blob SET state = 'absent' WHERE id = ? AND state = 'wanted'", (blob,))


def note_named(tx: WriteTx, revision: str, document: str, document_type: str, payload: bytes, *, own: bool) -> None:
    """Remember which blobs a revision names: own ones may now be pushed, others' are wanted."""
    if not _NAMED.search(payload):
        return
    for name in sorted(_digests(parse_payload(payload))):
        tx.run("UPDATE blob SET revision = coalesce(revision, ?) WHERE id = ?", (revision, name))
        if own or document_type in ("review", "access_log") or tx.one("SELECT 1 FROM revision WHERE id = ?", (name,)):
            continue
        tx.run(
            "INSERT INTO blob(id, document, kind, media_type, size, salt, key, file, state, own, revision, at) "
            "VALUES (?,?,'','',0,x'',x'',?,'wanted',0,?,?) "
            "ON CONFLICT(id) DO UPDATE SET state = 'wanted' WHERE blob.state = 'absent'",
            (name, document, secrets.token_hex(16), revision, tx.now),
        )


def _digests(payload: Payload) -> set[str]:
    found: set[str] = set()
    queue: list[Any] = [{key: value for key, value in payload.state.items() if key not in _NOT_BLOBS}]
    while queue:
        value = queue.pop()
        if isinstance(value, str):
            if _DIGEST.fullmatch(value):
                found.add(value)
        elif isinstance(value, dict):
            queue.extend(value.values())
        elif isinstance(value, list):
            queue.extend(value)
    return found
