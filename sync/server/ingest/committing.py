"""One batch in one transaction: read the context under locks, judge, write rows and feeds.

Locks are taken in one order by everybody: devices, documents, areas, each by its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row

from fieldapp.domain.feed import EVICT, REVISION, VERDICT
from fieldapp.domain.revision import parse_envelope
from fieldapp.domain.statements import Statement
from fieldapp.errors import StorageError
from sync.protocol.messages import ACCEPTED, QUARANTINED, WAITING
from sync.server.ingest.checking import Checked
from sync.server.ingest.flags import TimeClaims
from sync.server.ingest.judging import VOUCHED, Context, Judgement, ParentRow, judge
from sync.server.keys import ServerKeys
from sync.server.sealing import Sealer
from sync.server.storage import damage, feeds, people, revisions
from sync.server.storage.feeds import Event, append
from sync.server.storage.people import Device, Grant
from sync.server.storage.revisions import DocumentRow, NewRevision


@dataclass(frozen=True)
class County:
    """Which county this server is, at which epoch, with which keys."""

    id: str
    epoch: int
    keys: ServerKeys
    sealer: Sealer


@dataclass(frozen=True)
class Outcome:
    """What was decided; ``already`` when it had been before."""

    id: str
    state: str
    reason: str
    already: bool = False


@dataclass
class _Batch:
    county: County
    now: str
    devices: dict[str, Device]
    grants: dict[str, dict[int, Grant]]
    documents: dict[str, DocumentRow]
    known: dict[str, ParentRow]
    taken: dict[tuple[str, int], set[str]]
    authors: dict[str, frozenset[str]]
    claims: TimeClaims
    vouched: frozenset[str]
    events: list[Event] = field(default_factory=list)
    rows: list[NewRevision] = field(default_factory=list)
    changed: dict[str, DocumentRow] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)


def commit(
    connection: Connection, county: County, items: Sequence[Checked], now: str, *, vouched: Iterable[str] = ()
) -> list[Outcome]:
    """Take in ``items`` (each a different revision); ``vouched`` are the ids somebody answers for.

    Stored ones that waited or were put aside are judged anew when they are in ``vouched`` or their parents came.
    """
    batch_devices = people.load_devices(connection, county.id, {i.envelope.device for i in items}, lock=True)
    stored = revisions.revision_rows(connection, county.id, [i.id for i in items], contents=True)
    fresh = [item for item in items if item.id not in stored]
    outcomes = {item.id: _already(connection, county, item, stored[item.id]) for item in items if item.id in stored}
    batch = _context(connection, county, fresh, now, batch_devices, frozenset(vouched))
    gone = revisions.erased(connection, county.id, [item.id for item in fresh])
    for item in _parents_first(fresh):
        outcomes[item.id] = _take(connection, batch, item, erased=item.id in gone)
    _write(connection, batch, fresh)
    return [outcomes[item.id] for item in items]


def rejudge(
    connection: Connection, county: County, items: Sequence[Checked], now: str, *, vouched: Iterable[str] = ()
) -> list[Outcome]:
    """Judge stored revisions again that waited or were put aside; what becomes of them is a new verdict."""
    devices = people.load_devices(connection, county.id, {i.envelope.device for i in items}, lock=True)
    rows = revisions.revision_rows(connection, county.id, [item.id for item in items], contents=False)
    named = frozenset(vouched) | {name for name, row in rows.items() if row.reason == VOUCHED}
    batch = _context(connection, county, items, now, devices, named)
    outcomes = []
    for item in _parents_first(items):
        if rows[item.id].state == ACCEPTED:
            continue
        verdict = _judge(connection, batch, item, first_time=False)
        revisions.set_state(connection, county.id, item.id, verdict.state, verdict.reason)
        revisions.set_waiting(connection, county.id, item.id, verdict.missing)
        if verdict.state != rows[item.id].state and verdict.state == ACCEPTED:
            batch.events.append(_verdict_event(batch, item, verdict, batch.documents[item.envelope.document]))
        _show(connection, batch, item, verdict)
        outcomes.append(Outcome(item.id, verdict.state, verdict.reason))
    _write(connection, batch, ())
    return outcomes


def _context(
    connection: Connection,
    county: County,
    items: Sequence[Checked],
    now: str,
    devices: dict[str, Device],
    vouched: frozenset[str],
) -> _Batch:
    types = {item.envelope.document: item.envelope.type for item in items}
    documents = revisions.lock_documents(connection, county.id, types) if types else {}
    named = {name for item in items for name in item.envelope.parents}
    named |= {name for item in items if item.approval for name in item.approval.leaves}
    rows = revisions.revision_rows(connection, county.id, named, contents=False)
    numbers: dict[str, list[int]] = {}
    for item in items:
        numbers.setdefault(item.envelope.device, []).append(item.envelope.device_seq)
    return _Batch(
        county,
        now,
        devices,
        people.load_grants(connection, county.id, {device.user for device in devices.values()}),
        documents,
        {name: ParentRow(row.document, row.author, row.area, row.state) for name, row in rows.items()},
        revisions.taken_numbers(connection, county.id, numbers),
        _subject_authors(connection, county.id, items),
        TimeClaims(connection, county.id, county.epoch, now),
        vouched,
    )


def _subject_authors(connection: Connection, county: str, items: Iterable[Checked]) -> dict[str, frozenset[str]]:
    subjects = {item.approval.subject for item in items if item.approval}
    return {
        subject: frozenset(row.author for row in revisions.of_documents(connection, county, [subject]))
        for subject in subjects
    }


def _take(connection: Connection, batch: _Batch, item: Checked, *, erased: bool) -> Outcome:
    verdict = _judge(connection, batch, item, first_time=True)
    envelope, revision = item.envelope, item.revision
    sealed = None if erased else item.sealed
    if not erased and sealed is None and revision.salt is not None and revision.payload is not None:
        sealed = batch.county.sealer.seal_payload(item.id, revision.salt, revision.payload)
    batch.rows.append(
        NewRevision(
            batch.county.id, item.id, envelope.document, envelope.device, envelope.device_seq, envelope.author,
            envelope.area, verdict.state, verdict.reason, batch.now, revision.envelope_bytes, revision.signature,
            sealed,
        )
    )  # fmt: skip
    batch.taken.setdefault((envelope.device, envelope.device_seq), set()).add(item.id)
    if verdict.state == WAITING:
        revisions.set_waiting(connection, batch.county.id, item.id, verdict.missing)
    if verdict.state == ACCEPTED and verdict.vouched:
        batch.events.append(_verdict_event(batch, item, verdict, batch.documents[envelope.document]))
    _show(connection, batch, item, verdict)
    return Outcome(item.id, verdict.state, verdict.reason)


def _judge(connection: Connection, batch: _Batch, item: Checked, *, first_time: bool) -> Judgement:
    envelope = item.envelope
    device = batch.devices[envelope.device]
    others = batch.taken.get((envelope.device, envelope.device_seq), set()) - {item.id}
    forked = first_time and bool(others)
    if forked and item.id not in batch.vouched and envelope.device not in batch.stopped:
        people.set_device_state(connection, batch.county.id, envelope.device, people.STOPPED, "fork")
        batch.stopped.add(envelope.device)
    context = Context(
        device,
        batch.grants.get(device.user, {}),
        batch.documents[envelope.document],
        batch.known,
        forked,
        batch.authors.get(item.approval.subject, frozenset()) if item.approval else frozenset(),
        item.id in batch.vouched,
    )
    verdict = judge(item, context)
    if verdict.state == ACCEPTED and not verdict.reason:
        verdict = replace(verdict, reason=batch.claims.flag(envelope))
    return verdict


def _show(connection: Connection, batch: _Batch, item: Checked, verdict: Judgement) -> None:
    """Enter the verdict into the batch's picture of the document, and into the feeds."""
    envelope, document = item.envelope, batch.documents[item.envelope.document]
    batch.known[item.id] = ParentRow(envelope.document, envelope.author, envelope.area, verdict.state)
    if verdict.state == QUARANTINED and verdict.shown:
        batch.events.append(_verdict_event(batch, item, verdict, document))
    if verdict.state != ACCEPTED:
        return
    document.leaves = document.leaves - set(envelope.parents) | {item.id}
    batch.changed[document.document] = document
    if verdict.move_to is not None and document.area is not None:
        _move(connection, batch, item, document, verdict.move_to)
    else:
        document.area = document.area or envelope.area
        batch.events.append(Event(document.area, REVISION, item.id))


