"""Users, their scopes, their devices and the codes that make devices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, insert, select, update

from fieldapp.domain.statements import Statement
from sync.server.clock import now_text
from sync.server.storage.bulk import among
from sync.server.storage.packing import pack_statement, unpack_statement
from sync.server.storage.schema import acknowledgements, codes, devices, known_keys, scopes, users

ACTIVE, STOPPED, REVOKED = "active", "stopped", "revoked"


@dataclass(frozen=True)
class Grant:
    """One version of a user's scope."""

    version: int
    role: str
    areas: tuple[str, ...]


@dataclass(frozen=True)
class Device:
    """``acknowledged``: scope version -> the device's last number under the version before it."""

    device: str
    user: str
    public_key: bytes
    exchange_key: bytes
    first_scope: int
    state: str
    reason: str
    acknowledged: Mapping[int, int]

    def version_for(self, device_seq: int) -> int:
        """The scope version by which the revision with this number is judged (protocol.md, "Areas and feeds")."""
        known = (version for version, last in self.acknowledged.items() if device_seq > last)
        return max(known, default=self.first_scope)


def load_devices(connection: Connection, county: str, ids: Iterable[str], *, lock: bool = False) -> dict[str, Device]:
    """The known ones of ``ids``; locked in the order of their ids, so that two batches never wait for each other."""
    wanted = sorted(set(ids))
    query = (
        select(devices).where(devices.c.county == county, among(devices.c.device, wanted)).order_by(devices.c.device)
    )
    found = {
        row.device: Device(
            row.device, row.user, row.public_key, row.exchange_key, row.first_scope, row.state, row.reason, {}
        )
        for row in connection.execute(query.with_for_update() if lock else query)
    }
    acks = select(acknowledgements.c.device, acknowledgements.c.version, acknowledgements.c.last_seq).where(
        acknowledgements.c.county == county, among(acknowledgements.c.device, list(found))
    )
    for device, version, last in connection.execute(acks):
        found[device] = replace(found[device], acknowledged={**found[device].acknowledged, version: last})
    return found


def load_grants(connection: Connection, county: str, names: Iterable[str]) -> dict[str, dict[int, Grant]]:
    """user -> version -> grant."""
    found: dict[str, dict[int, Grant]] = {}
    query = select(scopes.c.user, scopes.c.version, scopes.c.role, scopes.c.areas)
    for user, version, role, areas in connection.execute(
        query.where(scopes.c.county == county, among(scopes.c.user, list(names)))
    ):
        found.setdefault(user, {})[version] = Grant(version, role, tuple(json.loads(areas)))
    return found


def newest_scope(connection: Connection, county: str, user: str) -> tuple[Grant, Statement] | None:
    """What the user may do now, with the county's statement of it."""
    query = select(scopes).where(scopes.c.county == county, scopes.c.user == user)
    row = connection.execute(query.order_by(scopes.c.version.desc()).limit(1)).first()
    if row is None:
        return None
    return Grant(row.version, row.role, tuple(json.loads(row.areas))), unpack_statement(row.statement)


def keep_scope(connection: Connection, county: str, statement: Statement) -> None:
    """Store a checked scope statement, if it is not there."""
    body = statement.body
    known = load_grants(connection, county, [body["user"]]).get(body["user"], {})
    if body["version"] not in known:
        connection.execute(
            insert(scopes).values(
                county=county,
                user=body["user"],
                version=body["version"],
                role=body["role"],
                areas=json.dumps(body["areas"]),
                statement=pack_statement(statement),
            )
        )
    keep_user(connection, county, body["user"], body["name"])


def keep_user(connection: Connection, county: str, user: str, name: str) -> None:
    here = select(users.c.user).where(users.c.county == county, users.c.user == user)
    if connection.execute(here).first():
        connection.execute(update(users).where(users.c.county == county, users.c.user == user).values(name=name))
    else:
        connection.execute(insert(users).values(county=county, user=user, name=name))


