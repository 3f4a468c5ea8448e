"""A backup is one encrypted file: key file, database, blobs. It opens by the profile's passphrase or by the county.

The database part is written by ``VACUUM INTO``, which reads every page and stops at a damaged one; a plain copy would
carry the damage along. The finished file is read back and compared before it counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldapp.errors import InputError, StorageError, VaultError
from fieldapp.store import blobs, opening, piecefile
from fieldapp.store.connection import Connection, one, open_database, rows, wording
from fieldapp.store.files import replacing
from fieldapp.store.files import wording as file_wording
from fieldapp.store.piecefile import Part
from fieldapp.store.vault import keyfile
from fieldapp.store.vault.profile import Profile

if TYPE_CHECKING:
    from fieldapp.store.store import Store

SUFFIX = ".tjb-backup"
_KIND = "backup-1"
_SNAPSHOT = "records.snapshot.db"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Backup:
    """What a backup holds. ``bytes`` is the file's size; ``missing`` are blobs whose files were gone."""

    path: Path
    at: str
    revisions: int
    drafts: int
    blobs: int
    missing: tuple[str, ...]
    bytes: int


def write_backup(store: Store, path: Path) -> Backup:
    """Write and verify a backup of the open store at ``path``; work goes on meanwhile.

    Raises StorageError ``storage.full`` | ``storage.damaged`` (the store has a damaged page: see the doctor) |
    ``storage.backup_differs`` (the medium gave back something else).
    """
    profile = store.profile
    snapshot = profile.folder / _SNAPSHOT
    at = store.write_now(lambda tx: tx.now)
    store.maintain(lambda connection: _snapshot(connection, snapshot)).result()
    try:
        counts, files = _contents(profile, snapshot)
        here = [(name, file) for name, file in files if file.exists()]
        header = {"kind": _KIND, "at": at, "vault": keyfile.to_bytes(profile.key_file).decode()}
        digests = piecefile.write(path, profile.subkey("backup"), header, _parts(snapshot, here))
    finally:
        snapshot.unlink(missing_ok=True)
    _verify(path, profile.subkey("backup"), digests)
    store.write_now(lambda tx: tx.set_meta("last_backup_at", at))
    missing = tuple(name for name, file in files if not file.exists())
    return Backup(path, at, counts[0], counts[1], len(here), missing, path.stat().st_size)


def prepare_restore(path: Path, folder: Path) -> None:
    """Make ``folder`` with the key file of the backup at ``path``: it can then be unlocked by passphrase or recovered
    by the county, and ``complete_restore`` called. Raises InputError ``file.*``, VaultError ``vault.exists``."""
    header = _header(path)
    with file_wording(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise VaultError("vault.exists", where=folder.name)
        folder.chmod(0o700)
        (folder / blobs.NEW).mkdir(parents=True)
        note_backup(folder, path)
    keyfile.write_both(folder, keyfile.parse(header["vault"].encode()))


def note_backup(folder: Path, path: Path) -> None:
    """Where the backup lies whose content is to be brought into ``folder``."""
    (folder / opening.PENDING_RESTORE).write_text(str(path.resolve()), "utf-8")


def pending_restore(folder: Path) -> Path | None:
    """The backup whose content is still to be brought into ``folder``; None where nothing is to be brought."""
    try:
        return Path((folder / opening.PENDING_RESTORE).read_text("utf-8"))
    except FileNotFoundError:
        return None


def complete_restore(profile: Profile, path: Path) -> None:
    """Bring the backup's content into the unlocked folder of ``prepare_restore`` and make a new device key: the other
    laptop may still sign with the old one. The profile has to be enrolled again.

    Raises InputError ``file.damaged``, StorageError ``storage.full``; calling it again is harmless.
    """
    for name, content in piecefile.read(path, profile.subkey("backup")):
        with replacing(profile.folder / _inside(name)) as out:
            for piece in content:
                out.write(piece)
    open_database(profile.folder / opening.RECORDS, profile.subkey("records"), writable=True).close()
    profile.replace_device_key()
    (profile.folder / opening.PENDING_RESTORE).unlink(missing_ok=True)


def restore_backup(path: Path, folder: Path, passphrase: str) -> Profile:
    """Restore on this or another laptop by the passphrase the profile had when the backup was written."""
    keyfile.unlock(keyfile.parse(_header(path)["vault"].encode()), passphrase)
    prepare_restore(path, folder)
    profile = Profile.unlock(folder, passphrase)
    complete_restore(profile, path)
    return profile


def backup_time(path: Path) -> str:
    """When the backup was written, RFC 3339. Raises InputError ``file.not_ours`` | ``file.damaged``."""
    return str(_header(path)["at"])


def _header(path: Path) -> dict[str, str]:
    header = piecefile.read_header(path)
    if header.get("kind") != _KIND:
        raise InputError("file.not_ours")
    return header


def _snapshot(connection: Connection, target: Path) -> None:
    target.unlink(missing_ok=True)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _contents(profile: Profile, snapshot: Path) -> tuple[tuple[int, int], list[tuple[str, Path]]]:
    connection = open_database(snapshot, profile.subkey("records"), writable=False)
    try:
        with wording(snapshot.name):
            counts = [one(connection, f"SELECT count(*) FROM {table}") for table in ("revision", "draft")]
            files = [row[0] for row in rows(connection, "SELECT file FROM blob WHERE state = 'here' ORDER BY file")]
    finally:
        connection.close()
    found = [(name, blobs.path_of(profile.folder, name)) for name in files]
    return (int((counts[0] or (0,))[0]), int((counts[1] or (0,))[0])), found


def _parts(snapshot: Path, files: list[tuple[str, Path]]) -> Iterator[Part]:
    yield Part(opening.RECORDS, snapshot)
    for name, file in files:
        yield Part(f"{blobs.FOLDER}/{name}", file)


def _verify(path: Path, key: bytes, digests: dict[str, str]) -> None:
    piecefile.forget_cache(path)
    found = {}
    try:
        for name, content in piecefile.read(path, key):
            digest = hashlib.sha256()
            for piece in content:
                digest.update(piece)
            found[name] = digest.hexdigest()
    except InputError:
        raise StorageError("storage.backup_differs", where=path.name) from None
    if found != digests:
        raise StorageError("storage.backup_differs", where=path.name)


def _inside(name: str) -> Path:
    """Only names this program writes: nothing outside the folder."""
    parts = Path(name).parts
    if name == opening.RECORDS or (len(parts) == 2 and parts[0] == blobs.FOLDER and parts[1].isalnum()):
        return Path(name)
    raise InputError("file.damaged", where="part")
