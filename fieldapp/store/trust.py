"""Whom this device believes: the pinned county root, the keys it certified, the devices and scopes those signed.

Bodies of the statements (all with ``county``):

- ``key-certificate``, signed by the root: ``role`` (``receipts`` | ``transport`` | ``recovery`` | ``server`` |
  ``control``), ``public_key`` (hex; of ``transport`` and ``recovery`` an X25519 key; of ``recovery`` also ``slot``:
  ``a`` | ``a-spare`` | ``b`` | ``b-spare``), ``issued_at``
- ``device-certificate``, signed by a ``server`` or ``control`` key: ``device``, ``public_key`` (Ed25519, hex),
  ``exchange_key`` (X25519, hex), ``user``, ``issued_at``
- ``scope``, signed by a ``server`` or ``control`` key: ``user``, ``name``, ``version``, ``role``, ``areas``, ``since``
- ``receipt``, signed by a ``receipts`` key: ``epoch``, ``revision``, ``state``, ``reason``, ``payload_held``,
  ``blobs_held`` (list of blob ids), ``area``, ``seq``, ``hash`` (the feed head after it; null while not in a feed),
  ``at``
- ``feed-head`` and ``backed-up-to``, signed by a ``receipts`` key: ``epoch``, ``areas`` {area: [seq, hash]}, ``at``
- ``erasure``, signed by a ``control`` key: ``revisions`` {id: the ``set`` its payload had}, ``why``, ``at``
- ``control``, signed by a ``control`` key: ``name``, ``version``, ``content``
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp.domain.statements import Statement, key_id, verify_statement
from fieldapp.errors import InputError, VaultError

EXCHANGE_ROLES = ("transport", "recovery")
SIGNERS: Mapping[str, tuple[str, ...]] = {
    "device-certificate": ("server", "control"),
    "scope": ("server", "control"),
    "receipt": ("receipts",),
    "feed-head": ("receipts",),
    "backed-up-to": ("receipts",),
    "erasure": ("control",),
    "control": ("control",),
}


def public_key(raw: bytes) -> Ed25519PublicKey:
    """The Ed25519 key in 32 raw bytes. Raises InputError ``statement.key``."""
    try:
        return Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        raise InputError("statement.key") from None


@dataclass(frozen=True)
class CountyTrust:
    """The county's root key, pinned at enrolment, and the key certificates it signed."""

    county: str
    root: bytes
    certificates: tuple[Statement, ...] = ()
    _keys: dict[str, tuple[str, Ed25519PublicKey]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _exchange: dict[str, list[bytes]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _slots: dict[str, bytes] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        root = public_key(self.root)
        for certificate in self.certificates:
            body = verify_statement(certificate, "key-certificate", root)
            if body.get("county") != self.county:
                raise InputError("statement.county")
            raw = bytes.fromhex(body["public_key"])
            if body["role"] in EXCHANGE_ROLES:
                self._exchange.setdefault(body["role"], []).append(raw)
                if body["role"] == "recovery" and isinstance(body.get("slot"), str):
                    self._slots[body["slot"]] = raw
            else:
                key = public_key(raw)
                self._keys[key_id(key)] = (body["role"], key)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the root key, hex: what enrolment codes carry."""
        return key_id(public_key(self.root))

    def check(self, statement: Statement, kind: str) -> dict[str, Any]:
        """The body of a statement of ``kind`` signed by a key certified for it, for this county.

        Raises InputError ``statement.signer`` for a key nobody certified or of another role, ``statement.*``.
        """
        role, key = self._keys.get(statement.key, ("", None))
        if key is None or role not in SIGNERS.get(kind, ()):
            raise InputError("statement.signer")
        body = verify_statement(statement, kind, key)
        if body.get("county") != self.county:
            raise InputError("statement.county")
        return body

    def check_device(self, certificate: Statement) -> tuple[str, str, Ed25519PublicKey]:
        """(device id, user, signing key) of a device certificate. Raises InputError ``statement.*``, ``device.id``."""
        body = self.check(certificate, "device-certificate")
        key = public_key(bytes.fromhex(body["public_key"]))
        if key_id(key) != body["device"]:
            raise InputError("device.id")
        return body["device"], body["user"], key

    def exchange_keys(self, role: str) -> tuple[bytes, ...]:
        """The raw X25519 keys of ``transport`` or ``recovery``, in the order of their certificates."""
        return tuple(self._exchange.get(role, ()))

    @property
    def recovery(self) -> dict[str, bytes]:
        """The custodians' raw X25519 keys by slot: ``a``, ``a-spare``, ``b``, ``b-spare``."""
        return dict(self._slots)

    def keys(self, role: str) -> tuple[Ed25519PublicKey, ...]:
        return tuple(key for kept, key in self._keys.values() if kept == role)


def pin(trust: CountyTrust, fingerprint: str) -> CountyTrust:
    """``trust``, once its root is the one the enrolment code named. Raises VaultError ``vault.root``."""
    if trust.fingerprint != fingerprint.lower():
        raise VaultError("vault.root")
    return trust
