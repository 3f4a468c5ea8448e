"""Control documents: signed, with rising versions, taken by every client at its next pull."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from fieldapp.domain.statements import Statement
from sync.server.clock import now_text
from sync.server.service import Service
from sync.server.storage import controls
from sync.server.versions import next_version


def publish(
    service: Service, connection: Connection, name: str, content: Any, *, effective: str | None = None
) -> Statement:
    """Sign ``content`` (JSON) as the next version of ``name`` and keep it; ``effective`` is an ISO date or None."""
    newest = controls.versions(connection, service.keys.county).get(name, 0)
    version = next_version(newest, service.row(connection).epoch)
    body = {"name": name, "version": version, "content": content, "effective": effective, "at": now_text()}
    statement = service.keys.sign("control", body)
    controls.keep(connection, service.keys.county, statement)
    return statement
