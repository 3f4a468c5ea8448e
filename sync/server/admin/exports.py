"""``export-household``: everything on file about one household, for its owner's request (PIPL art. 45)."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from fieldapp.errors import InputError
from sync.server.admin.command import add_command
from sync.server.keys import write_private
from sync.server.reading import ReadDocument, documents_of
from sync.server.service import Service
from sync.server.storage import controls

#: reports about somebody's safety are never in a family's own file
LEFT_OUT = ("sealed_report", "access_log")


def register(commands: Any) -> None:
    out = add_command(commands, "export-household", _export, "all documents of a household, as JSON")
    out.add_argument("--household", required=True)
    out.add_argument("file", type=Path)


def household_file(service: Service, household: str) -> dict[str, Any]:
    """The household, its people and whatever names them. Raises InputError ``document.unknown``."""

    def work(connection: Connection) -> list[ReadDocument]:
        everything = [d for d in documents_of(service, connection) if d.type not in LEFT_OUT]
        people = {d.id for d in everything if d.type == "person" and _household_of(d) == household}
        wanted = {household, *people}
        found = [d for d in everything if d.id in wanted or _names(d, wanted)]
        subjects = {d.id for d in found}
        return found + [d for d in everything if d.type == "review" and d.state.get("subject") in subjects - wanted]

    documents = service.read(work)
    if household not in {document.id for document in documents}:
        raise InputError("document.unknown")
    return {
        "county": service.keys.county,
        "household": household,
        "documents": [
            {
                "id": document.id,
                "type": document.type,
                "state": document.state,
                "contested": {
                    path: [value.value for value in values] for path, values in document.merged.conflicts.items()
                },
            }
            for document in documents
        ],
    }


def _household_of(document: ReadDocument) -> object:
    membership = document.state.get("membership")
    return membership.get("household") if isinstance(membership, dict) else None


def _names(document: ReadDocument, wanted: set[str]) -> bool:
    return any(document.state.get(key) in wanted for key in ("household", "person"))


def _export(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    body = household_file(service, options.household)
    write_private(options.file, json.dumps(body, ensure_ascii=False, indent=1).encode())
    service.write(lambda c: controls.note(c, service.keys.county, options.by, "export-household", options.household))
    return {"file": str(options.file), "documents": len(body["documents"])}