def _move(connection: Connection, batch: _Batch, item: Checked, document: DocumentRow, area: str) -> None:
    """All the document's revisions to the new area's feed, parents first, and an eviction to the old one."""
    before = {
        row.revision: parse_envelope(row.envelope).parents
        for row in revisions.of_documents(connection, batch.county.id, [document.document])
    }
    before |= {
        row.revision: parse_envelope(row.envelope).parents
        for row in batch.rows
        if row.document == document.document and row.state == ACCEPTED
    }
    before[item.id] = item.envelope.parents
    told = feeds.with_verdicts(connection, batch.county.id, before) - {item.id}
    for name in _ordered(before):
        if name in told:
            # Readers of the new area may remember that it was put aside, from when the document was there before.
            batch.events.append(Event(area, VERDICT, name, _verdict_statement(batch, name, ACCEPTED, "", area)))
        batch.events.append(Event(area, REVISION, name))
    assert document.area is not None
    batch.events.append(Event(document.area, EVICT, document.document))
    document.area = area


def _verdict_event(batch: _Batch, item: Checked, verdict: Judgement, document: DocumentRow) -> Event:
    area = verdict.move_to or document.area or item.envelope.area
    return Event(area, VERDICT, item.id, _verdict_statement(batch, item.id, verdict.state, verdict.reason, area))


