"""``stick``: a laptop's bundle in, the answer for it out, on the same stick."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sync.server.admin.command import add_command
from sync.server.service import Service
from sync.server.stick_enrolment import enrol_by_stick
from sync.server.sticks import exchange
from sync.server.storage import controls


def register(commands: Any) -> None:
    command = add_command(commands, "stick", _stick, "take a laptop's bundle in and write the answer")
    command.add_argument("incoming", type=Path)
    command.add_argument("outgoing", type=Path)
    new = add_command(commands, "enrol-stick", _enrol, "a new laptop without network: its request in, the answer out")
    new.add_argument("incoming", type=Path)
    new.add_argument("outgoing", type=Path)


def _stick(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    count = exchange(service, options.incoming, options.outgoing)
    service.write(lambda c: controls.note(c, service.keys.county, options.by, "stick", count.device))
    return {
        "device": count.device,
        "verdicts": count.verdicts,
        "photos": count.photos,
        "rows": count.rows,
        "refused": count.refused,
    }


def _enrol(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    made = enrol_by_stick(service, options.incoming, options.outgoing)
    service.write(lambda c: controls.note(c, service.keys.county, options.by, "enrol-stick", str(made["device"])))
    return made
