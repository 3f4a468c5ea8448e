"""Becoming a device of the county: keys are made here, the county certifies them."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from fieldapp.errors import InputError, RefusedError, WorldError
from fieldapp.store.api import CountyTrust, Identity, Kdf, Profile
from fieldapp.store.trust import pin
from sync.client.pinning import pin_root, pinned_root
from sync.client.transport import Patience, Transport
from sync.protocol.code import EnrolmentCode, read_code
from sync.protocol.messages import EnrolRequest, EnrolResponse, enrolment_bytes


def enrol(
    code: EnrolmentCode | str,
    passphrase: str,
    folder: Path,
    *,
    patience: Patience | None = None,
    kdf: Kdf | None = None,
) -> Profile:
    """Make a profile in ``folder`` and enrol it with ``code`` (its text, or read). Needs the server.

    Raises InputError ``code.unreadable``, RefusedError ``refused.code`` | ``refused.code_expired``, VaultError
    ``vault.weak`` | ``vault.exists`` | ``vault.root``, NetworkError. On failure nothing is left in ``folder``.
    """
    read = read_code(code) if isinstance(code, str) else code
    if not read.server:
        raise InputError("code.stick_only")
    profile = Profile.create(folder, passphrase, kdf=kdf)
    try:
        pin_root(read.server, read.root, folder)
        answer = _ask(profile, read, patience)
        profile.set_identity(identity_from(answer, read.root, read.server))
    except WorldError:
        shutil.rmtree(folder)
        raise
    return profile


def enrol_again(profile: Profile, code: EnrolmentCode | str, *, patience: Patience | None = None) -> None:
    """Certify the new device key of a profile that was recovered, restored or rotated; its user stays the same.

    Raises as ``enrol``; RefusedError ``refused.other_user`` for a code made for somebody else. The county has then
    certified this key for that user, so it is put away and the next try brings another.
    """
    read = read_code(code) if isinstance(code, str) else code
    if not read.server:
        raise InputError("code.stick_only")
    pin_root(read.server, read.root, profile.folder)
    identity = identity_from(_ask(profile, read, patience), read.root, read.server)
    before = profile.identity
    if before is not None and (before.user, before.county) != (identity.user, identity.county):
        profile.replace_device_key()
        raise RefusedError("refused.other_user")
    profile.set_identity(identity)


def enrolment_request(profile: Profile, code: EnrolmentCode) -> EnrolRequest:
    """What this profile sends to become a device."""
    secret = bytes.fromhex(code.secret)
    proof = profile.signing_key().sign(enrolment_bytes(secret, profile.device_public, profile.exchange_public))
    return EnrolRequest(secret, profile.device_public, profile.exchange_public, proof)


def identity_from(answer: EnrolResponse, root: str, server: str) -> Identity:
    """Who works here, once the county's root is the one the code named and everything is signed under it.

    Raises VaultError ``vault.root``, InputError ``statement.*``.
    """
    certificates = tuple(signed.statement() for signed in answer.certificates)
    trust = pin(CountyTrust(answer.county, answer.root, certificates), root)
    certificate, scope = answer.device_certificate.statement(), answer.scope.statement()
    _, user, _ = trust.check_device(certificate)
    body = trust.check(scope, "scope")
    if body["user"] != user:
        raise InputError("device.user")
    return Identity(
        county=answer.county,
        county_name=answer.county_name,
        user=user,
        name=body["name"],
        role=body["role"],
        scope=tuple(body["areas"]),
        scope_version=body["version"],
        device_certificate=certificate,
        trust=trust,
        server=server,
        scope_statement=scope,
    )


def transport_for(profile: Profile, patience: Patience | None = None) -> Transport:
    """The way to the server this profile was enrolled with. Raises StateError ``state.not_enrolled``."""
    server = profile.require_identity().server
    return Transport(server, profile, tls_root=pinned_root(profile.folder), patience=patience)


def _ask(profile: Profile, code: EnrolmentCode, patience: Patience | None) -> EnrolResponse:
    transport = Transport(code.server, profile, tls_root=pinned_root(profile.folder), patience=patience)
    try:
        return transport.enrol(enrolment_request(profile, code))
    except RefusedError as failed:
        # The server tells a stranger nothing; the laptop may know from its own clock why.
        if failed.code == "refused.code" and code.expires < datetime.now(UTC).isoformat():
            raise RefusedError("refused.code_expired") from None
        raise
    finally:
        transport.close()
