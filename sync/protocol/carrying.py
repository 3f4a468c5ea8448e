"""Messages in columns: revisions and statements beside the message that names them, without what follows from the rest.

Most of a revision's bytes are digests, and digests do not compress. The payload's hash follows from salt and payload,
``prev`` and parents are mostly revisions that travel in the same message, and a receipt names a revision that the other
side has just sent. Such a digest is left out and a mark stands in its place; the reader puts the same bytes back, so
that what was signed arrives as it was signed. Signatures and salts follow at the end, where they do not disturb the
compressor.

Marks are bytes that no UTF-8 text holds: 0xFF the payload's hash, 0xFE n the n-th revision before this one, 0xFD and
two bytes an id both sides know beforehand.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from fieldapp.domain.revision import SALT_BYTES, payload_hash
from fieldapp.errors import InputError
from sync.protocol.limits import MAX_PLAIN
from sync.protocol.messages import Sent, Signed, from_plain, to_plain

T = TypeVar("T")

SIGNATURE_BYTES = 64
_DIGEST = re.compile(rb'(?<=")[0-9a-f]{64}(?=")')
_MARK = re.compile(rb"\xff|\xfe(.)|\xfd(..)", re.DOTALL)
_TAKEN = re.compile(rb"[\xfd-\xff]")
_HEAD = 4


class _Text(Struct, array_like=True):
    """``odd_*``: what does not have the usual shape, by place, as it is."""

    envelopes: list[bytes]
    payloads: list[bytes]
    kinds: list[str]
    bodies: list[bytes]
    keys: list[bytes]
    odd_revisions: dict[int, Any]
    odd_statements: dict[int, Any]
    message: bytes


class _Packing:
    """What one message carries, in the order of its mention."""

    def __init__(self, known: Sequence[str]) -> None:
        self.text = _Text([], [], [], [], [], {}, {}, b"")
        self.revisions_random: list[bytes] = []
        self.statements_random: list[bytes] = []
        self._known = {name.encode(): place for place, name in enumerate(known[:65536])}
        self._ids: dict[bytes, int] = {}

    def put(self, value: Any) -> int:
        """``value``'s place in its columns; an ``enc_hook``."""
        if isinstance(value, Sent):
            return self._revision(value)
        if isinstance(value, Signed):
            return self._statement(value)
        raise NotImplementedError(type(value))

    def _revision(self, sent: Sent) -> int:
        place, salt, payload = len(self.text.envelopes), sent.salt, sent.payload
        usual = salt is not None and len(salt) == SALT_BYTES and len(sent.signature) == SIGNATURE_BYTES
        if not usual or salt is None or payload is None or _TAKEN.search(sent.envelope):
            self.text.odd_revisions[place] = to_plain(sent)
            self.text.envelopes.append(b"")
            self.text.payloads.append(b"")
        else:
            self.text.envelopes.append(self._thin(sent.envelope, place, payload_hash(salt, payload).encode()))
            self.text.payloads.append(payload)
            self.revisions_random += (sent.signature, salt)
        self._ids[sent.revision().id.encode()] = place
        return place

    def _statement(self, signed: Signed) -> int:
        place = len(self.text.bodies)
        self.text.kinds.append(signed.kind)
        self.text.keys.append(signed.key)
        if len(signed.signature) != SIGNATURE_BYTES or _TAKEN.search(signed.body):
            self.text.odd_statements[place] = to_plain(signed)
            self.text.bodies.append(b"")
        else:
            self.text.bodies.append(self._thin(signed.body, -1, b""))
            self.statements_random.append(signed.signature)
        return place

    def _thin(self, data: bytes, place: int, of_payload: bytes) -> bytes:
        def mark(found: re.Match[bytes]) -> bytes:
            digest = found[0]
            if digest == of_payload:
                return b"\xff"
            back = place - self._ids.get(digest, place)
            if 0 < back < 256:
                return b"\xfe" + bytes([back])
            at = self._known.get(digest)
            return digest if at is None else b"\xfd" + at.to_bytes(2, "big")

        return _DIGEST.sub(mark, data)


