"""What a version of the program consists of, and the county's word that laptops may run it.

In a program's folder lie ``ABOUT.json`` {version, platform, store} and ``FILES.txt`` (``sha256  size  path`` by path),
both written when it is packaged, and ``update.json``: the control document ``update/PLATFORM`` that
``python -m sync.server admin publish update FOLDER`` signs, with a rising number and the digest of both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError
from fieldapp.store.identity import statement_from_json
from fieldapp.store.trust import CountyTrust

ABOUT, FILES, SIGNED = "ABOUT.json", "FILES.txt", "update.json"
CONTROL = "update/"
_PIECE = 1 << 20


@dataclass(frozen=True)
class About:
    """``platform`` as ``linux-x86_64``; ``store`` is the version of the store this program writes."""

    version: str
    platform: str
    store: int


@dataclass(frozen=True)
class Update:
    """A version the county signed; ``number`` rises with every publication."""

    about: About
    number: int


def write_lists(folder: Path, about: About) -> None:
    """``ABOUT.json`` and ``FILES.txt`` of a packaged program: the last thing done to it."""
    text = json.dumps({"version": about.version, "platform": about.platform, "store": about.store}, sort_keys=True)
    (folder / ABOUT).write_text(text + "\n", encoding="utf-8")
    lines = (f"{digest(folder / path)}  {(folder / path).stat().st_size}  {path}\n" for path in _inside(folder))
    (folder / FILES).write_text("".join(lines), encoding="utf-8", newline="\n")


def content(folder: Path) -> tuple[str, dict[str, Any]]:
    """(control name, content to be signed) of a packaged program whose files are all as listed. Raises InputError
    ``update.*``."""
    about = read_about(folder)
    check_files(folder)
    return CONTROL + about.platform, {
        "version": about.version, "platform": about.platform, "store": about.store, "files": digest(folder / FILES),
    }  # fmt: skip


def read_about(folder: Path) -> About:
    """Raises InputError ``update.unreadable``."""
    try:
        body = json.loads((folder / ABOUT).read_bytes())
        return About(str(body["version"]), str(body["platform"]), int(body["store"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError("update.unreadable", where=folder.name) from None


def read_update(folder: Path, trusts: Sequence[CountyTrust], *, platform: str, known: int) -> Update:
    """The update in ``folder``: signed by a county of ``trusts``, for this ``platform``, above the number ``known``,
    not a file more, less or other than signed.

    Raises InputError ``update.unreadable`` | ``update.signer`` | ``update.platform`` | ``update.lower`` |
    ``update.changed``.
    """
    try:
        statement = statement_from_json(json.loads((folder / SIGNED).read_bytes()))
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError("update.unreadable", where=folder.name) from None
    body, about = _believed(statement, trusts), read_about(folder)
    signed = body["content"]
    if body["name"] != CONTROL + platform or about.platform != platform:
        raise InputError("update.platform", where=about.platform)
    if body["version"] <= known:
        raise InputError("update.lower", where=about.version)
    listed = (signed["version"], signed["store"], signed["files"])
    if listed != (about.version, about.store, digest(folder / FILES)):
        raise InputError("update.changed", where=FILES)
    check_files(folder)
    return Update(about, int(body["version"]))


def _believed(statement: Statement, trusts: Sequence[CountyTrust]) -> dict[str, Any]:
    for trust in trusts:
        try:
            return trust.check(statement, "control")
        except InputError:
            continue
    raise InputError("update.signer")


def check_files(folder: Path) -> None:
    """Every listed file there and as listed, none besides. Raises InputError ``update.changed`` with the first that is
    not."""
    listed = dict(_listed(folder))
    for path in sorted({*listed, *_inside(folder)}):
        there = folder / path
        if path not in listed or not there.is_file() or listed[path] != (digest(there), there.stat().st_size):
            raise InputError("update.changed", where=path)


def _listed(folder: Path) -> Iterator[tuple[str, tuple[str, int]]]:
    try:
        lines = (folder / FILES).read_text(encoding="utf-8").splitlines()
        for line in lines:
            sha, size, path = line.split("  ", 2)
            pure = PurePosixPath(path)
            if pure.is_absolute() or ".." in pure.parts:
                raise InputError("update.changed", where=path)
            yield path, (sha, int(size))
    except (OSError, UnicodeDecodeError, ValueError):
        raise InputError("update.unreadable", where=FILES) from None


def _inside(folder: Path) -> list[str]:
    """Every file of the program by its path, links by what they point to; without the lists themselves."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if path not in (FILES, SIGNED))


def digest(path: Path) -> str:
    """SHA-256 of a file, hex."""
    made = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            made.update(piece)
    return made.hexdigest()
