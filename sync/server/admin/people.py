"""``users``, ``scope``, ``code``: who works here, where, and the codes that make a laptop theirs."""

from __future__ import annotations

import argparse
import csv
import hashlib
import secrets
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from fieldapp.errors import InputError
from sync.protocol.code import EnrolmentCode, file_text
from sync.server.admin.command import add_command
from sync.server.clock import in_future
from sync.server.keys import write_private
from sync.server.scopes import grant
from sync.server.service import Service
from sync.server.storage import controls, people
from sync.server.storage.schema import users

CODE_HOURS = 72


def register(commands: Any) -> None:
    add = add_command(commands, "user", _user, "add a user, or give him another role or other areas")
    add.add_argument("--user", required=True)
    add.add_argument("--name", help="as shown; needed for a new user")
    add.add_argument("--role", required=True)
    add.add_argument("--area", action="append", required=True, help="may be repeated")
    many = add_command(commands, "users", _users, "add many: .csv with user,name,role,areas (areas by blanks)")
    many.add_argument("file", type=Path)
    code = add_command(commands, "code", _code, "make an enrolment code")
    code.add_argument("--user", required=True)
    code.add_argument("--server", default="", help="address of the server; empty for a laptop that uses sticks only")
    code.add_argument("--hours", type=float, default=CODE_HOURS)
    code.add_argument("--out", type=Path, help="also write it as a file for a stick")


def set_scope(service: Service, user: str, role: str, areas: list[str], *, name: str | None, by: str) -> int:
    """The new version of the user's scope. Raises InputError ``user.unknown`` for a new user without a name."""

    def work(connection: Connection) -> int:
        shown = name or user_name(connection, service.keys.county, user)
        if shown is None:
            raise InputError("user.unknown")
        statement = grant(service, connection, user, shown, role, tuple(areas))
        controls.note(connection, service.keys.county, by, "scope", user)
        return int(statement.body["version"])

    return service.write(work)


def user_name(connection: Connection, county: str, user: str) -> str | None:
    return connection.execute(select(users.c.name).where(users.c.county == county, users.c.user == user)).scalar()


def make_code(
    service: Service, user: str, server: str, *, hours: float = CODE_HOURS, by: str = "admin"
) -> EnrolmentCode:
    """A one-time code for a user's next laptop; only the hash of its secret is kept."""
    secret = secrets.token_bytes(16)
    expires = in_future(hours=hours)

    def work(connection: Connection) -> None:
        county = service.county(connection)
        if people.newest_scope(connection, county.id, user) is None:
            raise InputError("user.unknown")
        digest = hashlib.sha256(secret).hexdigest()
        people.keep_code(connection, county.id, secret_hash=digest, user=user, epoch=county.epoch, expires_at=expires)
        controls.note(connection, county.id, by, "code", user)

    service.write(work)
    return EnrolmentCode(server, service.keys.trust.fingerprint, secret.hex(), expires)


def _user(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    version = set_scope(service, options.user, options.role, options.area, name=options.name, by=options.by)
    return {"user": options.user, "scope_version": version}


def _users(service: Service, options: argparse.Namespace) -> list[dict[str, Any]]:
    with open(options.file, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    made = []
    for number, row in enumerate(rows, 2):
        try:
            version = set_scope(
                service, row["user"], row["role"], row["areas"].split(), name=row["name"], by=options.by
            )
        except KeyError as failed:
            raise InputError("users.column", where=f"{options.file.name}:{failed.args[0]}") from None
        except InputError as failed:
            raise InputError(failed.code, where=f"{options.file.name}:{number}") from None
        made.append({"user": row["user"], "scope_version": version})
    return made


def _code(service: Service, options: argparse.Namespace) -> dict[str, str]:
    code = make_code(service, options.user, options.server, hours=options.hours, by=options.by)
    if options.out:
        write_private(options.out, file_text(code, service.keys.trust).encode())
    return {"user": options.user, "code": code.text(), "expires": code.expires, "root": code.root}
