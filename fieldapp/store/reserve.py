"""Room kept back for the day the disk is full: deleting rows needs space to write too."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAME = "reserve"
SIZE = 4 * 1024 * 1024
_ENOUGH = 16 * SIZE
_DOOR = 1024 * 1024


def keep(folder: Path) -> bool:
    """Take the reserve when there is room for it; whether it is there."""
    path = folder / NAME
    if path.exists() and path.stat().st_size >= SIZE:
        return True
    if shutil.disk_usage(folder).free < _ENOUGH:
        return False
    with open(path, "wb") as out:
        # Written, not only declared: a sparse file keeps nothing back.
        out.write(os.urandom(SIZE))
    return True


def open_the_door(folder: Path) -> None:
    """On a disk without any room even opening fails (the log's index has to be made): give the reserve up first."""
    if shutil.disk_usage(folder).free < _DOOR:
        release(folder)


def release(folder: Path) -> bool:
    """Give the reserve up for what must be written now; whether there was one."""
    path = folder / NAME
    if not path.exists():
        return False
    path.unlink()
    return True
