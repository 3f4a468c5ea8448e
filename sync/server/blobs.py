"""Blobs on disk: sealed piece by piece, partial per device, renamed into place once the hash matches."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from fieldapp.domain.revision import is_digest
from fieldapp.errors import ProgrammingFault, StorageError
from sync.protocol.limits import BLOB_PIECE
from sync.server.sealing import OVERHEAD, Sealer

_SEALED_PIECE = BLOB_PIECE + OVERHEAD


class BlobFiles:
    """The blob folder. Names are digests, checked here again: no name from outside becomes a path otherwise."""

    def __init__(self, folder: Path, sealer: Sealer) -> None:
        self._folder, self._sealer = folder, sealer

    def write_piece(self, device: str, blob: str, offset: int, piece: bytes) -> None:
        """Append ``piece`` at ``offset`` (a multiple of the piece size); whatever stood behind is cut off first."""
        path = self._partial(device, blob)
        path.parent.mkdir(parents=True, exist_ok=True)
        index = offset // BLOB_PIECE
        with open(path, "r+b" if path.exists() else "w+b") as file:
            file.truncate(index * _SEALED_PIECE)
            file.seek(index * _SEALED_PIECE)
            file.write(self._sealer.seal_piece(blob, index, piece))
            file.flush()
            os.fsync(file.fileno())

    def partial_size(self, device: str, blob: str) -> int:
        """Clear bytes of the partial upload on disk; 0 without one."""
        path = self._partial(device, blob)
        return _clear_size(path.stat().st_size) if path.exists() else 0

    def finish(self, device: str, blob: str, salt: bytes) -> bool:
        """Move the partial upload into place if its content is what the id says; otherwise drop it."""
        path = self._partial(device, blob)
        digest = hashlib.sha256(salt)
        for piece in self._pieces(path, blob, 0):
            digest.update(piece)
        if digest.hexdigest() != blob:
            path.unlink()
            return False
        target = self._path(blob)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, target)
        for folder in (target.parent, self._folder):
            _sync_folder(folder)
        return True

    def read(self, blob: str, offset: int) -> Iterator[bytes]:
        """The content from ``offset`` on, piece by piece."""
        index, inside = divmod(offset, BLOB_PIECE)
        for piece in self._pieces(self._path(blob), blob, index):
            yield piece[inside:]
            inside = 0

    def holds(self, blob: str) -> bool:
        return self._path(blob).exists()

    def sound(self, blob: str) -> bool:
        """Whether all of it opens."""
        try:
            return all(piece is not None for piece in self.read(blob, 0))
        except (StorageError, OSError):
            return False

    def erase(self, blob: str) -> None:
        """Remove a blob. Its key is not in the folder; what a disk may still hold is sealed."""
        self._path(blob).unlink(missing_ok=True)

    def paths(self) -> Iterator[Path]:
        """Every finished blob file, for the backup."""
        return (path for path in sorted(self._folder.glob("??/*")) if is_digest(path.name))

    def _pieces(self, path: Path, blob: str, index: int) -> Iterator[bytes]:
        with open(path, "rb") as file:
            file.seek(index * _SEALED_PIECE)
            while sealed := file.read(_SEALED_PIECE):
                yield self._sealer.open_piece(blob, index, sealed)
                index += 1

    def _path(self, blob: str) -> Path:
        return self._folder / _name(blob)[:2] / blob

    def _partial(self, device: str, blob: str) -> Path:
        return self._folder / "partial" / _name(device) / _name(blob)


def _clear_size(sealed: int) -> int:
    whole, rest = divmod(sealed, _SEALED_PIECE)
    return whole * BLOB_PIECE + max(rest - OVERHEAD, 0)


def _name(text: str) -> str:
    if not is_digest(text):
        raise ProgrammingFault("blob name")
    return text


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows has no handle of a folder to flush
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
