"""Opening the encrypted database and wording what SQLite says.

Hazards: a missing or empty file opens as a new database under any key (hence ``mode=rw`` and the check of the size);
a wrong key shows only at the first read; a small page cache makes bulk work three times slower.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from fieldapp.errors import StorageError, VaultError

Connection = Any  # sqlcipher3 has no types
Row = tuple[Any, ...]
APPLICATION_ID = 0x54_4A_42_31  # "TJB1"
WRITER_CACHE_KIB, READER_CACHE_KIB = 32_000, 16_000


def open_database(path: Path, key: bytes, *, writable: bool, create: bool = False) -> Connection:
    """A connection in autocommit mode, its key proven by a read.

    Raises StorageError ``storage.missing`` | ``storage.damaged`` | ``storage.locked``, VaultError
    ``vault.other_store`` when the key is another profile's (or the first page is damaged: they look alike).
    """
    if not create and (not path.exists() or path.stat().st_size == 0):
        raise StorageError("storage.missing", where=path.name)
    mode = "rwc" if create else "rw" if writable else "ro"
    with wording(path.name):
        connection = sqlcipher.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False,
            timeout=20,
        )  # fmt: skip
    try:
        # It would write to the terminal what wording() turns into errors.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        _prove(connection, path)
        with wording(path.name):
            _configure(connection, writable)
    except BaseException:
        connection.close()
        raise
    return connection


def _prove(connection: Connection, path: Path) -> None:
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher.DatabaseError as error:
        if "not a database" in str(error):
            raise VaultError("vault.other_store", where=path.name) from None
        raise _worded(error, path.name) from None


def _configure(connection: Connection, writable: bool) -> None:
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA trusted_schema = OFF")
    if writable:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KIB}")
    else:
        connection.execute("PRAGMA query_only = ON")
        connection.execute(f"PRAGMA cache_size = -{READER_CACHE_KIB}")


@contextmanager
def wording(where: str) -> Iterator[None]:
    """Turn SQLite's errors into StorageError: ``storage.full`` | ``storage.damaged`` | ``storage.locked`` |
    ``storage.unwritable``. A broken statement of ours passes as it is."""
    try:
        yield
    except sqlcipher.DatabaseError as error:
        raise _worded(error, where) from error


_CODES = {
    "SQLITE_FULL": "storage.full",
    "SQLITE_CORRUPT": "storage.damaged",
    "SQLITE_NOTADB": "storage.damaged",
    "SQLITE_BUSY": "storage.locked",
    "SQLITE_LOCKED": "storage.locked",
    "SQLITE_READONLY": "storage.unwritable",
    "SQLITE_CANTOPEN": "storage.unwritable",
    "SQLITE_IOERR": "storage.unwritable",
    "SQLITE_PERM": "storage.unwritable",
}
_WORDS = (
    ("disk is full", "storage.full"),
    ("malformed", "storage.damaged"),
    ("not a database", "storage.damaged"),
    ("locked", "storage.locked"),
    ("readonly", "storage.unwritable"),
    ("unable to open", "storage.unwritable"),
    ("disk I/O error", "storage.unwritable"),
)


def _worded(error: Exception, where: str) -> Exception:
    name = str(getattr(error, "sqlite_errorname", ""))
    for prefix, code in _CODES.items():
        if name.startswith(prefix):
            return StorageError(code, where=where)
    for words, code in _WORDS:
        if words in str(error):
            return StorageError(code, where=where)
    return error


def rows(connection: Connection, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
    found: list[Row] = connection.execute(sql, parameters).fetchall()
    return found


def one(connection: Connection, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
    found: Row | None = connection.execute(sql, parameters).fetchone()
    return found


def select_in(
    connection: Connection, sql: str, keys: Iterable[Any], after: str = "", *, before: Sequence[Any] = ()
) -> list[Row]:
    """``sql`` ends before `` IN (...)``; asked in parts, for SQLite's sake."""
    found: list[Row] = []
    everything = list(keys)
    for start in range(0, len(everything), 500):
        part = everything[start : start + 500]
        marks = ",".join("?" * len(part))
        found += rows(connection, f"{sql} IN ({marks}) {after}", (*before, *part))
    return found
