"""Pull: every area in scope in one answer, up to a page; nothing out of scope, nothing beyond the role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Row as SqlRow

from fieldapp.domain import roles
from fieldapp.domain.areas import is_area, may_read
from fieldapp.domain.feed import REVISION
from fieldapp.domain.revision import FeedHead, SignedRevision, parse_envelope
from fieldapp.errors import StorageError
from sync.protocol.limits import FOLLOW_BYTES, MAX_ITEMS, PAGE_BYTES, PAGE_ROWS
from sync.protocol.messages import (
    AreaPage,
    At,
    FetchRequest,
    FetchResponse,
    PullRequest,
    PullResponse,
    Row,
    Sent,
    Signed,
)
from sync.server.clock import now_text
from sync.server.handlers.callers import Caller
from sync.server.handlers.push import judge_again
from sync.server.ingest import receipts
from sync.server.service import CountyRow, Rejected, Service
from sync.server.storage import controls, damage, feeds, people, revisions
from sync.server.storage.packing import unpack_signed

_BARE_ROW = 80


@dataclass
class _Page:
    """What one answer collects; ``room`` in bytes before compression."""

    room: int
    bare: bool
    areas: list[AreaPage] = field(default_factory=list)
    devices: set[str] = field(default_factory=set)
    left: int = 0


def pull(service: Service, caller: Caller, request: PullRequest) -> PullResponse:
    """The rows behind the caller's cursors."""
    if len(request.ask) > MAX_ITEMS or len(request.cursors) > 100_000:
        raise Rejected(413, "batch.too_many")
    free_the_waiting(service, request.ask)
    met: set[str] = set()
    answer = service.read(lambda connection: _answer(service, connection, caller, request, met))
    service.note_damage(damage.REVISION, met)
    return answer


def fetch(service: Service, caller: Caller, request: FetchRequest) -> FetchResponse:
    """Contents by id, as far as the caller may read them; what he may not is left out without a word."""
    if len(request.ids) > MAX_ITEMS:
        raise Rejected(413, "batch.too_many")

    def work(connection: Connection) -> FetchResponse:
        _must_be_open(service, connection)
        reader = _Reader(service, connection, caller)
        found, room = [], PAGE_BYTES
        for name, sent, area in reader.contents(request.ids):
            if sent is None or area is None or not may_read(caller.grant.areas, area):
                continue
            found.append((name, sent))
            room -= _weight(sent)
            if room < 0:
                break
        devices = {parse_envelope(sent.envelope).device for _, sent in found}
        met.update(reader.damaged)
        return FetchResponse([sent for _, sent in found], _people(service, connection, devices))

    met: set[str] = set()
    answer = service.read(work)
    service.note_damage(damage.REVISION, met)
    return answer


def free_the_waiting(service: Service, ask: list[str]) -> None:
    """What the caller still waits for may have come free while a server was killed; asking mends it."""
    if not ask:
        return
    late = service.read(lambda c: revisions.waiting_in_vain(c, service.keys.county))
    while late:
        late = judge_again(service, late) and service.read(lambda c: revisions.waiting_in_vain(c, service.keys.county))


def readable_areas(connection: Connection, county: str, epoch: int, areas: tuple[str, ...]) -> dict[str, FeedHead]:
    """The feeds a scope reads, with their heads."""
    every = feeds.heads(connection, county, epoch)
    return {area: head for area, head in sorted(every.items()) if may_read(areas, area)}


def _answer(
    service: Service, connection: Connection, caller: Caller, request: PullRequest, met: set[str]
) -> PullResponse:
    """``met`` collects what did not open."""
    row = _must_be_open(service, connection)
    county = service.county(connection)
    current = readable_areas(connection, county.id, row.epoch, caller.grant.areas)
    cursors = {cursor.area: cursor for cursor in request.cursors if is_area(cursor.area)}
    page = _Page(FOLLOW_BYTES if request.follow else PAGE_BYTES, request.bare)
    reader = _Reader(service, connection, caller)
    starts = _starts(connection, county.id, row.epoch, {area: cursors[area] for area in current if area in cursors})
    for area, head in current.items():
        start, reset = starts.get(area, (0, False))
        _read_area(reader, page, start, head, area, reset=reset)
    met.update(reader.damaged)
    proofs = receipts.issue(connection, county, _own(service, connection, caller, request.ask))
    return PullResponse(
        row.epoch,
        page.areas,
        Signed.of(caller.scope),
        _people(service, connection, page.devices),
        [Signed.of(found) for found in controls.newer_than(connection, county.id, request.known)],
        [Signed.of(proof) for proof in proofs.values()],
        sorted(area for area in cursors if not may_read(caller.grant.areas, area)),
        page.left,
        Signed.of(row.backed_up_to) if row.backed_up_to else None,
        damage.written_by(connection, county.id, caller.device.device),
    )


def _must_be_open(service: Service, connection: Connection) -> CountyRow:
    row = service.row(connection)
    if row.restoring:
        raise Rejected(503, "server.restoring", retry_after=60)
    return row


def _starts(connection: Connection, county: str, epoch: int, cursors: dict[str, At]) -> dict[str, tuple[int, bool]]:
    """Where to read on in each area, and whether the caller's cursor was not recognised."""
    ours = {area: cursor.seq for area, cursor in cursors.items() if cursor.epoch == epoch}
    hashes = feeds.hashes_at(connection, county, epoch, ours)
    return {
        area: (cursor.seq, False) if area in ours and hashes.get(area) == cursor.hash else (0, True)
        for area, cursor in cursors.items()
    }


