"""A stream of named parts in one encrypted file: sealed pieces with an end mark, bound to the file's clear header.

    magic ‖ header length (4 bytes) ‖ header JSON ‖ sealed pieces of 1 MiB

Inside: for each part its name, its size and its bytes; at the end a name of length zero. A file that was cut off,
whose pieces were swapped or whose header was changed does not read.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldapp.errors import InputError
from fieldapp.store.files import replacing
from fieldapp.store.vault.keyfile import canonical, subkey

MAGIC = b"TJBFILE1"
PIECE = 1024 * 1024
_TAG = 16
_MAX_HEADER = 1024 * 1024


@dataclass(frozen=True)
class Part:
    """``source``: a file, bytes, or pieces of ``size`` bytes together."""

    name: str
    source: Path | bytes | Iterator[bytes]
    size: int = 0


def write(path: Path, key: bytes, header: Mapping[str, Any], parts: Iterator[Part]) -> dict[str, str]:
    """Write all parts durably under a key made for this file from ``key``; SHA-256 by part name.

    The header gets ``file``, a random name that enters the key. Raises StorageError ``storage.full``.
    """
    full = {**header, "file": secrets.token_hex(16)}
    clear = canonical(full)
    digests: dict[str, str] = {}
    with replacing(path) as out:
        out.write(MAGIC + len(clear).to_bytes(4, "big") + clear)
        _seal(out, _key(key, full), _bound(clear), _frames(parts, digests))
    return digests


def read_header(path: Path) -> dict[str, Any]:
    """Raises InputError ``file.not_ours`` | ``file.damaged``."""
    with open(path, "rb") as stream:
        return _header(stream)[0]


def read(path: Path, key: bytes) -> Iterator[tuple[str, Iterator[bytes]]]:
    """(name, content) of each part; a part's content has to be read before the next one.

    Raises InputError ``file.not_ours`` | ``file.damaged`` (also: wrong key, cut off, header changed).
    """
    with open(path, "rb") as stream:
        header, clear = _header(stream)
        source = _Reader(_unseal(stream, _key(key, header), _bound(clear), path.stat().st_size - stream.tell()))
        while length := int.from_bytes(source.take(2), "big"):
            name = source.take(length).decode("utf-8")
            size = int.from_bytes(source.take(8), "big")
            yield name, source.stream(size)
        source.finish()


def forget_cache(path: Path) -> None:
    """Ask the system to read the file from its medium again, so that checking it checks the stick."""
    if hasattr(os, "posix_fadvise"):
        with open(path, "rb") as stream:
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _key(key: bytes, header: Mapping[str, Any]) -> bytes:
    return subkey(key, f"file {header['file']}")


def _bound(clear: bytes) -> bytes:
    return hashlib.sha256(MAGIC + clear).digest()


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


def _frames(parts: Iterator[Part], digests: dict[str, str]) -> Iterator[bytes]:
    for part in parts:
        name = part.name.encode()
        digest = hashlib.sha256()
        size, pieces = _opened(part)
        yield len(name).to_bytes(2, "big") + name + size.to_bytes(8, "big")
        sent = 0
        for piece in pieces:
            sent += len(piece)
            digest.update(piece)
            yield piece
        if sent != size:
            raise InputError("file.changed", where=part.name)
        digests[part.name] = digest.hexdigest()
    yield (0).to_bytes(2, "big")


def _opened(part: Part) -> tuple[int, Iterator[bytes]]:
    if isinstance(part.source, bytes):
        return len(part.source), iter([part.source])
    if isinstance(part.source, Path):
        size = part.source.stat().st_size
        return size, _pieces(part.source, size)
    return part.size, part.source


def _pieces(path: Path, size: int) -> Iterator[bytes]:
    with open(path, "rb") as stream:
        while size and (piece := stream.read(min(PIECE, size))):
            size -= len(piece)
            yield piece


def _seal(out: BinaryIO, key: bytes, bound: bytes, frames: Iterator[bytes]) -> None:
    cipher, held, number = AESGCM(key), bytearray(), 0
    for frame in frames:
        held += frame
        while len(held) > PIECE:
            out.write(cipher.encrypt(_nonce(number, last=False), bytes(held[:PIECE]), bound))
            del held[:PIECE]
            number += 1
    out.write(cipher.encrypt(_nonce(number, last=True), bytes(held), bound))


def _header(stream: BinaryIO) -> tuple[dict[str, Any], bytes]:
    start = stream.read(len(MAGIC) + 4)
    length = int.from_bytes(start[len(MAGIC) :], "big")
    if not start.startswith(MAGIC) or length > _MAX_HEADER:
        raise InputError("file.not_ours")
    clear = stream.read(length)
    try:
        header = json.loads(clear)
        header["file"].encode()
    except (ValueError, KeyError, AttributeError, TypeError):
        raise InputError("file.damaged") from None
    made: dict[str, Any] = header
    return made, clear


def _unseal(stream: BinaryIO, key: bytes, bound: bytes, size: int) -> Iterator[bytes]:
    cipher, number = AESGCM(key), 0
    while size > 0:
        sealed = stream.read(min(PIECE + _TAG, size))
        size -= len(sealed)
        try:
            yield cipher.decrypt(_nonce(number, last=size <= 0), sealed, bound)
        except (InvalidTag, ValueError):
            raise InputError("file.damaged") from None
        if not sealed:
            raise InputError("file.damaged")
        number += 1


class _Reader:
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""

    def _fill(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            raise InputError("file.damaged")
        self._held += piece

    def take(self, count: int) -> bytes:
        while len(self._held) < count:
            self._fill()
        made, self._held = self._held[:count], self._held[count:]
        return made

    def stream(self, size: int) -> Iterator[bytes]:
        while size:
            if not self._held:
                self._fill()
            piece, self._held = self._held[:size], self._held[size:]
            size -= len(piece)
            yield piece

    def finish(self) -> None:
        if self._held or next(self._pieces, None) is not None:
            raise InputError("file.damaged")
