"""A paper onto the disk: whole under its final name or not there at all, and never in clear anywhere else."""

from __future__ import annotations

import errno
import os
import re
import secrets
from pathlib import Path

from fieldapp.errors import StorageError
from fieldapp.store.files import sync_folder

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)$")
#: Bytes of a name: file systems stop at 255, and the temporary name is longer than the final one.
MOST_BYTES = 180


class ExportError(StorageError):
    """A paper could not be written; nothing stands under its name that was not there before.

    ``export.full`` | ``export.read_only`` | ``export.in_use`` | ``export.folder`` | ``export.unwritable``; ``where`` is
    the file's own name, never its folder.
    """

    code = "export"


def file_name(*parts: str, ending: str) -> str:
    """A name every system takes, made of ``parts``: ``file_name("入户核查", "20261121-7F3A2C", ending="pdf")``.

    ``parts`` must not hold anything personal: numbers of papers and names of areas, not of people.
    """
    plain = "_".join(_FORBIDDEN.sub("-", part).strip(" .-") for part in parts if part)
    while len(plain.encode("utf-8")) > MOST_BYTES:
        plain = plain[:-1]
    plain = plain.rstrip(" .-") or "报告"
    return f"{plain}_.{ending}" if _RESERVED.match(plain) else f"{plain}.{ending}"


def save(path: Path, data: bytes) -> Path:
    """Write ``data`` durably to ``path``, replacing what was there. Raises ExportError."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        try:
            _write(temporary, data)
            os.replace(temporary, path)
        except BaseException:
            _remove(temporary)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise ExportError(_code(error, path), where=path.name) from None
    return path


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # The disk that failed may refuse this too; then at least no content is left behind.
        path.write_bytes(b"") if path.exists() else None


def _code(error: OSError, path: Path) -> str:
    if error.errno in _FULL:
        return "export.full"
    if not path.parent.is_dir():
        return "export.folder"
    if error.errno == errno.EROFS or not os.access(path.parent, os.W_OK):
        return "export.read_only"
    # Windows refuses to replace a file another program holds open; elsewhere a folder may stand under the name.
    if error.errno in (errno.EACCES, errno.EPERM, errno.EBUSY, errno.EISDIR, errno.ETXTBSY):
        return "export.in_use"
    return "export.unwritable"
