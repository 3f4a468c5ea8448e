"""A PostgreSQL of the tests' own: a fresh cluster in a temporary folder, reached by a socket, gone afterwards.

No port is taken, so two test processes never meet.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

OWNERS = ("postgres", "nobody")


def programs() -> Path | None:
    """The folder of ``initdb`` and ``pg_ctl``: from the PATH, else Debian's newest; None when there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return folders[-1] if folders else None


@contextmanager
def cluster() -> Iterator[str]:
    """A running server's URL, to which a database name can be added by ``database``.

    PostgreSQL refuses to run as root; root's tests let an ordinary account of the machine own it.
    """
    bin_folder = programs()
    assert bin_folder is not None, "ask programs() first"
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if owner:
        os.chown(folder, pwd.getpwnam(owner).pw_uid, -1)
    data, log = folder / "data", folder / "log"
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    try:
        _run(owner, bin_folder / "initdb", "-D", data, "-U", "field", "-A", "trust", "-E", "UTF8", "--locale=C")
        _run(owner, bin_folder / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
        try:
            yield f"postgresql://field@/postgres?host={folder}"
        finally:
            _run(owner, bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(server: str, name: str) -> Iterator[str]:
    """The URL of a new empty database on ``server``, dropped at the end with whoever is still connected."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield server.replace("/postgres?", f"/{name}?")
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _owner() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in OWNERS if name in known)


def _run(owner: str | None, *command: str | Path) -> None:
    # pg_ctl's server inherits the output, so a pipe would stay open until it stops.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(command, check=False, user=owner, cwd="/", stdout=output, stderr=subprocess.STDOUT)
        output.seek(0)
        assert done.returncode == 0, output.read()
