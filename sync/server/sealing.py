"""Payloads and blobs at rest: compressed, then AES-256-GCM under a key that is not in the database.

What is sealed is bound to its name (revision or blob id), so that two rows exchanged in the database do not open.
"""

from __future__ import annotations

import secrets

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fieldapp.domain.payload import MAX_PAYLOAD_BYTES
from fieldapp.domain.revision import SALT_BYTES
from fieldapp.errors import StorageError
from sync.protocol.framing import inflate

NONCE_BYTES = 12
OVERHEAD = NONCE_BYTES + 16


def derive(master: bytes, purpose: str) -> bytes:
    """The 32-byte subkey of ``master`` for one purpose."""
    return HKDF(hashes.SHA256(), 32, None, b"county-server-1\0" + purpose.encode()).derive(master)


class Sealer:
    """Seals and opens what the server keeps."""

    def __init__(self, master: bytes) -> None:
        self._payloads = AESGCM(derive(master, "payloads"))
        self._blobs = AESGCM(derive(master, "blobs"))

    def seal_payload(self, revision: str, salt: bytes, payload: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        packed = salt + zstandard.ZstdCompressor(level=3).compress(payload)
        return nonce + self._payloads.encrypt(nonce, packed, revision.encode())

    def open_payload(self, revision: str, sealed: bytes) -> tuple[bytes, bytes]:
        """(salt, payload). Raises StorageError ``storage.damaged``."""
        try:
            packed = self._payloads.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], revision.encode())
        except InvalidTag:
            raise StorageError("storage.damaged", where=revision) from None
        return packed[:SALT_BYTES], inflate(packed[SALT_BYTES:], MAX_PAYLOAD_BYTES)  # its seal held: it inflates

    def seal_piece(self, blob: str, index: int, piece: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._blobs.encrypt(nonce, piece, f"{blob}\0{index}".encode())

    def open_piece(self, blob: str, index: int, sealed: bytes) -> bytes:
        """Raises StorageError ``storage.damaged``."""
        try:
            return self._blobs.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], f"{blob}\0{index}".encode())
        except InvalidTag:
            raise StorageError("storage.damaged", where=blob) from None
