"""Receipts: what the county holds, signed after the commit that made it durable."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from fieldapp.domain.statements import Statement
from sync.server.clock import now_text
from sync.server.ingest.committing import County
from sync.server.storage import feeds, revisions
from sync.server.storage.bulk import among
from sync.server.storage.schema import blobs, revision_blobs

Body = dict[str, Any]


def issue(connection: Connection, county: County, ids: Iterable[str]) -> dict[str, Statement]:
    """A receipt for each stored one of ``ids``, as it stands in this reading transaction."""
    found = bodies(connection, county, ids)
    return {name: county.keys.sign("receipt", body) for name, body in found.items()}


def bodies(connection: Connection, county: County, ids: Iterable[str]) -> dict[str, Body]:
    """What the receipts say, not yet signed."""
    rows = revisions.revision_rows(connection, county.id, ids, contents=False)
    held = _held_blobs(connection, county.id, rows)
    areas = revisions.document_areas(connection, county.id, {row.document for row in rows.values()})
    heads = feeds.heads_of(connection, county.id, county.epoch, {area for area, _ in areas.values() if area})
    at = now_text()
    said: dict[str, Body] = {}
    for name, row in rows.items():
        area = areas[row.document][0] if row.document in areas else None
        head = heads.get(area) if area else None
        said[name] = {
            "epoch": county.epoch,
            "revision": name,
            "state": row.state,
            "reason": row.reason,
            "payload_held": row.held,
            "blobs_held": held.get(name, []),
            "area": area,
            "seq": head.seq if head else None,
            "hash": head.hash if head else None,
            "at": at,
        }
    return said


def _held_blobs(connection: Connection, county: str, ids: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    here = (blobs.c.county == revision_blobs.c.county) & (blobs.c.blob == revision_blobs.c.blob)
    query = select(revision_blobs.c.revision, revision_blobs.c.blob).join(blobs, here)
    query = query.where(revision_blobs.c.county == county, among(revision_blobs.c.revision, list(ids)))
    for revision, blob in connection.execute(query):
        found.setdefault(revision, []).append(blob)
    return {name: sorted(names) for name, names in found.items()}
