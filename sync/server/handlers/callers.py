"""Who is asking: enrolment, tokens, and the check every other request starts with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from fieldapp.domain.ids import device_id
from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError
from sync.protocol.messages import (
    EnrolRequest,
    EnrolResponse,
    Signed,
    TokenRequest,
    TokenResponse,
    challenge_bytes,
    enrolment_bytes,
)
from sync.protocol.version import OLDEST, PROTOCOL
from sync.server.clock import now_text
from sync.server.keys import certify_device
from sync.server.service import Rejected, Service
from sync.server.storage import controls, people
from sync.server.storage.packing import unpack_signed
from sync.server.storage.people import Device, Grant
from sync.server.tokens import TOKEN_SECONDS


@dataclass(frozen=True)
class Caller:
    """A device with a valid token, and what its user may do now."""

    device: Device
    grant: Grant
    scope: Statement


def enrol(service: Service, request: EnrolRequest) -> EnrolResponse:
    """Make the asking laptop a device of the user its code is for."""
    check_protocol(request.protocol)
    signed = enrolment_bytes(request.secret, request.device_key, request.exchange_key)
    if not _signed_by(request.device_key, request.proof, signed) or len(request.exchange_key) != 32:
        raise Rejected(401, "unknown")
    device = device_id(request.device_key)

    def work(connection: Connection) -> EnrolResponse:
        county = service.county(connection)
        secret = hashlib.sha256(request.secret).hexdigest()
        user = people.claim_code(connection, county.id, secret, device, county.epoch)
        newest = people.newest_scope(connection, county.id, user) if user else None
        if user is None or newest is None:
            raise Rejected(401, "unknown")
        certificate = certify_device(
            service.keys, user, request.device_key, request.exchange_key, scope_version=newest[0].version
        )
        people.keep_device(connection, county.id, certificate)
        kept = people.people_statements(connection, county.id, [device])[0]
        trust = service.keys.trust
        return EnrolResponse(
            county.id,
            service.keys.county_name,
            county.epoch,
            trust.root,
            [Signed.of(certificate) for certificate in trust.certificates],
            unpack_signed(kept),
            Signed.of(newest[1]),
        )

    service.metrics.add("enrolments_total")
    return service.write(work)


def give_token(service: Service, request: TokenRequest) -> TokenResponse:
    """A token for a device that signed our challenge; 401 with a fresh challenge is the app's answer to the rest."""
    check_protocol(request.protocol)
    if not service.tokens.is_challenge(request.challenge):
        raise Rejected(401, "unknown")

    def work(connection: Connection) -> TokenResponse:
        row = service.row(connection)
        _believe_certificate(service, connection, request)
        device = people.load_devices(connection, service.keys.county, [request.device]).get(request.device)
        proof = challenge_bytes(request.challenge)
        if device is None or not _signed_by(device.public_key, request.signature, proof):
            raise Rejected(401, "unknown")
        _stop_at_the_door(service, connection, device)
        people.touch_device(connection, service.keys.county, device.device)
        people.note_keys(connection, service.keys.county, device.device, request.keys)
        token = service.tokens.token(device.device)
        certificates = service.keys.trust.certificates
        lacking = certificates if request.keys < len(certificates) else ()
        keys = [Signed.of(certificate) for certificate in lacking]
        return TokenResponse(token, TOKEN_SECONDS, row.epoch, row.restoring, now_text(), keys=keys)

    return service.write(work)


def identify(service: Service, connection: Connection, device_id_: str) -> Caller:
    """The caller behind a valid token, as he stands now: revocation does not wait for the token to expire."""
    county = service.keys.county
    device = people.load_devices(connection, county, [device_id_]).get(device_id_)
    if device is None:
        raise Rejected(401, "unknown")
    _stop_at_the_door(service, connection, device)
    newest = people.newest_scope(connection, county, device.user)
    if newest is None:
        raise Rejected(401, "unknown")
    return Caller(device, *newest)


def check_protocol(version: int) -> None:
    if version < OLDEST:
        raise Rejected(426, "protocol.too_old")
    if version > PROTOCOL:
        raise Rejected(400, "protocol.too_new")


def _stop_at_the_door(service: Service, connection: Connection, device: Device) -> None:
    """A revoked device is told so, with proof. A stopped one may go on delivering; the verdicts hold it back."""
    if device.state == people.REVOKED:
        proof = controls.newest(connection, service.keys.county, controls.revocation_name(device.device))
        raise Rejected(403, "device.revoked", statement=proof)


def _believe_certificate(service: Service, connection: Connection, request: TokenRequest) -> None:
    """After a restore the database may not know a device the county certified; its certificate tells."""
    if people.load_devices(connection, service.keys.county, [request.device]) or request.scope is None:
        return
    try:
        device, user, _ = service.keys.trust.check_device(request.certificate.statement())
        scope = request.scope.statement()
        body = service.keys.trust.check(scope, "scope")
    except (InputError, ValueError, KeyError):
        raise Rejected(401, "unknown") from None
    if device != request.device or body["user"] != user:
        raise Rejected(401, "unknown")
    people.keep_scope(connection, service.keys.county, scope)
    people.keep_device(connection, service.keys.county, request.certificate.statement())


def _signed_by(raw_key: bytes, signature: bytes, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(raw_key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True
