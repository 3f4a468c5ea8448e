"""Signed statements as they arrive: devices, scopes, control documents, feed heads, backups. Lower versions are
refused at every door."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fieldapp.domain.revision import Envelope, FeedHead
from fieldapp.domain.roles import WRITE, may, may_write_in
from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError
from fieldapp.store.codec import pack_statement, to_text
from fieldapp.store.connection import Connection, one, rows
from fieldapp.store.trust import CountyTrust

if TYPE_CHECKING:
    from fieldapp.store.writing import WriteTx


@dataclass(frozen=True)
class KnownDevice:
    """A certified device: its user, its key, and every (role, areas) the county ever gave that user."""

    id: str
    user: str
    raw: bytes
    grants: tuple[tuple[str, tuple[str, ...]], ...]

    def wrong(self, envelope: Envelope) -> str:
        """Why its user could not have written this, "" when they could: by one of their grants, role and area."""
        able = [areas for role, areas in self.grants if may(role, WRITE, envelope.type)]
        if not able:
            return "revision.role"
        inside = any(may_write_in(envelope.type, areas, envelope.area) for areas in able)
        return "" if inside else "revision.scope"


def apply_statements(tx: WriteTx, statements: Iterable[Statement]) -> tuple[tuple[str, str], ...]:
    """Keep what verifies; (kind, error code) of what does not. ``receipt`` and ``erasure`` have their own doors."""
    identity = tx.require_identity()
    refused = []
    for statement in statements:
        try:
            body = identity.trust.check(statement, statement.kind)
            _KEEPERS[statement.kind](tx, statement, body)
        except InputError as error:
            refused.append((statement.kind, error.code))
        except (KeyError, ValueError, TypeError):
            refused.append((statement.kind, "statement.shape"))
    return tuple(refused)


def known_device(connection: Connection, device: str) -> KnownDevice | None:
    found = one(connection, "SELECT user, public FROM device WHERE id = ?", (device,))
    if found is None:
        return None
    granted = rows(connection, "SELECT role, areas FROM scope WHERE user = ?", (found[0],))
    grants = tuple((row[0], tuple(json.loads(row[1]))) for row in granted)
    return KnownDevice(device, found[0], bytes(found[1]), grants)


def check_head(trust: CountyTrust, statement: Statement) -> dict[str, FeedHead]:
    """The signed heads by area. Raises InputError ``statement.*``."""
    body = trust.check(statement, "feed-head")
    return {area: FeedHead(body["epoch"], seq, hash_) for area, (seq, hash_) in body["areas"].items()}


def _keep_device(tx: WriteTx, statement: Statement, body: dict[str, Any]) -> None:
    device, user, key = tx.require_identity().trust.check_device(statement)
    tx.run(
        "INSERT OR REPLACE INTO device(id, user, role, public, exchange, statement) VALUES (?,?,?,?,?,?)",
        (
            device, user, "", key.public_bytes_raw(), bytes.fromhex(body.get("exchange_key") or ""),
            pack_statement(statement),
        ),
    )  # fmt: skip


def _keep_scope(tx: WriteTx, statement: Statement, body: dict[str, Any]) -> None:
    tx.run(
        "INSERT OR IGNORE INTO scope(user, version, role, areas, name, statement) VALUES (?,?,?,?,?,?)",
        (
            body["user"], int(body["version"]), body["role"], to_text(body["areas"]), body.get("name") or "",
            pack_statement(statement),
        ),
    )  # fmt: skip


def _keep_control(tx: WriteTx, statement: Statement, body: dict[str, Any]) -> None:
    name, version = str(body["name"]), int(body["version"])
    before = tx.one("SELECT version FROM control WHERE name = ?", (name,))
    if before and version < before[0]:
        raise InputError("control.older", where=name)
    tx.run("INSERT OR REPLACE INTO control VALUES (?, ?, ?)", (name, version, pack_statement(statement)))


def _keep_head(tx: WriteTx, statement: Statement, body: dict[str, Any]) -> None:
    for area, head in check_head(tx.require_identity().trust, statement).items():
        note_seen(tx, area, head)


def note_seen(tx: WriteTx, area: str, head: FeedHead) -> None:
    """Remember a county-signed head; an older one never replaces a newer."""
    tx.run(
        "INSERT INTO seen VALUES (?,?,?,?,?) ON CONFLICT(area) DO UPDATE SET epoch = excluded.epoch, "
        "seq = excluded.seq, hash = excluded.hash, at = excluded.at "
        "WHERE (excluded.epoch, excluded.seq) >= (seen.epoch, seen.seq)",
        (area, head.epoch, head.seq, head.hash, tx.now),
    )


def _keep_backup(tx: WriteTx, statement: Statement, body: dict[str, Any]) -> None:
    for area, (seq, _) in body["areas"].items():
        tx.run(
            "INSERT INTO backed_up VALUES (?,?,?,?) ON CONFLICT(area) DO UPDATE SET epoch = excluded.epoch, "
            "seq = excluded.seq, at = excluded.at "
            "WHERE (excluded.epoch, excluded.seq) >= (backed_up.epoch, backed_up.seq)",
            (area, int(body["epoch"]), int(seq), tx.now),
        )


_KEEPERS = {
    "device-certificate": _keep_device,
    "scope": _keep_scope,
    "control": _keep_control,
    "feed-head": _keep_head,
    "backed-up-to": _keep_backup,
}
