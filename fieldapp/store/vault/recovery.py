"""A forgotten passphrase: two custodians of the county open the profile together, neither of them alone.

The data key is split in two halves (one random, the other what makes the key of it). Half ``a`` is sealed to one
custodian and his spare, half ``b`` to another and hers. The request carries the sealed halves and a fresh key; each
answer carries one half sealed to that key. The new passphrase is chosen when the request is made and protects the
fresh key meanwhile, so that a thief with the folder gains nothing by the answers.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from fieldapp.errors import InputError, VaultError
from fieldapp.store.files import write_whole
from fieldapp.store.vault import keyfile
from fieldapp.store.vault.keyfile import Kdf
from fieldapp.store.vault.passphrase import demand_strength

SLOTS = ("a", "a-spare", "b", "b-spare")
PENDING = "recovery.json"
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_REQUEST, _ANSWER = "recovery-request-1", "recovery-answer-1"


@dataclass(frozen=True)
class Request:
    """``code`` is read aloud to the custodian, who compares it with what the file shows: ten letters and digits."""

    data: bytes
    profile: str
    label: str
    code: str

    @property
    def digest(self) -> str:
        return _digest(self.data)


def wrap(data_key: bytes, profile: str, custodians: Mapping[str, bytes]) -> dict[str, Any] | None:
    """The recovery slot for raw X25519 keys by slot name; None unless all four are named."""
    if set(custodians) != set(SLOTS):
        return None
    half = secrets.token_bytes(keyfile.KEY_BYTES)
    halves = {"a": half, "b": _xor(half, data_key)}
    slots = {}
    for name in SLOTS:
        key = X25519PublicKey.from_public_bytes(custodians[name])
        sealed = _SUITE.encrypt(halves[name[0]], key, _info("slot", profile, name[0]))
        slots[name] = {"key": custodians[name].hex(), "sealed": sealed.hex()}
    return {"slots": slots}


def is_for(recovery: Mapping[str, Any] | None, custodians: Mapping[str, bytes]) -> bool:
    """Whether the slot is wrapped to exactly these keys."""
    kept = {name: slot["key"] for name, slot in recovery["slots"].items()} if recovery else {}
    return kept == {name: key.hex() for name, key in custodians.items()}


def begin(folder: Path, new_passphrase: str, kdf: Kdf | None = None) -> Request:
    """Make the request file's bytes; the fresh key waits in the folder under the new passphrase.

    Raises VaultError ``vault.no_recovery`` | ``vault.weak`` | ``vault.damaged``.
    """
    demand_strength(new_passphrase)
    file = keyfile.read_both(folder)[0]
    if not file.recovery:
        raise VaultError("vault.no_recovery", where=keyfile.NAME)
    fresh = X25519PrivateKey.generate()
    cost = kdf or Kdf()
    salt = secrets.token_bytes(16)
    body = {
        "kind": _REQUEST,
        "profile": file.profile,
        "label": str(file.header.get("label") or ""),
        "key": fresh.public_key().public_bytes_raw().hex(),
        "slots": file.recovery["slots"],
    }
    data = keyfile.canonical(body)
    lock = cost.derive(new_passphrase, salt)
    pending = {
        "request": hashlib.sha256(data).hexdigest(),
        "kdf": [cost.memory_kib, cost.passes, cost.lanes],
        "salt": salt.hex(),
        "key": keyfile.seal(lock, fresh.private_bytes_raw(), data),
        "body": base64.b64encode(data).decode(),
    }
    write_whole(folder / PENDING, json.dumps(pending).encode())
    return read_request(data)


def read_request(data: bytes) -> Request:
    """What a custodian sees of a request before answering. Raises VaultError ``vault.request``."""
    body = _parse(data, _REQUEST, "vault.request")
    digest = hashlib.sha256(data).digest()
    return Request(data, body["profile"], body["label"], base64.b32encode(digest)[:10].decode())


def answer(data: bytes, custodian: X25519PrivateKey) -> bytes:
    """One custodian's answer. Raises VaultError ``vault.request`` | ``vault.not_custodian``."""
    body = _parse(data, _REQUEST, "vault.request")
    mine = custodian.public_key().public_bytes_raw().hex()
    for name, slot in body["slots"].items():
        if slot["key"] == mine:
            half = _open(custodian, slot["sealed"], _info("slot", body["profile"], name[0]), "vault.request")
            fresh = X25519PublicKey.from_public_bytes(bytes.fromhex(body["key"]))
            sealed = _SUITE.encrypt(half, fresh, _info("answer", _digest(data), name[0]))
            made = {"kind": _ANSWER, "request": _digest(data), "half": name[0], "sealed": sealed.hex()}
            return keyfile.canonical(made)
    raise VaultError("vault.not_custodian")


