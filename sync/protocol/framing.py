"""Messages as bytes: in columns (``carrying.py``), in one zstd frame, with a limit on both sizes; many in a stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec
import zstandard

from fieldapp.errors import InputError
from sync.protocol.carrying import decode, encode
from sync.protocol.limits import MAX_BODY, MAX_PLAIN

MEDIA_TYPE = "application/vnd.tiejiaoban+zstd"
LEVEL = 6
_WINDOW = 8 * 1024 * 1024
_LENGTH = 4

T = TypeVar("T")


def pack(message: msgspec.Struct, *, level: int = LEVEL, known: Sequence[str] = ()) -> bytes:
    """``message`` as it goes over the wire; ``known`` are revision ids whose reader names the same in ``unpack``."""
    text, random = encode(message, known)
    packer = zstandard.ZstdCompressor(level=level).compressobj()
    parts = [packer.compress(text)]
    if random:
        parts += [packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK), packer.compress(random)]
    return b"".join([*parts, packer.flush()])


def unpack(data: bytes, kind: type[T], *, limit: int = MAX_PLAIN, known: Sequence[str] = ()) -> T:
    """The message in ``data``.

    Raises InputError ``message.too_large`` when it is over ``MAX_BODY`` or opens to more than ``limit`` bytes,
    ``message.garbled`` for anything that is not a ``kind``.
    """
    if len(data) > MAX_BODY:
        raise InputError("message.too_large")
    return decode(inflate(data, limit), kind, known)


class StreamPacker:
    """Messages one behind the other in one zstd frame: each is sent when it is ready, and what the ones before said
    need not be said again."""

    def __init__(self, *, level: int = LEVEL) -> None:
        self._packer = zstandard.ZstdCompressor(level=level).compressobj()

    def add(self, message: msgspec.Struct) -> bytes:
        """The bytes that carry ``message``."""
        text, random = encode(message)
        head = (len(text) + len(random)).to_bytes(_LENGTH, "big")
        parts = [self._packer.compress(head + text), self._packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)]
        if random:
            parts += [self._packer.compress(random), self._packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)]
        return b"".join(parts)

    def end(self) -> bytes:
        return self._packer.flush()


def unpack_stream(parts: Iterable[bytes], kind: type[T]) -> Iterator[T]:
    """The messages of a ``StreamPacker`` as they arrive; a stream that is cut off ends with its last whole message.

    Raises InputError as ``unpack`` does.
    """
    inflating = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
    waiting = bytearray()
    for part in parts:
        try:
            waiting += inflating.decompress(part)
        except zstandard.ZstdError:
            raise InputError("message.garbled") from None
        while len(waiting) >= _LENGTH:
            end = _LENGTH + int.from_bytes(waiting[:_LENGTH], "big")
            if end > MAX_PLAIN:
                raise InputError("message.too_large")
            if len(waiting) < end:
                break
            yield decode(bytes(waiting[_LENGTH:end]), kind)
            del waiting[:end]


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
