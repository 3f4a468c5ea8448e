"""Messages as bytes: msgpack in one zstd frame, with a limit on both sizes."""

from __future__ import annotations

from typing import TypeVar

import msgspec
import zstandard

from fieldapp.errors import InputError
from sync.protocol.limits import MAX_BODY, MAX_PLAIN

MEDIA_TYPE = "application/vnd.tiejiaoban+zstd"
LEVEL = 6
_WINDOW = 8 * 1024 * 1024

T = TypeVar("T")


def pack(message: msgspec.Struct, *, level: int = LEVEL) -> bytes:
    """``message`` as it goes over the wire."""
    return zstandard.ZstdCompressor(level=level).compress(msgspec.msgpack.encode(message))


def unpack(data: bytes, kind: type[T], *, limit: int = MAX_PLAIN) -> T:
    """The message in ``data``.

    Raises InputError ``message.too_large`` when it is over ``MAX_BODY`` or opens to more than ``limit`` bytes,
    ``message.garbled`` for anything that is not a ``kind``.
    """
    if len(data) > MAX_BODY:
        raise InputError("message.too_large")
    plain = inflate(data, limit)
    try:
        return msgspec.msgpack.decode(plain, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise InputError("message.garbled") from None


def inflate(data: bytes, limit: int) -> bytes:
    """One whole zstd frame, never more than ``limit`` bytes of it. Raises InputError as ``unpack`` does."""
    try:
        with zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(data) as reader:
            plain = reader.read(limit + 1)
    except zstandard.ZstdError:
        raise InputError("message.garbled") from None
    if len(plain) > limit:
        raise InputError("message.too_large")
    return bytes(plain)
