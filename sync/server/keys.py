"""The county's keys: made once, kept in three places.

``root.key`` signs the other keys' certificates and then leaves the machine (PKCS #8, encrypted by a passphrase).
``server.keys`` is what a running server reads: the master key for what it keeps at rest, the private keys it signs
with, the transport key, the importing device. ``custodian-*.key`` are the four recovery keys, one file per person
who keeps one. None of them lies in the database or in its backup.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from fieldapp.domain.ids import device_id
from fieldapp.domain.statements import Statement, sign_statement
from fieldapp.errors import InputError
from fieldapp.store.identity import statement_from_json, statement_to_json
from fieldapp.store.sealing import open_sealed
from fieldapp.store.trust import CountyTrust
from sync.server.clock import now_text

SIGNING_ROLES = ("server", "receipts", "control")
RENEWABLE = (*SIGNING_ROLES, "transport", "recovery")
CUSTODIANS = ("a", "a-spare", "b", "b-spare")
IMPORTER = "county.import"
_VERSION = 1


@dataclass(frozen=True)
class ServerKeys:
    """What ``server.keys`` holds. ``importer`` signs what the server imports, as a device of ``IMPORTER``."""

    county: str
    county_name: str
    master: bytes
    trust: CountyTrust
    signing: dict[str, Ed25519PrivateKey]
    transport: X25519PrivateKey
    importer: Ed25519PrivateKey
    transport_before: tuple[X25519PrivateKey, ...] = ()

    @property
    def opening(self) -> tuple[X25519PrivateKey, ...]:
        """What opens bundles and sealed contents: the transport key, and those laptops may still seal to."""
        return (self.transport, *self.transport_before)

    def unseal(self, content: bytes) -> bytes:
        """What a laptop sealed to one of the transport keys. Raises InvalidTag."""
        for key in self.transport_before:
            with contextlib.suppress(InvalidTag):
                return open_sealed(content, key)
        return open_sealed(content, self.transport)

    def sign(self, kind: str, body: dict[str, Any]) -> Statement:
        """``body`` of this county, signed by the key that serves for ``kind``."""
        role = {"receipt": "receipts", "feed-head": "receipts", "backed-up-to": "receipts"}.get(kind)
        role = role or {"control": "control", "erasure": "control"}.get(kind, "server")
        return sign_statement(kind, {"county": self.county, **body}, self.signing[role])

    @property
    def recovery(self) -> list[bytes]:
        """The custodians' X25519 public keys, raw, in the order of ``CUSTODIANS``."""
        return [self.trust.recovery[slot] for slot in CUSTODIANS]


