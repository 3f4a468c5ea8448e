"""Another role or other areas: acknowledged by the device, then the areas out of scope are put away."""

from __future__ import annotations

import json
from dataclasses import replace

from fieldapp.domain.areas import may_read
from fieldapp.domain.roles import READ, WRITE, may
from fieldapp.domain.statements import Statement, sign_statement
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.store.evicting import areas_held, drop_older_epochs, of_older_epochs, types_held
from fieldapp.store.exchange import Reader
from fieldapp.store.identity import statement_from_json, statement_to_json
from fieldapp.store.revisions import next_link
from sync.client.transport import Transport
from sync.protocol.messages import Done, ScopeAcknowledged, Signed

_PENDING = "scope_to_acknowledge"
_GIVEN = "scopes_acknowledged"


def take_scope(store: Store, statement: Statement) -> bool:
    """Take over a newer scope. The acknowledgement (up to which own number the old scope judges) is written down in
    the same moment, so that a kill in between loses neither. Whether it was newer."""
    identity = store.profile.require_identity()
    body = identity.trust.check(statement, "scope")
    if body["user"] != identity.user or body["version"] <= identity.scope_version:
        return False
    changed = replace(
        identity,
        name=body["name"],
        role=body["role"],
        scope=tuple(body["areas"]),
        scope_version=body["version"],
        scope_statement=statement,
    )

    def work(tx: WriteTx) -> None:
        word = {
            "county": identity.county,
            "device": store.profile.device,
            "version": body["version"],
            "last_seq": next_link(tx.connection, tx.device)[0] - 1,
        }
        signed = sign_statement("scope-acknowledged", word, store.profile.signing_key())
        tx.set_meta(_PENDING, json.dumps(statement_to_json(signed)))
        # A restored county may not know a scope that work is judged by, and nobody else has its statement.
        tx.apply_statements([each for each in (identity.scope_statement, statement) if each is not None])
        store.profile.set_identity(changed)
        if body["role"] != identity.role:
            _change_role(tx, body["role"])

    store.write_now(work)
    return True


def reader_by(store: Store, statement: Statement) -> Reader:
    """Whom an answer is for: the newer of the scope that came with it and the one taken over before."""
    identity = store.profile.require_identity()
    body = identity.trust.check(statement, "scope")
    if body["user"] != identity.user or body["version"] < identity.scope_version:
        return Reader(identity.role, identity.scope)
    return Reader(body["role"], tuple(body["areas"]))


def _change_role(tx: WriteTx, role: str) -> None:
    """What the new role is not to know leaves before anything is read anew; what was withheld from the old one came
    without contents, so every feed is read from its beginning."""
    types = unreadable(tx, role)
    if types:
        tx.evict_types(types)
    tx.read_again()


def unreadable(tx: ReadTx, role: str) -> list[str]:
    """Types held here that ``role`` neither reads nor writes."""
    return [name for name in types_held(tx) if not may(role, READ, name) and not may(role, WRITE, name)]


def acknowledge(store: Store, transport: Transport) -> None:
    """Send what is to be acknowledged, if anything is."""
    pending = store.read_now(lambda tx: tx.meta(_PENDING))
    if not pending:
        return
    body = json.loads(pending)
    transport.call("/v1/scope", ScopeAcknowledged(transport.device, Signed.of(statement_from_json(body))), Done)

    def note(tx: WriteTx) -> None:
        given = json.loads(tx.meta(_GIVEN) or "[]")
        tx.set_meta(_GIVEN, json.dumps([*given, body]))
        tx.set_meta(_PENDING, None)

    store.write_now(note)


def acknowledged(tx: ReadTx) -> list[Statement]:
    """Every acknowledgement this device gave, for a county that lost them."""
    return [statement_from_json(body) for body in json.loads(tx.meta(_GIVEN) or "[]")]


def pending(tx: ReadTx) -> list[Statement]:
    """The acknowledgement that is still to be given, if any."""
    body = tx.meta(_PENDING)
    return [statement_from_json(json.loads(body))] if body else []


def put_away(store: Store) -> int:
    """After every feed was read to its end: forget what a restored county's feeds no longer name, then evict what the
    present scope no longer reads; how many revisions were sealed or deleted."""
    if store.read_now(of_older_epochs):
        store.write_now(drop_older_epochs)
    return evict_out_of_scope(store)


def evict_out_of_scope(store: Store) -> int:
    """Areas, and types of documents. Own work the county never answered stays until it was pushed."""
    identity = store.profile.require_identity()
    gone = [area for area in store.read_now(areas_held) if not may_read(identity.scope, area)]
    done = sum(store.write_now(WriteTx.evict_area, area) for area in gone)
    types = store.read_now(unreadable, identity.role)
    return done + (store.write_now(WriteTx.evict_types, types) if types else 0)
