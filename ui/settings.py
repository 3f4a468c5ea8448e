"""Settings, declared once as data; kept as ``window.json`` beside the profile, without personal data.

To rename one, put its old name into ``was``; to add one, add a line to ``DECLARED``.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = "window.json"


@dataclass(frozen=True)
class Setting:
    """``choices`` empty means free (window state). ``was`` are the names it had in earlier versions."""

    name: str
    default: Any
    choices: tuple[Any, ...] = ()
    was: tuple[str, ...] = ()


DECLARED = (
    Setting("language", "zh", ("zh", "en")),
    Setting("theme", "light", ("light", "dark")),
    Setting("type_size", "normal", ("normal", "large")),
    Setting("lock_minutes", 10, (3, 5, 10, 20, 30)),
    Setting("syncing", "by_itself", ("by_itself", "sparing", "by_hand")),
    Setting("privacy", False, (True, False)),
    Setting("window_geometry", ""),
    Setting("window_maximised", True, (True, False)),
    Setting("last_screen", ""),
    Setting("screening_view", "list", ("list", "map")),
    Setting("first_guide_seen", False, (True, False)),
)
_BY_NAME = {setting.name: setting for setting in DECLARED}


class Settings:
    """Values in force. A damaged or missing file gives the defaults: nothing in it is worth stopping for."""

    def __init__(self, folder: Path | None = None) -> None:
        self._path = folder / FILE if folder else None
        self._values = _read(self._path) if self._path else {}

    def __getitem__(self, name: str) -> Any:
        return self._values.get(name, _BY_NAME[name].default)

    def __setitem__(self, name: str, value: Any) -> None:
        if not _allowed(_BY_NAME[name], value):
            raise ValueError(name)
        if self[name] != value:
            self._values[name] = value
            self._write()

    def _write(self) -> None:
        if self._path is None:
            return
        fresh = self._path.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(self._values, indent=1), encoding="utf-8")
            os.replace(fresh, self._path)
        except OSError:
            # A full or read-only disk must not stop a door from being answered for the sake of a window's size.
            self._path = None


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    made = {}
    for setting in DECLARED:
        for name in (setting.name, *setting.was):
            if name in found and _allowed(setting, found[name]):
                made[setting.name] = found[name]
                break
    return made


def _allowed(setting: Setting, value: Any) -> bool:
    return type(value) is type(setting.default) and (not setting.choices or value in setting.choices)