def _verdict_statement(batch: _Batch, name: str, state: str, reason: str, area: str) -> Statement:
    body = {
        "epoch": batch.county.epoch,
        "revision": name,
        "state": state,
        "reason": reason,
        "payload_held": True,
        "blobs_held": [],
        "area": area,
        "seq": None,
        "hash": None,
        "at": batch.now,
    }
    return batch.county.keys.sign("receipt", body)


def _write(connection: Connection, batch: _Batch, fresh: Sequence[Checked]) -> None:
    revisions.insert_revisions(connection, batch.rows)
    pairs = [(item.id, blob) for item in fresh for blob in dict.fromkeys(item.blobs)]
    revisions.keep_blob_names(connection, batch.county.id, pairs)
    revisions.keep_documents(connection, batch.county.id, batch.changed.values())
    append(connection, batch.county.id, batch.county.epoch, batch.events, batch.now)


def _already(connection: Connection, county: County, item: Checked, row: Row[Any]) -> Outcome:
    """The stored one's state, once what is stored verifies; a damaged payload is mended from what was sent."""
    state, reason, sealed = row.state, row.reason, row.payload
    salt, payload = item.revision.salt, item.revision.payload
    if sealed is not None and salt is not None and payload is not None and not _opens(county, item, sealed):
        revisions.set_payload(connection, county.id, item.id, county.sealer.seal_payload(item.id, salt, payload))
        damage.mended(connection, county.id, damage.REVISION, [item.id])
    return Outcome(item.id, state, reason, already=True)


def _opens(county: County, item: Checked, sealed: bytes) -> bool:
    try:
        return county.sealer.open_payload(item.id, sealed) == (item.revision.salt, item.revision.payload)
    except StorageError:
        return False


def _parents_first(items: Sequence[Checked]) -> list[Checked]:
    by_id = {item.id: item for item in items}
    return [by_id[name] for name in _ordered({item.id: item.envelope.parents for item in items})]


def _ordered(parents: dict[str, tuple[str, ...]]) -> list[str]:
    """Ids so that those among ``parents`` come before their children, otherwise as given."""
    done: dict[str, None] = {}
    for start in parents:
        stack = [start]
        while stack:
            name = stack[-1]
            open_parents = [p for p in parents[name] if p in parents and p not in done]
            if open_parents and name not in done:
                stack += open_parents
            else:
                done[stack.pop()] = None
    return list(done)
