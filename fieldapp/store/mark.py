"""The mark outside the database: how far it was when it last said "kept".

A flipped or lost byte of the write-ahead log drops later commits without an error. After every commit the count of
commits and the device's last link are written to one of two slots of ``mark``; a store that opens behind its mark
has lost something, and says what.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path

NAME = "mark"
_SLOT = 256


@dataclass(frozen=True)
class Mark:
    """``commits`` counts transactions; ``device_seq`` and ``revision`` are the device's last link, 0 and ""
    at first."""

    commits: int
    device: str
    device_seq: int
    revision: str


class MarkFile:
    """Two slots written in turn, so that a torn write leaves the one before. Not fsynced with every commit: after a
    power cut it may be behind the database, never ahead of what was said to be kept."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._path = folder / NAME
        self._key = key

    def read(self) -> Mark | None:
        """The newest slot that is whole; None when there is none."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        marks = [mark for start in (0, _SLOT) if (mark := self._parse(data[start : start + _SLOT]))]
        return max(marks, key=lambda mark: mark.commits, default=None)

    def write(self, mark: Mark, *, sync: bool = False) -> None:
        body = json.dumps([mark.commits, mark.device, mark.device_seq, mark.revision]).encode()
        slot = (self._seal(body) + body).ljust(_SLOT, b" ")
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            os.lseek(handle, (mark.commits % 2) * _SLOT, os.SEEK_SET)
            os.write(handle, slot)
            if sync:
                os.fsync(handle)
        finally:
            os.close(handle)

    def reset(self) -> None:
        self._path.unlink(missing_ok=True)

    def _seal(self, body: bytes) -> bytes:
        return hmac.new(self._key, body, hashlib.sha256).hexdigest()[:32].encode()

    def _parse(self, slot: bytes) -> Mark | None:
        seal, body = slot[:32], slot[32:].rstrip(b" \0")
        if not body or not hmac.compare_digest(seal, self._seal(body)):
            return None
        commits, device, device_seq, revision = json.loads(body)
        return Mark(commits, device, device_seq, revision)
