"""A damaged store into a new one: every readable revision, draft and photo, and a list of what is missing.

A revision proves itself (id, signature, payload hash), so nothing false can come back; what was erased by law stays
erased. Cursors are not taken over: the next sync reads the feeds again and brings what the county holds.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fieldapp.domain.chain import Link, inspect_chain
from fieldapp.domain.payload import parse_payload
from fieldapp.domain.revision import Envelope, SignedRevision, is_digest, payload_hash, verify_revision
from fieldapp.errors import InputError, StorageError, VaultError
from fieldapp.store import blobs, opening
from fieldapp.store.codec import unpack, unpack_json, unpack_statement
from fieldapp.store.connection import Connection, open_database, rows, wording
from fieldapp.store.mark import Mark, MarkFile
from fieldapp.store.salvaging.pages import Pages
from fieldapp.store.salvaging.records import Record, records
from fieldapp.store.trust import public_key
from fieldapp.store.vault import keyfile
from fieldapp.store.vault.profile import Profile

#: Columns of the tables whose rows are recognised in raw pages, by how many there are.
_REVISION, _BLOB, _DRAFT, _DEVICE = 20, 14, 7, 6
_FIRST = {
    "device": "id", "scope": "user", "control": "name", "erased": "revision", "verdict": "revision",
    "place": "document", "evicted": "document", "backed_up": "area", "chain_fault": "device",
}  # fmt: skip
_COPIED = ("device", "scope", "control", "erased", "verdict", "place", "sealed", "evicted", "backed_up", "chain_fault")


@dataclass(frozen=True)
class Missing:
    """``own``: numbers of this device's chain that are gone, as (first, last). ``pages``: damaged pages. ``blobs``:
    ids whose file is gone or damaged. ``tables``: those that could not be read to their end."""

    own: tuple[tuple[int, int], ...]
    pages: int
    blobs: tuple[str, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Salvaged:
    folder: Path
    revisions: int
    drafts: int
    blobs: int
    missing: Missing


def salvage(profile: Profile, target: Path) -> Salvaged:
    """Make a new profile folder ``target`` with the same keys; the damaged one is left untouched.

    Raises StorageError ``storage.full``, ``storage.not_empty`` when ``target`` holds anything.
    """
    if target.exists() and any(target.iterdir()):
        raise StorageError("storage.not_empty", where=target.name)
    (target / blobs.NEW).mkdir(parents=True, exist_ok=True)
    for name in (keyfile.NAME, keyfile.COPY):
        (target / name).write_bytes(keyfile.to_bytes(profile.key_file))
    pages = Pages(profile.folder / opening.RECORDS, profile.subkey("records"))
    found = _Found(profile, list(records(pages)))
    mark = MarkFile(profile.folder, profile.subkey("mark")).read()
    tables = _write(profile, target, found, mark)
    lost_blobs = _copy_blobs(profile.folder, target, found)
    own = _gaps(found, profile, mark.device_seq if mark and mark.device == profile.device else 0)
    missing = Missing(own, len(pages.damaged), lost_blobs, tables)
    counts = (len(found.revisions), len(found.drafts), len(found.blobs) - len(lost_blobs))
    return Salvaged(target, *counts, missing)


class _Found:
    """Rows recognised among all records, the proven ones only."""

    def __init__(self, profile: Profile, everything: list[Record]) -> None:
        self.keys = self._device_keys(profile, everything)
        self.revisions: dict[str, tuple[Record, Envelope]] = {}
        self.drafts: dict[str, Record] = {}
        self.blobs: dict[str, Record] = {}
        for row in everything:
            if len(row) == _REVISION and is_digest(row[1]):
                self._revision(row)
            elif len(row) == _BLOB and is_digest(row[0]) and row[8] == blobs.HERE:
                self.blobs[row[0]] = row
            elif len(row) == _DRAFT and isinstance(row[4], bytes):
                self._draft(row)

    @staticmethod
    def _device_keys(profile: Profile, everything: list[Record]) -> dict[str, bytes]:
        keys = {profile.device: profile.device_public, **profile.former_keys()}
        trust = profile.identity.trust if profile.identity else None
        for row in everything:
            if trust and len(row) == _DEVICE and is_digest(row[0]) and isinstance(row[5], bytes):
                try:
                    device, _, key = trust.check_device(unpack_statement(row[5]))
                except (InputError, ValueError, KeyError, TypeError):
                    continue
                keys[device] = key.public_bytes_raw()
        return keys

    def _revision(self, row: Record) -> None:
        """By signature; where the author's certificate is lost too, by the hashes (the page proves the rest: only
        this store could have written it, and it verified what it wrote)."""
        envelope, signature, salt, payload = row[15:19]
        try:
            signed = SignedRevision(envelope, signature, salt, None if payload is None else unpack(payload))
            proven, key = signed.envelope, self.keys.get(signed.envelope.device)
            if key is not None:
                verify_revision(signed, public_key(key))
            elif signed.payload is not None and payload_hash(salt, signed.payload) != proven.payload_hash:
                return
            if signed.id != row[1]:
                return
        except (InputError, StorageError, TypeError, AttributeError):
            return
        before = self.revisions.get(row[1])
        if before is None or (payload is not None, row[10]) > (before[0][18] is not None, before[0][10]):
            self.revisions[row[1]] = (row, proven)

    def _draft(self, row: Record) -> None:
        try:
            unpack_json(row[4])
        except StorageError:
            return
        before = self.drafts.get(row[0])
        if before is None or before[5] < row[5]:
            self.drafts[row[0]] = row


def _write(profile: Profile, target: Path, found: _Found, mark: Mark | None) -> tuple[str, ...]:
    key = profile.subkey("records")
    path = target / opening.RECORDS
    connection = open_database(path, key, writable=True, create=True)
    try:
        with wording(path.name):
            opening.make_tables(connection)
            broken = _copy_readable(profile.folder / opening.RECORDS, key, connection)
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO meta VALUES ('profile', ?), ('commits', 0)", (profile.id,))
            # Projections are made by the next open, which finds them due.
            connection.execute("UPDATE meta SET value = '' WHERE key = 'projections'")
            _insert(connection, "revision", _without_erased(connection, found.revisions.values()), first_null=True)
            _insert(connection, "draft", found.drafts.values())
            _insert(connection, "blob", found.blobs.values())
            _mend_places(connection)
            _drop_evicted(connection)
            _go_on_behind(connection, profile, found, mark)
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    return broken


def _insert(connection: Connection, table: str, found: Iterable[Record], *, first_null: bool = False) -> None:
    for row in found:
        values = (None, *row[1:]) if first_null else row
        marks = ",".join("?" * len(values))
        connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", values)


def _without_erased(connection: Connection, found: Iterable[tuple[Record, Envelope]]) -> Iterator[Record]:
    """Tombstones hold at this door too; what the erased wrote still supersedes."""
    erased = {row[0] for row in rows(connection, "SELECT revision FROM erased")}
    for row, _ in found:
        if row[1] in erased and row[18] is not None:
            written = json.dumps(list(parse_payload(unpack(row[18])).set))
            yield (*row[:17], None, None, written)
        else:
            yield row


def _drop_evicted(connection: Connection) -> None:
    """Old pages of the log may hold what has left this device's scope since."""
    connection.execute(
        "DELETE FROM revision WHERE sent = 1 AND document IN (SELECT document FROM place) AND document NOT IN "
        "(SELECT document FROM place WHERE (epoch, entered) > (left_epoch, left_seq))"
    )


