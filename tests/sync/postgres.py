"""A PostgreSQL of our own on a free port, under an ordinary user (initdb refuses root)."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path


class Postgres:
    """Start with ``start``; ``database(name)`` makes a fresh database and gives its URL."""

    def __init__(self, binaries: Path, folder: Path, port: int, user: str | None) -> None:
        self._binaries, self._folder, self._port, self._user = binaries, folder, port, user

    @classmethod
    def start(cls) -> Postgres | None:
        """A running server; None when PostgreSQL 15 or newer is not installed."""
        binaries = find_binaries()
        if binaries is None:
            return None
        folder = Path(tempfile.mkdtemp(prefix="field-pg-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        made = cls(binaries, folder, port, _ordinary_user())
        if made._user:
            shutil.chown(folder, made._user)
        data = str(folder / "data")
        made._run("initdb", "-D", data, "-A", "trust", "-U", "field", "-E", "UTF8", "--no-sync")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
        made._run("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
        return made

    def database(self, name: str) -> str:
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self._port), "-U", "field", name)
        return f"postgresql://field@127.0.0.1:{self._port}/{name}"

    def restart_hard(self) -> None:
        """The database itself crashes and comes back."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "restart")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._binaries / program), *arguments],
            user=self._user,
            cwd=self._folder,
            stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            stderr=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")


def find_binaries() -> Path | None:
    """Where initdb of version 15 or newer lives: on the path, or in the places distributions use."""
    places = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    for root in ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt"):
        places += sorted(Path(root).glob("*/bin"), reverse=True) if Path(root).is_dir() else []
    places += sorted(Path("/usr").glob("pgsql-*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "pg_ctl").exists() and _version(place) >= 15:
            return place
    return None


def _version(place: Path) -> int:
    said = subprocess.run([str(place / "initdb"), "--version"], capture_output=True, text=True, check=False).stdout
    digits = said.rsplit(" ", 1)[-1].split(".")[0].split("(")[0].strip()
    return int(digits) if digits.isdigit() else 0


def _ordinary_user() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody", "daemon"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise RuntimeError("running as root and no ordinary user to start PostgreSQL under")
