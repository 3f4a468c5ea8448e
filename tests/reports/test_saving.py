"""A paper reaches the disk whole or not at all: full disks, read-only folders, odd names."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.reports import saving
from fieldapp.reports.saving import ExportError, file_name, save


def fails_with(number: int):  # type: ignore[no-untyped-def]
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_a_path_with_blanks_and_chinese(tmp_path: Path) -> None:
    folder = tmp_path / "镇 民政所" / "2026 年报告"
    folder.mkdir(parents=True)
    path = save(folder / file_name("入户核查情况报告", "20261121-7F3A2C", ending="pdf"), b"%PDF")
    assert path.read_bytes() == b"%PDF"
    assert [each.name for each in folder.iterdir()] == ["入户核查情况报告_20261121-7F3A2C.pdf"]


def test_a_name_with_slashes_stays_in_its_folder(tmp_path: Path) -> None:
    name = file_name("../周岭村/4组", "a:b*c?", ending="pdf")
    assert Path(name).name == name
    assert save(tmp_path / name, b"x").parent == tmp_path


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=120), max_size=4))
def test_any_text_makes_a_name_every_system_takes(parts: list[str]) -> None:
    name = file_name(*parts, ending="pdf")
    assert name.endswith(".pdf")
    assert len(name.encode("utf-8", "surrogatepass")) <= 255
    assert not set(name) & set('\\/:*?"<>|\0\n')
    assert name.split(".")[0].lower() not in ("con", "nul", "com1", "prn")


@pytest.mark.parametrize(
    ("step", "number", "code"),
    [("write", errno.ENOSPC, "export.full"), ("fsync", errno.EDQUOT, "export.full"),
     ("replace", errno.EACCES, "export.in_use"), ("open", errno.EROFS, "export.read_only")],
)  # fmt: skip
def test_a_failure_leaves_what_was_there_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, code: str
) -> None:
    path = tmp_path / "报告.pdf"
    path.write_bytes(b"before")
    if step == "write":
        monkeypatch.setattr(saving, "_write", fails_with(number))
    else:
        monkeypatch.setattr(saving.os, step, fails_with(number))
    with pytest.raises(ExportError, match=code.replace(".", r"\.")):
        save(path, b"after")
    monkeypatch.undo()
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"报告.pdf": b"before"}


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    """The kernel's own full device: the write itself fails, after the file was opened."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here: a really full disk is NOT tested")
    handle = os.open("/dev/full", os.O_WRONLY)
    os.close(handle)
    with pytest.raises(OSError, match="No space") as caught, open("/dev/full", "wb", buffering=0) as full:
        full.write(b"x")
    assert saving._code(caught.value, tmp_path / "x.pdf") == "export.full"


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"export\.folder"):
        save(tmp_path / "stick" / "x.pdf", b"x")


def test_a_folder_under_the_name(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").mkdir()
    with pytest.raises(ExportError, match=r"export\.in_use"):
        save(tmp_path / "x.pdf", b"x")
    assert [each.name for each in tmp_path.iterdir()] == ["x.pdf"]


def test_the_error_does_not_say_where_the_folder_lies(tmp_path: Path) -> None:
    with pytest.raises(ExportError) as caught:
        save(tmp_path / "gone" / "x.pdf", b"x")
    assert str(tmp_path) not in str(caught.value)
