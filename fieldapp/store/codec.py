"""How bytes and JSON lie inside the database."""

from __future__ import annotations

import json
import threading
from typing import Any

import zstandard

from fieldapp.domain.statements import Statement
from fieldapp.errors import StorageError
from fieldapp.store.identity import statement_from_json, statement_to_json

_LOCAL = threading.local()


def pack(data: bytes) -> bytes:
    """zstd level 1: a payload of 20 KB packs in a tenth of a millisecond."""
    packer: zstandard.ZstdCompressor | None = getattr(_LOCAL, "packer", None)
    if packer is None:
        packer = _LOCAL.packer = zstandard.ZstdCompressor(level=1)
    return packer.compress(data)


def unpack(data: bytes) -> bytes:
    """Raises StorageError ``storage.damaged`` for anything ``pack`` did not make."""
    unpacker: zstandard.ZstdDecompressor | None = getattr(_LOCAL, "unpacker", None)
    if unpacker is None:
        unpacker = _LOCAL.unpacker = zstandard.ZstdDecompressor()
    try:
        return unpacker.decompress(data)
    except (zstandard.ZstdError, TypeError):
        raise StorageError("storage.damaged", where="records.db") from None


def to_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def pack_json(value: object) -> bytes:
    return pack(to_text(value).encode())


def unpack_json(data: bytes) -> Any:
    """Raises StorageError ``storage.damaged``."""
    try:
        return json.loads(unpack(data))
    except ValueError:
        raise StorageError("storage.damaged", where="records.db") from None


def pack_statement(statement: Statement) -> bytes:
    return to_text(statement_to_json(statement)).encode()


def unpack_statement(data: bytes) -> Statement:
    return statement_from_json(json.loads(data))
