"""Content on its way into the profile: looked at, encrypted and on disk before a transaction names it.

Made off the writer's thread; a staged file that no row names after a crash is swept away (``blobs.sweep``).
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
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldapp.domain.revision import SALT_BYTES
from fieldapp.errors import InputError
from fieldapp.store.blobs import MAX_BLOB, NEW, PIECE, nonce
from fieldapp.store.files import wording

KINDS = ("photo", "signature", "file")
_PNG, _JPEG, _JPEG_END = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xff\xd9"
_PNG_END = b"IEND\xaeB`\x82"


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


def settle(staged: StagedBlob) -> None:
    """Its transaction has committed."""
    staged.file.replace(staged.file.parent.parent / staged.file.name)
