"""Writing files that are whole or not there: temporary name, fsync, rename, fsync of the folder."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from fieldapp.errors import StorageError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """What is written becomes ``path`` durably when the block ends, whole or not at all.

    Raises StorageError ``storage.full`` | ``storage.unwritable``.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with wording(path):
        try:
            with open(temporary, "xb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def write_whole(path: Path, data: bytes) -> None:
    """``replacing`` for what is already in memory."""
    with replacing(path) as out:
        out.write(data)


def sync_folder(folder: Path) -> None:
    """Make renames in ``folder`` durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    with open(path, "rb+") as handle:
        os.fsync(handle.fileno())


@contextmanager
def wording(path: Path) -> Iterator[None]:
    """Turn the machine's errors into StorageError; the file's own name is kept, never its folder."""
    try:
        yield
    except OSError as error:
        raise StorageError("storage.full" if error.errno in _FULL else "storage.unwritable", where=path.name) from None