def _go_on_behind(connection: Connection, profile: Profile, found: _Found, mark: Mark | None) -> None:
    """New revisions follow the last number known to have been used: a loss stays a gap and never becomes a fork."""
    if mark is None or mark.device != profile.device:
        return
    held = max((e.device_seq for _, e in found.revisions.values() if e.device == profile.device), default=0)
    if mark.device_seq > held:
        link = f"{mark.device_seq}:{mark.revision}"
        connection.execute("INSERT INTO meta VALUES (?, ?)", (f"chain:{profile.device}", link))
        connection.execute(
            "INSERT OR IGNORE INTO chain_fault VALUES (?, 'lost', ?, ?, '')",
            (profile.device, held + 1, mark.device_seq),
        )


def _mend_places(connection: Connection) -> None:
    """A document whose place was lost is shown where its revisions say."""
    connection.execute(
        "INSERT OR IGNORE INTO place(document, area, epoch, entered) "
        "SELECT document, min(json_extract(CAST(envelope AS TEXT), '$.area')), 0, 0 FROM revision "
        "WHERE document NOT IN (SELECT document FROM place) GROUP BY document"
    )


def _copy_readable(path: Path, key: bytes, target: Connection) -> tuple[str, ...]:
    """Copy the small tables row by row until a damaged page stops it; from the other end then."""
    broken = []
    for table in _COPIED:
        taken: set[Record] = set()
        for order in ("", "DESC"):
            whole = _read_until_damage(path, key, table, order, taken)
            if whole:
                break
        else:
            broken.append(table)
        target.execute("BEGIN IMMEDIATE")
        _insert(target, table, taken)
        target.execute("COMMIT")
    return tuple(broken)


def _read_until_damage(path: Path, key: bytes, table: str, order: str, taken: set[Record]) -> bool:
    try:
        source = open_database(path, key, writable=True)
    except (StorageError, VaultError):
        return False
    try:
        first = _FIRST.get(table, "rowid")
        with wording(path.name):
            for row in source.execute(f"SELECT * FROM {table} ORDER BY {first} {order}"):
                taken.add(tuple(row))
    except StorageError:
        return False
    finally:
        source.close()
    return True


def _copy_blobs(source: Path, target: Path, found: _Found) -> tuple[str, ...]:
    lost = []
    for name, row in sorted(found.blobs.items()):
        file = blobs.path_of(source, row[7])
        try:
            for _ in blobs.read_pieces(file, row[6], row[4]):
                pass
            shutil.copyfile(file, target / blobs.FOLDER / row[7])
        except StorageError:
            lost.append(name)
    return tuple(lost)


def _gaps(found: _Found, profile: Profile, last: int) -> tuple[tuple[int, int], ...]:
    links = [
        Link(envelope.device_seq, name, envelope.prev)
        for name, (_, envelope) in found.revisions.items()
        if envelope.device == profile.device
    ]
    report = inspect_chain(links)
    tail = [(report.last + 1, last)] if last > report.last else []
    return (*report.gaps, *tail)
