"""What the county cannot open any more: a flipped byte on its disk. It is named, and everything else flows on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, delete, func, select

from sync.server.clock import now_text
from sync.server.storage.bulk import among, insert_many
from sync.server.storage.schema import damaged, documents, revisions

REVISION, BLOB = "revision", "blob"


def note(connection: Connection, county: str, kind: str, subjects: Iterable[str]) -> None:
    rows = [(county, kind, subject, now_text()) for subject in sorted(set(subjects))]
    insert_many(connection, damaged, ("county", "kind", "subject", "at"), rows, ignore=True)


def mended(connection: Connection, county: str, kind: str, subjects: Iterable[str]) -> None:
    here = (damaged.c.county == county, damaged.c.kind == kind, among(damaged.c.subject, list(subjects)))
    connection.execute(delete(damaged).where(*here))


def count(connection: Connection, county: str) -> int:
    return connection.execute(select(func.count()).select_from(damaged).where(damaged.c.county == county)).scalar_one()


def written_by(connection: Connection, county: str, device: str) -> list[str]:
    """Damaged revisions of one device."""
    here = (revisions.c.county == damaged.c.county) & (revisions.c.revision == damaged.c.subject)
    query = select(damaged.c.subject).join(revisions, here)
    query = query.where(damaged.c.county == county, damaged.c.kind == REVISION, revisions.c.device == device)
    return list(connection.execute(query.order_by(revisions.c.device_seq)).scalars())


def listed(connection: Connection, county: str) -> list[dict[str, Any]]:
    """For the office: what, since when, whose, of which document; no content."""
    here = (revisions.c.county == damaged.c.county) & (revisions.c.revision == damaged.c.subject)
    there = (documents.c.county == revisions.c.county) & (documents.c.document == revisions.c.document)
    query = select(
        damaged.c.kind, damaged.c.subject, damaged.c.at, revisions.c.document, documents.c.type, documents.c.area,
        revisions.c.author, revisions.c.device,
    ).outerjoin(revisions, here).outerjoin(documents, there)  # fmt: skip
    rows = connection.execute(query.where(damaged.c.county == county).order_by(damaged.c.at))
    return [dict(row._mapping) for row in rows]
