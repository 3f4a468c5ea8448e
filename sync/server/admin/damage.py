"""``damaged``: what no longer opens. Payloads come back by themselves when their authors sync, files from a backup."""

from __future__ import annotations

import argparse
from typing import Any

from sqlalchemy import select

from fieldapp.errors import StorageError
from sync.server.admin.command import add_command
from sync.server.blobs import BlobFiles
from sync.server.service import Service
from sync.server.storage import damage
from sync.server.storage.schema import blobs, revisions


def register(commands: Any) -> None:
    command = add_command(commands, "damaged", _damaged, "records and files that no longer open, and whose they are")
    command.add_argument("--check", action="store_true", help="open everything once, instead of waiting for a reader")


def check_all(service: Service) -> dict[str, int]:
    """Open every payload and every file; how many of each do not."""
    county = service.keys.county
    payloads: set[str] = set()
    with service.engine.connect() as connection:
        query = select(revisions.c.revision, revisions.c.payload).where(
            revisions.c.county == county, revisions.c.payload.is_not(None)
        )
        for row in connection.execution_options(yield_per=500).execute(query):
            try:
                service.sealer.open_payload(row.revision, row.payload)
            except StorageError:
                payloads.add(row.revision)
        names = list(connection.execute(select(blobs.c.blob).where(blobs.c.county == county)).scalars())
    files = {name for name in names if not BlobFiles(service.blobs, service.sealer).sound(name)}
    service.note_damage(damage.REVISION, payloads)
    service.note_damage(damage.BLOB, files)
    return {damage.REVISION: len(payloads), damage.BLOB: len(files)}


def _damaged(service: Service, options: argparse.Namespace) -> list[dict[str, Any]]:
    if options.check:
        check_all(service)
    return service.read(lambda c: damage.listed(c, service.keys.county))
