"""Opening a store: create, recognise, and find out whether something that was kept is gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fieldapp.errors import StorageError, VaultError
from fieldapp.store import chains, revisions, schema
from fieldapp.store import projections as registry
from fieldapp.store.connection import APPLICATION_ID, Connection, one, open_database, wording
from fieldapp.store.files import sync_folder
from fieldapp.store.mark import MarkFile
from fieldapp.store.projections import keeping
from fieldapp.store.vault.profile import Profile

RECORDS, NEXT = "records.db", "records.next.db"
#: The folder waits for the content of a backup; nothing is opened before.
PENDING_RESTORE = "restore.pending"


@dataclass
class Opened:
    """What opening found. ``lost_commits`` transactions said to be kept are gone; ``lost`` are numbers of this
    device's chain (first, last) that went with them. ``faults``: (kind, first, last) of its chain."""

    commits: int = 0
    last_link: tuple[int, str] = (0, "")
    lost_commits: int = 0
    lost: tuple[int, int] | None = None
    faults: list[tuple[str, int, int]] = field(default_factory=list)
    rebuild_due: bool = False


def make_if_new(path: Path, key: bytes, profile: str, mark: MarkFile, now: datetime) -> None:
    """The first time, make the database. One that is gone though its mark is there is a loss, never a fresh start.

    It is made under another name and renamed, so that a half-made one is never taken for a damaged one."""
    if (path.parent / PENDING_RESTORE).exists():
        raise StorageError("storage.restore_pending", where=PENDING_RESTORE)
    if path.exists() or mark.read() is not None:
        return
    draft = path.with_name("records.new.db")
    for leftover in path.parent.glob("records.new.db*"):
        leftover.unlink()
    connection = open_database(draft, key, writable=True, create=True)
    with wording(path.name):
        make_tables(connection)
        connection.execute("INSERT INTO meta VALUES ('profile', ?), ('commits', 0)", (profile,))
        connection.execute("INSERT INTO meta VALUES ('created_at', ?)", (revisions.timestamp(now),))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
    draft.replace(path)
    sync_folder(path.parent)


def open_own(path: Path, key: bytes, profile: str) -> Connection:
    """The writing connection. Raises VaultError ``vault.other_store`` for the store of another profile."""
    connection = open_database(path, key, writable=True)
    found = one(connection, "SELECT value FROM meta WHERE key = 'profile'")
    if found and found[0] != profile:
        connection.close()
        raise VaultError("vault.other_store", where=path.name)
    return connection


def make_tables(connection: Connection) -> None:
    """An empty store of the current version."""
    connection.execute("BEGIN IMMEDIATE")
    for statement in schema.DDL:
        connection.execute(statement)
    keeping.create_tables(connection)
    connection.execute("INSERT INTO meta VALUES ('projections', ?)", (registry.fingerprint(),))
    connection.execute(f"PRAGMA user_version = {schema.VERSION}")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("COMMIT")


def finish_rotation(folder: Path, key: bytes) -> None:
    """Complete or undo a change of the data key that was cut off: the key file is its commit."""
    copy = folder / NEXT
    if not copy.exists():
        return
    try:
        open_database(copy, key, writable=True).close()
    except (VaultError, StorageError):
        for leftover in folder.glob(NEXT + "*"):
            leftover.unlink()
        return
    for leftover in folder.glob(RECORDS + "-*"):
        leftover.unlink()
    copy.replace(folder / RECORDS)


def check(connection: Connection, profile: Profile, mark_file: MarkFile, now: datetime) -> Opened:
    """Compare the store with its mark and read the chain from the last good link."""
    opened = Opened()
    found = one(connection, "SELECT value FROM meta WHERE key = 'commits'")
    commits = int(found[0]) if found else 0
    mark = mark_file.read()
    if mark and mark.device == profile.device and mark.commits > commits:
        opened.lost_commits = mark.commits - commits
        _note_loss(connection, profile.device, opened, mark.device_seq, mark.revision, now)
    opened.commits = max(commits, mark.commits if mark else 0)
    opened.faults = chains.check_own(connection, profile.device, now)
    seq, prev = revisions.next_link(connection, profile.device)
    opened.last_link = (seq - 1, prev or "")
    due = one(connection, "SELECT value FROM meta WHERE key = 'projections'")
    opened.rebuild_due = due is None or due[0] != registry.fingerprint()
    return opened


def _note_loss(connection: Connection, device: str, opened: Opened, seq: int, revision: str, now: datetime) -> None:
    last = one(connection, "SELECT max(device_seq) FROM revision WHERE device = ?", (device,))
    held = int(last[0]) if last and last[0] else 0
    connection.execute("BEGIN IMMEDIATE")
    if seq > held:
        opened.lost = (held + 1, seq)
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"chain:{device}", f"{seq}:{revision}"))
        chains.note_fault(connection, device, "lost", held + 1, seq, revisions.timestamp(now))
    connection.execute("COMMIT")
