"""One program at a time per profile: an operating-system lock that a crash releases by itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from fieldapp.errors import StorageError

NAME = "profile.lock"


class ProfileLock:
    """Raises StorageError ``storage.in_use`` when another process works with the profile."""

    def __init__(self, folder: Path) -> None:
        self._file: BinaryIO | None = open(folder / NAME, "ab")  # noqa: SIM115 - held until released
        try:
            _lock(self._file)
        except OSError:
            self.release()
            raise StorageError("storage.in_use", where=NAME) from None

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _lock(file: BinaryIO) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
