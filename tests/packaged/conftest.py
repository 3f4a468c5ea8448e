"""Where the packaged program is: ``pytest tests/packaged --packaged dist/tiejiaoban [--pictures OUT]``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.reports.conftest import text_of

__all__ = ["packaged", "pictures", "text_of"]

PROGRAM = "tiejiaoban"


@pytest.fixture(scope="module")
def packaged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, copied away from the checkout to a folder as people name them."""
    said = request.config.getoption("--packaged")
    if said is None:
        pytest.skip("the packaged program is NOT driven here: `make package`, then --packaged dist/tiejiaoban")
    made = Path(str(said)).resolve()
    assert (made / PROGRAM).is_file(), f"{made} holds no packaged program"
    there = tmp_path_factory.mktemp("程序 文件") / "铁脚板 1.0"
    shutil.copytree(made, there, symlinks=True)
    return there / PROGRAM


@pytest.fixture(scope="module")
def pictures(request: pytest.FixtureRequest) -> Path | None:
    """Where pictures of every step go, when somebody wants to see them."""
    said = request.config.getoption("--pictures")
    if said is None:
        return None
    folder = Path(str(said))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
