"""Signed statements apart from revisions: certificates, scopes, receipts, verdicts, control documents.

A statement is UTF-8 JSON bytes with a kind; its signature covers ``kind + "-1" + NUL + bytes``, so that no signature
for one kind serves another. Bytes are kept as signed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fieldapp.errors import InputError

KINDS = frozenset(
    {
        "key-certificate",  # root says: this key serves receipts | transport | recovery | server | control
        "device-certificate",  # county says: this device belongs to this user
        "scope",  # rising version: role and areas of a user
        "scope-acknowledged",  # device says: (version, last device_seq) under the old scope
        "receipt",  # county holds a revision, and how
        "feed-head",  # where an area's feed stands
        "backed-up-to",  # sealed server backup verified up to (area, epoch, seq)
        "control",  # form, policy pack, holidays, areas, revocation, erasure, update: name and rising version
        "erasure",  # tombstone: which payloads are gone and why
    }
)
_SORTED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Statement:
    """A signed statement as it is kept and sent. ``key`` is the SHA-256 (hex) of the signer's public key."""

    kind: str
    body_bytes: bytes
    key: str
    signature: bytes

    @property
    def body(self) -> dict[str, Any]:
        """The parsed body; call ``verify_statement`` first."""
        made: dict[str, Any] = json.loads(self.body_bytes)
        return made


def sign_statement(kind: str, body: Mapping[str, Any], key: Ed25519PrivateKey) -> Statement:
    """Fix the bytes of ``body`` (keys sorted) and sign them as ``kind``."""
    data = _SORTED.encode(body).encode("utf-8")
    return Statement(kind, data, key_id(key.public_key()), key.sign(_tagged(kind, data)))


def verify_statement(statement: Statement, kind: str, public_key: Ed25519PublicKey) -> dict[str, Any]:
    """The body, once kind, key and signature hold. Raises InputError ``statement.*``."""
    if statement.kind != kind:
        raise InputError("statement.kind")
    if statement.key != key_id(public_key):
        raise InputError("statement.key")
    try:
        public_key.verify(statement.signature, _tagged(kind, statement.body_bytes))
    except InvalidSignature:
        raise InputError("statement.signature") from None
    try:
        body = json.loads(statement.body_bytes)
    except ValueError:
        raise InputError("statement.not_json") from None
    if not isinstance(body, dict):
        raise InputError("statement.not_json")
    return body


def key_id(public_key: Ed25519PublicKey) -> str:
    """SHA-256 of the raw public key, hex; for a device this is the device id."""
    return hashlib.sha256(public_key.public_bytes_raw()).hexdigest()


def _tagged(kind: str, data: bytes) -> bytes:
    if kind not in KINDS:
        raise InputError("statement.kind")
    return kind.encode("ascii") + b"-1\0" + data
