"""Stores of earlier versions brought up to date: one file per step, ``v002_what.py`` with ``upgrade(connection)``."""

from __future__ import annotations

from pathlib import Path

from fieldapp.errors import StorageError
from fieldapp.store.connection import APPLICATION_ID, Connection, one
from fieldapp.store.schema import VERSION


def version_of(connection: Connection) -> int:
    """Raises StorageError ``storage.damaged`` for a database that is not a store."""
    kind = one(connection, "PRAGMA application_id")
    found = one(connection, "PRAGMA user_version")
    if kind is None or kind[0] != APPLICATION_ID or found is None:
        raise StorageError("storage.damaged", where="records.db")
    return int(found[0])


def bring_up_to_date(connection: Connection, path: Path, key: bytes) -> None:
    """Raises StorageError ``storage.newer`` for a store a newer program wrote."""
    if version_of(connection) > VERSION:
        raise StorageError("storage.newer", where=path.name)
