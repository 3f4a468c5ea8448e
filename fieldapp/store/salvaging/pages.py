"""The pages of a SQLCipher 4 database and of its write-ahead log, decrypted one by one.

Each page carries its own HMAC, so every page says by itself whether it is whole; SQLite would give up at the first
damaged one on its way. Format: 4096 bytes, of which the last 80 are IV (16) and HMAC-SHA512 (64); the first page
starts with the 16-byte salt; the HMAC key is PBKDF2-HMAC-SHA512(key, salt xor 0x3a, 2 rounds). Nothing is written.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE = 4096
RESERVED = 80
USABLE = PAGE - RESERVED
_IV, _HMAC, _SALT = 16, 64, 16
_WAL_HEADER, _FRAME_HEADER = 32, 24


class Pages:
    """``versions[number]`` are the readable versions of a page, the newest first; ``damaged`` the numbers of pages in
    the main file whose HMAC does not hold."""

    def __init__(self, path: Path, key: bytes) -> None:
        data = path.read_bytes() if path.exists() else b""
        log = path.with_name(path.name + "-wal")
        self.count = len(data) // PAGE
        self.versions: dict[int, list[bytes]] = {}
        self.damaged: list[int] = []
        self._key = key
        self._hmac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(b ^ 0x3A for b in data[:_SALT]), 2, 32)
        for number, sealed in _log_frames(log):
            page = self._open(sealed, number)
            if page is not None:
                self.versions.setdefault(number, []).insert(0, page)
        for number in range(1, self.count + 1):
            page = self._open(data[(number - 1) * PAGE : number * PAGE], number)
            if page is None:
                self.damaged.append(number)
            else:
                self.versions.setdefault(number, []).append(page)

    def _open(self, sealed: bytes, number: int) -> bytes | None:
        start = _SALT if number == 1 else 0
        body, iv, tag = sealed[start:USABLE], sealed[USABLE : USABLE + _IV], sealed[USABLE + _IV :]
        proof = hmac.new(self._hmac_key, body + iv + number.to_bytes(4, "little"), hashlib.sha512).digest()
        if not hmac.compare_digest(proof, tag):
            return None
        decryptor = Cipher(algorithms.AES(self._key), modes.CBC(iv)).decryptor()
        return bytes(start) + decryptor.update(body) + decryptor.finalize()


def _log_frames(path: Path) -> Iterator[tuple[int, bytes]]:
    """(page number, sealed page) of every frame, also of those behind a break."""
    if not path.exists():
        return
    data = path.read_bytes()
    for at in range(_WAL_HEADER, len(data) - _FRAME_HEADER - PAGE + 1, _FRAME_HEADER + PAGE):
        yield int.from_bytes(data[at : at + 4], "big"), data[at + _FRAME_HEADER : at + _FRAME_HEADER + PAGE]
