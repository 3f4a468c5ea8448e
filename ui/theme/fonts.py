"""The bundled fonts. Called once per process by the program and by the tests; Qt's offscreen platform has no others."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase

import resources
from fieldapp.errors import StorageError

FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "HanaMinB.ttf")
_loaded = False


def load() -> None:
    """Register the family and its fallback for rare characters. Raises StorageError ``installation.font``."""
    global _loaded
    if _loaded:
        return
    for name in FILES:
        if QFontDatabase.addApplicationFont(str(resources.path("fonts", name))) < 0:
            raise StorageError("installation.font", where=name)
    _loaded = True
