"""Photos, signatures, files: encrypted in pieces under a key of their own, streamed both ways.

A blob's file holds pieces of 64 KiB, each sealed with AES-256-GCM; the nonce is the piece's number and whether it is
the last, so that pieces cannot be dropped, swapped or cut off unnoticed. The key lies in the blob's row: deleting the
row makes the file unreadable. Nothing is ever written in clear.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldapp.domain.revision import SALT_BYTES
from fieldapp.errors import InputError, ProgrammingFault, StorageError
from fieldapp.store.exchange import IncomingBlob, OutgoingBlob
from fieldapp.store.files import wording

if TYPE_CHECKING:
    from fieldapp.store.connection import Row
    from fieldapp.store.reading import ReadTx
    from fieldapp.store.writing import WriteTx

FOLDER = "blobs"
#: Staged files wait here until the transaction that names them has committed.
NEW = "blobs/new"
ANY_ENDING = "SELECT 1 FROM blob WHERE state = 'ending' LIMIT 1"
PIECE = 64 * 1024
_TAG = 16
MAX_BLOB = 64 * 1024 * 1024
HERE, WANTED, ABSENT, ENDING = "here", "wanted", "absent", "ending"
KINDS = ("photo", "signature", "file")
_PNG, _JPEG, _JPEG_END = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xff\xd9"
_PNG_END = b"IEND\xaeB`\x82"


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


@dataclass(frozen=True)
class StagedBlob:
    """A blob whose encrypted file is on disk and whose row is not yet written; made off the writer's thread."""

    id: str
    kind: str
    media_type: str
    size: int
    salt: bytes
    key: bytes
    file: Path


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


def stage(folder: Path, source: bytes | Path | BinaryIO, kind: str, media_type: str = "") -> StagedBlob:
    """Encrypt ``source`` into a new file of the profile, durably.

    Raises InputError ``blob.empty`` | ``blob.too_large`` | ``blob.not_a_photo`` (kind ``photo`` takes whole JPEG and
    PNG only, by content) | ``blob.not_strokes`` | ``blob.kind``, StorageError ``storage.full``.
    """
    if kind not in KINDS:
        raise InputError("blob.kind")
    if isinstance(source, Path):
        with open(source, "rb") as stream:
            return _stage(folder, stream, kind, media_type)
    return _stage(folder, io.BytesIO(source) if isinstance(source, bytes) else source, kind, media_type)


def _stage(folder: Path, stream: BinaryIO, kind: str, media_type: str) -> StagedBlob:
    key, salt = secrets.token_bytes(32), secrets.token_bytes(SALT_BYTES)
    path = folder / NEW / secrets.token_hex(16)
    digest, look = hashlib.sha256(salt), _Look()
    with wording(path):
        path.parent.mkdir(exist_ok=True)
        try:
            size = _write(path, key, _watched(stream, digest, look))
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    try:
        found = _check_content(kind, look, size)
    except InputError:
        path.unlink(missing_ok=True)
        raise
    kept = found or media_type or "application/octet-stream"
    return StagedBlob(digest.hexdigest(), kind, kept, size, salt, key, path)


class _Look:
    """The first and last bytes of a stream, enough to tell what it is; a signature's bytes whole, they are few."""

    def __init__(self) -> None:
        self.first, self.last, self.small = b"", b"", b""

    def see(self, piece: bytes) -> None:
        self.first = (self.first + piece[:16])[:16]
        self.last = (self.last + piece)[-16:]
        if len(self.small) <= 512 * 1024:
            self.small += piece if len(piece) < 512 * 1024 else b" " * (512 * 1024 + 1)


def _watched(stream: BinaryIO, digest: Any, look: _Look) -> Iterator[bytes]:
    total = 0
    while piece := stream.read(PIECE):
        total += len(piece)
        if total > MAX_BLOB:
            raise InputError("blob.too_large", limit=MAX_BLOB)
        digest.update(piece)
        look.see(piece)
        yield piece


def _check_content(kind: str, look: _Look, size: int) -> str:
    if not size:
        raise InputError("blob.empty")
    if kind == "photo":
        if look.first.startswith(_JPEG) and look.last.rstrip(b"\0").endswith(_JPEG_END):
            return "image/jpeg"
        if look.first.startswith(_PNG) and look.last.endswith(_PNG_END):
            return "image/png"
        raise InputError("blob.not_a_photo")
    if kind == "signature":
        _check_strokes(look.small)
        return "application/vnd.strokes+json"
    return ""


def _check_strokes(data: bytes) -> None:
    """{"strokes": [[[x, y, ms], ...], ...]}: what a pen did, drawn anew at any size."""
    try:
        strokes = json.loads(data)["strokes"]
        good = bool(strokes) and all(
            stroke and all(len(point) >= 2 and all(isinstance(n, int | float) for n in point) for point in stroke)
            for stroke in strokes
        )
    except (ValueError, KeyError, TypeError):
        good = False
    if not good:
        raise InputError("blob.not_strokes")


def _write(path: Path, key: bytes, pieces: Iterator[bytes]) -> int:
    cipher, size, number = AESGCM(key), 0, 0
    with open(path, "xb") as out:
        ahead = next(pieces, b"")
        while ahead:
            piece, ahead = ahead, next(pieces, b"")
            out.write(cipher.encrypt(nonce(number, last=not ahead), piece, None))
            size, number = size + len(piece), number + 1
        out.flush()
        os.fsync(out.fileno())
    return size


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


def settle(staged: StagedBlob) -> None:
    """Its transaction has committed."""
    staged.file.replace(staged.file.parent.parent / staged.file.name)


def sweep(tx: WriteTx) -> None:
    """After a crash: staged files that a row names are settled, the others removed."""
    for path in (tx.folder / NEW).glob("*"):
        if tx.one("SELECT 1 FROM blob WHERE file = ?", (path.name,)):
            path.replace(tx.folder / FOLDER / path.name)
        else:
            path.unlink()
