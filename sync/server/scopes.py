"""Giving a user a role and areas: each change is a new signed version."""

from __future__ import annotations

from sqlalchemy import Connection

from fieldapp.domain.areas import is_area
from fieldapp.domain.roles import ROLES
from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError
from sync.server.clock import now_text
from sync.server.service import Service
from sync.server.storage import people
from sync.server.versions import next_version


def grant(
    service: Service, connection: Connection, user: str, name: str, role: str, areas: tuple[str, ...]
) -> Statement:
    """The next version of the user's scope. Raises InputError ``scope.role`` | ``scope.area`` | ``user.id``."""
    if role not in ROLES:
        raise InputError("scope.role", where=role)
    for area in areas:
        if not is_area(area) or area.endswith("*") or not area.startswith(service.keys.county):
            raise InputError("scope.area", where=area)
    if not user or len(user) > 64 or any(c.isspace() for c in user):
        raise InputError("user.id")
    newest = people.newest_scope(connection, service.keys.county, user)
    body = {
        "user": user,
        "name": name,
        "version": next_version(newest[0].version if newest else 0, service.row(connection).epoch),
        "role": role,
        "areas": sorted(areas),
        "since": now_text(),
    }
    statement = service.keys.sign("scope", body)
    people.keep_scope(connection, service.keys.county, statement)
    return statement
