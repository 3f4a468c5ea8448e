"""Stores of earlier versions brought up to date: one file per step, ``v002_what.py`` with ``upgrade(connection)``.

To add one: raise ``schema.VERSION``, write the file, add it to ``STEPS``, and save a store of the old version into
``tests/data/stores/`` (``python -m tests.store.save_store``).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from fieldapp.errors import StorageError
from fieldapp.store.connection import APPLICATION_ID, Connection, one, open_database, rows, wording
from fieldapp.store.files import sync_file, sync_folder
from fieldapp.store.files import wording as file_wording
from fieldapp.store.migrations import v002_one_queue
from fieldapp.store.schema import VERSION

Step = Callable[[Connection], None]

#: The version a step leads to -> the step.
STEPS: Mapping[int, Step] = {2: v002_one_queue.upgrade}
_COPY = "records.before-upgrade.db"


def version_of(connection: Connection) -> int:
    """Raises StorageError ``storage.damaged`` for a database that is not a store."""
    kind = one(connection, "PRAGMA application_id")
    found = one(connection, "PRAGMA user_version")
    if kind is None or kind[0] != APPLICATION_ID or found is None:
        raise StorageError("storage.damaged", where="records.db")
    return int(found[0])


def bring_up_to_date(path: Path, key: bytes, *, steps: Mapping[int, Step] | None = None, version: int = VERSION) -> int:
    """Upgrade the store at ``path`` in place; the version it had.

    The old store is copied first and put back when a step fails or was cut off. Raises StorageError
    ``storage.newer`` for a store a newer program wrote, ``storage.upgrade`` when a step failed (the store is as it
    was), ``storage.full``.
    """
    _undo_cut_off(path)
    connection = open_database(path, key, writable=True)
    try:
        had = version_of(connection)
        if had > version:
            raise StorageError("storage.newer", where=path.name, version=had)
        if had == version:
            return had
        _copy_aside(connection, path)
        failure = _run(connection, had, version, STEPS if steps is None else steps)
    finally:
        connection.close()
    if failure is not None:
        _undo_cut_off(path)
        raise failure
    path.with_name(_COPY).unlink()
    return had


def _copy_aside(connection: Connection, path: Path) -> None:
    with wording(path.name):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = path.with_name(_COPY)
    part = copy.with_name(copy.name + ".part")
    with file_wording(part):
        try:
            shutil.copyfile(path, part)
            sync_file(part)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        part.replace(copy)
        sync_folder(copy.parent)


def _run(connection: Connection, had: int, version: int, steps: Mapping[int, Step]) -> StorageError | None:
    for number in range(had + 1, version + 1):
        try:
            with wording("records.db"):
                connection.execute("BEGIN IMMEDIATE")
                steps[number](connection)
                connection.execute(f"PRAGMA user_version = {number}")
                connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the old store goes back and the cause is kept
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            code = error.code if isinstance(error, StorageError) else "storage.upgrade"
            made = StorageError(code, where="records.db", version=number)
            made.__cause__ = error
            return made
    damage = [row[0] for row in rows(connection, "PRAGMA quick_check(1)") if row[0] != "ok"]
    return StorageError("storage.upgrade", where="records.db", version=version) if damage else None


def _undo_cut_off(path: Path) -> None:
    """A copy that is still there says that an upgrade did not end: the copy is the store."""
    path.with_name(_COPY + ".part").unlink(missing_ok=True)
    copy = path.with_name(_COPY)
    if not copy.exists():
        return
    for leftover in (path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        leftover.unlink(missing_ok=True)
    copy.replace(path)
    sync_folder(path.parent)