def make_county_keys(county: str, name: str, folder: Path, passphrase: str) -> ServerKeys:
    """Make every key of a county and write the files into ``folder``. Raises InputError ``keys.exist``."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "server.keys").exists() or (folder / "root.key").exists():
        raise InputError("keys.exist", where=str(folder))
    root = Ed25519PrivateKey.generate()
    signing = {role: Ed25519PrivateKey.generate() for role in SIGNING_ROLES}
    transport = X25519PrivateKey.generate()
    custodians = {slot: X25519PrivateKey.generate() for slot in CUSTODIANS}
    certificates = [_certify(root, county, role, key.public_key().public_bytes_raw()) for role, key in signing.items()]
    certificates.append(_certify(root, county, "transport", transport.public_key().public_bytes_raw()))
    certificates += [
        _certify(root, county, "recovery", key.public_key().public_bytes_raw(), slot=slot)
        for slot, key in custodians.items()
    ]
    trust = CountyTrust(county, root.public_key().public_bytes_raw(), tuple(certificates))
    keys = ServerKeys(county, name, secrets.token_bytes(32), trust, signing, transport, Ed25519PrivateKey.generate())
    write_private(folder / "root.key", _pem(root, passphrase))
    for slot, key in custodians.items():
        write_private(folder / f"custodian-{slot}.key", _pem(key, passphrase))
    write_private(folder / "server.keys", _dump(keys))
    return keys


def renew_keys(
    keys: ServerKeys, root: Ed25519PrivateKey, roles: Sequence[str], passphrase: str, out: Path
) -> ServerKeys:
    """New keys for ``roles`` (of ``RENEWABLE``), certified by the root; custodians' files go into ``out``.

    What the keys before signed stays believed, and what was sealed to them still opens: with the transport key here,
    with the custodians' old files until every laptop has wrapped its halves anew. Raises InputError ``keys.exist``.
    """
    signing, certificates = dict(keys.signing), list(keys.trust.certificates)
    transport, before = keys.transport, keys.transport_before
    for role in roles:
        if role == "recovery":
            out.mkdir(parents=True, exist_ok=True)
            for slot in CUSTODIANS:
                key = X25519PrivateKey.generate()
                path = out / f"custodian-{slot}.key"
                if path.exists():
                    raise InputError("keys.exist", where=str(out))
                write_private(path, _pem(key, passphrase))
                certificates.append(_certify(root, keys.county, role, key.public_key().public_bytes_raw(), slot=slot))
        elif role == "transport":
            before, transport = (transport, *before), X25519PrivateKey.generate()
            certificates.append(_certify(root, keys.county, role, transport.public_key().public_bytes_raw()))
        else:
            signing[role] = Ed25519PrivateKey.generate()
            certificates.append(_certify(root, keys.county, role, signing[role].public_key().public_bytes_raw()))
    trust = CountyTrust(keys.county, keys.trust.root, tuple(certificates))
    return replace(keys, trust=trust, signing=signing, transport=transport, transport_before=before)


def keep_server_keys(keys: ServerKeys, path: Path) -> None:
    """Write ``server.keys`` anew, whole or not at all."""
    write_private(path, _dump(keys))


def read_server_keys(path: Path) -> ServerKeys:
    """The keys in ``path``. Raises InputError ``keys.unreadable``."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        if body["version"] != _VERSION:
            raise InputError("keys.unreadable", where=str(path))
        certificates = tuple(statement_from_json(item) for item in body["certificates"])
        return ServerKeys(
            body["county"],
            body["county_name"],
            bytes.fromhex(body["master"]),
            CountyTrust(body["county"], bytes.fromhex(body["root"]), certificates),
            {role: _signing(body["signing"][role]) for role in SIGNING_ROLES},
            X25519PrivateKey.from_private_bytes(bytes.fromhex(body["transport"])),
            _signing(body["importer"]),
            tuple(X25519PrivateKey.from_private_bytes(bytes.fromhex(one)) for one in body.get("transport_before", ())),
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError("keys.unreadable", where=str(path)) from None


def read_root_key(path: Path, passphrase: str) -> Ed25519PrivateKey:
    """The offline root key. Raises InputError ``keys.unreadable``."""
    try:
        key = load_pem_private_key(path.read_bytes(), passphrase.encode())
    except (OSError, ValueError, TypeError):
        raise InputError("keys.unreadable", where=str(path)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError("keys.unreadable", where=str(path))
    return key


def certify_device(
    keys: ServerKeys, user: str, device_key: bytes, exchange_key: bytes, *, scope_version: int
) -> Statement:
    """The county's word that this signing key is a device of ``user``."""
    body = {
        "device": device_id(device_key),
        "public_key": device_key.hex(),
        "exchange_key": exchange_key.hex(),
        "user": user,
        "scope_version": scope_version,
        "issued_at": now_text(),
    }
    return keys.sign("device-certificate", body)


def write_private(path: Path, data: bytes) -> None:
    """Write a file only its owner reads, whole or not at all."""
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def _signing(text: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text))


def _certify(root: Ed25519PrivateKey, county: str, role: str, public: bytes, **more: str) -> Statement:
    body = {"county": county, "role": role, "public_key": public.hex(), "issued_at": now_text(), **more}
    return sign_statement("key-certificate", body, root)


def _pem(key: Ed25519PrivateKey | X25519PrivateKey, passphrase: str) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))


def _dump(keys: ServerKeys) -> bytes:
    body = {
        "version": _VERSION,
        "county": keys.county,
        "county_name": keys.county_name,
        "master": keys.master.hex(),
        "root": keys.trust.root.hex(),
        "certificates": [statement_to_json(certificate) for certificate in keys.trust.certificates],
        "signing": {role: key.private_bytes_raw().hex() for role, key in keys.signing.items()},
        "transport_before": [key.private_bytes_raw().hex() for key in keys.transport_before],
        "transport": keys.transport.private_bytes_raw().hex(),
        "importer": keys.importer.private_bytes_raw().hex(),
    }
    return json.dumps(body, indent=1).encode()
