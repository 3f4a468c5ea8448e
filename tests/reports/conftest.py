"""What tests of papers share: compiled forms, and the tools that read a PDF as its readers do."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldapp.workflows.form_shelf import FormShelf


@pytest.fixture(scope="session")
def forms(tmp_path_factory: pytest.TempPathFactory) -> FormShelf:
    """The bundled forms, each compiled once for the whole run."""
    return FormShelf(tmp_path_factory.mktemp("forms"))


def tool(name: str) -> str:
    if not shutil.which(name):
        pytest.skip(f"{name} is absent: what it would show is NOT tested here")
    return name


@pytest.fixture
def text_of(tmp_path: Path) -> Callable[[bytes], str]:
    """The text layer without blanks and line ends, for wanted words may be broken over lines."""

    def read(pdf: bytes) -> str:
        (tmp_path / "read.pdf").write_bytes(pdf)
        told = subprocess.run(
            [tool("pdftotext"), "-raw", str(tmp_path / "read.pdf"), "-"], capture_output=True, check=True
        )
        return "".join(told.stdout.decode().split())

    return read
