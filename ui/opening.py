"""From a passphrase to an open store; off the GUI thread, and imported only once something is to be opened."""

from __future__ import annotations

import shutil
from pathlib import Path

from fieldapp.errors import InputError, WorldError
from fieldapp.store.api import Profile, Store
from fieldapp.store.backup import complete_restore, pending_restore, prepare_restore, restore_backup
from fieldapp.store.opening import PENDING_RESTORE
from fieldapp.store.rebuild import Progress
from fieldapp.store.rotation import rotate_if_due
from fieldapp.store.vault import recovery
from fieldapp.store.vault.profile import ProfileLabel, profiles_in
from fieldapp.workflows.trust_cards import keep_card


def open_profile(folder: Path, passphrase: str, progress: Progress | None = None) -> tuple[Profile, Store]:
    """Unlock and open; keys are changed first where a recovery left that to do. ``progress`` is told how far lists are
    that an older program made. Raises VaultError, StorageError."""
    profile = Profile.unlock(folder, passphrase)
    # Who knows the passphrase needs no custodians: a request that still waits would only stay a way in.
    recovery.forget_request(folder)
    bring_back(profile)
    return _opened(profile, passphrase, progress)


def recover_profile(folder: Path, passphrase: str, answers: list[bytes]) -> tuple[Profile, Store]:
    """Open with the custodians' answers. Cut off before the keys are changed, the next unlocking changes them.

    Raises VaultError, StorageError; InputError ``file.*`` when a backup is being restored and is not there.
    """
    profile = Profile.recover(folder, passphrase, answers)
    bring_back(profile)
    return _opened(profile, passphrase)


def prepare_recovery(path: Path, folder: Path) -> ProfileLabel:
    """Make the profile of a backup whose passphrase is forgotten, so that custodians can be asked for it. Raises
    InputError ``file.*``, VaultError."""
    try:
        prepare_restore(path, folder)
    except FileNotFoundError as error:
        raise InputError("file.unreadable", where=path.name) from error
    return next(each for each in profiles_in(folder.parent) if each.folder == folder)


def bring_back(profile: Profile) -> None:
    """The content of the backup this profile was made of, where it was not brought yet."""
    path = pending_restore(profile.folder)
    if path is None:
        return
    try:
        complete_restore(profile, path)
    except FileNotFoundError as error:
        raise InputError("file.unreadable", where=path.name) from error


def restore_profile(path: Path, folder: Path, passphrase: str) -> tuple[Profile, Store]:
    """Bring the backup at ``path`` back into the new ``folder``; nothing is left there when that fails.

    Raises InputError ``file.*``, VaultError, StorageError.
    """
    try:
        profile = restore_backup(path, folder, passphrase)
    except FileNotFoundError as error:
        raise InputError("file.unreadable", where=path.name) from error
    except WorldError:
        if (folder / PENDING_RESTORE).exists():
            shutil.rmtree(folder)
        raise
    return _opened(profile, passphrase)


def _opened(profile: Profile, passphrase: str, progress: Progress | None = None) -> tuple[Profile, Store]:
    rotate_if_due(profile, passphrase)
    keep_card(profile)
    return profile, Store.open(profile, progress=progress)
