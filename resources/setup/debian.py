"""Brings missing Debian packages: installed as root, else unpacked beside the virtual environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from .failure import SetupFailure

_TO_INSTALL = re.compile(r"^Inst (\S+) \(", re.MULTILINE)
# Packages already on the machine in an older version are listed as "Inst name [old] (new": left alone.


def can_install() -> bool:
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def can_unpack() -> bool:
    return shutil.which("apt-get") is not None and shutil.which("dpkg-deb") is not None


def install(packages: list[str]) -> None:
    """With apt-get, as root. The package lists are fetched only when the first try fails."""
    print("Installing system packages: " + " ".join(packages), flush=True)
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    if _quietly(command, environment, show=False):
        return
    _quietly(["apt-get", "update", "-q"], environment)
    if not _quietly(command, environment):
        raise SetupFailure(
            "apt-get could not install what the program needs. With a network, run:\n"
            f"    apt-get update && apt-get install {' '.join(packages)}"
        )


def unpack(packages: list[str], target: Path) -> None:
    """Download the packages and what they depend on, and unpack them under ``target``, without root.

    apt gets a state folder of its own: the machine's package lists may be empty and are not ours to renew.
    """
    print("Unpacking system packages beside the virtual environment: " + " ".join(packages), flush=True)
    apt = _private_apt(target / "apt")
    downloads = target / "apt" / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    if not _quietly([*apt, "update", "-q"], dict(os.environ)):
        raise SetupFailure(_no_download(packages))
    for name in _with_dependencies(apt, packages):
        if not _quietly([*apt, "download", "-q", name], dict(os.environ), downloads):
            raise SetupFailure(_no_download(packages))
    for archive in sorted(downloads.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", archive, target], check=True)
    shutil.rmtree(target / "apt")


def variables(target: Path) -> dict[str, str]:
    """Environment variables that let unpacked packages be found; PATH also names PostgreSQL's folder."""
    roots = [Path("/"), target]
    programs = [p for root in roots for p in sorted(root.glob("usr/lib/postgresql/*/bin"), reverse=True)]
    if not (target / "usr").exists():
        return {"PATH": _joined("PATH", programs)}
    libraries = sorted({*target.glob("lib/*-linux-gnu"), *target.glob("usr/lib/*-linux-gnu")})
    found = {
        "PATH": _joined("PATH", [*programs, target / "usr/bin"]),
        "LD_LIBRARY_PATH": _joined("LD_LIBRARY_PATH", libraries),
    }
    beside = {
        "FONTCONFIG_PATH": "etc/fonts",
        "XKB_CONFIG_ROOT": "usr/share/X11/xkb",
        "XLOCALEDIR": "usr/share/X11/locale",
    }
    for name, place in beside.items():
        if (target / place).exists() and not Path("/", place).exists():
            found[name] = str(target / place)
    return found


def _joined(name: str, folders: list[Path]) -> str:
    present = os.environ.get(name)
    return os.pathsep.join([*([present] if present else []), *map(str, folders)])


def _private_apt(state: Path) -> list[str]:
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    options = {
        "Dir::State": state / "state",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": state / "cache",
        "Debug::NoLocking": "1",
    }
    return ["apt-get", *(part for key, value in options.items() for part in ("-o", f"{key}={value}"))]


def _with_dependencies(apt: list[str], packages: list[str]) -> list[str]:
    command = [*apt, "install", "--simulate", "--no-install-recommends", *packages]
    plan = subprocess.run(command, check=False, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"})
    if plan.returncode:
        raise SetupFailure(_no_download(packages) + "\n" + plan.stderr.strip())
    return _TO_INSTALL.findall(plan.stdout)


def _no_download(packages: list[str]) -> str:
    return (
        "Some system packages are missing and could not be downloaded. Either connect to a network and run\n"
        "the same command again, or ask whoever has root to run:\n"
        f"    apt-get install {' '.join(packages)}"
    )


def _quietly(command: list[str], environment: dict[str, str], folder: Path | None = None, *, show: bool = True) -> bool:
    """Run; print its last words only when it fails."""
    done = subprocess.run(
        command, check=False, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode and show:
        print(done.stdout[-2000:], flush=True)
    return done.returncode == 0
