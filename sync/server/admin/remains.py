"""``open-remains``: the sealed file of a laptop that was given up."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sync.server.admin.command import add_command
from sync.server.remains import open_remains
from sync.server.service import Service
from sync.server.storage import controls


def register(commands: Any) -> None:
    command = add_command(commands, "open-remains", _open, "take in what a given-up laptop left sealed to the county")
    command.add_argument("file", type=Path)
    command.add_argument("folder", type=Path, help="where unfinished work is laid, readable by its owner alone")


def _open(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    service.write(lambda c: controls.note(c, service.keys.county, options.by, "open-remains", options.file.name))
    return asdict(open_remains(service, options.file, options.folder))
