"""A profile: one user's folder on this laptop, with its keys. Profiles share nothing."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fieldapp.domain.ids import device_id
from fieldapp.errors import InputError, StateError, VaultError
from fieldapp.store.files import wording
from fieldapp.store.identity import Identity, identity_from_json, identity_to_json
from fieldapp.store.vault import keyfile, recovery
from fieldapp.store.vault.keyfile import Kdf, KeyFile
from fieldapp.store.vault.passphrase import demand_strength

_ROTATION_DUE = "rotation_due"


@dataclass(frozen=True)
class ProfileLabel:
    """What may be shown of a profile before it is unlocked."""

    folder: Path
    profile: str
    label: str


def profiles_in(root: Path) -> list[ProfileLabel]:
    """The profiles below ``root``, by label; folders whose key files are both unreadable show their folder's name."""
    found = []
    for folder in sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []:
        if (folder / keyfile.NAME).exists() or (folder / keyfile.COPY).exists():
            found.append(_label(folder))
    return sorted(found, key=lambda item: item.label)


def _label(folder: Path) -> ProfileLabel:
    try:
        file = keyfile.read_both(folder)[0]
    except VaultError:
        return ProfileLabel(folder, "", folder.name)
    return ProfileLabel(folder, file.profile, str(file.header.get("label") or folder.name))


