"""Short-lived tokens, bound to a device, and the challenges a device signs to get one.

Both are sealed by a key derived from the server's master key, so every server process of the county knows them and
nothing about them is stored. Time in them is the server's own.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import time

from sync.server.sealing import derive

TOKEN_SECONDS = 15 * 60
CHALLENGE_SECONDS = 120
_MAC = 32


class TokenMaker:
    """Makes and reads tokens and challenges. Reading gives None for anything not made here or too old."""

    def __init__(self, master: bytes) -> None:
        self._key = derive(master, "tokens")

    def challenge(self) -> str:
        return self._sealed(b"c", secrets.token_bytes(16), CHALLENGE_SECONDS)

    def is_challenge(self, text: str) -> bool:
        return self._open(b"c", text) is not None

    def token(self, device: str) -> str:
        return self._sealed(b"t", bytes.fromhex(device), TOKEN_SECONDS)

    def device_of(self, text: str) -> str | None:
        body = self._open(b"t", text)
        return body.hex() if body else None

    def _sealed(self, kind: bytes, body: bytes, seconds: int) -> str:
        data = int(time.time() + seconds).to_bytes(8, "big") + body
        return base64.urlsafe_b64encode(data + self._mac(kind, data)).decode()

    def _open(self, kind: bytes, text: str) -> bytes | None:
        try:
            raw = base64.urlsafe_b64decode(text.encode("ascii"))
        except (ValueError, UnicodeEncodeError):
            return None
        data, mac = raw[:-_MAC], raw[-_MAC:]
        if len(data) <= 8 or not hmac.compare_digest(mac, self._mac(kind, data)):
            return None
        return data[8:] if int.from_bytes(data[:8], "big") >= time.time() else None

    def _mac(self, kind: bytes, data: bytes) -> bytes:
        return hmac.digest(self._key, kind + data, "sha256")
