"""Files a person chose: a stick may be out, a file gone or far too large, and each has words."""

from __future__ import annotations

from pathlib import Path

from fieldapp.errors import InputError

MOST_BYTES = 20 * 1024 * 1024


def read_file(path: Path | str, most: int = MOST_BYTES) -> bytes:
    """Its contents. Raises InputError ``file.unreadable``, ``file.too_large``."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise InputError("file.unreadable", where=path.name) from error
    if len(data) > most:
        raise InputError("file.too_large", where=path.name)
    return data


def write_file(path: Path | str, data: bytes) -> None:
    """Raises InputError ``file.unwritable``."""
    path = Path(path)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InputError("file.unwritable", where=path.name) from error
