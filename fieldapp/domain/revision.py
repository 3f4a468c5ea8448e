"""The envelope of a revision: its exact bytes, its id, its signature (protocol.md, "A revision").

The bytes that were signed are kept and sent as they are; nothing here ever writes an envelope again from its parsed
form. Payload, salt and signature travel beside the envelope.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fieldapp.domain.areas import is_area
from fieldapp.domain.payload import Payload, WholePayload, parse_payload, read_object, read_texts
from fieldapp.errors import InputError

PROTOCOL = 1
SIGNATURE_TAG = b"revision-1\0"
SALT_BYTES = 32
MAX_PARENTS = 32
MAX_LEAVES = 32
MAX_ENVELOPE_BYTES = 64 * 1024


@dataclass(frozen=True)
class FeedHead:
    """Where an area's feed stood: county epoch, sequence number, running hash (hex)."""

    epoch: int
    seq: int
    hash: str


@dataclass(frozen=True)
class Envelope:
    """What a revision says of itself, apart from its content. ``claimed_at`` is RFC 3339 in UTC, milliseconds."""

    protocol: int
    county: str
    document: str
    type: str
    area: str
    parents: tuple[str, ...]
    author: str
    device: str
    device_seq: int
    prev: str | None
    seen: Mapping[str, FeedHead]
    claimed_at: str
    form_id: str | None
    form_version: str | None
    payload_hash: str

    def to_bytes(self) -> bytes:
        """The UTF-8 JSON object with exactly the keys of ``KEYS``; called once, before signing."""
        body = {key: getattr(self, key) for key in KEYS}
        body["parents"] = list(self.parents)
        body["seen"] = {area: [head.epoch, head.seq, head.hash] for area, head in sorted(self.seen.items())}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


KEYS = tuple(Envelope.__dataclass_fields__)


@dataclass(frozen=True)
class SignedRevision:
    """A revision as it is kept and sent. ``payload`` and ``salt`` are None once erased by law."""

    envelope_bytes: bytes
    signature: bytes
    salt: bytes | None
    payload: bytes | None

    @cached_property
    def id(self) -> str:
        """SHA-256 of the envelope bytes, signature excluded, in hex."""
        return hashlib.sha256(self.envelope_bytes).hexdigest()

    @cached_property
    def envelope(self) -> Envelope:
        return parse_envelope(self.envelope_bytes)


def payload_hash(salt: bytes, payload: bytes) -> str:
    """SHA-256(32-byte salt ‖ payload), hex."""
    return hashlib.sha256(salt + payload).hexdigest()


def sign_revision(
    key: Ed25519PrivateKey,
    payload: Payload,
    *,
    salt: bytes | None = None,
    **envelope: Any,
) -> SignedRevision:
    """Make a revision: hash the payload under a fresh salt, fix the envelope bytes, sign them.

    ``envelope`` are the fields of ``Envelope`` except ``protocol`` and ``payload_hash``.
    Raises InputError when parents or ``set`` break the rules.
    """
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    content = payload.to_bytes()
    if not isinstance(payload, WholePayload):
        parse_payload(content)
    made = Envelope(protocol=PROTOCOL, payload_hash=payload_hash(salt, content), **envelope).to_bytes()
    parse_envelope(made)
    return SignedRevision(made, key.sign(SIGNATURE_TAG + made), salt, content)


def verify_revision(revision: SignedRevision, public_key: Ed25519PublicKey) -> Envelope:
    """Check signature, device and payload hash; return the parsed envelope.

    Raises InputError: ``revision.signature`` | ``revision.device`` | ``revision.payload`` | ``envelope.*``.
    An erased payload passes: its envelope stays true.
    """
    check_signature(revision, public_key)
    envelope = parse_envelope(revision.envelope_bytes)
    check_content(revision, envelope, public_key)
    return envelope


def check_signature(revision: SignedRevision, public_key: Ed25519PublicKey) -> None:
    """Raises InputError ``revision.signature``."""
    try:
        public_key.verify(revision.signature, SIGNATURE_TAG + revision.envelope_bytes)
    except InvalidSignature:
        raise InputError("revision.signature") from None


def check_content(revision: SignedRevision, envelope: Envelope, public_key: Ed25519PublicKey) -> None:
    """Whether device and payload are what the parsed ``envelope`` says. Raises InputError ``revision.device`` |
    ``revision.payload``."""
    if hashlib.sha256(public_key.public_bytes_raw()).hexdigest() != envelope.device:
        raise InputError("revision.device")
    if revision.payload is not None and (
        revision.salt is None or payload_hash(revision.salt, revision.payload) != envelope.payload_hash
    ):
        raise InputError("revision.payload")


def parse_envelope(data: bytes) -> Envelope:
    """The envelope in ``data``. Raises InputError ``envelope.*`` for anything but exactly the agreed shape."""
    if len(data) > MAX_ENVELOPE_BYTES:
        raise InputError("envelope.too_large")
    body = read_object(data, "envelope")
    if set(body) != set(KEYS):
        raise InputError("envelope.keys")
    if body["protocol"] != PROTOCOL:
        raise InputError("envelope.protocol", version=body["protocol"])
    _check_texts(body)
    _check_chain(body)
    parents = read_texts(body["parents"])
    if len(parents) > MAX_PARENTS or len(set(parents)) != len(parents) or not all(map(is_digest, parents)):
        raise InputError("envelope.parents")
    return Envelope(**{**body, "parents": parents, "seen": _seen(body["seen"])})


def is_digest(text: object) -> bool:
    """Whether ``text`` is a SHA-256 in lower-case hex."""
    return isinstance(text, str) and len(text) == 64 and not set(text) - set("0123456789abcdef")


def _check_texts(body: Mapping[str, Any]) -> None:
    for key in ("county", "document", "type", "author", "claimed_at"):
        if not isinstance(body[key], str) or not body[key] or len(body[key]) > 128:
            raise InputError(f"envelope.{key}")
    for key in ("form_id", "form_version"):
        if body[key] is not None and not isinstance(body[key], str):
            raise InputError(f"envelope.{key}")
    if not is_area(body["area"]):
        raise InputError("envelope.area")
    for key in ("device", "payload_hash"):
        if not is_digest(body[key]):
            raise InputError(f"envelope.{key}")


def _check_chain(body: Mapping[str, Any]) -> None:
    seq, prev = body["device_seq"], body["prev"]
    if not isinstance(seq, int) or isinstance(seq, bool) or seq < 1:
        raise InputError("envelope.device_seq")
    if (prev is None) != (seq == 1) or (prev is not None and not is_digest(prev)):
        raise InputError("envelope.prev")


def _seen(value: object) -> dict[str, FeedHead]:
    if not isinstance(value, dict):
        raise InputError("envelope.seen")
    heads = {}
    for area, head in value.items():
        shaped = isinstance(head, list) and len(head) == 3 and is_digest(head[2])
        if not is_area(area) or not shaped or not all(type(n) is int and n >= 0 for n in head[:2]):
            raise InputError("envelope.seen")
        heads[area] = FeedHead(*head)
    return heads
