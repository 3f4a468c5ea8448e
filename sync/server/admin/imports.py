"""``import-documents``: many documents at once, for a first filling or a move from another system."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sync.server.admin.command import add_command
from sync.server.importing import import_documents, read_documents
from sync.server.service import Service
from sync.server.storage import controls


def register(commands: Any) -> None:
    bulk = add_command(commands, "import-documents", _bulk, "NDJSON lines of {type, area, document, state}")
    bulk.add_argument("file", type=Path)


def _bulk(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    count = import_documents(service, read_documents(options.file))
    service.write(lambda c: controls.note(c, service.keys.county, options.by, "import-documents", options.file.name))
    return {
        "created": count.created,
        "changed": count.changed,
        "unchanged": count.unchanged,
        "refused": count.refused,
    }
