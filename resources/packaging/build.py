"""``python -m resources.packaging.build``, run inside the build environment by `make package`.

Freezes the program into ``dist/tiejiaoban/``, puts the licences, the bill of materials and the list of all files beside
it, and refuses a folder that is over the size workers were promised.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from fieldapp.store import schema
from fieldapp.updating.manifest import About, write_lists

from .licences import licence_list
from .sbom import bill

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = ROOT / "dist" / "tiejiaoban"
TAKEN = ROOT / "build" / "taken-modules.txt"  # written by the specification
BUDGET = 220 * 1024 * 1024  # bytes, fonts included: what a village connection carries in an evening


def main() -> int:
    _freeze()
    if sys.platform == "linux":
        _strip()
    taken, about = TAKEN.read_text().split(), _about()
    (PROGRAM / "LICENCES.txt").write_text(licence_list(taken), encoding="utf-8")
    (PROGRAM / "SBOM.cdx.json").write_text(bill(taken, about.version, about.platform), encoding="utf-8")
    for name in ("tiejiaoban.desktop", "tiejiaoban.svg"):
        shutil.copy(HERE / name, PROGRAM / name)
    write_lists(PROGRAM, about)
    size = sum(file.stat().st_size for file in PROGRAM.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"{PROGRAM}: {size / 2**20:.0f} MB of {BUDGET / 2**20:.0f} MB")
    if size > BUDGET:
        _name_the_largest()
        return 1
    return 0


def _about() -> About:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return About(version, f"{sys.platform}-{platform.machine().lower()}", schema.VERSION)


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
