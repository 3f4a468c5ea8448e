"""Files that ship beside the code: fonts, icons, translations, policy packs, the demo county."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Where a bundled file or folder lies, from a checkout and from the packaged program alike.

    ``path("icons", "house.svg")``. PyInstaller unpacks this folder under ``sys._MEIPASS`` and sets
    ``__file__`` to match, so nothing here depends on the working directory. Whether the file exists is for
    the reader to find.
    """
    return _HERE.joinpath(*parts)
