"""The licences of everything inside the packaged program, as one text."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LICENCE_NAMES = ("license", "licence", "copying", "notice")
# Wheels that name their licence without carrying its text.
TEXTS_MISSING = {
    "PySide6_Essentials": [HERE / "LGPL-3.0.txt", HERE / "GPL-3.0.txt"],
    "shiboken6": [HERE / "LGPL-3.0.txt"],
}
PYTHON_LICENCES = (
    Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
    Path(f"/usr/share/doc/python{sysconfig.get_python_version()}/copyright"),
)


def licence_list(modules: Iterable[str]) -> str:
    """One chapter per part: ours, Python, the fonts and icons, and each package that ``modules`` come from.

    ``modules`` are top-level names the freezer took; packages it left out are not named.
    """
    chapters = [_chapter("铁脚板 (Iron Soles)", "Apache-2.0", [ROOT / "LICENSE"])]
    chapters.append(_chapter("Python", "PSF-2.0", [path for path in PYTHON_LICENCES if path.exists()][:1]))
    for folder in ("fonts", "icons"):
        place = ROOT / "resources" / folder
        chapters.append(_chapter(folder, "", [place / "README.md", *sorted(place.glob("LICENSE*"))]))
    chapters += [_package(distribution) for distribution in packages(modules)]
    return "\n".join(chapters)


def packages(modules: Iterable[str]) -> list[metadata.Distribution]:
    """The packages that top-level ``modules`` come from, by name."""
    owners = metadata.packages_distributions()
    names = {name for module in modules for name in owners.get(module, [])}
    return [metadata.distribution(name) for name in sorted(names, key=str.lower)]


def _package(package: metadata.Distribution) -> str:
    about = package.metadata.json
    licence = str(about.get("license_expression") or about.get("license") or "").partition("\n")[0]
    files = [Path(str(package.locate_file(file))) for file in package.files or [] if _is_licence(file)]
    files += TEXTS_MISSING.get(package.name, [])
    return _chapter(f"{package.name} {package.version}", licence, files)


def _is_licence(file: metadata.PackagePath) -> bool:
    beside_the_code = len(file.parts) > 1 and file.parts[0].endswith(".dist-info")
    return beside_the_code and file.suffix != ".py" and file.name.lower().startswith(LICENCE_NAMES)


def _chapter(title: str, licence: str, files: list[Path]) -> str:
    texts = [file.read_text(encoding="utf-8", errors="replace").strip() for file in files]
    return "\n\n".join(["=" * 78 + f"\n{title}" + (f"\n{licence}" if licence else ""), *texts]) + "\n"
