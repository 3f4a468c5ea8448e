"""``python main.py verify FILE.pdf``: one word, no passphrase, nothing of the family."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp.workflows import exporting
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.trust_cards import card_of
from tests.conftest import ROOT
from tests.reports.homes import NAMES, Home, visited_home
from tests.store.county import County


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return visited_home(tmp_path_factory.mktemp("home"), photos=0)


@pytest.fixture(scope="module")
def report(home: Home, forms: FormShelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("报告 文件夹")
    return exporting.export_visit(home.store, home.actor, forms.best, home.visit, folder).result().path


def verify(home: Home, file: Path, *more: str) -> tuple[int, str]:
    command = [sys.executable, "main.py", "--home", str(home.store.profile.folder.parent), "verify", str(file), *more]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)
    assert not any(name in done.stdout + done.stderr for name in NAMES)
    return done.returncode, done.stdout


def test_as_exported(home: Home, report: Path) -> None:
    assert verify(home, report) == (0, "真实 genuine\n")


def test_with_one_byte_changed(home: Home, report: Path, tmp_path: Path) -> None:
    data = bytearray(report.read_bytes())
    data[len(data) // 3] ^= 4
    (tmp_path / "x.pdf").write_bytes(data)
    assert verify(home, tmp_path / "x.pdf") == (1, "已被改动 altered\n")


def test_for_somebody_of_another_county(home: Home, report: Path, tmp_path: Path) -> None:
    (tmp_path / "county.json").write_bytes(card_of(County().trust))
    assert verify(home, report, "--trust", str(tmp_path / "county.json")) == (2, "无法识别 unknown\n")


def test_a_file_that_is_not_there_is_said_in_words(home: Home, tmp_path: Path) -> None:
    status, told = verify(home, tmp_path / "gone.pdf")
    assert (status, told) == (1, "")
