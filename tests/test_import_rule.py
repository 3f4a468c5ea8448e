"""Imports run one way, and each heavy library stays in its room (ARCHITECTURE.md, "Imports")."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.omission

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ["forms", "fieldapp", "sync", "ui"]
CONFINED = {
    "PySide6": ("ui/",),
    "requests": ("sync/",),
    "httpx": ("sync/",),
    "fastapi": ("sync/server/",),
    "uvicorn": ("sync/server/",),
    "sqlcipher3": ("fieldapp/store/",),
    "reportlab": ("fieldapp/reports/",),
}


def product_files() -> list[Path]:
    files = [ROOT / "main.py"] if (ROOT / "main.py").exists() else []
    for layer in LAYERS:
        files += sorted((ROOT / layer).rglob("*.py"))
    return files


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("path", product_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    relative = path.relative_to(ROOT).as_posix()
    layer = relative.split("/")[0]
    for name in imports_of(path):
        top = name.split(".")[0]
        assert top != "tests", f"{relative} imports tests"
        if top in LAYERS and layer in LAYERS:
            assert LAYERS.index(top) <= LAYERS.index(layer), f"{relative} imports upward: {name}"
        if top in CONFINED:
            assert relative.startswith(CONFINED[top]), f"{relative} imports {top}, which lives in {CONFINED[top]}"
