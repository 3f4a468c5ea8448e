"""``python -m resources.packaging.build``, run inside the build environment by `make package`.

Freezes the program into ``dist/tiejiaoban/``, puts the licences of everything inside it beside it, and refuses a folder
that is over the size workers were promised.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from .licences import licence_list

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = ROOT / "dist" / "tiejiaoban"
TAKEN = ROOT / "build" / "taken-modules.txt"  # written by the specification
BUDGET = 220 * 1024 * 1024  # bytes, fonts included: what a village connection carries in an evening


def main() -> int:
    _freeze()
    if sys.platform == "linux":
        _strip()
    (PROGRAM / "LICENCES.txt").write_text(licence_list(TAKEN.read_text().split()), encoding="utf-8")
    for name in ("tiejiaoban.desktop", "tiejiaoban.svg"):
        shutil.copy(HERE / name, PROGRAM / name)
    size = sum(file.stat().st_size for file in PROGRAM.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"{PROGRAM}: {size / 2**20:.0f} MB of {BUDGET / 2**20:.0f} MB")
    if size > BUDGET:
        _name_the_largest()
        return 1
    return 0


def _freeze() -> None:
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    command += ["--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build"), str(HERE / "tiejiaoban.spec")]
    subprocess.run(command, check=True, cwd=ROOT)


def _strip() -> None:
    """Drop symbol tables. Qt's libraries come without, and patched libraries (``*.libs``) do not survive it."""
    found = [file for file in PROGRAM.rglob("*.so*") if file.is_file() and not file.is_symlink()]
    spared = [file for file in found if "PySide6" in file.parts or any(part.endswith(".libs") for part in file.parts)]
    subprocess.run(["strip", "--strip-unneeded", *sorted(set(found) - set(spared))], check=True)


def _name_the_largest() -> None:
    files = sorted((file for file in PROGRAM.rglob("*") if file.is_file()), key=lambda file: -file.stat().st_size)
    for file in files[:15]:
        print(f"{file.stat().st_size / 2**20:6.1f} MB  {file.relative_to(PROGRAM)}")


if __name__ == "__main__":
    sys.exit(main())
