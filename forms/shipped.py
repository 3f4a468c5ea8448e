"""The forms that ship with the program: workbooks, and their compiled twins so that no laptop has to compile.

The workbook is what people edit; ``python -m forms ship`` writes the twins anew, and a test holds them equal.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

FOLDER = Path(__file__).with_name("definitions")


def workbooks() -> dict[str, Path]:
    """The bundled workbooks by form id (the file's name)."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.xlsx"))}


def digest(workbook: Path) -> str:
    """Names the content of a workbook: 16 hex digits of its SHA-256."""
    return hashlib.sha256(workbook.read_bytes()).hexdigest()[:16]


def twin(workbook: Path) -> Path:
    """Where the compiled form of ``workbook`` ships; its name holds the digest, so a stale twin is never found."""
    return workbook.parent / "compiled" / f"{workbook.stem}@{digest(workbook)}.xml"


def ship() -> list[Path]:
    """Compile every bundled workbook; twins of workbooks that changed or went are removed."""
    from forms.api import compile_xlsform

    made = {twin(path): compile_xlsform(path).xml for path in workbooks().values()}
    (FOLDER / "compiled").mkdir(exist_ok=True)
    for old in (FOLDER / "compiled").glob("*.xml"):
        if old not in made:
            old.unlink()
    for path, xml in made.items():
        path.write_bytes(xml)
    return sorted(made)
