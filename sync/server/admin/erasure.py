"""``erase-request``, ``erase-approve``: payloads erased by law; two people, a retention check, a record.

What concerns others is restated first by a county revision (``--keep`` names its leaves); then payload, salt and
blobs go, here and on every device. Retention days by document type stand in the control document ``retention``.
"""

from __future__ import annotations

import argparse
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from fieldapp.domain.merging import merge
from fieldapp.domain.payload import Payload
from fieldapp.domain.pointers import Json, get, put
from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError, RefusedError, StateError, StorageError
from sync.server.admin.command import add_command
from sync.server.clock import now, now_text
from sync.server.erasing import apply_erasure
from sync.server.importing import Chain, Document, document_contents
from sync.server.ingest.committing import commit
from sync.server.service import Service
from sync.server.storage import controls, revisions
from sync.server.storage.schema import documents, erasure_requests
from sync.server.storage.schema import revisions as revisions_

GROUNDS = ("owner_request", "wrong_person", "court", "retention_over")
#: grounds that do not wait for the retention time to pass
OVER_RETENTION = ("wrong_person", "court")


def register(commands: Any) -> None:
    ask = add_command(commands, "erase-request", _ask, "ask for a document's content to be erased")
    ask.add_argument("--document", required=True)
    ask.add_argument("--why", required=True, choices=GROUNDS)
    ask.add_argument("--keep", action="append", default=[], help="leaf that concerns others, restated first")
    add_command(commands, "retention-check", _retention, "by type: how long kept, how many, how many kept long enough")
    approve = add_command(commands, "erase-approve", _approve, "a second person approves, and it is done")
    approve.add_argument("request")


def request_erasure(service: Service, document: str, why: str, keep: list[str], *, by: str) -> str:
    """Note the request; its id. Raises InputError ``document.unknown``, RefusedError ``erasure.retention`` while the
    law wants the record kept, ``erasure.no_retention`` while no time is published for its type."""

    def work(connection: Connection) -> str:
        county = service.keys.county
        found = revisions.document_areas(connection, county, [document]).get(document)
        if found is None or found[0] is None:
            raise InputError("document.unknown")
        _check_retention(service, connection, document, found[1], why)
        name = secrets.token_hex(4)
        connection.execute(
            insert(erasure_requests).values(
                county=county,
                request=name,
                document=document,
                why=why,
                keep=json.dumps(keep),
                asked_by=by,
                asked_at=now_text(),
            )
        )
        controls.note(connection, county, by, "erase-request", document)
        return name

    return service.write(work)


def approve_erasure(service: Service, request: str, *, by: str) -> Statement:
    """Carry the request out. Raises RefusedError ``erasure.own_request``, StateError ``erasure.done``, InputError
    ``erasure.unknown``."""

    def work(connection: Connection) -> Statement:
        county = service.keys.county
        here = (erasure_requests.c.county == county, erasure_requests.c.request == request)
        row = connection.execute(select(erasure_requests).where(*here).with_for_update()).first()
        if row is None:
            raise InputError("erasure.unknown")
        if row.approved_by is not None:
            raise StateError("erasure.done")
        if row.asked_by == by:
            raise RefusedError("erasure.own_request")
        written = _restate(service, connection, row.document, json.loads(row.keep))
        body = {"revisions": written, "document": row.document, "why": row.why, "at": now_text()}
        statement = service.keys.sign("erasure", body)
        apply_erasure(service, connection, statement)
        connection.execute(update(erasure_requests).where(*here).values(approved_by=by, approved_at=now_text()))
        controls.note(connection, county, by, "erase-approve", row.document)
        return statement

    return service.write(work)


def _restate(service: Service, connection: Connection, document: str, keep: list[str]) -> dict[str, list[str]]:
    """A county revision with the kept leaves; the ids to erase, each with the paths it wrote."""
    contents = document_contents(service, connection, [document]).get(document, [])
    if not contents:
        raise StorageError("storage.damaged", where=document)  # a tombstone that names nothing would erase nothing
    if keep:
        merged = merge(contents)
        state: dict[str, Json] = {}
        for pointer in keep:
            put(state, pointer, get(merged.state, pointer))
        area, kind = revisions.document_areas(connection, service.keys.county, [document])[document]
        made = Document(kind, area or service.keys.county, document, state)
        item = Chain(service, connection).sign(made, Payload(state, tuple(keep)), merged.leaves, made.area)
        commit(connection, service.county(connection), [item], now_text())
    return {content.id: list(content.set) for content in contents}


def _check_retention(service: Service, connection: Connection, document: str, kind: str, why: str) -> None:
    if why in OVER_RETENTION:
        return
    rule = controls.newest(connection, service.keys.county, "retention")
    kept = rule.body["content"] if rule else {}
    if kind not in kept:
        raise RefusedError("erasure.no_retention", where=kind)  # nobody said how long: never taken for "not at all"
    days = int(kept[kind])
    rows = revisions.of_documents(connection, service.keys.county, [document])
    newest = max((row.received_at for row in rows), default="")
    if days and newest and datetime.fromisoformat(newest) + timedelta(days=days) > now():
        raise RefusedError("erasure.retention", where=kind, days=days)


def retention_counts(service: Service) -> list[dict[str, Any]]:
    """By document type: days to be kept (None while nobody published it), documents, those kept that long."""

    def work(connection: Connection) -> list[dict[str, Any]]:
        county = service.keys.county
        rule = controls.newest(connection, county, "retention")
        kept = rule.body["content"] if rule else {}
        here = (documents.c.county == revisions_.c.county) & (documents.c.document == revisions_.c.document)
        newest = select(documents.c.type, documents.c.document, func.max(revisions_.c.received_at).label("at"))
        newest = newest.join(revisions_, here).where(documents.c.county == county, revisions_.c.payload.is_not(None))
        counts: dict[str, list[int]] = {}
        for kind, _, at in connection.execute(newest.group_by(documents.c.type, documents.c.document)):
            days = kept.get(kind)
            over = days is not None and datetime.fromisoformat(at) + timedelta(days=int(days)) <= now()
            count = counts.setdefault(kind, [0, 0])
            count[0] += 1
            count[1] += over
        return [
            {"type": kind, "days": kept.get(kind), "documents": count, "over": over}
            for kind, (count, over) in sorted(counts.items())
        ]

    return service.read(work)


def _retention(service: Service, options: argparse.Namespace) -> list[dict[str, Any]]:
    found = retention_counts(service)
    over = sum(row["over"] for row in found)
    service.write(lambda c: controls.note(c, service.keys.county, options.by, "retention-check", str(over)))
    return found


def _ask(service: Service, options: argparse.Namespace) -> dict[str, str]:
    return {"request": request_erasure(service, options.document, options.why, options.keep, by=options.by)}


def _approve(service: Service, options: argparse.Namespace) -> dict[str, Any]:
    statement = approve_erasure(service, options.request, by=options.by)
    return {"erased": statement.body["document"], "revisions": len(statement.body["revisions"])}
