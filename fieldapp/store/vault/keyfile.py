"""``vault.json``: the data key wrapped by Argon2id of the passphrase, its header bound as associated data.

``check`` (a bare SHA-256) tells damage from tampering, so that the second copy steps in for the first and never
brings an old passphrase back. Cryptography of keys is in this package only.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fieldapp.errors import VaultError
from fieldapp.store.files import write_whole

FORMAT = 1
NAME, COPY = "vault.json", "vault.copy.json"
KEY_BYTES = 32


@dataclass(frozen=True)
class Kdf:
    """Argon2id's cost. Outside 64–128 MiB, 1–8 passes, 1–8 lanes a key file is refused, read or written."""

    memory_kib: int = 96 * 1024
    passes: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        numbers = (self.memory_kib, self.passes, self.lanes)
        if not all(type(number) is int for number in numbers):
            raise VaultError("vault.damaged", where=NAME)
        if not (64 * 1024 <= self.memory_kib <= 128 * 1024 and 1 <= self.passes <= 8 and 1 <= self.lanes <= 8):
            raise VaultError("vault.kdf_limits", where=NAME)

    def derive(self, passphrase: str, salt: bytes) -> bytes:
        kdf = Argon2id(
            salt=salt, length=KEY_BYTES, iterations=self.passes, lanes=self.lanes, memory_cost=self.memory_kib
        )
        return kdf.derive(passphrase.encode("utf-8"))


#: The cheapest cost a key file may have: for tests and for the demo county's throw-away profiles.
QUICK = Kdf(memory_kib=64 * 1024, passes=1, lanes=4)


@dataclass(frozen=True)
class KeyFile:
    """The parsed file. ``header`` is clear and bound to ``slot``; header and ``recovery`` are bound to ``secrets``."""

    header: Mapping[str, Any]
    slot: str
    secrets: str
    recovery: Mapping[str, Any] | None = None

    @property
    def generation(self) -> int:
        return int(self.header["generation"])

    @property
    def profile(self) -> str:
        return str(self.header["profile"])


def new_header(profile: str, created_at: str, label: str, kdf: Kdf) -> dict[str, Any]:
    return {"format": FORMAT, "profile": profile, "created_at": created_at, "label": label, "generation": 0} | _cost(
        kdf
    )


def lock(
    header: Mapping[str, Any],
    data_key: bytes,
    passphrase: str,
    content: Mapping[str, Any],
    recovery: Mapping[str, Any] | None = None,
    kdf: Kdf | None = None,
) -> KeyFile:
    """A key file one generation on, its data key under ``passphrase``; ``content`` are the profile's secrets."""
    cost = _cost(kdf) if kdf else {"kdf": {**header["kdf"], "salt": secrets.token_hex(16)}}
    new = {**header, **cost, "generation": header["generation"] + 1}
    key = _kdf(new).derive(passphrase, bytes.fromhex(new["kdf"]["salt"]))
    slot = seal(key, data_key, canonical(new))
    return KeyFile(new, slot, _seal_secrets(new, data_key, content, recovery), recovery)


def with_secrets(
    file: KeyFile, data_key: bytes, content: Mapping[str, Any], recovery: Mapping[str, Any] | None
) -> KeyFile:
    """The same passphrase and data key with other secrets or another recovery slot."""
    return replace(file, secrets=_seal_secrets(file.header, data_key, content, recovery), recovery=recovery)


def unlock(file: KeyFile, passphrase: str) -> bytes:
    """The data key. Raises VaultError ``vault.passphrase`` when it does not open, ``vault.kdf_limits``."""
    kdf = _kdf(file.header)
    key = kdf.derive(passphrase, bytes.fromhex(file.header["kdf"]["salt"]))
    return unseal(key, file.slot, canonical(file.header), "vault.passphrase")


