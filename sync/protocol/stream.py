"""Long content sealed in chunks: every chunk knows its place, and the last one says that it is the last.

Chunks cannot be left out, swapped, taken from another file or cut off at the end without being noticed. Used by
bundles on sticks and by the server's backups.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldapp.errors import InputError

CHUNK = 1024 * 1024
_LENGTH = 4


class SealedWriter:
    """Writes chunks to ``file`` under ``key``, bound to ``header``; ``close`` writes the end mark.

    A key serves one stream: the nonces are counters.
    """

    def __init__(self, file: BinaryIO, key: bytes, header: bytes) -> None:
        self._file, self._cipher, self._bound = file, AESGCM(key), hashlib.sha256(header).digest()
        self._number = 0
        self._waiting = bytearray()

    def write(self, data: bytes) -> None:
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._chunk(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def close(self) -> None:
        self._chunk(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _chunk(self, data: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), data, self._bound)
        self._file.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
        self._number += 1


def read_sealed(file: BinaryIO, key: bytes, header: bytes) -> Iterator[bytes]:
    """The chunks behind the header, in order.

    Raises InputError ``stream.damaged`` for anything changed, missing, moved or cut off, at the chunk where it shows.
    """
    cipher, bound = AESGCM(key), hashlib.sha256(header).digest()
    number = 0
    following = _read(file)
    while following is not None:
        sealed, following = following, _read(file)
        try:
            yield cipher.decrypt(_nonce(number, last=following is None), sealed, bound)
        except InvalidTag:
            raise InputError("stream.damaged") from None
        number += 1
    if not number:
        raise InputError("stream.damaged")


def _read(file: BinaryIO) -> bytes | None:
    length = file.read(_LENGTH)
    if not length:
        return None
    size = int.from_bytes(length, "big")
    if len(length) < _LENGTH or size > CHUNK + 16:
        raise InputError("stream.damaged")
    sealed = file.read(size)
    if len(sealed) < size:
        raise InputError("stream.damaged")
    return sealed


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
