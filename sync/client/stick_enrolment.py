"""Becoming a device of the county without a network: the code comes as a file, the request goes out on a stick, and the
answer brings the certificate and the first content."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from fieldapp.errors import InputError, WorldError
from fieldapp.store.api import Kdf, Profile, Store
from sync.client.bundle import StickResult, apply
from sync.client.enrol import enrolment_request, identity_from
from sync.protocol import bundle
from sync.protocol.code import read_code, read_keys
from sync.protocol.messages import EnrolResponse

SUFFIX = ".tjbrequest"
_PENDING = "enrolment.json"
_REQUEST = "enrolment.tjbrequest"


def request(code: str, passphrase: str, folder: Path, path: Path, *, kdf: Kdf | None = None) -> Profile:
    """Make a profile in ``folder`` and write its request, sealed to the county, to ``path``.

    ``code`` is the text of the code file. Raises InputError ``code.unreadable`` | ``code.no_keys`` when the county's
    keys are not behind it, VaultError ``vault.weak`` | ``vault.exists`` | ``vault.root``, StorageError. On failure
    nothing is left in ``folder``.
    """
    read = read_code(code)
    trust = read_keys(code, read.root)
    transport = trust.exchange_keys("transport") if trust else ()
    if trust is None or not transport:
        raise InputError("code.no_keys")
    profile = Profile.create(folder, passphrase, kdf=kdf)
    try:
        with bundle.writing(
            folder / _REQUEST, county=trust.county, sender=profile.device, addressee=bundle.COUNTY,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"), key=profile.signing_key(),
            to=X25519PublicKey.from_public_bytes(transport[-1]),
        ) as out:  # fmt: skip
            out.add("enrol", enrolment_request(profile, read))
        (folder / _PENDING).write_text(json.dumps({"root": read.root, "server": read.server}), encoding="utf-8")
        write_again(profile, path)
    except (WorldError, OSError):
        shutil.rmtree(folder)
        raise
    return profile


def is_waiting(profile: Profile) -> bool:
    """Whether a request of this profile waits for the county's answer."""
    return profile.identity is None and (profile.folder / _PENDING).exists()


def write_again(profile: Profile, path: Path) -> None:
    """The same request once more: the first stick may be lost. The county answers it as often as it comes."""
    shutil.copyfile(profile.folder / _REQUEST, path)


def take_answer(profile: Profile, path: Path) -> tuple[Store, StickResult]:
    """Believe the county's answer, open the store and take the first content in.

    Raises InputError ``bundle.not_one`` | ``bundle.newer`` | ``bundle.signature`` | ``bundle.not_for_us`` |
    ``stream.damaged``, VaultError ``vault.root``; the request goes on waiting then.
    """
    pending = json.loads((profile.folder / _PENDING).read_text(encoding="utf-8"))
    with open(path, "rb") as file:
        header, line, signature = bundle.read_header(file)
        if header.addressee != profile.device:
            raise InputError("bundle.not_for_us")
        found = bundle.records(file, header, line, profile.exchange_key())
        kind, content = next(found, ("", None))
        if kind != "enrolled":
            raise InputError("bundle.not_for_us")
        identity = identity_from(bundle.taken(content, EnrolResponse), pending["root"], pending["server"])
        bundle.check_sender(line, signature, identity.trust.keys("server"))
        profile.set_identity(identity)
        store = Store.open(profile)
        result = apply(store, found)
    for name in (_PENDING, _REQUEST):
        (profile.folder / name).unlink(missing_ok=True)
    return store, result
