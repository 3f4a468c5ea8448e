"""``backup``, ``restore``, ``open-pulls``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sync.server.admin.command import add_command
from sync.server.backups import back_up, open_pulls, restore
from sync.server.ingest.workshop import Workshop
from sync.server.keys import read_server_keys
from sync.server.sealing import Sealer
from sync.server.service import Service
from sync.server.storage import controls
from sync.server.storage.engine import create_tables, open_engine
from sync.server.tokens import TokenMaker


def register(commands: Any) -> None:
    out = add_command(commands, "backup", _backup, "write a sealed backup and verify it")
    out.add_argument("file", type=Path)
    add_command(commands, "open-pulls", _open, "after a restore: clients had time to return what was lost")
    back = commands.add_parser("restore", help="fill an empty database from a backup: a new epoch, push first")
    back.set_defaults(handler=None, alone=_restore)
    back.add_argument("--db", required=True)
    back.add_argument("--blobs", required=True, type=Path)
    back.add_argument("--key-file", required=True, type=Path)
    back.add_argument("file", type=Path)


def restored_service(url: str, blobs: Path, key_file: Path, file: Path) -> Service:
    """The service over an empty database, filled from ``file``."""
    keys = read_server_keys(key_file)
    engine = open_engine(url)
    create_tables(engine)
    blobs.mkdir(parents=True, exist_ok=True)
    service = Service(engine, blobs, keys, Sealer(keys.master), TokenMaker(keys.master), Workshop(keys))
    restore(service, file)
    return service


def _backup(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    statement = back_up(service, options.file)
    service.write(lambda c: controls.note(c, service.keys.county, options.by, "backup", str(statement.body["epoch"])))
    return {"file": str(options.file), "covers": statement.body["areas"]}


def _restore(options: argparse.Namespace) -> dict[str, Any]:
    service = restored_service(options.db, options.blobs, options.key_file, options.file)
    try:
        return {"epoch": service.read(service.row).epoch, "pulls": "shut until: admin open-pulls"}
    finally:
        service.close()


def _open(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    open_pulls(service)
    service.write(lambda c: controls.note(c, service.keys.county, options.by, "open-pulls", ""))
    return {"epoch": service.read(service.row).epoch, "restoring": False}
