"""After a scripted day no name, number, phone, answer or key lies anywhere in clear.

The day runs in a process of its own that is killed in the middle; every file it opens for writing is noted by an
audit hook, and all of them are searched, with the profile folder, the temporary folder and what it said on its
terminal.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.day import NAMES, NUMBER, PHONE
from tests.store.county import PASSPHRASE, make_store

SCRIPT = """
import os, signal, sys, threading
from pathlib import Path
folder, opened = Path(sys.argv[1]), open(sys.argv[2], "a", buffering=1)
def hook(event, args):
    if event == "open" and isinstance(args[0], (str, os.PathLike)) and args[2] & (os.O_WRONLY | os.O_RDWR):
        opened.write(os.fspath(args[0]) + "\\n")
sys.addaudithook(hook)
from fieldapp.store import backup, doctor, rebuild
from fieldapp.store.api import Profile, Store, find
from tests.faults.day import steps
from tests.store.county import PASSPHRASE
profile = Profile.unlock(folder, PASSPHRASE)
kept = {}
with Store.open(profile) as store:
    for step in steps(store, kept):
        pass
    rebuild.rebuild(store)
    store.compact().result()
    backup.write_backup(store, folder.parent / "stick.tjb-backup")
    try:
        store.write_now(lambda tx: tx.save("nobody", {"/full_name": "范秋娥"}))
    except Exception as error:
        print(error, file=sys.stderr)
print(sorted(doctor.examine(profile).checked.items()))
store = Store.open(profile)
for step in steps(store, kept):
    if step == "visit":
        break
print("keys", profile._data_key.hex(), profile._secrets["signing"], file=sys.stderr) if "tell" in sys.argv else None
Path(sys.argv[3]).write_bytes(profile._data_key + bytes.fromhex(profile._secrets["signing"]) + profile.subkey("records"))
threading.Timer(0.05, os.kill, [os.getpid(), signal.SIGKILL]).start()
backup.write_backup(store, folder.parent / "half.tjb-backup")
threading.Event().wait()
"""


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], bytes, list[bytes]]:
    """(every file written, the terminal, the keys)."""
    base = tmp_path_factory.mktemp("day")
    for name in ("tmp", "work"):
        (base / name).mkdir()
    store, _ = make_store(base / "work" / "profile")
    store.close()
    listing, keys = base / "opened.txt", base / "keys.bin"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(base / "work" / "profile"), str(listing), str(keys)],
        capture_output=True,
        check=False,
        env={
            "TMPDIR": str(base / "tmp"),
            "SQLITE_TMPDIR": str(base / "tmp"),
            "PATH": "/usr/bin:/bin",
            "HOME": str(base),
        },
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    raw = keys.read_bytes()
    named = {Path(line) for line in listing.read_text(encoding="utf-8").splitlines()} - {keys}
    folder = {path for part in ("work", "tmp") for path in (base / part).rglob("*")}
    files = sorted(path for path in named | folder if path.is_file())
    return files, done.stdout + done.stderr, [raw[:32], raw[32:64], raw[64:]]


SECRETS = [*NAMES, NUMBER, PHONE, "屋顶漏雨", "周岭村", PASSPHRASE]


def forms(secret: str) -> list[bytes]:
    """As it may lie in a file: UTF-8, UTF-16 both ways, JSON escapes."""
    escaped = secret.encode("unicode_escape")
    return [secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be"), escaped]


def test_nothing_of_the_day_lies_in_clear(day: tuple[list[Path], bytes, list[bytes]]) -> None:
    files, terminal, keys = day
    assert len(files) >= 8
    assert {path.name for path in files} >= {"records.db", "vault.json", "mark", "stick.tjb-backup"}
    for path in files:
        data = path.read_bytes()
        for secret in SECRETS:
            for form in forms(secret):
                assert form not in data, f"{secret!r} in {path.name}"
        for key in keys:
            assert key not in data
            assert key.hex().encode() not in data
    for secret in SECRETS:
        assert secret.encode() not in terminal


def test_the_search_would_find_it(tmp_path: Path) -> None:
    """The search itself is not blind."""
    for secret in SECRETS:
        for form in forms(secret):
            (tmp_path / "leak").write_bytes(b"\0" * 50 + form + b"\0")
            assert form in (tmp_path / "leak").read_bytes()


def test_nothing_is_written_outside_the_profile(day: tuple[list[Path], bytes, list[bytes]]) -> None:
    files, _, _ = day
    outside = [path for path in files if "work" not in path.parts and path.suffix not in (".pyc",)]
    assert outside == []
