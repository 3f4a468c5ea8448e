"""Revisions and documents as rows; the one hot insert."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from sync.server.storage.schema import documents, erasures, revision_blobs, revisions, waiting

CHUNK = 500
"""Ids in one IN list: SQLite counts parameters."""


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
_ARRAYS = {"device_seq": "bigint", "envelope": "bytea", "signature": "bytea", "payload": "bytea"}
_UNNEST = "INSERT INTO revisions ({}) SELECT * FROM unnest({})".format(
    ", ".join(_COLUMNS), ", ".join(f"%b::{_ARRAYS.get(name, 'text')}[]" for name in _COLUMNS)
)


def insert_revisions(connection: Connection, rows: Sequence[NewRevision]) -> None:
    """All rows at once; on PostgreSQL as binary arrays, one per column."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.cursor().execute(_UNNEST, [list(column) for column in zip(*map(_values, rows), strict=True)])
    else:
        connection.execute(insert(revisions), [{name: getattr(row, name) for name in _COLUMNS} for row in rows])


def revision_rows(connection: Connection, county: str, ids: Iterable[str], *, contents: bool) -> dict[str, Row[Any]]:
    """The stored ones of ``ids``; envelope, signature and payload only with ``contents``."""
    plain = [c for c in revisions.c if contents or c.name not in ("envelope", "signature", "payload")]
    found: dict[str, Row[Any]] = {}
    for part in chunks(sorted(set(ids))):
        query = select(*plain, revisions.c.payload.is_not(None).label("held")).where(
            revisions.c.county == county, revisions.c.revision.in_(part)
        )
        found.update({row.revision: row for row in connection.execute(query)})
    return found


def of_documents(connection: Connection, county: str, documents: Sequence[str]) -> list[Row[Any]]:
    """The accepted revisions of some documents, with envelopes and payloads."""
    found: list[Row[Any]] = []
    for part in chunks(sorted(set(documents))):
        query = select(revisions).where(revisions.c.county == county, revisions.c.document.in_(part))
        found += connection.execute(query.where(revisions.c.state == "accepted").order_by(revisions.c.revision))
    return found


def taken_numbers(
    connection: Connection, county: str, wanted: Mapping[str, Iterable[int]]
) -> dict[tuple[str, int], set[str]]:
    """(device, number) -> revision ids already stored under it."""
    taken: dict[tuple[str, int], set[str]] = {}
    for device, numbers in wanted.items():
        for part in chunks(sorted(set(numbers))):
            query = select(revisions.c.device_seq, revisions.c.revision).where(
                revisions.c.county == county, revisions.c.device == device, revisions.c.device_seq.in_(part)
            )
            for seq, revision in connection.execute(query):
                taken.setdefault((device, seq), set()).add(revision)
    return taken


def lock_documents(connection: Connection, county: str, types: Mapping[str, str]) -> dict[str, DocumentRow]:
    """The rows of these documents (id -> type for new ones), locked in the order of their ids."""
    ids = sorted(types)
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    fresh = [{"county": county, "document": name, "type": types[name], "area": None, "leaves": ""} for name in ids]
    connection.execute(make(documents).on_conflict_do_nothing(), fresh)
    found = {}
    for part in chunks(ids):
        query = select(documents).where(documents.c.county == county, documents.c.document.in_(part))
        for row in connection.execute(query.order_by(documents.c.document).with_for_update()):
            found[row.document] = DocumentRow(row.document, row.type, row.area, set(row.leaves.split()))
    return found


def keep_documents(connection: Connection, county: str, changed: Iterable[DocumentRow]) -> None:
    rows = [
        {"at": row.document, "type": row.type, "area": row.area, "leaves": " ".join(sorted(row.leaves))}
        for row in changed
    ]
    if rows:
        here = update(documents).where(documents.c.county == county, documents.c.document == bindparam("at"))
        values = here.values(type=bindparam("type"), area=bindparam("area"), leaves=bindparam("leaves"))
        connection.execute(values, rows)


def document_areas(connection: Connection, county: str, ids: Iterable[str]) -> dict[str, tuple[str | None, str]]:
    """document -> (current area, type)."""
    found = {}
    for part in chunks(sorted(set(ids))):
        query = select(documents.c.document, documents.c.area, documents.c.type)
        for row in connection.execute(query.where(documents.c.county == county, documents.c.document.in_(part))):
            found[row.document] = (row.area, row.type)
    return found


def set_state(connection: Connection, county: str, revision: str, state: str, reason: str) -> None:
    here = update(revisions).where(revisions.c.county == county, revisions.c.revision == revision)
    connection.execute(here.values(state=state, reason=reason))


def set_payload(connection: Connection, county: str, revision: str, sealed: bytes | None) -> None:
    here = update(revisions).where(revisions.c.county == county, revisions.c.revision == revision)
    connection.execute(here.values(payload=sealed))


def keep_blob_names(connection: Connection, county: str, pairs: Sequence[tuple[str, str]]) -> None:
    """(revision, blob) pairs."""
    if pairs:
        rows = [{"county": county, "revision": revision, "blob": blob} for revision, blob in pairs]
        make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(make(revision_blobs).on_conflict_do_nothing(), rows)


def set_waiting(connection: Connection, county: str, revision: str, missing: Iterable[str]) -> None:
    """``revision`` waits for exactly ``missing``."""
    connection.execute(delete(waiting).where(waiting.c.county == county, waiting.c.revision == revision))
    rows = [{"county": county, "missing": name, "revision": revision} for name in sorted(set(missing))]
    if rows:
        connection.execute(insert(waiting), rows)


def waiting_for(connection: Connection, county: str, arrived: Iterable[str]) -> list[str]:
    """Revisions that waited for one of ``arrived``."""
    found: set[str] = set()
    for part in chunks(sorted(set(arrived))):
        query = select(waiting.c.revision).where(waiting.c.county == county, waiting.c.missing.in_(part))
        found |= set(connection.execute(query).scalars())
    return sorted(found)


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
    found: set[str] = set()
    for part in chunks(sorted(set(ids))):
        query = select(erasures.c.revision).where(erasures.c.county == county, erasures.c.revision.in_(part))
        found |= set(connection.execute(query).scalars())
    return found


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
