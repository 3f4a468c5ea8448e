"""After a day at the window and a lock, neither disk nor memory holds a name, number, phone, answer or key in clear.

The day runs in the real window (``window_day``): it is killed in the middle of an export, unlocked again and locked,
which ends the process and starts it anew under the same id. The memory of the new one is read whole; read before the
lock the same search finds everything, so it is not blind.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from fieldapp.store.api import Profile
from tests.conftest import ROOT
from tests.faults.window_day import NUMBER, PHONE, SECRETS, family
from tests.journeys.laptop import compiled_forms
from tests.store.county import PASSPHRASE, make_store

pytestmark = pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="reads memory through /proc")
SETTLED_SECONDS = 4.0  # the entrance fetches what the work needs while nobody types


def forms(secret: str) -> list[bytes]:
    """As it may lie in memory or a file: UTF-8, Python's and Qt's UTF-16, UTF-32, JSON escapes."""
    encoded = [secret.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")]
    return list(dict.fromkeys([*encoded, secret.encode("unicode_escape")]))


def memory(pid: int) -> Iterator[bytes]:
    """Every readable mapping of the process that is not a file of the system's own."""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as mem:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            where, rights, *_, name = (*line.split(maxsplit=5), "")[:6]
            if "r" not in rights or name.startswith(("[vvar", "[vsyscall")):
                continue
            start, end = (int(part, 16) for part in where.split("-"))
            try:
                mem.seek(start)
                yield mem.read(end - start)
            except (OSError, ValueError):
                continue  # a guard page or a device: nobody can read it, not even the process


def found(pid: int, wanted: dict[str, list[bytes]]) -> set[str]:
    seen: set[str] = set()
    for data in memory(pid):
        seen |= {name for name, ways in wanted.items() if any(way in data for way in ways)}
    return seen


def keys_of(profile: Profile) -> dict[str, bytes]:
    return {
        "data key": profile._data_key,
        "signing key": bytes.fromhex(profile._secrets["signing"]),
        "exchange key": bytes.fromhex(profile._secrets["exchange"]),
        "database key": profile.subkey("records"),
    }


def started(what: str, base: Path, *arguments: Path) -> subprocess.Popen[str]:
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": str(base / "user"), "TMPDIR": str(base / "tmp"), "QT_QPA_PLATFORM": "offscreen",
        "SQLITE_TMPDIR": str(base / "tmp"), "TIEJIAOBAN_HOME": str(base / "home"), "LISTING": str(base / "listing"),
        "XDG_RUNTIME_DIR": str(base / "user"),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.faults.window_day", what, *map(str, arguments)]
    log = open(base / f"{what}.log", "w", encoding="utf-8")  # noqa: SIM115 - the child's
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT, env=environment
    )


def line_of(child: subprocess.Popen[str], base: Path) -> str:
    assert child.stdout
    told = child.stdout.readline().strip()
    assert told, (base / "lock.log").read_text(encoding="utf-8")
    return told


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile with one family, and a photo at the door."""
    folder = tmp_path_factory.mktemp("day")
    for name in ("home", "user", "tmp", "out"):
        (folder / name).mkdir(mode=0o700)
    store, _ = make_store(folder / "home" / "profile")
    store.write_now(family)
    store.close()
    shutil.copytree(compiled_forms(), folder / "home" / "profile" / "forms", dirs_exist_ok=True)
    image = QImage(800, 600, QImage.Format.Format_RGB32)
    image.fill(QColor(120, 90, 60))
    image.setText("Comment", f"{PHONE} {NUMBER}")
    assert image.save(str(folder / "door.jpg"), "JPEG")
    return folder


def test_neither_memory_nor_disk_tells_anything_after_the_lock(base: Path) -> None:
    keys = keys_of(Profile.unlock(base / "home" / "profile", PASSPHRASE))
    wanted = {secret: forms(secret) for secret in (*SECRETS, PASSPHRASE)}
    wanted |= {name: [key, key.hex().encode(), key.hex().encode("utf-16-le")] for name, key in keys.items()}
    killed = started("work", base, base / "door.jpg", base / "out")
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL, (base / "work.log").read_text(encoding="utf-8")
    child = started("lock", base)
    try:
        assert line_of(child, base) == "ready"
        before = found(child.pid, wanted)
        assert child.stdin
        child.stdin.write("\n")
        child.stdin.flush()
        wait_for_the_entrance(child.pid)
        after = found(child.pid, wanted)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
    assert before >= set(SECRETS) - {PHONE} | {"data key", "database key"}, "the search is not blind"
    assert after == set()
    assert leaks(base, wanted) == []


def wait_for_the_entrance(pid: int) -> None:
    end = time.monotonic() + 60
    while b"main.py" not in Path(f"/proc/{pid}/cmdline").read_bytes():
        assert time.monotonic() < end, "it did not lock"
        time.sleep(0.05)
    time.sleep(SETTLED_SECONDS)
    assert Path(f"/proc/{pid}/cmdline").read_bytes(), "the program did not come back"


def leaks(base: Path, wanted: dict[str, list[bytes]]) -> list[str]:
    """Exported papers are the user's own; the photo and the list of files are the test's."""
    ours = {base / "door.jpg", base / "listing"}
    noted = {Path(line) for line in (base / "listing").read_text(encoding="utf-8").splitlines()}
    everything = {path for path in base.rglob("*") if path.is_file()} | {path for path in noted if path.is_file()}
    told = []
    for path in sorted(everything - ours):
        if path.parent == base / "out" and path.suffix == ".pdf":
            continue
        data = path.read_bytes()
        told += [f"{name} in {path.name}" for name, ways in wanted.items() if any(way in data for way in ways)]
    return told
