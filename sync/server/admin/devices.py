"""``devices``, ``revoke``, ``resume``, ``quarantine``, ``adopt``: laptops that are lost, cloned or replaced."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from fieldapp.domain.chain import Link, inspect_chain
from fieldapp.domain.revision import parse_envelope
from fieldapp.errors import InputError, StateError
from sync.server.admin.command import add_command
from sync.server.handlers.push import judge_again, release
from sync.server.publishing import publish
from sync.server.service import Service
from sync.server.storage import controls, people
from sync.server.storage.schema import devices, revisions


def register(commands: Any) -> None:
    add_command(commands, "devices", _list, "every device, its state, gaps and forks in its chain")
    gone = add_command(commands, "revoke", _revoke, "a laptop is lost or taken over: it is told so and locks")
    gone.add_argument("--device", required=True)
    gone.add_argument("--reason", default="revoked", choices=("lost", "replaced", "left", "revoked"))
    again = add_command(commands, "resume", _resume, "a person looked at a stopped device: let it go on")
    again.add_argument("--device", required=True)
    add_command(commands, "quarantine", _quarantine, "what was put aside, and why")
    adopt_ = add_command(commands, "adopt", _adopt, "answer by name for revisions that were put aside")
    adopt_.add_argument("revision", nargs="+")


def revoke(service: Service, device: str, *, reason: str = "revoked", by: str = "admin") -> None:
    """Revoke a device by a signed control document. Raises InputError ``device.unknown``."""

    def work(connection: Connection) -> None:
        county = service.keys.county
        if device not in people.load_devices(connection, county, [device]):
            raise InputError("device.unknown")
        publish(service, connection, controls.revocation_name(device), {"device": device, "reason": reason})
        people.set_device_state(connection, county, device, people.REVOKED, reason)
        controls.note(connection, county, by, "revoke", device)

    service.write(work)


def resume(service: Service, device: str, *, by: str) -> None:
    """Let a stopped device go on. Raises StateError ``device.not_stopped``."""

    def work(connection: Connection) -> None:
        county = service.keys.county
        found = people.load_devices(connection, county, [device], lock=True).get(device)
        if found is None or found.state != people.STOPPED:
            raise StateError("device.not_stopped")
        people.set_device_state(connection, county, device, people.ACTIVE, "")
        controls.note(connection, county, by, "resume", device)

    service.write(work)


def adopt(service: Service, names: list[str], *, by: str) -> list[str]:
    """Judge put-aside revisions again with a person answering for them; the ids that were accepted."""
    accepted = judge_again(service, names, vouched=names)
    for name in accepted:
        service.write(partial(controls.note, county=service.keys.county, who=by, what="adopt", subject=name))
    release(service, accepted)
    return accepted


def chain_report(connection: Connection, county: str, device: str) -> dict[str, Any]:
    """Gaps and forks in what one device delivered."""
    query = select(revisions.c.revision, revisions.c.envelope).where(
        revisions.c.county == county, revisions.c.device == device
    )
    links = []
    for row in connection.execute(query):
        envelope = parse_envelope(row.envelope)
        links.append(Link(envelope.device_seq, row.revision, envelope.prev))
    report = inspect_chain(links)
    return {"last": report.last, "gaps": report.gaps, "forks": report.forks, "broken": report.broken}


def _list(service: Service, _: argparse.Namespace) -> list[dict[str, Any]]:
    def work(connection: Connection) -> list[dict[str, Any]]:
        query = select(devices).where(devices.c.county == service.keys.county).order_by(devices.c.user)
        return [
            {
                "device": row.device,
                "user": row.user,
                "state": row.state,
                "reason": row.reason,
                "seen_at": row.seen_at,
                **chain_report(connection, service.keys.county, row.device),
            }
            for row in connection.execute(query)
        ]

    return service.read(work)


def _revoke(service: Service, options: argparse.Namespace) -> dict[str, str]:
    revoke(service, options.device, reason=options.reason, by=options.by)
    return {"revoked": options.device}


def _resume(service: Service, options: argparse.Namespace) -> dict[str, str]:
    resume(service, options.device, by=options.by)
    return {"resumed": options.device}


def _quarantine(service: Service, _: argparse.Namespace) -> list[dict[str, Any]]:
    def work(connection: Connection) -> list[dict[str, Any]]:
        query = select(
            revisions.c.revision, revisions.c.document, revisions.c.author, revisions.c.device,
            revisions.c.reason, revisions.c.received_at,
        ).where(revisions.c.county == service.keys.county, revisions.c.state == "quarantined")  # fmt: skip
        return [dict(row._mapping) for row in connection.execute(query.order_by(revisions.c.received_at))]

    return service.read(work)


def _adopt(service: Service, options: argparse.Namespace) -> list[dict[str, str]]:
    return [{"adopted": name} for name in adopt(service, options.revision, by=options.by)]