@dataclass
class Profile:
    """An unlocked profile. Keys stay inside; ``device`` and ``exchange_public`` are what enrolment sends.

    ``identity`` is None until ``set_identity``; without it the store opens and reads but makes no revisions.
    """

    folder: Path
    _file: KeyFile = field(repr=False)
    _data_key: bytes = field(repr=False)
    _secrets: dict[str, Any] = field(repr=False)
    identity: Identity | None = field(default=None, repr=False)
    device: str = field(default="", init=False)
    former_devices: tuple[str, ...] = field(default=(), init=False)
    enrolled: bool = field(default=False, init=False)
    _signing: Ed25519PrivateKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._look_at_keys()

    @classmethod
    def create(cls, folder: Path, passphrase: str, *, label: str = "", kdf: Kdf | None = None) -> Self:
        """Make the folder, a data key, a device key and an exchange key.

        Raises VaultError ``vault.exists`` | ``vault.weak`` (``reason`` in its details), StorageError.
        """
        demand_strength(passphrase)
        with wording(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise VaultError("vault.exists", where=folder.name)
            folder.chmod(0o700)
            (folder / "blobs").mkdir()
        content = {"signing": secrets.token_hex(32), "exchange": secrets.token_hex(32), "identity": None}
        created = datetime.now(UTC).isoformat(timespec="seconds")
        header = keyfile.new_header(str(uuid.uuid4()), created, label, kdf or Kdf())
        data_key = secrets.token_bytes(keyfile.KEY_BYTES)
        file = keyfile.lock(header, data_key, passphrase, content)
        keyfile.write_both(folder, file)
        return cls(folder, file, data_key, content)

    @classmethod
    def unlock(cls, folder: Path, passphrase: str) -> Self:
        """Open the profile.

        Raises VaultError ``vault.missing`` | ``vault.damaged`` | ``vault.newer`` | ``vault.kdf_limits`` |
        ``vault.passphrase`` | ``vault.edited``. A damaged first key file is replaced by the second.
        """
        failure: VaultError | None = None
        for file in keyfile.read_both(folder):
            try:
                data_key = keyfile.unlock(file, passphrase)
                content = keyfile.open_secrets(file, data_key)
            except VaultError as error:
                failure = failure or error
                continue
            return cls._opened(folder, file, data_key, content)
        assert failure
        raise failure

    @classmethod
    def _opened(cls, folder: Path, file: KeyFile, data_key: bytes, content: dict[str, Any]) -> Self:
        whole = keyfile.to_bytes(file)
        for name in (keyfile.NAME, keyfile.COPY):
            path = folder / name
            if not path.exists() or path.read_bytes() != whole:
                keyfile.write_both(folder, file)
                break
        identity = identity_from_json(content["identity"]) if content["identity"] else None
        profile = cls(folder, file, data_key, content, identity)
        profile._refresh_recovery()
        return profile

    @property
    def id(self) -> str:
        return self._file.profile

    @property
    def key_file(self) -> KeyFile:
        """For backups: everything in it is sealed, apart from what the unlock window shows."""
        return self._file

    @property
    def label(self) -> str:
        return str(self._file.header.get("label") or "")

    def _look_at_keys(self) -> None:
        """``device``: SHA-256 of the signing key's public half, hex. ``former_devices``: those this profile signed
        with before; what they signed and never delivered is still pushed. ``enrolled``: whether the county certified
        the key in use: not before enrolment, nor after a new device key."""
        self._signing = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self._secrets["signing"]))
        self.device = device_id(self.device_public)
        self.former_devices = tuple(self.former_keys())
        who = self.identity
        self.enrolled = who is not None and who.trust.check_device(who.device_certificate)[0] == self.device

    @property
    def device_public(self) -> bytes:
        return self.signing_key().public_key().public_bytes_raw()

    @property
    def exchange_public(self) -> bytes:
        return self.exchange_key().public_key().public_bytes_raw()

    def signing_key(self) -> Ed25519PrivateKey:
        return self._signing

    def exchange_key(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(bytes.fromhex(self._secrets["exchange"]))

    def subkey(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose of the store (``records``, ``mark``, ``secrets``)."""
        return keyfile.subkey(self._data_key, purpose)

    def require_identity(self) -> Identity:
        """Raises StateError ``state.not_enrolled``."""
        if self.identity is None:
            raise StateError("state.not_enrolled")
        return self.identity

    def require_signing(self) -> Identity:
        """The identity, once the device key in use is certified. Raises StateError ``state.not_enrolled``."""
        if not self.enrolled:
            raise StateError("state.not_enrolled")
        return self.require_identity()

    def set_identity(self, identity: Identity) -> None:
        """Attach or replace who works here. Raises InputError ``device.id`` when the certificate is another device's,
        ``scope.older`` when the scope version falls, ``statement.*`` when the county did not sign."""
        device, user, _ = identity.trust.check_device(identity.device_certificate)
        if device != self.device:
            raise InputError("device.id")
        if user != identity.user:
            raise InputError("device.user")
        before = self.identity
        if before and before.trust.root != identity.trust.root:
            raise InputError("statement.county")
        if before and identity.scope_version < before.scope_version:
            raise InputError("scope.older")
        self._keep({**self._secrets, "identity": identity_to_json(identity)}, self._file.recovery)
        self.identity = identity
        self._look_at_keys()
        self._refresh_recovery()

    def change_passphrase(self, old: str, new: str, *, kdf: Kdf | None = None) -> None:
        """Wrap the same data key anew. Raises VaultError ``vault.passphrase`` | ``vault.weak``."""
        keyfile.unlock(self._file, old)
        demand_strength(new)
        self._lock(new, self._data_key, self._secrets, self._file.recovery, kdf)

    def check_passphrase(self, passphrase: str) -> None:
        """Raises VaultError ``vault.passphrase``."""
        keyfile.unlock(self._file, passphrase)

    @property
    def rotation_due(self) -> bool:
        """Whether others held the data key's halves since it was last changed; kept until ``take_keys``."""
        return _ROTATION_DUE in self._secrets

    @property
    def recovery_ready(self) -> bool:
        """Whether two custodians could open this profile."""
        return self._file.recovery is not None

    @classmethod
    def recover(cls, folder: Path, new_passphrase: str, answers: Iterable[bytes], *, kdf: Kdf | None = None) -> Self:
        """Open the profile with the custodians' answers and lock it by the passphrase chosen for the request.

        Its keys are due to be changed next (``rotation_due``, ``rotation.rotate_if_due``): others held their halves.
        Raises VaultError as ``recovery.finish``.
        """
        data_key = recovery.finish(folder, new_passphrase, answers)
        for file in keyfile.read_both(folder):
            content = keyfile.open_secrets(file, data_key)
            identity = identity_from_json(content["identity"]) if content["identity"] else None
            profile = cls(folder, file, data_key, content, identity)
            profile._lock(new_passphrase, data_key, {**content, _ROTATION_DUE: True}, file.recovery, kdf)
            recovery.forget_request(folder)
            return profile
        raise VaultError("vault.damaged", where=keyfile.NAME)

    def former_keys(self) -> dict[str, bytes]:
        """Raw public keys by device id of ``former_devices``."""
        raw = [bytes.fromhex(item["signing"]) for item in self._secrets.get("former", ())]
        public = [Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw() for key in raw]
        return {device_id(key): key for key in public}

    @staticmethod
    def new_data_key() -> bytes:
        return secrets.token_bytes(keyfile.KEY_BYTES)

    @staticmethod
    def subkey_of(data_key: bytes, purpose: str) -> bytes:
        return keyfile.subkey(data_key, purpose)

    def take_keys(self, data_key: bytes, passphrase: str, *, device_key: bool) -> None:
        """Put a new data key in force, and make a new device key; the old one is kept for what it signed."""
        content = {key: value for key, value in self._secrets.items() if key != _ROTATION_DUE}
        if device_key:
            content |= self._new_device()
        slot = recovery.wrap(data_key, self.id, self._custodians())
        self._lock(passphrase, data_key, content, slot)

    def replace_device_key(self) -> None:
        """A new device key under the same data key: after a restore, for the other laptop may still sign."""
        self._keep(self._secrets | self._new_device(), self._file.recovery)

    def _new_device(self) -> dict[str, Any]:
        former = [*self._secrets.get("former", ()), {"signing": self._secrets["signing"]}]
        return {"signing": secrets.token_hex(32), "former": former}

    def _custodians(self) -> dict[str, bytes]:
        return dict(self.identity.trust.recovery) if self.identity else {}

    def _refresh_recovery(self) -> None:
        """Wrap the halves anew when the county has other custodians now; at every unlock and new identity."""
        custodians = self._custodians()
        if custodians and not recovery.is_for(self._file.recovery, custodians):
            self._keep(self._secrets, recovery.wrap(self._data_key, self.id, custodians))

    def _lock(
        self,
        passphrase: str,
        data_key: bytes,
        content: dict[str, Any],
        recovery: Mapping[str, Any] | None,
        kdf: Kdf | None = None,
    ) -> None:
        file = keyfile.lock(self._file.header, data_key, passphrase, content, recovery, kdf)
        keyfile.write_both(self.folder, file)
        self._file, self._data_key, self._secrets = file, data_key, content
        self._look_at_keys()

    def _keep(self, content: dict[str, Any], recovery: Mapping[str, Any] | None) -> None:
        file = keyfile.with_secrets(self._file, self._data_key, content, recovery)
        keyfile.write_both(self.folder, file)
        self._file, self._secrets = file, content
        self._look_at_keys()