def keep_device(connection: Connection, county: str, certificate: Statement) -> None:
    """Store a checked device certificate, if it is not there."""
    body = certificate.body
    if body["device"] in load_devices(connection, county, [body["device"]]):
        return
    connection.execute(
        insert(devices).values(
            county=county,
            device=body["device"],
            user=body["user"],
            public_key=bytes.fromhex(body["public_key"]),
            exchange_key=bytes.fromhex(body["exchange_key"]),
            certificate=pack_statement(certificate),
            first_scope=body["scope_version"],
            state=ACTIVE,
            reason="",
            enrolled_at=now_text(),
        )
    )


def set_device_state(connection: Connection, county: str, device: str, state: str, reason: str) -> None:
    here = update(devices).where(devices.c.county == county, devices.c.device == device)
    connection.execute(here.values(state=state, reason=reason))


def touch_device(connection: Connection, county: str, device: str) -> None:
    here = update(devices).where(devices.c.county == county, devices.c.device == device)
    connection.execute(here.values(seen_at=now_text()))


def note_keys(connection: Connection, county: str, device: str, certificates: int) -> None:
    """How many of the county's key certificates a device has."""
    here = (known_keys.c.county == county) & (known_keys.c.device == device)
    values = {"certificates": certificates, "at": now_text()}
    if not connection.execute(update(known_keys).where(here).values(**values)).rowcount:
        connection.execute(insert(known_keys).values(county=county, device=device, **values))


def without_keys(connection: Connection, county: str, certificates: int) -> list[dict[str, str | None]]:
    """Active devices that had fewer of the county's key certificates when they last said: {device, user, seen_at}."""
    here = (known_keys.c.county == devices.c.county) & (known_keys.c.device == devices.c.device)
    query = select(devices.c.device, devices.c.user, devices.c.seen_at).outerjoin(known_keys, here)
    behind = func.coalesce(known_keys.c.certificates, 0) < certificates
    found = connection.execute(query.where(devices.c.county == county, devices.c.state == ACTIVE, behind))
    return [dict(row._mapping) for row in found]


def keep_acknowledgement(connection: Connection, county: str, statement: Statement) -> None:
    """Store a checked ``scope-acknowledged``; the first one of a version stands."""
    body = statement.body
    here = select(acknowledgements.c.version).where(
        acknowledgements.c.county == county,
        acknowledgements.c.device == body["device"],
        acknowledgements.c.version == body["version"],
    )
    if connection.execute(here).first() is None:
        connection.execute(
            insert(acknowledgements).values(
                county=county,
                device=body["device"],
                version=body["version"],
                last_seq=body["last_seq"],
                statement=pack_statement(statement),
            )
        )


def people_statements(connection: Connection, county: str, device_ids: Iterable[str]) -> list[bytes]:
    """Packed certificates of these devices and every scope of their users."""
    query = select(devices.c.user, devices.c.certificate).where(
        devices.c.county == county, among(devices.c.device, list(device_ids))
    )
    rows = connection.execute(query).all()
    names = sorted({row.user for row in rows})
    granted = select(scopes.c.statement).where(scopes.c.county == county, among(scopes.c.user, names))
    return [row.certificate for row in rows] + list(connection.execute(granted).scalars())


def keep_code(connection: Connection, county: str, *, secret_hash: str, user: str, epoch: int, expires_at: str) -> None:
    connection.execute(
        insert(codes).values(county=county, secret_hash=secret_hash, user=user, epoch=epoch, expires_at=expires_at)
    )


def claim_code(connection: Connection, county: str, secret_hash: str, device: str, epoch: int) -> str | None:
    """The user a code is for, once it is this device's; None when it is unknown, used, expired or of an old epoch.

    The same device may ask again: its first answer may have been lost.
    """
    query = select(codes).where(codes.c.county == county, codes.c.secret_hash == secret_hash).with_for_update()
    row = connection.execute(query).first()
    if row is None or row.epoch != epoch or row.device not in (None, device):
        return None
    if row.device is None and row.expires_at < now_text():
        return None
    here = update(codes).where(codes.c.county == county, codes.c.secret_hash == secret_hash)
    connection.execute(here.values(device=device))
    return str(row.user)
