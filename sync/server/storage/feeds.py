"""The areas' feeds: appended under a lock on the area's counter row, read in pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, tuple_

from fieldapp.domain import feed as chain
from fieldapp.domain.feed import EVICT, VERDICT
from fieldapp.domain.revision import FeedHead
from fieldapp.domain.statements import Statement
from sync.server.storage.bulk import among, insert_many, update_many
from sync.server.storage.packing import pack_statement, unpack_statement
from sync.server.storage.schema import feed, feed_heads

_COLUMNS = tuple(feed.c.keys())


@dataclass(frozen=True)
class Event:
    """A row to append: see ``fieldapp.domain.feed``."""

    area: str
    kind: str
    subject: str
    statement: Statement | None = None


@dataclass(frozen=True)
class Kept:
    """A stored row."""

    area: str
    seq: int
    kind: str
    subject: str
    statement: Statement | None
    hash: str
    at: str


def append(connection: Connection, county: str, epoch: int, events: Sequence[Event], at: str) -> dict[str, FeedHead]:
    """Append ``events`` in their order and return the new head of each area touched.

    The counter rows are locked in the order of the areas until the transaction ends: a reader that sees number n
    has seen every smaller one (a bare sequence lost rows that committed late).
    """
    heads = lock_heads(connection, county, epoch, {event.area for event in events})
    rows = []
    for event in events:
        detail = event.statement.body_bytes if event.statement else b""
        head = heads[event.area] = chain.extend(heads[event.area], event.kind, event.subject, detail)
        packed = pack_statement(event.statement) if event.statement else None
        rows.append((county, event.area, head.seq, event.kind, event.subject, packed, head.hash, at))
    insert_many(connection, feed, _COLUMNS, rows)
    moved = [(county, area, head.seq, head.hash) for area, head in heads.items()]
    update_many(connection, feed_heads, ("county", "area"), ("seq", "hash"), moved)
    return heads


def lock_heads(connection: Connection, county: str, epoch: int, areas: Iterable[str]) -> dict[str, FeedHead]:
    """The heads of ``areas``, made when they are new, locked in the order of the areas."""
    wanted = sorted(set(areas))
    if not wanted:
        return {}
    fresh = [(county, area, 0, chain.start(county, epoch, area).hash) for area in wanted]
    insert_many(connection, feed_heads, ("county", "area", "seq", "hash"), fresh, ignore=True)
    query = select(feed_heads).where(feed_heads.c.county == county, among(feed_heads.c.area, wanted))
    rows = connection.execute(query.order_by(feed_heads.c.area).with_for_update())
    return {row.area: FeedHead(epoch, row.seq, row.hash) for row in rows}


def heads(connection: Connection, county: str, epoch: int) -> dict[str, FeedHead]:
    """Every area's head."""
    rows = connection.execute(select(feed_heads).where(feed_heads.c.county == county))
    return {row.area: FeedHead(epoch, row.seq, row.hash) for row in rows}


def heads_of(connection: Connection, county: str, epoch: int, areas: Iterable[str]) -> dict[str, FeedHead]:
    """The heads of some areas."""
    query = select(feed_heads).where(feed_heads.c.county == county, among(feed_heads.c.area, list(areas)))
    return {row.area: FeedHead(epoch, row.seq, row.hash) for row in connection.execute(query)}


def evictions(connection: Connection, county: str, documents: Iterable[str]) -> dict[str, dict[str, int]]:
    """document -> area -> where it last left that area's feed."""
    found: dict[str, dict[str, int]] = {}
    query = select(feed.c.subject, feed.c.area, func.max(feed.c.seq)).where(
        feed.c.county == county, feed.c.kind == EVICT, among(feed.c.subject, list(documents))
    )
    for subject, area, seq in connection.execute(query.group_by(feed.c.subject, feed.c.area)):
        found.setdefault(subject, {})[area] = seq
    return found


def with_verdicts(connection: Connection, county: str, names: Iterable[str]) -> set[str]:
    """Those of these revisions about which a verdict stands in some feed."""
    query = select(feed.c.subject).where(
        feed.c.county == county, feed.c.kind == VERDICT, among(feed.c.subject, list(names))
    )
    return set(connection.execute(query).scalars())


def statement_of(packed: bytes | None) -> Statement | None:
    return unpack_statement(packed) if packed else None


def hash_at(connection: Connection, county: str, epoch: int, area: str, seq: int) -> tuple[str, str] | None:
    """(hash, time) of the feed at ``seq``; None when the feed is not that long."""
    if seq == 0:
        return chain.start(county, epoch, area).hash, ""
    query = select(feed.c.hash, feed.c.at).where(feed.c.county == county, feed.c.area == area, feed.c.seq == seq)
    row = connection.execute(query).first()
    return (row.hash, row.at) if row else None


def hashes_at(connection: Connection, county: str, epoch: int, places: Mapping[str, int]) -> dict[str, str]:
    """area -> hash of its feed at the number asked for; those whose feed is not that long are left out."""
    found = {area: chain.start(county, epoch, area).hash for area, seq in places.items() if seq == 0}
    wanted = sorted((area, seq) for area, seq in places.items() if seq > 0)
    for start in range(0, len(wanted), 400):
        part = tuple_(feed.c.area, feed.c.seq).in_(wanted[start : start + 400])
        rows = connection.execute(select(feed.c.area, feed.c.hash).where(feed.c.county == county, part))
        found.update({row.area: row.hash for row in rows})
    return found


def rows_after(connection: Connection, county: str, area: str, seq: int, limit: int) -> list[Kept]:
    query = select(feed.c.seq, feed.c.kind, feed.c.subject, feed.c.statement, feed.c.hash, feed.c.at).where(
        feed.c.county == county, feed.c.area == area, feed.c.seq > seq
    )
    return [
        Kept(area, row.seq, row.kind, row.subject, statement_of(row.statement), row.hash, row.at)
        for row in connection.execute(query.order_by(feed.c.seq).limit(limit))
    ]
