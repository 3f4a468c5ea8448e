"""After a restore: clients return what the backup lacks, and what the county had signed since."""

from __future__ import annotations

import json
from functools import partial

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from fieldapp.domain.payload import MAX_PAYLOAD_BYTES
from fieldapp.domain.revision import is_digest
from fieldapp.domain.statements import Statement, verify_statement
from fieldapp.errors import InputError
from sync.protocol.framing import inflate
from sync.protocol.limits import MAX_ITEMS
from sync.protocol.messages import Done, HaveRequest, HaveResponse, PushItem, PushRequest, SealedRequest, Sent
from sync.server.erasing import apply_erasure
from sync.server.handlers.callers import Caller
from sync.server.handlers.push import push
from sync.server.handlers.scope import judge_by_new_scope
from sync.server.service import Rejected, Service
from sync.server.storage import controls, people, revisions

MAX_SEALED = 10 * 1024 * 1024


def have(service: Service, caller: Caller, request: HaveRequest) -> HaveResponse:
    """Which of the caller's revisions are not here; signed statements are taken in first."""
    if len(request.ids) > 20 * MAX_ITEMS or len(request.statements) > MAX_ITEMS:
        raise Rejected(413, "batch.too_many")
    if not all(map(is_digest, request.ids)):
        raise Rejected(400, "message.garbled")
    for signed in request.statements:
        service.write(partial(_believe, service, caller, signed.statement()))

    if any(signed.kind == "scope-acknowledged" for signed in request.statements):
        judge_by_new_scope(service, caller.device.device)

    def work(connection: Connection) -> HaveResponse:
        here = revisions.revision_rows(connection, service.keys.county, request.ids, contents=False)
        erased = revisions.erased(connection, service.keys.county, request.ids)
        lacking = [name for name in request.ids if name not in here and name not in erased]
        return HaveResponse(service.row(connection).epoch, lacking)

    return service.read(work)


def take_sealed(service: Service, caller: Caller, request: SealedRequest) -> Done:
    """Open what evictions sealed to the transport key, and take it in like any push."""
    items = [item for content in request.contents if (item := _open(service, content)) is not None]
    push(service, caller, PushRequest(caller.device.device, 0, items, request.people))
    return Done()


def _open(service: Service, content: bytes) -> PushItem | None:
    """A sealed revision; None for a sealed draft, which stays with the laptop until it is given up (``remains``)."""
    try:
        kind, _, parts = json.loads(inflate(service.keys.unseal(content), MAX_SEALED))
        if kind != "revision":
            return None
        envelope, signature, salt, payload = (bytes.fromhex(part) if part is not None else None for part in parts)
    except (InvalidTag, ValueError, TypeError):
        raise Rejected(400, "sealed.unreadable") from None
    if envelope is None or signature is None:
        raise Rejected(400, "sealed.unreadable")
    return PushItem(Sent(envelope, signature, salt, inflate(payload, MAX_PAYLOAD_BYTES) if payload else None), [])


def _believe(service: Service, caller: Caller, statement: Statement, connection: Connection) -> None:
    """Keep a county-signed statement that is newer than what is here; others are passed over."""
    county = service.keys.county
    try:
        if statement.kind == "scope-acknowledged":
            _acknowledged(connection, county, caller, statement)
            return
        body = service.keys.trust.check(statement, statement.kind)
    except (InputError, KeyError, TypeError):
        raise Rejected(400, "statement.unproven") from None
    if statement.kind == "scope":
        people.keep_scope(connection, county, statement)
    elif statement.kind == "erasure":
        apply_erasure(service, connection, statement)
    elif statement.kind == "control" and body["version"] > controls.versions(connection, county).get(body["name"], 0):
        controls.keep(connection, county, statement)
        apply_control(connection, county, body)


def apply_control(connection: Connection, county: str, body: dict[str, object]) -> None:
    """What a control document does to the server itself: a revocation revokes."""
    name = str(body["name"])
    if name.startswith(controls.revocation_name("")):
        device = name.removeprefix(controls.revocation_name(""))
        people.set_device_state(connection, county, device, people.REVOKED, "revoked")


def _acknowledged(connection: Connection, county: str, caller: Caller, statement: Statement) -> None:
    key = Ed25519PublicKey.from_public_bytes(caller.device.public_key)
    body = verify_statement(statement, "scope-acknowledged", key)
    if body["county"] == county and body["device"] == caller.device.device:
        people.keep_acknowledgement(connection, county, statement)