def encode(message: Any, known: Sequence[str] = ()) -> tuple[bytes, bytes]:
    """``message`` as (what compresses, what does not); ``known`` are revision ids the reader will name as well."""
    packing = _Packing(known)
    packing.text.message = msgspec.msgpack.encode(message, enc_hook=packing.put)
    text = msgspec.msgpack.encode(packing.text)
    return len(text).to_bytes(_HEAD, "big") + text, b"".join(packing.revisions_random + packing.statements_random)


def decode(plain: bytes, kind: type[T], known: Sequence[str] = ()) -> T:
    """The message in ``plain``, both parts of ``encode`` one behind the other.

    Raises InputError ``message.garbled`` for anything that is not a ``kind``, ``message.too_large`` when left-out
    digests would make an envelope larger than one may be.
    """
    end = _HEAD + int.from_bytes(plain[:_HEAD], "big")
    try:
        text = msgspec.msgpack.decode(plain[_HEAD:end], type=_Text)
        carried = _Carried(text, plain[end:], known)
        return msgspec.msgpack.decode(text.message, type=kind, dec_hook=carried.get)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, IndexError, TypeError, ValueError):
        raise InputError("message.garbled") from None


class _Carried:
    """Revisions and statements as they were before they were put into columns."""

    def __init__(self, text: _Text, random: bytes, known: Sequence[str]) -> None:
        self._text, self._random, self._at = text, random, 0
        self._known = [name.encode() for name in known]
        self._room = MAX_PLAIN
        self._ids: list[bytes] = []
        self._revisions = [self._revision(*one) for one in enumerate(zip(text.envelopes, text.payloads, strict=True))]
        rows = zip(text.kinds, text.bodies, text.keys, strict=True)
        self._statements = [self._statement(*one) for one in enumerate(rows)]
        if self._at != len(random):
            raise ValueError("bytes left over")

    def get(self, kind: type, place: Any) -> Any:
        """The one at ``place``; a ``dec_hook``."""
        if type(place) is not int or place < 0:
            raise ValueError("place")
        return self._revisions[place] if kind is Sent else self._statements[place]

    def _revision(self, place: int, column: tuple[bytes, bytes]) -> Sent:
        envelope, payload = column
        if place in self._text.odd_revisions:
            sent: Sent = from_plain(Sent, self._text.odd_revisions[place])
        else:
            signature, salt = self._next(SIGNATURE_BYTES), self._next(SALT_BYTES)
            of_payload = payload_hash(salt, payload).encode() if b"\xff" in envelope else b""
            sent = Sent(self._whole(envelope, of_payload), signature, salt, payload)
        self._ids.append(hashlib.sha256(sent.envelope).hexdigest().encode())
        return sent

    def _statement(self, place: int, row: tuple[str, bytes, bytes]) -> Signed:
        if place in self._text.odd_statements:
            odd: Signed = from_plain(Signed, self._text.odd_statements[place])
            return odd
        kind, body, key = row
        return Signed(kind, self._whole(body, b""), key, self._next(SIGNATURE_BYTES))

    def _next(self, size: int) -> bytes:
        self._at += size
        if self._at > len(self._random):
            raise ValueError("too few bytes")
        return self._random[self._at - size : self._at]

    def _whole(self, data: bytes, of_payload: bytes) -> bytes:
        """``data`` with its digests. A few marks may not swell to more than a message may weigh."""
        parts = _MARK.split(data)
        if len(parts) == 1:
            return data
        self._room -= len(data) + 64 * (len(parts) // 3)
        if self._room < 0:
            raise InputError("message.too_large")
        for at in range(1, len(parts), 3):
            back, place = parts[at], parts[at + 1]
            if back:
                parts[at] = self._ids[-back[0]] if 0 < back[0] <= len(self._ids) else _missing()
            else:
                parts[at] = self._known[int.from_bytes(place, "big")] if place else of_payload or _missing()
            parts[at + 1] = b""
        return b"".join(parts)


def _missing() -> bytes:
    raise ValueError("a mark for nothing")
