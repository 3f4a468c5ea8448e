"""A new version of the program: the county's word for it, put beside the old one, gone back from; drafts stay.

U1  what the county signed is taken, and the next start is the new one
U2  lower, another platform's, another county's, one file more, less or other: refused, the old one starts
U3  a disk that fills up half way leaves the old one and no half of the new
U4  drafts and records are the same before and after, and after going back
U5  a version with another kind of store: going back puts the copy back and keeps what was written since
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp.errors import InputError, StorageError
from fieldapp.store.api import Profile, Store
from fieldapp.store.identity import statement_to_json
from fieldapp.updating import places
from fieldapp.updating.manifest import CONTROL, SIGNED, About, content, write_lists
from tests.store.county import PASSPHRASE, County, make_store

PLATFORM = "linux-x86_64"


def packaged(folder: Path, version: str, *, store: int = 1, platform: str = PLATFORM) -> Path:
    """A program as packaging leaves it."""
    (folder / "_internal").mkdir(parents=True)
    (folder / "tiejiaoban").write_text(f"#!/bin/sh\necho {version} $1\n")
    (folder / "tiejiaoban").chmod(0o755)
    (folder / "_internal" / "库 一.so").write_bytes(version.encode() * 100)
    write_lists(folder, About(version, platform, store))
    return folder


def signed(folder: Path, county: County, number: int) -> Path:
    name, body = content(folder)
    statement = county.sign("control", "control", name=name, version=number, content=body)
    (folder / SIGNED).write_text(json.dumps(statement_to_json(statement)))
    return folder


@pytest.fixture
def county() -> County:
    return County()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    there = tmp_path / "程序 文件" / "铁脚板"
    places.install(packaged(tmp_path / "old", "0.1.0"), there)
    return there


def starts(place: Path, *arguments: str) -> str:
    """What the launcher says, started from elsewhere."""
    return subprocess.run([place / "tiejiaoban", *arguments], capture_output=True, text=True, check=True).stdout.strip()


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the launcher of these tests is a shell script")


def test_a_signed_version_starts_next(place: Path, county: County, tmp_path: Path) -> None:
    """U1."""
    assert starts(place) == "0.1.0"
    new = signed(packaged(tmp_path / "new", "0.2.0"), county, 7)
    places.update(new, place, tmp_path, [county.trust])
    assert starts(place) == "0.2.0"
    assert starts(place, "back") == "0.1.0 back", "going back is answered by the version before"
    assert places.back(place, tmp_path).version == "0.1.0"
    assert starts(place) == "0.1.0"
    with pytest.raises(InputError, match=r"update\.no_way_back"):
        places.back(place, tmp_path)
    with pytest.raises(InputError, match=r"update\.lower"):
        places.update(new, place, tmp_path, [county.trust])


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("more", "update.changed"), ("less", "update.changed"), ("other", "update.changed"),
        ("list", "update.changed"), ("platform", "update.platform"), ("stranger", "update.signer"),
        ("unsigned", "update.unreadable"), ("renamed", "update.changed"), ("outside", "update.changed"),
    ],
)  # fmt: skip
def test_what_is_not_as_signed_is_refused(
    place: Path, county: County, tmp_path: Path, what: str, code: str
) -> None:
    """U2."""
    platform = "win32-amd64" if what == "platform" else PLATFORM
    new = packaged(tmp_path / "new", "0.2.0", platform=platform)
    signed(new, County() if what == "stranger" else county, 7)
    library = new / "_internal" / "库 一.so"
    if what == "more":
        (new / "_internal" / "extra.so").write_bytes(b"x")
    elif what == "less":
        library.unlink()
    elif what == "other":
        library.write_bytes(library.read_bytes()[:-1] + b"!")
    elif what == "list":
        library.write_bytes(b"other")
        write_lists(new, About("0.2.0", PLATFORM, 1))
    elif what == "unsigned":
        (new / SIGNED).unlink()
    elif what == "renamed":
        (new / "ABOUT.json").write_text(json.dumps({"version": "9.9.9", "platform": PLATFORM, "store": 1}))
    elif what == "outside":
        lines = (new / "FILES.txt").read_text().replace("_internal/库 一.so", "../../elsewhere.so")
        (new / "FILES.txt").write_text(lines)
    with pytest.raises(InputError) as refused:
        places.update(new, place, tmp_path, [county.trust])
    assert refused.value.code == code
    assert starts(place) == "0.1.0"
    assert [path.name for path in (place / "versions").iterdir()] == ["0.1.0-0"]


def test_a_full_disk_leaves_the_old_one(
    place: Path, county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """U3."""
    new = signed(packaged(tmp_path / "new", "0.2.0"), county, 7)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(StorageError, match=r"update\.full"):
        places.update(new, place, tmp_path, [county.trust])
    assert starts(place) == "0.1.0"
    assert [path.name for path in (place / "versions").iterdir()] == ["0.1.0-0"]


def test_drafts_stay(place: Path, county: County, tmp_path: Path) -> None:
    """U4, U5."""
    home = tmp_path / "home"
    store, _ = make_store(home / "li.qiu", county)
    store.write_now(lambda tx: tx.save_draft("d1", "visit", None, {"said": "丈夫住院"}, ()))
    store.close()

    def said() -> list[str]:
        with Store.open(Profile.unlock(home / "li.qiu", PASSPHRASE)) as opened:
            return [str(draft.body["said"]) for draft in opened.read_now(lambda tx: tx.drafts())]

    places.update(signed(packaged(tmp_path / "new", "0.2.0", store=9), county, 7), place, home, [county.trust])
    assert said() == ["丈夫住院"]
    with Store.open(Profile.unlock(home / "li.qiu", PASSPHRASE)) as opened:
        opened.write_now(lambda tx: tx.save_draft("d2", "visit", None, {"said": "新版本里写的"}, ()))
    places.back(place, home)
    assert said() == ["丈夫住院"]
    kept = home / "li.qiu" / "records.db.after-0.2.0"
    assert kept.stat().st_size > 0
    assert "丈夫".encode() not in kept.read_bytes()


def test_nothing_is_installed_over_something(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine.txt").write_text("x")
    with pytest.raises(InputError, match=r"update\.place"):
        places.install(packaged(tmp_path / "new", "0.2.0"), taken)
    assert os.listdir(taken) == ["mine.txt"]
    assert stat.S_IMODE((tmp_path / "new" / "tiejiaoban").stat().st_mode) == 0o755
    assert CONTROL == "update/"
