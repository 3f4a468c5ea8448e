"""``assignments``: who the desks say walks each grid, beside who may (scopes); changes neither."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, func, select

from fieldapp.domain.areas import covers
from fieldapp.domain.documents import Assignment, rows
from sync.server.admin.command import add_command
from sync.server.reading import documents_of
from sync.server.service import Service
from sync.server.storage.schema import scopes, users

#: Roles that walk; a desk's scope covers every grid below it and says nothing about who goes there.
WALKERS = ("grid_worker", "collector")


def register(commands: Any) -> None:
    add_command(commands, "assignments", _assignments, "each grid: who is meant to walk it, who may, where they differ")


def grid_lines(service: Service) -> list[dict[str, Any]]:
    """One line per grid in order: {grid, meant, may, wanting, idle}: ``wanting`` are meant to walk and may not,
    ``idle`` may and are not meant to. Wanting scopes are given with ``user``."""
    return service.read(lambda connection: _lines(service, connection))


def _lines(service: Service, connection: Connection) -> list[dict[str, Any]]:
    meant = {
        str(record.grid): [str(row.get("name")) for _key, row in rows(record.workers)]
        for record in (Assignment.read(d.id, d.state) for d in documents_of(service, connection, "assignment"))
        if record.grid
    }
    may: dict[str, list[str]] = defaultdict(list)
    for name, areas in _walkers(service, connection):
        for grid in meant:
            if any(covers(area, grid) for area in areas):
                may[grid].append(name)
    return [
        {
            "grid": grid, "meant": names, "may": may[grid], "wanting": [one for one in names if one not in may[grid]],
            "idle": [one for one in may[grid] if one not in names],
        }
        for grid, names in sorted(meant.items())
    ]  # fmt: skip


def _walkers(service: Service, connection: Connection) -> list[tuple[str, list[str]]]:
    """(name, areas) of everybody whose newest scope is a walker's."""
    newest = (
        select(scopes.c.user, func.max(scopes.c.version).label("version"))
        .where(scopes.c.county == service.keys.county)
        .group_by(scopes.c.user)
        .subquery()
    )
    query = (
        select(users.c.name, scopes.c.areas)
        .join(newest, (newest.c.user == scopes.c.user) & (newest.c.version == scopes.c.version))
        .join(users, (users.c.user == scopes.c.user) & (users.c.county == scopes.c.county))
        .where(scopes.c.county == service.keys.county, scopes.c.role.in_(WALKERS))
        .order_by(users.c.name)
    )
    return [(str(name), json.loads(areas)) for name, areas in connection.execute(query)]


def _assignments(service: Service, _: argparse.Namespace) -> dict[str, Any]:
    return {"grids": grid_lines(service)}