def _read_area(reader: _Reader, page: _Page, start: int, head: FeedHead, area: str, *, reset: bool) -> None:
    """Rows of one area into the page, in slices with a signed head each, as long as there is room."""
    seq = start
    while seq < head.seq and page.room > 0:
        kept = feeds.rows_after(reader.connection, reader.county, area, seq, PAGE_ROWS)
        contents = reader.rows(kept, area, bare=page.bare)
        rows = []
        for entry, sent in zip(kept, contents, strict=True):
            if page.room <= 0:
                break
            own = sent is not None and start > 0 and reader.just_pushed(entry)
            if own or entry.subject in reader.damaged:
                rows.append(Row(entry.kind, entry.subject, own=own, damaged=not own))
            else:
                rows.append(_row(entry, sent))
            page.room -= _weight(sent) if sent and not own else _BARE_ROW
            if sent is not None:
                page.devices.add(reader.devices[entry.subject])
        end = kept[len(rows) - 1]
        signed = _head_statement(reader.service, head.epoch, area, end.seq, end.hash)
        page.areas.append(AreaPage(area, head.epoch, seq, rows, signed, reset and seq == start))
        seq = end.seq
    page.left += head.seq - seq


def _row(entry: feeds.Kept, sent: Sent | None) -> Row:
    statement = Signed.of(entry.statement) if entry.statement else None
    return Row(entry.kind, "" if sent else entry.subject, statement, sent)


class _Reader:
    """Contents of revisions, withheld where the caller's role or the document's present area forbid them."""

    def __init__(self, service: Service, connection: Connection, caller: Caller) -> None:
        self.service, self.connection, self.caller = service, connection, caller
        self.county = service.keys.county
        self.devices: dict[str, str] = {}
        self.documents: dict[str, str] = {}
        self.received: dict[str, str] = {}
        self.evictions: dict[str, dict[str, int]] = {}
        self.damaged: set[str] = set()

    def rows(self, kept: list[feeds.Kept], area: str, *, bare: bool) -> list[Sent | None]:
        """One content per row; None for other kinds, for what is withheld, and for everything in a bare page.

        A document that left the area and came back is sent where it came back, not where it was before.
        """
        if bare:
            return [None] * len(kept)
        wanted = [entry.subject for entry in kept if entry.kind == REVISION]
        found = {name: sent for name, sent, at in self.contents(wanted) if at == area}
        documents = {self.documents[name] for name in found}
        self.evictions |= feeds.evictions(self.connection, self.county, documents)
        gone = {document: places.get(area, 0) for document, places in self.evictions.items()}
        return [
            found.get(entry.subject)
            if entry.kind == REVISION and gone.get(self.documents.get(entry.subject, ""), 0) < entry.seq
            else None
            for entry in kept
        ]

    def just_pushed(self, entry: feeds.Kept) -> bool:
        """Whether the caller wrote the revision, this row is its first, and its document never left anywhere: what he
        pushed he has. Otherwise an eviction may have put it away in between."""
        own = self.devices[entry.subject] == self.caller.device.device
        return own and self.received[entry.subject] == entry.at and self.documents[entry.subject] not in self.evictions

    def contents(self, ids: list[str]) -> list[tuple[str, Sent | None, str | None]]:
        """(id, content or None, the document's present area) of the accepted ones of ``ids``."""
        rows = revisions.revision_rows(self.connection, self.county, ids, contents=True)
        places = revisions.document_areas(self.connection, self.county, {row.document for row in rows.values()})
        made = []
        for name in ids:
            row = rows.get(name)
            if row is None or row.state != "accepted":
                continue
            area, kind = places[row.document]
            self.devices[name], self.documents[name] = row.device, row.document
            self.received[name] = row.received_at
            readable = roles.may(self.caller.grant.role, roles.READ, kind)
            made.append((name, self._open(row) if readable else None, area))
        return made

    def _open(self, row: SqlRow[Any]) -> Sent | None:
        """None for what does not open any more."""
        if row.payload is None:
            return Sent(row.envelope, row.signature, None, None)
        try:
            salt, payload = self.service.sealer.open_payload(row.revision, row.payload)
        except StorageError:
            self.damaged.add(row.revision)
            return None
        return Sent.of(SignedRevision(row.envelope, row.signature, salt, payload))


def _own(service: Service, connection: Connection, caller: Caller, ask: list[str]) -> list[str]:
    """Of the asked ones, those of the caller's own user: a receipt tells where a document is."""
    rows = revisions.revision_rows(connection, service.keys.county, ask, contents=False)
    return [name for name, row in rows.items() if row.author == caller.device.user]


def _head_statement(service: Service, epoch: int, area: str, seq: int, hash_: str) -> Signed:
    body = {"epoch": epoch, "areas": {area: [seq, hash_]}, "at": now_text()}
    return Signed.of(service.keys.sign("feed-head", body))


def _people(service: Service, connection: Connection, devices: set[str]) -> list[Signed]:
    packed = people.people_statements(connection, service.keys.county, devices) if devices else []
    return [unpack_signed(data) for data in packed]


def _weight(sent: Sent) -> int:
    return len(sent.envelope) + len(sent.payload or b"") + 160
