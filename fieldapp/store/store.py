"""The store of an unlocked profile: one writer thread, one reader thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Concatenate, ParamSpec, Self, TypeVar

from fieldapp.errors import ProgrammingFault, StorageError
from fieldapp.store import blobs, migrations, opening, rebuild, reserve, staging
from fieldapp.store.connection import Connection, one, open_database, wording
from fieldapp.store.evicting import TO_FORGET
from fieldapp.store.locking import ProfileLock
from fieldapp.store.mark import Mark, MarkFile
from fieldapp.store.opening import RECORDS, Opened
from fieldapp.store.reading import ReadTx
from fieldapp.store.rebuild import Progress
from fieldapp.store.search import pinyin
from fieldapp.store.staging import StagedBlob
from fieldapp.store.vault.profile import Profile
from fieldapp.store.worker import Worker
from fieldapp.store.writing import WriteTx

T = TypeVar("T")
P = ParamSpec("P")
_LOG = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _tidy(tx: WriteTx) -> None:
    blobs.finish_endings(tx)
    blobs.sweep(tx)


def _forget(connection: Connection) -> None:
    """Deleted tokens stay in the index's file until it is optimised."""
    connection.execute("INSERT INTO card_index(card_index) VALUES ('optimize')")
    connection.execute("DELETE FROM meta WHERE key = ?", (TO_FORGET,))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _compact(connection: Connection) -> None:
    _forget(connection)
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _is_poison(error: BaseException) -> bool:
    """Whether a connection that met this is of no use any more."""
    return any(words in str(error) for words in ("malformed", "disk I/O", "not a database"))


