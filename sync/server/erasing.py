"""Erasure on the server: payload, salt and blobs go, the signed tombstone stays and travels in the feed."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from fieldapp.domain.feed import ERASE
from fieldapp.domain.statements import Statement
from sync.server.blobs import BlobFiles
from sync.server.clock import now_text
from sync.server.service import Service
from sync.server.storage import feeds, revisions
from sync.server.storage.bulk import among
from sync.server.storage.packing import pack_statement
from sync.server.storage.schema import blobs, erasures, revision_blobs


def apply_erasure(service: Service, connection: Connection, statement: Statement) -> None:
    """Erase what a checked ``erasure`` statement names. Revisions that are not here are remembered as erased.

    Blob files go last: when the transaction fails they are still whole, and erasing again is harmless.
    """
    county = service.keys.county
    names = [name for name in statement.body["revisions"] if isinstance(name, str)]
    known = revisions.erased(connection, county, names)
    fresh = [name for name in names if name not in known]
    at = now_text()
    for name in fresh:
        connection.execute(
            insert(erasures).values(county=county, revision=name, statement=pack_statement(statement), at=at)
        )
        revisions.set_payload(connection, county, name, None)
    rows = revisions.revision_rows(connection, county, fresh, contents=False)
    areas = revisions.document_areas(connection, county, {row.document for row in rows.values()})
    events = [
        feeds.Event(area, ERASE, name, statement)
        for name, row in rows.items()
        if row.state == "accepted" and (area := areas[row.document][0]) is not None
    ]
    feeds.append(connection, county, service.row(connection).epoch, events, at)
    for blob in _orphans(connection, county, names):
        connection.execute(delete(blobs).where(blobs.c.county == county, blobs.c.blob == blob))
        BlobFiles(service.blobs, service.sealer).erase(blob)


def _orphans(connection: Connection, county: str, names: list[str]) -> list[str]:
    """Blobs that only erased revisions name."""
    mine = select(revision_blobs.c.blob).where(
        revision_blobs.c.county == county, among(revision_blobs.c.revision, names)
    )
    found = []
    for blob in connection.execute(mine.distinct()).scalars().all():
        here = (revision_blobs.c.county == county, revision_blobs.c.blob == blob)
        claims = set(connection.execute(select(revision_blobs.c.revision).where(*here)).scalars())
        if claims <= revisions.erased(connection, county, claims):
            found.append(blob)
    return found
