"""Bundles on sticks: a signed header, the file's key wrapped for one addressee and bound to the header, sealed records.

A bundle is a line of header (JSON), a line of signature (hex), and a sealed stream (``stream.py``) of zstd-compressed
records. It says outside who it is from and for and nothing else; the file's name should not either.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec
import zstandard
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from fieldapp.errors import InputError
from sync.protocol.messages import from_plain, to_plain
from sync.protocol.stream import SealedWriter, read_sealed

T = TypeVar("T")

FORMAT = 1
COUNTY = "county"
SUFFIX = ".tjbundle"
_TAG = b"bundle-1\0"
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_MAX_HEADER = 64 * 1024
_MAX_RECORD = 40 * 1024 * 1024


@dataclass(frozen=True)
class Header:
    """``sender`` and ``addressee`` are device ids or ``COUNTY``; ``wrapped`` is the file's key for the addressee."""

    format: int
    county: str
    sender: str
    addressee: str
    made_at: str
    number: str
    wrapped: str = ""

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode()

    @property
    def bound(self) -> bytes:
        """What the wrapped key is bound to: everything else in the header."""
        return _TAG + hashlib.sha256(replace(self, wrapped="").to_bytes()).digest()


class BundleWriter:
    """Takes records; made by ``writing``."""

    def __init__(self, sealed: SealedWriter) -> None:
        self._sealed = sealed
        self._pack = zstandard.ZstdCompressor(level=6).compressobj()

    def add(self, kind: str, content: Any) -> None:
        data = msgspec.msgpack.encode([kind, content], enc_hook=to_plain)
        self._sealed.write(self._pack.compress(len(data).to_bytes(4, "big") + data))

    def close(self) -> None:
        self.add("end", None)
        self._sealed.write(self._pack.flush())
        self._sealed.close()


@contextmanager
def writing(
    path: Path, *, county: str, sender: str, addressee: str, made_at: str, key: Ed25519PrivateKey, to: X25519PublicKey
) -> Iterator[BundleWriter]:
    """Write a bundle: whole, flushed and renamed into place, or not at all."""
    file_key = secrets.token_bytes(32)
    plain = Header(FORMAT, county, sender, addressee, made_at, secrets.token_hex(16))
    header = replace(plain, wrapped=base64.b64encode(_SUITE.encrypt(file_key, to, plain.bound)).decode())
    line = header.to_bytes()
    part = path.with_name(path.name + ".part")
    try:
        with open(part, "wb") as file:
            file.write(line + b"\n" + key.sign(_TAG + line).hex().encode() + b"\n")
            writer = BundleWriter(SealedWriter(file, file_key, line))
            yield writer
            writer.close()
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def read_header(file: BinaryIO) -> tuple[Header, bytes, bytes]:
    """(header, its bytes, signature), not yet believed. Raises InputError ``bundle.not_one`` | ``bundle.newer``."""
    line, signature = file.readline(_MAX_HEADER).rstrip(b"\n"), file.readline(_MAX_HEADER)
    try:
        header = Header(**json.loads(line))
        raw = bytes.fromhex(signature.decode().strip())
        strings = all(isinstance(value, str) for name, value in asdict(header).items() if name != "format")
    except (ValueError, TypeError):
        raise InputError("bundle.not_one") from None
    if not strings:
        raise InputError("bundle.not_one")
    if header.format != FORMAT:
        raise InputError("bundle.newer")
    return header, line, raw


def check_sender(line: bytes, signature: bytes, keys: Iterable[Ed25519PublicKey]) -> None:
    """Raises InputError ``bundle.signature`` unless one of ``keys`` signed the header."""
    for key in keys:
        try:
            key.verify(signature, _TAG + line)
        except InvalidSignature:
            continue
        return
    raise InputError("bundle.signature")


def records(file: BinaryIO, header: Header, line: bytes, *keys: X25519PrivateKey) -> Iterator[tuple[str, Any]]:
    """The records up to the end mark, opened by one of ``keys``. Raises InputError ``bundle.not_for_us`` |
    ``stream.damaged``."""
    file_key = next((found for key in keys if (found := _opened(header, key)) is not None), None)
    if file_key is None:
        raise InputError("bundle.not_for_us")
    plain = Inflated(read_sealed(file, file_key, line))
    while length := plain.read(4):
        size = int.from_bytes(length, "big")
        if size > _MAX_RECORD:
            raise InputError("stream.damaged")
        try:
            kind, content = msgspec.msgpack.decode(plain.read(size))
        except (msgspec.MsgspecError, ValueError, TypeError):
            raise InputError("stream.damaged") from None
        if kind == "end":
            return
        yield kind, content
    raise InputError("stream.damaged")


def _opened(header: Header, key: X25519PrivateKey) -> bytes | None:
    try:
        return _SUITE.decrypt(base64.b64decode(header.wrapped), key, header.bound)
    except (InvalidTag, ValueError):
        return None


def taken(content: Any, kind: type[T]) -> T:
    """A record's content as ``kind``. Raises InputError ``stream.damaged``."""
    try:
        return msgspec.convert(content, kind, dec_hook=from_plain)
    except msgspec.ValidationError:
        raise InputError("stream.damaged") from None


class Inflated(io.RawIOBase):
    """What sealed chunks open to, decompressed as far as is asked for."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._inflate = zstandard.ZstdDecompressor().decompressobj()
        self._ready = bytearray()

    def read(self, size: int = -1) -> bytes:
        while len(self._ready) < size and (chunk := next(self._chunks, None)) is not None:
            try:
                self._ready += self._inflate.decompress(chunk)
            except zstandard.ZstdError:
                raise InputError("stream.damaged") from None
        found = bytes(self._ready[:size])
        del self._ready[:size]
        return found