class Store:
    """Open with ``Store.open``. ``opened`` says what was found missing.

    ``write`` and ``read`` may be called from every thread; their blocking forms raise ProgrammingFault on threads
    named by ``forbid_thread``.
    """

    def __init__(self, profile: Profile, now: Callable[[], datetime]) -> None:
        self.profile = profile
        self.now = now
        self._forbidden: set[int] = set()
        self._mark = MarkFile(profile.folder, profile.subkey("mark"))
        self._writer_connection: Connection | None = None
        self._reader_connection: Connection | None = None
        self._writer = Worker("store-writer", idle=self._rest)
        # Tables of readings take a moment to load: when nobody asks for anything, before the first search does.
        self._reader = Worker("store-reader", idle=pinyin.warm, idle_after=1.0)
        self._lock: ProfileLock | None = None
        self._closing = threading.Lock()
        self._closed = False
        self._commits = 0
        self.opened = Opened()

    @classmethod
    def open(
        cls, profile: Profile, *, now: Callable[[], datetime] = _utc_now, progress: Progress | None = None
    ) -> Self:
        """Open or, the first time, make the database; migrate it, check the chain since the last check, rebuild
        projections an older program made (``progress`` is told: done, total).

        Raises StorageError ``storage.damaged`` | ``storage.newer`` | ``storage.full`` | ``storage.locked``, VaultError
        ``vault.other_store``.
        """
        lock = ProfileLock(profile.folder)
        store = cls(profile, now)
        store._lock = lock
        try:
            store._writer.submit(store._open_writer).result()
            if store.opened.rebuild_due:
                rebuild.rebuild(store, progress)
            store._reader.submit(store._open_reader).result()
        except BaseException:
            store.close()
            raise
        return store

    @property
    def path(self) -> Path:
        return self.profile.folder / RECORDS

    def write(self, work: Callable[[WriteTx], T]) -> Future[T]:
        """Run ``work`` in one transaction; the result comes after the commit reached the disk."""
        return self._writer.submit(lambda: self._in_transaction(work))

    def write_freeing(self, work: Callable[[WriteTx], T]) -> Future[T]:
        """``write`` for work that deletes: on a full disk it gets the room that was kept back for it."""

        def run() -> T:
            try:
                return self._in_transaction(work)
            except StorageError as error:
                if error.code != "storage.full" or not reserve.release(self.profile.folder):
                    raise
            result = self._in_transaction(work)
            with wording(RECORDS):
                self._writing().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            reserve.keep(self.profile.folder)
            return result

        return self._writer.submit(run)

    def read(self, work: Callable[[ReadTx], T]) -> Future[T]:
        """Run ``work`` over one consistent view, beside the writer."""
        return self._reader.submit(lambda: self._in_view(work))

    def write_now(self, work: Callable[Concatenate[WriteTx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``write``, waited for; ``work`` gets the arguments after its transaction."""
        self._check_thread()
        return self.write(lambda tx: work(tx, *args, **kwargs)).result()

    def read_now(self, work: Callable[Concatenate[ReadTx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``read``, waited for; ``work`` gets the arguments after its transaction."""
        self._check_thread()
        return self.read(lambda tx: work(tx, *args, **kwargs)).result()

    def stage_blob(self, source: bytes | Path | BinaryIO, kind: str = "photo", media_type: str = "") -> StagedBlob:
        """Encrypt a photo, signature or file on the caller's thread; give the result to ``tx.put_blob``."""
        return staging.stage(self.profile.folder, source, kind, media_type)

    def maintain(self, work: Callable[[Connection], T]) -> Future[T]:
        """Run ``work`` with the writing connection, outside a transaction (rebuild, vacuum, rotation, backup)."""

        def run() -> T:
            with wording(RECORDS):
                try:
                    return work(self._writing())
                except BaseException as error:
                    self._give_up(error)
                    raise

        return self._writer.submit(run)

    def forbid_thread(self, ident: int) -> None:
        """Blocking calls on this thread are a fault: the window names its own."""
        self._forbidden.add(ident)

    def close(self) -> None:
        """Finish what was given, checkpoint, close. Harmless when called twice."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._writer.submit(self._close_writer)
            self._reader.submit(self._close_reader)
            self._reader.close()
            self._writer.close()
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check_thread(self) -> None:
        here = threading.get_ident()
        if here in self._forbidden:
            raise ProgrammingFault("a blocking store call on the window's thread")
        if here in (self._writer.ident, self._reader.ident):
            raise ProgrammingFault("a blocking store call inside a transaction")

    def _writing(self) -> Connection:
        if self._writer_connection is None:
            # A damaged page poisons a connection: after a failure the next transaction starts on a fresh one.
            self._writer_connection = open_database(self.path, self.profile.subkey("records"), writable=True)
        return self._writer_connection

    def _open_writer(self) -> None:
        with wording(RECORDS):
            key = self.profile.subkey("records")
            reserve.open_the_door(self.profile.folder)
            opening.finish_rotation(self.profile.folder, key)
            opening.make_if_new(self.path, key, self.profile.id, self._mark, self.now())
            migrations.bring_up_to_date(self.path, key)
            connection = opening.open_own(self.path, key, self.profile.id)
            self._writer_connection = connection
            self.opened = opening.check(connection, self.profile, self._mark, self.now())
            self._commits = self.opened.commits
            reserve.keep(self.profile.folder)
            if self._needs_tidying(connection):
                self._in_transaction(_tidy)

    def _needs_tidying(self, connection: Connection) -> bool:
        new = self.profile.folder / blobs.NEW
        return (new.is_dir() and any(new.iterdir())) or one(connection, blobs.ANY_ENDING) is not None

    def _open_reader(self) -> None:
        self._reader_connection = open_database(self.path, self.profile.subkey("records"), writable=False)

    def _in_transaction(self, work: Callable[[WriteTx], T]) -> T:
        with wording(RECORDS):
            connection = self._writing()
            tx = WriteTx(connection, self.profile, self.now())
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(tx)
                tx.finish()
                mark = self._next_mark(connection, tx)
                connection.execute("COMMIT")
            except BaseException as error:
                self._give_up(error)
                for staged in tx.staged_here:
                    staged.file.unlink(missing_ok=True)
                raise
        self._commits, self.opened.last_link = mark.commits, (mark.device_seq, mark.revision)
        try:
            self._mark.write(mark)
        except OSError as error:
            # The save is durable; only the proof of it outside the database is one commit behind.
            _LOG.warning("mark: errno %s", error.errno)
        for staged in tx.staged:
            staging.settle(staged)
        if tx.blobs_ending:
            self._in_transaction(blobs.finish_endings)
        return result

    def _next_mark(self, connection: Connection, tx: WriteTx) -> Mark:
        seq, revision = tx.last_link or self.opened.last_link
        mark = Mark(self._commits + 1, self.profile.device, seq, revision)
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('commits', ?)", (mark.commits,))
        return mark

    def _give_up(self, error: BaseException) -> None:
        connection = self._writer_connection
        if connection is None:
            return
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if _is_poison(error):
            self._writer_connection = None
            connection.close()

    def _in_view(self, work: Callable[[ReadTx], T]) -> T:
        with wording(RECORDS):
            connection = self._reader_connection
            if connection is None:
                connection = self._reader_connection = open_database(
                    self.path, self.profile.subkey("records"), writable=False
                )
            connection.execute("BEGIN")
            try:
                return work(ReadTx(connection, self.profile.identity, self.profile.folder))
            except BaseException as error:
                if _is_poison(error):
                    self._close_reader()
                raise
            finally:
                if self._reader_connection is not None:
                    connection.execute("ROLLBACK")

    def compact(self) -> Future[None]:
        """Give back the room deletions left, so that nothing of them stays in the file either."""
        return self.maintain(_compact)

    def _rest(self) -> None:
        """Nothing to do for a moment: bring the log into the database, so that less hangs on it; after an erasure
        also make the search index forget."""
        connection = self._writer_connection
        if connection is None:
            return
        try:
            with wording(RECORDS):
                if one(connection, "SELECT 1 FROM meta WHERE key = ?", (TO_FORGET,)):
                    _forget(connection)
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except StorageError as error:
            # Nobody waits for this; the next save meets the same trouble and says so.
            _LOG.warning("resting: %s", error.code)

    def _close_writer(self) -> None:
        connection, self._writer_connection = self._writer_connection, None
        if connection is None:
            return
        try:
            with wording(RECORDS):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except StorageError as error:
            # What was kept lies in the log; the next open reads it there, or says what is missing.
            _LOG.warning("closing: %s", error.code)
        finally:
            connection.close()

    def _close_reader(self) -> None:
        if self._reader_connection is not None:
            self._reader_connection.close()
            self._reader_connection = None
