"""Revisions and documents as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from sync.server.storage.bulk import among, insert_many, update_many
from sync.server.storage.schema import documents, erasures, revision_blobs, revisions, waiting


@dataclass(frozen=True)
class NewRevision:
    """A row of ``revisions``, in the order of its columns."""

    county: str
    revision: str
    document: str
    device: str
    device_seq: int
    author: str
    area: str
    state: str
    reason: str
    received_at: str
    envelope: bytes
    signature: bytes
    payload: bytes | None


@dataclass
class DocumentRow:
    """``area`` is None until a first revision is accepted; ``leaves`` are the accepted ones."""

    document: str
    type: str
    area: str | None
    leaves: set[str]


_COLUMNS = tuple(field.name for field in fields(NewRevision))
_values = attrgetter(*_COLUMNS)


def insert_revisions(connection: Connection, rows: Sequence[NewRevision]) -> None:
    """All rows at once."""
    insert_many(connection, revisions, _COLUMNS, [_values(row) for row in rows])


def revision_rows(connection: Connection, county: str, ids: Iterable[str], *, contents: bool) -> dict[str, Row[Any]]:
    """The stored ones of ``ids``; envelope, signature and payload only with ``contents``."""
    plain = [c for c in revisions.c if contents or c.name not in ("envelope", "signature", "payload")]
    query = select(*plain, revisions.c.payload.is_not(None).label("held"))
    here = query.where(revisions.c.county == county, among(revisions.c.revision, list(ids)))
    found: dict[str, Row[Any]] = {}
    found.update({row.revision: row for row in connection.execute(here)})
    return found


def of_documents(connection: Connection, county: str, documents: Iterable[str]) -> list[Row[Any]]:
    """The accepted revisions of some documents, with envelopes and payloads."""
    query = select(revisions).where(revisions.c.county == county, among(revisions.c.document, list(documents)))
    return list(connection.execute(query.where(revisions.c.state == "accepted").order_by(revisions.c.revision)))


def taken_numbers(
    connection: Connection, county: str, wanted: Mapping[str, Iterable[int]]
) -> dict[tuple[str, int], set[str]]:
    """(device, number) -> revision ids already stored under it."""
    taken: dict[tuple[str, int], set[str]] = {}
    for device, numbers in wanted.items():
        query = select(revisions.c.device_seq, revisions.c.revision).where(
            revisions.c.county == county, revisions.c.device == device, among(revisions.c.device_seq, list(numbers))
        )
        for seq, revision in connection.execute(query):
            taken.setdefault((device, seq), set()).add(revision)
    return taken


def lock_documents(connection: Connection, county: str, types: Mapping[str, str]) -> dict[str, DocumentRow]:
    """The rows of these documents (id -> type for new ones), locked in the order of their ids."""
    ids = sorted(types)
    fresh = [(county, name, types[name], None, "") for name in ids]
    insert_many(connection, documents, ("county", "document", "type", "area", "leaves"), fresh, ignore=True)
    query = select(documents).where(documents.c.county == county, among(documents.c.document, ids))
    return {
        row.document: DocumentRow(row.document, row.type, row.area, set(row.leaves.split()))
        for row in connection.execute(query.order_by(documents.c.document).with_for_update())
    }


def keep_documents(connection: Connection, county: str, changed: Iterable[DocumentRow]) -> None:
    rows = [(county, row.document, row.type, row.area, " ".join(sorted(row.leaves))) for row in changed]
    update_many(connection, documents, ("county", "document"), ("type", "area", "leaves"), rows)


def document_areas(connection: Connection, county: str, ids: Iterable[str]) -> dict[str, tuple[str | None, str]]:
    """document -> (current area, type)."""
    query = select(documents.c.document, documents.c.area, documents.c.type)
    here = query.where(documents.c.county == county, among(documents.c.document, list(ids)))
    return {row.document: (row.area, row.type) for row in connection.execute(here)}


def set_state(connection: Connection, county: str, revision: str, state: str, reason: str) -> None:
    here = update(revisions).where(revisions.c.county == county, revisions.c.revision == revision)
    connection.execute(here.values(state=state, reason=reason))


def set_payload(connection: Connection, county: str, revision: str, sealed: bytes | None) -> None:
    here = update(revisions).where(revisions.c.county == county, revisions.c.revision == revision)
    connection.execute(here.values(payload=sealed))


def keep_blob_names(connection: Connection, county: str, pairs: Sequence[tuple[str, str]]) -> None:
    """(revision, blob) pairs."""
    rows = [(county, *pair) for pair in pairs]
    insert_many(connection, revision_blobs, ("county", "revision", "blob"), rows, ignore=True)


def set_waiting(connection: Connection, county: str, revision: str, missing: Iterable[str]) -> None:
    """``revision`` waits for exactly ``missing``."""
    connection.execute(delete(waiting).where(waiting.c.county == county, waiting.c.revision == revision))
    rows = [{"county": county, "missing": name, "revision": revision} for name in sorted(set(missing))]
    if rows:
        connection.execute(insert(waiting), rows)


def waiting_for(connection: Connection, county: str, arrived: Iterable[str]) -> list[str]:
    """Revisions that waited for one of ``arrived``."""
    query = select(waiting.c.revision).where(waiting.c.county == county, among(waiting.c.missing, list(arrived)))
    return sorted(set(connection.execute(query).scalars()))


def waiting_in_vain(connection: Connection, county: str) -> list[str]:
    """Waiting revisions one of whose missing ones is here by now: left by a server that was killed in between."""
    here = (revisions.c.county == waiting.c.county) & (revisions.c.revision == waiting.c.missing)
    query = select(waiting.c.revision).join(revisions, here)
    query = query.where(waiting.c.county == county, revisions.c.state == "accepted")
    return sorted(set(connection.execute(query).scalars()))


def put_aside(connection: Connection, county: str, device: str, reasons: Sequence[str]) -> list[str]:
    """A device's quarantined revisions with one of these reasons, in the order of its chain."""
    query = select(revisions.c.revision).where(
        revisions.c.county == county,
        revisions.c.device == device,
        revisions.c.state == "quarantined",
        revisions.c.reason.in_(reasons),
    )
    return list(connection.execute(query.order_by(revisions.c.device_seq)).scalars())


def erased(connection: Connection, county: str, ids: Iterable[str]) -> set[str]:
    query = select(erasures.c.revision).where(erasures.c.county == county, among(erasures.c.revision, list(ids)))
    return set(connection.execute(query).scalars())
