"""Control documents: named, signed, with rising versions; and the journal of who did what."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from sqlalchemy import Connection, func, insert, select

from fieldapp.domain.statements import Statement
from fieldapp.errors import StateError
from sync.server.clock import now_text
from sync.server.storage.packing import pack_statement, unpack_statement
from sync.server.storage.schema import controls, journal


def revocation_name(device: str) -> str:
    return f"revocation/{device}"


def newest(connection: Connection, county: str, name: str) -> Statement | None:
    query = select(controls.c.statement).where(controls.c.county == county, controls.c.name == name)
    data = connection.execute(query.order_by(controls.c.version.desc()).limit(1)).scalar()
    return unpack_statement(data) if data else None


def versions(connection: Connection, county: str) -> dict[str, int]:
    """name -> newest version."""
    query = select(controls.c.name, func.max(controls.c.version)).where(controls.c.county == county)
    return {name: version for name, version in connection.execute(query.group_by(controls.c.name))}


def newer_than(connection: Connection, county: str, known: Mapping[str, int]) -> list[Statement]:
    """The newest version of every control document that is above what ``known`` says."""
    wanted = [name for name, version in versions(connection, county).items() if version > known.get(name, 0)]
    found = (newest(connection, county, name) for name in sorted(wanted))
    return [statement for statement in found if statement is not None]


def keep(connection: Connection, county: str, statement: Statement) -> None:
    """Store a checked control document. Raises StateError ``control.not_newer`` unless its version rises."""
    body = statement.body
    if body["version"] <= versions(connection, county).get(body["name"], 0):
        raise StateError("control.not_newer", where=body["name"])
    connection.execute(
        insert(controls).values(
            county=county,
            name=body["name"],
            version=body["version"],
            statement=pack_statement(statement),
            at=now_text(),
        )
    )


def note(connection: Connection, county: str, who: str, what: str, subject: str) -> None:
    """One line in the journal: kinds and ids, never typed text."""
    connection.execute(
        insert(journal).values(
            county=county, at=now_text(), entry=secrets.token_hex(8), who=who, what=what, subject=subject
        )
    )
