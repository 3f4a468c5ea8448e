"""Photos, signatures, files: encrypted in pieces under a key of their own, streamed both ways.

A blob's file holds pieces of 64 KiB, each sealed with AES-256-GCM; the nonce is the piece's number and whether it is
the last, so that pieces cannot be dropped, swapped or cut off unnoticed. The key lies in the blob's row: deleting the
row makes the file unreadable. Nothing is ever written in clear. Taking content in is ``staging``'s.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldapp.errors import ProgrammingFault, StorageError
from fieldapp.store.exchange import IncomingBlob, OutgoingBlob

if TYPE_CHECKING:
    from fieldapp.store.connection import Row
    from fieldapp.store.reading import ReadTx
    from fieldapp.store.staging import StagedBlob
    from fieldapp.store.writing import WriteTx

FOLDER = "blobs"
#: Staged files wait here until the transaction that names them has committed.
NEW = "blobs/new"
ANY_ENDING = "SELECT 1 FROM blob WHERE state = 'ending' LIMIT 1"
PIECE = 64 * 1024
_TAG = 16
MAX_BLOB = 64 * 1024 * 1024
HERE, WANTED, ABSENT, ENDING = "here", "wanted", "absent", "ending"


@dataclass(frozen=True)
class BlobInfo:
    """``size`` in bytes of the clear content; ``held`` says the county has it; ``state`` ``here`` | ``wanted`` |
    ``absent``."""

    id: str
    document: str
    kind: str
    media_type: str
    size: int
    state: str
    held: bool


class Blob:
    """An encrypted blob that can be read, also after the transaction that gave it."""

    def __init__(self, info: BlobInfo, key: bytes, path: Path) -> None:
        self.info = info
        self._key, self._path = key, path

    def pieces(self, offset: int = 0) -> Iterator[bytes]:
        """The clear content from ``offset`` on, piece by piece. Raises StorageError ``storage.blob_damaged`` |
        ``storage.blob_missing``."""
        skip = offset % PIECE
        for piece in read_pieces(self._path, self._key, self.info.size, offset // PIECE):
            yield piece[skip:]
            skip = 0

    def open(self) -> BinaryIO:
        """A seekable reader for decoders; it holds one piece at a time."""
        return io.BufferedReader(_Reader(self), PIECE)


class _Reader(io.RawIOBase):
    def __init__(self, blob: Blob) -> None:
        self._blob = blob
        self._at = 0
        self._piece: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._blob.info.size}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._blob.info.size:
            return 0
        number = self._at // PIECE
        if self._piece[0] != number:
            self._piece = (number, next(self._blob.pieces(number * PIECE)))
        part = self._piece[1][self._at % PIECE :][: len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)


def nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


def read_pieces(path: Path, key: bytes, size: int, start: int = 0) -> Iterator[bytes]:
    cipher = AESGCM(key)
    count = -(-size // PIECE)
    try:
        with open(path, "rb") as stream:
            stream.seek(start * (PIECE + _TAG))
            for number in range(start, count):
                sealed = stream.read(min(PIECE, size - number * PIECE) + _TAG)
                yield cipher.decrypt(nonce(number, last=number == count - 1), sealed, None)
    except FileNotFoundError:
        raise StorageError("storage.blob_missing", where=path.name) from None
    except (InvalidTag, ValueError):
        raise StorageError("storage.blob_damaged", where=path.name) from None


_INFO = "id, document, kind, media_type, size, state, held"


def find(tx: ReadTx, blob_id: str) -> Blob | None:
    """The blob, if its content is here."""
    found = tx.one(f"SELECT {_INFO}, key, file FROM blob WHERE id = ? AND state = 'here'", (blob_id,))
    if found is None:
        return None
    return Blob(_info(found), found[7], path_of(tx.folder, found[8]))


def _info(row: Row) -> BlobInfo:
    return BlobInfo(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]))


def path_of(folder: Path, file: str) -> Path:
    """A file committed a moment ago may not have been moved yet."""
    path = folder / FOLDER / file
    return path if path.exists() else folder / NEW / file


def infos(tx: ReadTx, document: str) -> list[BlobInfo]:
    sql = f"SELECT {_INFO} FROM blob WHERE document = ? AND state <> 'ending' ORDER BY at, id"
    return [_info(row) for row in tx.rows(sql, (document,))]


def put(tx: WriteTx, document: str, staged: StagedBlob) -> str:
    if not staged.file.exists():
        raise ProgrammingFault("a staged blob was put twice")
    tx.run(
        "INSERT INTO blob(id, document, kind, media_type, size, salt, key, file, state, own, at) "
        "VALUES (?,?,?,?,?,?,?,?,'here',1,?)",
        (
            staged.id, document, staged.kind, staged.media_type, staged.size, staged.salt, staged.key,
            staged.file.name, tx.now,
        ),
    )  # fmt: skip
    return staged.id


def unsent(tx: ReadTx, limit: int, *, pushed: bool = True) -> list[OutgoingBlob]:
    """Blobs of revisions that the county does not hold completely, oldest first; of pushed ones, or on a stick, where
    a revision travels beside its blobs, of all."""
    sql = (
        "SELECT b.id, b.document, b.kind, b.media_type, b.size, b.salt, b.offset FROM blob b "
        "JOIN revision r ON r.id = b.revision WHERE b.own = 1 AND b.held = 0 AND b.state = 'here' AND r.sent >= ? "
        "ORDER BY b.at, b.id LIMIT ?"
    )
    return [OutgoingBlob(*row) for row in tx.rows(sql, (int(pushed), limit))]


def wanted(tx: ReadTx, limit: int) -> list[IncomingBlob]:
    """Blobs that pulled revisions name and that are not here, newest first."""
    sql = "SELECT id, document, revision FROM blob WHERE state = 'wanted' ORDER BY at DESC, id LIMIT ?"
    return [IncomingBlob(*row) for row in tx.rows(sql, (limit,))]


def mark_ending(tx: WriteTx, document: str) -> None:
    """The document's blobs are to go; their files are removed after the commit, at the latest at the next open."""
    tx.run("UPDATE blob SET state = 'ending', key = zeroblob(32) WHERE document = ?", (document,))
    tx.blobs_ending = True


def mark_ending_one(tx: WriteTx, blob: str) -> None:
    tx.run("UPDATE blob SET state = 'ending', key = zeroblob(32) WHERE id = ?", (blob,))
    tx.blobs_ending = True


def finish_endings(tx: WriteTx) -> None:
    """Remove the files of ending blobs, then their rows."""
    for blob, file in tx.rows("SELECT id, file FROM blob WHERE state = 'ending'"):
        (tx.folder / FOLDER / file).unlink(missing_ok=True)
        (tx.folder / NEW / file).unlink(missing_ok=True)
        tx.run("DELETE FROM blob WHERE id = ?", (blob,))


def sweep(tx: WriteTx) -> None:
    """After a crash: staged files that a row names are settled, the others removed."""
    for path in (tx.folder / NEW).glob("*"):
        if tx.one("SELECT 1 FROM blob WHERE file = ?", (path.name,)):
            path.replace(tx.folder / FOLDER / path.name)
        else:
            path.unlink()
