"""The virtual environment and the locked packages in it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import venv
from importlib.util import find_spec
from pathlib import Path

from .failure import SetupFailure

ROOT = Path(__file__).resolve().parents[2]
RUNTIME_LOCK = "requirements.lock"
DEVELOPMENT_LOCK = "requirements-dev.lock"
PACKAGING_LOCK = "resources/packaging/requirements.lock"
ALSO_HOLDS = {DEVELOPMENT_LOCK: [RUNTIME_LOCK]}
PIP_LOCK = Path(__file__).with_name("pip.lock")
STAMP = "locks-installed.json"


def python_of(folder: Path) -> Path:
    """The interpreter inside the environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(folder: Path, lock: str) -> None:
    """Bring the environment in ``folder`` to the state of ``lock`` (a path from the top of the checkout).

    Does nothing when the stamp says that this very lock is installed. Raises SetupFailure.
    """
    if _runs(folder) and _stamp(folder).get(lock) == _digest(lock):
        return
    if not _runs(folder):
        _create(folder)
    if not _has_pip(folder):
        _bring_pip(folder)
    _install(folder, lock)
    installed = _stamp(folder) | {name: _digest(name) for name in [lock, *ALSO_HOLDS.get(lock, [])]}
    (folder / STAMP).write_text(json.dumps(installed, indent=1), encoding="utf-8")


def _digest(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def _stamp(folder: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError):
        return {}


def _runs(folder: Path) -> bool:
    """An environment outlives the Python it was made with: a dangling link counts as none."""
    python = python_of(folder)
    return python.exists() and subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0


def _create(folder: Path) -> None:
    made_before = (folder / "pyvenv.cfg").exists()
    if folder.exists() and not made_before and any(folder.iterdir()):
        raise SetupFailure(f"{folder} is not a virtual environment and not empty; it is left as it is.")
    print(f"Making the virtual environment {folder} with Python {sys.version.split()[0]}", flush=True)
    # Debian keeps ensurepip in python3-venv, which a stock machine lacks.
    with_pip = find_spec("ensurepip") is not None
    try:
        venv.create(folder, with_pip=with_pip, symlinks=os.name != "nt", clear=made_before)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupFailure(f"The virtual environment {folder} could not be made: {error}") from error


def _has_pip(folder: Path) -> bool:
    return subprocess.run([python_of(folder), "-c", "import pip"], check=False, capture_output=True).returncode == 0


def _install(folder: Path, lock: str) -> None:
    print(f"Installing the packages of {lock}, every file checked against its hash", flush=True)
    command = [str(python_of(folder)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--only-binary", ":all:", "--require-hashes", "-r", str(ROOT / lock)]
    if subprocess.run(command, check=False).returncode:
        raise SetupFailure(
            f"The packages of {lock} could not be installed (see above).\n"
            "Without a network, set PIP_INDEX_URL or PIP_FIND_LINKS to a mirror within reach; then run the\n"
            "same command again. Nothing counts as installed until all of it is."
        )


def _bring_pip(folder: Path) -> None:
    """Fetch pip's own wheel, as locked in pip.lock, and let it install itself."""
    version, hashes = _pip_lock()
    wheel = folder / f"pip-{version}-py3-none-any.whl"
    print(f"This Python has no ensurepip: fetching pip {version}", flush=True)
    content = _fetch_from_index("pip", wheel.name)
    if hashlib.sha256(content).hexdigest() not in hashes:
        raise SetupFailure(f"{wheel.name} from the package index does not have the hash in {PIP_LOCK}.")
    wheel.write_bytes(content)
    install = ["install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run([python_of(folder), wheel / "pip", *install], check=True)
    wheel.unlink()


def _pip_lock() -> tuple[str, set[str]]:
    text = PIP_LOCK.read_text(encoding="utf-8")
    version = re.search(r"^pip==(\S+)", text, re.MULTILINE)
    if version is None:
        raise SetupFailure(f"{PIP_LOCK} does not name pip's version; run `make lock`.")
    return version[1], set(re.findall(r"sha256:([0-9a-f]{64})", text))


def _fetch_from_index(project: str, file_name: str) -> bytes:
    """A file from the simple package index (PIP_INDEX_URL or pypi.org)."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
    page_url = f"{index}/{project}/"
    try:
        page = _get(page_url).decode("utf-8", "replace")
        link = re.search(rf'href="([^"]*/{re.escape(file_name)})[#"]', page)
        if link is None:
            raise SetupFailure(f"{page_url} does not list {file_name}.")
        return _get(urllib.parse.urljoin(page_url, link[1]))
    except (urllib.error.URLError, OSError) as error:
        raise SetupFailure(
            f"{page_url} could not be read: {error}\n"
            "Check the network or the proxy, set PIP_INDEX_URL to a mirror, or install pip for this Python\n"
            "(Debian: apt-get install python3-venv). Then run the same command again."
        ) from error


def _get(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Accept": "text/html, */*"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        content: bytes = answer.read()
        return content
