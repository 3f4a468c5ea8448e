"""Opening the database: SQLite for one process, PostgreSQL for several."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from fieldapp.errors import InputError, StorageError
from sync.server.storage.schema import metadata

T = TypeVar("T")
_TRIES = 4


def open_engine(url: str, *, pool: int = 8) -> Engine:
    """An engine for ``sqlite:///path`` or ``postgresql://...``. Raises InputError ``database.url``."""
    if url.startswith("sqlite:///"):
        return _sqlite(url)
    if url.startswith(("postgresql://", "postgresql+psycopg://")):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        return create_engine(url, pool_size=pool, max_overflow=4, pool_pre_ping=True, hide_parameters=True)
    raise InputError("database.url")


def create_tables(engine: Engine) -> None:
    """Every table that is not there yet."""
    metadata.create_all(engine)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            # Sealed bytes do not compress: storing them as they are saves the attempt.
            for table in ("revisions", "blobs"):
                column = "payload" if table == "revisions" else "salt"
                connection.execute(text(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL"))


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for reading one consistent state."""
    with engine.connect() as plain:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        connection = plain.execution_options(**options) if engine.dialect.name == "postgresql" else plain
        with connection.begin():
            yield connection


def in_transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    """``work`` in one durable transaction, again when the database asks for it (deadlock, serialisation).

    Raises StorageError ``storage.busy`` when it goes on asking, ``storage.failed`` when the database is away or full.
    """
    for attempt in range(_TRIES):
        try:
            with engine.connect() as connection, writing(connection):
                return work(connection)
        except DBAPIError as failed:
            if not _again(failed):
                raise StorageError("storage.failed", where=type(failed.orig).__name__) from None
            if attempt == _TRIES - 1:
                raise StorageError("storage.busy") from None
    raise StorageError("storage.busy")


@contextlib.contextmanager
def writing(connection: Connection) -> Iterator[None]:
    """A transaction that may write from its first statement on (SQLite would refuse to upgrade a reader)."""
    if connection.dialect.name == "sqlite":
        connection = connection.execution_options(field_write=True)
    with connection.begin():
        yield


def _again(failed: DBAPIError) -> bool:
    code = getattr(failed.orig, "sqlstate", None)
    return code in ("40001", "40P01") or (isinstance(failed, OperationalError) and "locked" in str(failed.orig))


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("field_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine
