"""Where versions of the program lie, which one starts, and the way back.

    PLACE/versions/0.2.0-7/      a version as packaged; the number is the county's
    PLACE/current, PLACE/before  names of folders under versions/
    PLACE/number                 the highest number ever taken: lower ones are refused, also after going back
    PLACE/tiejiaoban(.cmd)       starts what ``current`` names

Records and drafts lie elsewhere and are not touched. Only when the new version writes another kind of store is each
store copied first (it is encrypted as it stands); going back then puts the copy back and keeps what was written since
under another name, for the county to look at.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from fieldapp.errors import InputError, StorageError
from fieldapp.store.files import sync_file, sync_folder, write_whole
from fieldapp.store.trust import CountyTrust
from fieldapp.updating.manifest import FILES, SIGNED, About, Update, check_files, read_about, read_update

CURRENT, BEFORE, NUMBER, VERSIONS = "current", "before", "number", "versions"
PROGRAM = "tiejiaoban.exe" if sys.platform == "win32" else "tiejiaoban"
LAUNCHER = "tiejiaoban.cmd" if sys.platform == "win32" else "tiejiaoban"
_POSIX = """#!/bin/sh
# Starts the version that "current" names. "tiejiaoban back" is answered by the version before it.
here=$(cd "$(dirname "$0")" && pwd)
name=current
[ "$1" = back ] && [ -f "$here/before" ] && name=before
exec "$here/versions/$(cat "$here/$name")/tiejiaoban" "$@"
"""
_WINDOWS = """@echo off\r
rem Starts the version that "current" names. "tiejiaoban back" is answered by the version before it.\r
set name=current\r
if "%1"=="back" if exist "%~dp0before" set name=before\r
set /p version=<"%~dp0%name%"\r
"%~dp0versions\\%version%\\tiejiaoban.exe" %*\r
"""


def install(program: Path, place: Path) -> About:
    """The packaged ``program`` into an empty or new ``place``, with its launcher. Raises InputError ``update.place``
    when something lies there, ``update.changed``, StorageError."""
    if place.exists() and any(place.iterdir()):
        raise InputError("update.place", where=place.name)
    about = read_about(program)
    check_files(program)
    name = f"{about.version}-0"
    place.mkdir(parents=True, exist_ok=True)
    _copy(program, place / VERSIONS / name)
    launcher = place / LAUNCHER
    launcher.write_bytes((_WINDOWS if sys.platform == "win32" else _POSIX).encode())
    launcher.chmod(0o755)
    _point(place, CURRENT, name)
    return about


def update(source: Path, place: Path, home: Path, trusts: Sequence[CountyTrust]) -> Update:
    """Take the signed version in ``source``; the next start is the new one. Cut off at any moment, the old one starts.

    Raises InputError ``update.*`` as ``read_update``, StorageError ``update.full`` | ``update.unwritable``.
    """
    here = running(place)
    found = read_update(source, trusts, platform=here.platform, known=_number(place))
    name = f"{found.about.version}-{found.number}"
    _copy(source, place / VERSIONS / name)
    if found.about.store > here.store:
        _keep_stores(home, here)
    _point(place, BEFORE, (place / CURRENT).read_text("ascii").strip())
    _point(place, NUMBER, str(found.number))
    _point(place, CURRENT, name)
    _tidy(place)
    return found


def back(place: Path, home: Path) -> About:
    """The version before this one starts again. Raises InputError ``update.no_way_back``."""
    before = place / BEFORE
    if not before.is_file():
        raise InputError("update.no_way_back")
    name, newer = before.read_text("ascii").strip(), running(place)
    older = read_about(place / VERSIONS / name)
    if newer.store > older.store:
        _restore_stores(home, newer, older)
    _point(place, CURRENT, name)
    before.unlink()
    return older


def running(place: Path) -> About:
    """The version that ``current`` names. Raises InputError ``update.unreadable``."""
    try:
        name = (place / CURRENT).read_text("ascii").strip()
    except OSError:
        raise InputError("update.unreadable", where=place.name) from None
    return read_about(place / VERSIONS / name)


def place_of(program: Path) -> Path:
    """The place a running program belongs to. Raises InputError ``update.not_installed``."""
    if program.parent.name != VERSIONS or not (program.parent.parent / CURRENT).is_file():
        raise InputError("update.not_installed")
    return program.parent.parent


def _copy(source: Path, target: Path) -> None:
    """Whole and checked under its final name, or not there."""
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        shutil.copytree(source, part, symlinks=True)
        for path in part.rglob("*"):
            if path.is_file() and not path.is_symlink():
                sync_file(path)
        check_files(part)
        shutil.rmtree(target, ignore_errors=True)
        os.replace(part, target)
        sync_folder(target.parent)
    except (OSError, shutil.Error) as error:
        shutil.rmtree(part, ignore_errors=True)
        raise StorageError(_code(error), where=target.name) from error
    except InputError:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _code(error: Exception) -> str:
    full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error)
    return "update.full" if full else "update.unwritable"


def _point(place: Path, name: str, text: str) -> None:
    write_whole(place / name, text.encode("ascii") + b"\n")


def _number(place: Path) -> int:
    found = place / NUMBER
    return int(found.read_text("ascii")) if found.is_file() else 0


def _tidy(place: Path) -> None:
    """Only the version that starts and the one before it stay."""
    kept = {(place / name).read_text("ascii").strip() for name in (CURRENT, BEFORE)}
    for folder in (place / VERSIONS).iterdir():
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def _stores(home: Path) -> list[Path]:
    return sorted(home.glob("*/records.db"))


def _keep_stores(home: Path, here: About) -> None:
    """Copies with their write-ahead logs; the program must be closed."""
    for store in _stores(home):
        for file in (store, store.with_name("records.db-wal")):
            if file.is_file():
                kept = _kept(file, here)
                try:
                    shutil.copyfile(file, kept.with_suffix(".part"))
                    sync_file(kept.with_suffix(".part"))
                    os.replace(kept.with_suffix(".part"), kept)
                except OSError as error:
                    kept.with_suffix(".part").unlink(missing_ok=True)
                    raise StorageError(_code(error), where=file.name) from error


def _restore_stores(home: Path, newer: About, older: About) -> None:
    for store in _stores(home):
        if not _kept(store, older).is_file():
            continue
        for file in (store, store.with_name("records.db-wal"), store.with_name("records.db-shm")):
            if file.is_file():
                os.replace(file, file.with_name(f"{file.name}.after-{newer.version}"))
            if _kept(file, older).is_file():
                os.replace(_kept(file, older), file)


def _kept(file: Path, about: About) -> Path:
    return file.with_name(f"{file.name}.before-{about.version}-{about.store}")


__all__ = ["FILES", "SIGNED", "About", "Update", "back", "install", "place_of", "running", "update"]