def open_secrets(file: KeyFile, data_key: bytes) -> dict[str, Any]:
    """The profile's secrets. Raises VaultError ``vault.edited`` when header or recovery slot were changed."""
    bound = canonical({"header": file.header, "recovery": file.recovery})
    content: dict[str, Any] = json.loads(unseal(subkey(data_key, "secrets"), file.secrets, bound, "vault.edited"))
    return content


def read_both(folder: Path) -> list[KeyFile]:
    """The key files to try, best first. Raises VaultError ``vault.missing`` | ``vault.damaged`` | ``vault.newer``."""
    if not any((folder / name).exists() for name in (NAME, COPY)):
        raise VaultError("vault.missing", where=NAME)
    found, failure = [], VaultError("vault.damaged", where=NAME)
    for name in (NAME, COPY):
        try:
            found.append(parse((folder / name).read_bytes()))
        except FileNotFoundError:
            continue
        except VaultError as error:
            failure = error
    if not found:
        raise failure
    return [file for file in found if file.generation >= found[0].generation]


def write_both(folder: Path, file: KeyFile) -> None:
    """The first copy is the commit; the second follows."""
    data = to_bytes(file)
    write_whole(folder / NAME, data)
    write_whole(folder / COPY, data)


def to_bytes(file: KeyFile) -> bytes:
    body = {"header": file.header, "slot": file.slot, "secrets": file.secrets, "recovery": file.recovery}
    return json.dumps({**body, "check": _check(body)}, ensure_ascii=False, indent=1, sort_keys=True).encode()


def parse(data: bytes) -> KeyFile:
    """Raises VaultError ``vault.damaged`` | ``vault.newer`` | ``vault.kdf_limits``."""
    try:
        body = json.loads(data)
        check = body.pop("check")
        file = KeyFile(body["header"], body["slot"], body["secrets"], body["recovery"])
        if check != _check(body):
            raise VaultError("vault.damaged", where=NAME)
        if file.header["format"] > FORMAT:
            raise VaultError("vault.newer", where=NAME)
        bytes.fromhex(file.header["kdf"]["salt"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise VaultError("vault.damaged", where=NAME) from None
    _kdf(file.header)
    return file


def seal(key: bytes, clear: bytes, bound: bytes) -> str:
    """AES-256-GCM under a random nonce, as hex: nonce ‖ ciphertext ‖ tag."""
    nonce = secrets.token_bytes(12)
    return (nonce + AESGCM(key).encrypt(nonce, clear, bound)).hex()


def unseal(key: bytes, sealed: str, bound: bytes, code: str) -> bytes:
    """Raises VaultError ``code`` when key, text or bound bytes differ."""
    try:
        raw = bytes.fromhex(sealed)
        return AESGCM(key).decrypt(raw[:12], raw[12:], bound)
    except (InvalidTag, ValueError):
        raise VaultError(code, where=NAME) from None


def subkey(data_key: bytes, purpose: str) -> bytes:
    """A key for one purpose only, by HKDF-SHA256."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"tiejiaoban-1 " + purpose.encode()).derive(data_key)


def canonical(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def _seal_secrets(
    header: Mapping[str, Any], data_key: bytes, content: Mapping[str, Any], recovery: Mapping[str, Any] | None
) -> str:
    return seal(subkey(data_key, "secrets"), canonical(content), canonical({"header": header, "recovery": recovery}))


def _check(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(body)).hexdigest()


def _cost(kdf: Kdf) -> dict[str, Any]:
    cost = {"memory_kib": kdf.memory_kib, "passes": kdf.passes, "lanes": kdf.lanes}
    return {"kdf": {"name": "argon2id", **cost, "salt": secrets.token_hex(16)}}


def _kdf(header: Mapping[str, Any]) -> Kdf:
    try:
        cost = header["kdf"]
        if cost["name"] != "argon2id":
            raise VaultError("vault.kdf_limits", where=NAME)
        return Kdf(cost["memory_kib"], cost["passes"], cost["lanes"])
    except (KeyError, TypeError):
        raise VaultError("vault.damaged", where=NAME) from None