def finish(folder: Path, new_passphrase: str, answers: Iterable[bytes]) -> bytes:
    """The data key, from one answer for each half.

    Raises VaultError ``vault.no_request`` | ``vault.passphrase`` (not the one chosen for the request) |
    ``vault.answer`` (of another request, or damaged) | ``vault.half_missing`` (``half`` in its details).
    """
    fresh, request = _pending(folder, new_passphrase)
    halves: dict[str, bytes] = {}
    for data in answers:
        body = _parse(data, _ANSWER, "vault.answer")
        if body["request"] != request:
            raise VaultError("vault.answer")
        halves[body["half"]] = _open(fresh, body["sealed"], _info("answer", request, body["half"]), "vault.answer")
    for name in ("a", "b"):
        if name not in halves:
            raise VaultError("vault.half_missing", half=name)
    return _xor(halves["a"], halves["b"])


def pending(folder: Path) -> Request | None:
    """The request made here and not yet finished. Raises VaultError ``vault.damaged``."""
    try:
        body = json.loads((folder / PENDING).read_bytes())
        return read_request(base64.b64decode(body["body"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, VaultError):
        raise VaultError("vault.damaged", where=PENDING) from None


def custodian_key(pem: bytes, passphrase: str) -> X25519PrivateKey:
    """A custodian's key file opened by its own passphrase. Raises InputError ``keys.unreadable``."""
    try:
        key = load_pem_private_key(pem, passphrase.encode())
    except (ValueError, TypeError):
        raise InputError("keys.unreadable") from None
    if not isinstance(key, X25519PrivateKey):
        raise InputError("keys.unreadable")
    return key


def half_of(answer_file: bytes) -> str:
    """Which half an answer carries: ``a`` | ``b``. Raises VaultError ``vault.answer``."""
    half = str(_parse(answer_file, _ANSWER, "vault.answer")["half"])
    if half not in ("a", "b"):
        raise VaultError("vault.answer")
    return half


def forget_request(folder: Path) -> None:
    (folder / PENDING).unlink(missing_ok=True)


def _pending(folder: Path, passphrase: str) -> tuple[X25519PrivateKey, str]:
    path = folder / PENDING
    if not path.exists():
        raise VaultError("vault.no_request")
    try:
        body = json.loads(path.read_bytes())
        kdf, salt, sealed = Kdf(*body["kdf"]), bytes.fromhex(body["salt"]), body["key"]
        bound, request = base64.b64decode(body["body"]), body["request"]
    except (ValueError, KeyError, TypeError):
        raise VaultError("vault.damaged", where=PENDING) from None
    raw = keyfile.unseal(kdf.derive(passphrase, salt), sealed, bound, "vault.passphrase")
    return X25519PrivateKey.from_private_bytes(raw), request


def _parse(data: bytes, kind: str, code: str) -> dict[str, Any]:
    try:
        body = json.loads(data)
        if body["kind"] != kind:
            raise VaultError(code)
    except (ValueError, KeyError, TypeError):
        raise VaultError(code) from None
    made: dict[str, Any] = body
    return made


def _open(key: X25519PrivateKey, sealed: str, info: bytes, code: str) -> bytes:
    try:
        return _SUITE.decrypt(bytes.fromhex(sealed), key, info)
    except (InvalidTag, ValueError):
        raise VaultError(code) from None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _info(*parts: str) -> bytes:
    return b"tiejiaoban-recovery-1\0" + "\0".join(parts).encode()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
