"""Papers and ledgers onto disks that refuse: a clear word, no half file under the final name, no clear copy anywhere.

Runs on small real file systems; where this process may not mount one the test says so and is skipped.

E1  a disk that fills up at every place of the way: report, bound batch, ledger
E2  a read-only stick; a folder without the right to write
E3  a name that stands open in another program (Windows' word for it), a folder under the name
E4  after every export, failed or not, no temporary folder holds a word of the family
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fieldapp.reports import saving
from fieldapp.reports.saving import ExportError
from fieldapp.workflows import batch_choice, exporting, ledger_export
from fieldapp.workflows.batch_choice import Choice
from fieldapp.workflows.batch_export import Batch, Order
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.papers.asking import Ask
from tests.faults.test_disk_full import fill
from tests.reports.homes import Home, visited_home
from tests.store.county import VILLAGE
from ui.messages import words_for

PRINTED = datetime(2026, 11, 21, 2, tzinfo=UTC)
#: Bytes left on the disk; the report is about 250 KB.
ROOM = (0, 4096, 100_000)
Export = Callable[[Path], object]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return visited_home(tmp_path_factory.mktemp("home"), photos=4)


@pytest.fixture(scope="module")
def exports(home: Home, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Export]:
    shelf = FormShelf(tmp_path_factory.mktemp("forms"))
    ask = Ask(VILLAGE, PRINTED, shelf.best)
    store, actor = home.store, home.actor

    def batch(folder: Path) -> object:
        found = tuple(batch_choice.chosen(store, Choice(VILLAGE)).result())
        return Batch(store, actor, shelf.best, Order(found, folder, bound=True)).run(lambda *_: None, lambda: False)

    return {
        "report": lambda folder: exporting.export_visit(store, actor, shelf.best, home.visit, folder).result(),
        "ledger": lambda folder: ledger_export.export_ledger(store, actor, "people", ask, folder).result(),
        "batch": batch,
    }


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The machine's temporary folder, to be searched afterwards."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    return folder


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    point = tmp_path / "U 盘"
    point.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(point)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no permission to mount a tmpfs: a full or read-only disk is NOT tested here")
    try:
        yield point
    finally:
        subprocess.run(["umount", "-l", str(point)], check=True)


def refused(export: Export, folder: Path) -> str:
    """The code of the refusal, once its words are there."""
    with pytest.raises(ExportError) as caught:
        export(folder)
    words = words_for(caught.value)
    assert words.what
    assert words.do
    assert str(folder) not in words.what + words.do
    return str(caught.value.code)


@pytest.mark.parametrize("what", ["report", "ledger", "batch"])
@pytest.mark.parametrize("room", ROOM)
def test_a_disk_that_fills_up(
    exports: dict[str, Export], disk: Path, temporary: Path, what: str, room: int
) -> None:
    """E1, E4."""
    if what == "ledger" and room > 4096:
        pytest.skip("a ledger of one family is smaller than that")
    fill(disk, room)
    before = sorted(path.name for path in disk.iterdir())
    assert refused(exports[what], disk) == "export.full"
    assert sorted(path.name for path in disk.iterdir()) == before
    assert not any(path.is_file() for path in temporary.rglob("*"))


@pytest.mark.parametrize("what", ["report", "ledger"])
def test_a_stick_that_cannot_be_written(exports: dict[str, Export], disk: Path, temporary: Path, what: str) -> None:
    """E2."""
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert refused(exports[what], disk) == "export.read_only"
    assert not list(disk.iterdir())
    assert not any(path.is_file() for path in temporary.rglob("*"))


def test_a_folder_without_the_right_to_write(exports: dict[str, Export], tmp_path: Path) -> None:
    """E2: not for root, who may write everywhere."""
    if os.name == "nt" or os.geteuid() == 0:
        pytest.skip("rights of folders do not bind this user: NOT tested here")
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    assert refused(exports["report"], folder) == "export.read_only"


def test_a_file_that_stands_open_elsewhere(
    exports: dict[str, Export], tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E3: what Windows answers when the old report is open in a reader."""
    exports["report"](tmp_path)
    [paper] = tmp_path.glob("*.pdf")
    before = paper.read_bytes()

    def busy(*_: object) -> None:
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(saving.os, "replace", busy)
    assert refused(exports["report"], tmp_path) == "export.in_use"
    assert paper.read_bytes() == before
    assert [path for path in tmp_path.iterdir() if path.is_file()] == [paper]


@pytest.mark.parametrize("what", ["report", "ledger", "batch"])
def test_no_clear_copy_is_left_behind(exports: dict[str, Export], tmp_path: Path, temporary: Path, what: str) -> None:
    """E4: what was exported lies where it was wanted and nowhere else."""
    out = tmp_path / "报告 导出"
    out.mkdir()
    exports[what](out)
    assert len(list(out.iterdir())) == 1
    assert not any(path.is_file() for path in temporary.rglob("*"))
    shutil.rmtree(out)
