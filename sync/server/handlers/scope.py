"""Scope changes acknowledged by the device: up to which of its numbers the old scope judges."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from fieldapp.domain.statements import verify_statement
from fieldapp.errors import InputError
from sync.protocol.messages import Done, ScopeAcknowledged
from sync.server.handlers.callers import Caller
from sync.server.handlers.push import judge_again, release
from sync.server.service import Rejected, Service
from sync.server.storage import people, revisions


def acknowledge(service: Service, caller: Caller, request: ScopeAcknowledged) -> Done:
    """Keep the device's word; its body: county, device, version, last_seq."""
    key = Ed25519PublicKey.from_public_bytes(caller.device.public_key)
    try:
        body = verify_statement(request.statement.statement(), "scope-acknowledged", key)
    except InputError:
        raise Rejected(400, "scope.unproven") from None
    whole = body.get("county") == service.keys.county and body.get("device") == caller.device.device
    version, last = body.get("version"), body.get("last_seq")
    if not whole or type(version) is not int or type(last) is not int or last < 0:
        raise Rejected(400, "scope.unproven")

    def work(connection: Connection) -> Done:
        granted = people.load_grants(connection, service.keys.county, [caller.device.user])
        if version not in granted.get(caller.device.user, {}):
            raise Rejected(400, "scope.version")
        people.keep_acknowledgement(connection, service.keys.county, request.statement.statement())
        return Done()

    done = service.write(work)
    judge_by_new_scope(service, caller.device.device)
    return done


def judge_by_new_scope(service: Service, device: str) -> None:
    """Work under the new scope may have arrived, by a stick or from other hands, before its acknowledgement."""
    aside = service.read(lambda c: revisions.put_aside(c, service.keys.county, device, ("scope", "role")))
    release(service, judge_again(service, aside))
