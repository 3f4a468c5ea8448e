"""New keys for a profile: after recovery, a takeover, or when others may know the passphrase.

The database is written anew under the new data key beside the old one; the key file is the commit; the rename after
it is finished by the next open when it is cut off (``opening.finish_rotation``).
"""

from __future__ import annotations

from fieldapp.errors import StorageError
from fieldapp.store import opening
from fieldapp.store.connection import Connection, one, open_database, rows, wording
from fieldapp.store.files import sync_file, sync_folder
from fieldapp.store.mark import MarkFile
from fieldapp.store.vault.profile import Profile


def rotate(profile: Profile, passphrase: str, *, device_key: bool = True) -> None:
    """New data key and, by default, new device key; the store must be closed.

    Afterwards the profile has to be enrolled again (``device_public``) before it signs; what the old device signed is
    still pushed. Raises VaultError ``vault.passphrase`` | ``vault.weak``, StorageError ``storage.damaged`` |
    ``storage.full``: the old keys stay in force then.
    """
    profile.check_passphrase(passphrase)
    data_key = profile.new_data_key()
    path = profile.folder / opening.RECORDS
    opening.finish_rotation(profile.folder, profile.subkey("records"))
    if path.exists():
        _write_anew(profile, data_key)
    profile.take_keys(data_key, passphrase, device_key=device_key)
    MarkFile(profile.folder, b"").reset()
    opening.finish_rotation(profile.folder, profile.subkey("records"))


def rotate_if_due(profile: Profile, passphrase: str) -> bool:
    """``rotate`` after a recovery, also one that was cut off before its keys were changed; whether it was due."""
    if profile.rotation_due:
        rotate(profile, passphrase)
        return True
    return False


def _write_anew(profile: Profile, data_key: bytes) -> None:
    path = profile.folder / opening.RECORDS
    copy = profile.folder / opening.NEXT
    for leftover in profile.folder.glob(opening.NEXT + "*"):
        leftover.unlink()
    connection = open_database(path, profile.subkey("records"), writable=True)
    try:
        with wording(path.name):
            export(connection, copy.as_posix(), profile.subkey_of(data_key, "records"))
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    finally:
        connection.close()
    check_copy(profile, data_key)
    sync_file(copy)
    sync_folder(copy.parent)


def export(connection: Connection, target: str, key: bytes) -> None:
    """Write every page's content into a new database under ``key``; fails at a damaged page, unlike a file copy."""
    connection.execute("ATTACH DATABASE ? AS copy KEY ?", (target, f"x'{key.hex()}'"))
    try:
        # A copy that is cut off is thrown away; it is synced once, when it is whole.
        connection.execute("PRAGMA copy.synchronous = OFF")
        connection.execute("PRAGMA copy.journal_mode = MEMORY")
        connection.execute("SELECT sqlcipher_export('copy')").fetchall()
        for pragma in ("user_version", "application_id"):
            value = one(connection, f"PRAGMA main.{pragma}")
            connection.execute(f"PRAGMA copy.{pragma} = {value[0] if value else 0}")
    finally:
        connection.execute("DETACH DATABASE copy")


def check_copy(profile: Profile, data_key: bytes) -> None:
    old = open_database(profile.folder / opening.RECORDS, profile.subkey("records"), writable=True)
    new = open_database(profile.folder / opening.NEXT, profile.subkey_of(data_key, "records"), writable=True)
    try:
        with wording(opening.NEXT):
            sql = "SELECT count(*), coalesce(sum(device_seq), 0) FROM revision"
            if one(old, sql) != one(new, sql) or rows(new, "PRAGMA quick_check(1)") != [("ok",)]:
                raise StorageError("storage.damaged", where=opening.NEXT)
            new.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        old.close()
        new.close()
