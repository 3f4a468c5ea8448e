"""What the county imports becomes revisions of a certified device of the county, in that device's chain."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, select

from fieldapp.domain.areas import is_area
from fieldapp.domain.ids import device_id, new_document_id
from fieldapp.domain.merging import RevisionContent, merge, written_paths
from fieldapp.domain.payload import Payload, parse_payload
from fieldapp.domain.pointers import Json, get, leaves, put
from fieldapp.domain.revision import sign_revision
from fieldapp.domain.roles import TABLE
from fieldapp.errors import InputError, StorageError
from sync.server.clock import now_text
from sync.server.ingest.checking import Checked
from sync.server.ingest.committing import Outcome, commit
from sync.server.keys import IMPORTER
from sync.server.logs import log
from sync.server.service import Service
from sync.server.storage import people, revisions
from sync.server.storage.schema import revisions as revision_table

BATCH = 1000


@dataclass(frozen=True)
class Document:
    """A document as it should read; ``document`` is its id, a fresh one when empty."""

    type: str
    area: str
    document: str
    state: Mapping[str, Json]


@dataclass
class Count:
    """How many documents were made, changed or already read so; ``refused``: (document id, reason)."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[str, str]] | None = None


def read_documents(path: Path) -> Iterator[Document]:
    """The lines of an NDJSON file of {type, area, document, state}.

    Raises InputError ``import.line`` with the line's number.
    """
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _document(line, f"{path.name}:{number}")


def import_documents(service: Service, documents: Iterable[Document]) -> Count:
    """Write each document's leaves that read otherwise, a thousand documents to a transaction. Importing the same
    again changes nothing; a field two people already contest stays contested until the import decides it."""
    count = Count(refused=[])
    queue = (d if d.document else replace(d, document=new_document_id()) for d in documents)
    while batch := list(itertools.islice(queue, BATCH)):
        for outcome in service.write(partial(_import_batch, service, count, batch)):
            if outcome.state != "accepted" and count.refused is not None:
                count.refused.append((outcome.id, outcome.reason))
    return count


def _document(line: str, where: str) -> Document:
    try:
        body = json.loads(line)
        made = Document(body["type"], body["area"], body.get("document") or new_document_id(), body["state"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError("import.line", where=where) from None
    if made.type not in TABLE or not is_area(made.area) or not isinstance(made.state, dict):
        raise InputError("import.line", where=where)
    return made


def _import_batch(service: Service, count: Count, batch: list[Document], connection: Connection) -> list[Outcome]:
    county = service.county(connection)
    chain = Chain(service, connection)
    known = _standing(service, connection, [document.document for document in batch])
    unreadable = revisions.document_areas(connection, county.id, [d.document for d in batch]).keys() - known.keys()
    items = []
    for document in batch:
        if document.document in unreadable and count.refused is not None:
            count.refused.append((document.document, "storage.damaged"))
            continue
        before = known.get(document.document)
        payload, parents, area = _difference(document, before)
        if not payload.set:
            count.unchanged += 1
            continue
        count.created += before is None
        count.changed += before is not None
        items.append(chain.sign(document, payload, parents, area))
    return commit(connection, county, items, now_text()) if items else []


@dataclass(frozen=True)
class _Standing:
    state: Mapping[str, Json]
    leaves: tuple[str, ...]
    area: str


def _difference(document: Document, before: _Standing | None) -> tuple[Payload, tuple[str, ...], str]:
    """What to write, on top of which leaves, in which area."""
    named = [path for path, _ in leaves(document.state)]
    if before is None:
        return Payload(document.state, tuple(named)), (), document.area
    changed = written_paths(before.state, document.state, named)
    state: dict[str, Json] = json.loads(json.dumps(before.state))
    for path in changed:
        put(state, path, get(document.state, path))
    return Payload(state, changed), before.leaves, before.area


def _standing(service: Service, connection: Connection, ids: list[str]) -> dict[str, _Standing]:
    """How the documents that are here read now."""
    areas = revisions.document_areas(connection, service.keys.county, ids)
    found = {}
    for name, contents in document_contents(service, connection, list(areas)).items():
        area, _ = areas[name]
        if area is not None:
            merged = merge(contents)
            found[name] = _Standing(merged.state, merged.leaves, area)
    return found


def document_contents(
    service: Service, connection: Connection, documents: Sequence[str]
) -> dict[str, list[RevisionContent]]:
    """The accepted revisions of some documents, as merging takes them. A document is left out, and named in the log,
    when a part of it does not open any more: what is left of it would read as something nobody wrote."""
    found: dict[str, list[RevisionContent]] = {}
    damaged: set[str] = set()
    for row in revisions.of_documents(connection, service.keys.county, documents):
        envelope = json.loads(row.envelope)
        payload = None
        if row.payload is not None:
            try:
                payload = parse_payload(service.sealer.open_payload(row.revision, row.payload)[1])
            except StorageError:
                log("damaged", kind="revision", subjects=[row.revision])
                damaged.add(row.document)
        found.setdefault(row.document, []).append(
            RevisionContent(
                row.revision,
                tuple(envelope["parents"]),
                row.author,
                row.device,
                envelope["claimed_at"],
                payload.set if payload else (),
                payload.state if payload else None,
            )
        )
    return {name: contents for name, contents in found.items() if name not in damaged}


class Chain:
    """The importing device's chain; its row is locked, so that two imports never sign the same number."""

    def __init__(self, service: Service, connection: Connection) -> None:
        self._key = service.keys.importer
        self._county = service.keys.county
        self.device = device_id(self._key.public_key().public_bytes_raw())
        people.load_devices(connection, self._county, [self.device], lock=True)
        query = select(revision_table.c.device_seq, revision_table.c.revision).where(
            revision_table.c.county == self._county, revision_table.c.device == self.device
        )
        last = connection.execute(query.order_by(revision_table.c.device_seq.desc()).limit(1)).first()
        self._seq: int = last.device_seq if last else 0
        self._prev: str | None = last.revision if last else None
        self._now = now_text()

    def sign(self, document: Document, payload: Payload, parents: tuple[str, ...], area: str) -> Checked:
        self._seq += 1
        revision = sign_revision(
            self._key, payload,
            county=self._county, document=document.document, type=document.type, area=area, parents=parents,
            author=IMPORTER, device=self.device, device_seq=self._seq, prev=self._prev, seen={},
            claimed_at=self._now, form_id=None, form_version=None,
        )  # fmt: skip
        self._prev = revision.id
        return Checked(revision.id, revision, revision.envelope)
