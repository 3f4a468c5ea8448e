"""A page of an area's feed into the store: verified row by row, rows and cursor in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from fieldapp.domain import feed
from fieldapp.domain.revision import Envelope, FeedHead, SignedRevision
from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError
from fieldapp.store import admitting, believing, chains, evicting, revisions
from fieldapp.store.believing import KnownDevice
from fieldapp.store.codec import pack_statement, unpack_statement
from fieldapp.store.connection import select_in
from fieldapp.store.erasing import erase_revision
from fieldapp.store.exchange import Cursor, FeedResult, FeedRow, Reader
from fieldapp.store.incoming import note_named
from fieldapp.store.preparing import Prepared, prepare
from fieldapp.store.reading import HEAD_OF
from fieldapp.store.receipts import keep_verdict, outlive
from fieldapp.store.views import current_areas

if TYPE_CHECKING:
    from fieldapp.store.writing import WriteTx


class Fresh(NamedTuple):
    """A verified revision on its way in; ``place`` is its feed row."""

    name: str
    revision: SignedRevision
    prepared: Prepared
    place: tuple[str, int, int]

    @property
    def envelope(self) -> Envelope:
        assert self.prepared.envelope
        return self.prepared.envelope


@dataclass
class _Page:
    """What one page collects."""

    area: str
    reader: Reader
    envelopes: dict[str, Envelope] = field(default_factory=dict)
    devices: dict[str, KnownDevice | None] = field(default_factory=dict)
    prepared: Mapping[str, Prepared] = field(default_factory=dict)
    here: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    fresh: list[Fresh] = field(default_factory=list)
    arrived: list[tuple[str, str, tuple[str, int, int]]] = field(default_factory=list)
    rows: dict[str, Fresh] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    refused: list[tuple[str, str]] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    lacking: list[str] = field(default_factory=list)
    stored: int = 0
    already: int = 0
    sealed: int = 0


def apply_feed(
    tx: WriteTx,
    rows: Sequence[FeedRow],
    cursor: Cursor,
    *,
    head: Statement | None = None,
    statements: Iterable[Statement] = (),
    reset: bool = False,
    prepared: Mapping[str, Prepared] | None = None,
    reader: Reader | None = None,
) -> FeedResult:
    """Take the rows between the stored cursor and ``cursor``.

    ``head`` is the county's signed feed head; without one that covers ``cursor`` nothing is evicted. ``reset`` reads
    from the beginning of the feed again. ``prepared`` comes from ``Preparer`` (another process). ``reader`` is whom
    the county's newest scope makes this device's user, where that has come and is not taken over yet.
    Raises InputError ``feed.gap`` | ``feed.hash`` | ``feed.epoch`` | ``feed.head`` | ``feed.unsigned``: nothing of
    the page is taken then, and the caller reconciles; ``feed.scope``: this feed is not this reader's.
    """
    reader = reader or admitting.reader_of(tx)
    admitting.check_area(reader, cursor.area)
    trust = tx.require_identity().trust
    known = None if reset else tx.cursors().get(cursor.area)
    _check_hashes(trust.county, known, rows, cursor)
    signed = _check_head(tx, head, cursor)
    if not signed and any(row.kind == feed.EVICT for row in rows):
        raise InputError("feed.unsigned")
    believing.apply_statements(tx, statements)
    if known is None and not reset:
        evicting.read_anew(tx, cursor.area)
    page = _Page(cursor.area, reader)
    page.prepared = prepared or {}
    page.here = _those_here(tx, [row.subject for row in rows if row.kind == feed.REVISION])
    for row in rows:
        _take(tx, page, row)
    _flush(tx, page)
    tx.run(
        "INSERT OR REPLACE INTO cursor VALUES (?,?,?,?,?)",
        (cursor.area, cursor.head.epoch, cursor.head.seq, cursor.head.hash, tx.now),
    )
    if signed and head is not None:
        tx.set_meta(HEAD_OF.format(cursor.area), pack_statement(head).decode())
    tx.set_meta("last_pull_at", tx.now)
    _project(tx, page)
    return FeedResult(
        cursor, page.stored, page.already, tuple(page.refused), tuple(sorted(page.missing)), page.sealed,
        tuple(page.lacking),
    )  # fmt: skip


def apply_fetched(
    tx: WriteTx,
    fetched: Iterable[SignedRevision],
    statements: Iterable[Statement] = (),
    *,
    reader: Reader | None = None,
) -> FeedResult:
    """Contents asked for by id, of rows that came bare. What no feed row named is refused with ``feed.unasked``."""
    believing.apply_statements(tx, statements)
    page = _Page("", reader or admitting.reader_of(tx))
    fetched = list(fetched)
    page.here = _those_here(tx, [revision.id for revision in fetched])
    for revision in fetched:
        named = tx.one("SELECT area, epoch, seq FROM lacking WHERE revision = ?", (revision.id,))
        if named is None:
            page.refused.append((revision.id, "feed.unasked"))
            continue
        _take_revision(tx, page, revision, (named[0], named[1], named[2]))
    _flush(tx, page)
    _project(tx, page)
    nowhere = Cursor("", FeedHead(0, 0, "0" * 64))
    return FeedResult(nowhere, page.stored, page.already, tuple(page.refused), tuple(sorted(page.missing)))


def retry_refused(tx: WriteTx) -> int:
    """Look again at what was refused for want of a certificate or role; how many are stored now."""
    page = _Page("", admitting.reader_of(tx))
    sql = "SELECT envelope, signature, salt, payload, area, epoch, seq FROM refused WHERE envelope IS NOT NULL"
    for *signed, area, epoch, seq in tx.rows(sql):
        _take_revision(tx, page, revisions.read_signed(tuple(signed)), (area, epoch, seq))
    _flush(tx, page)
    _project(tx, page)
    return page.stored


def _check_hashes(county: str, known: FeedHead | None, rows: Sequence[FeedRow], cursor: Cursor) -> None:
    head = known or feed.start(county, cursor.head.epoch, cursor.area)
    if head.epoch != cursor.head.epoch:
        raise InputError("feed.epoch", where=cursor.area)
    for row in rows:
        if row.area != cursor.area or row.epoch != head.epoch or row.seq != head.seq + 1:
            raise InputError("feed.gap", where=cursor.area)
        head = feed.extend(head, row.kind, row.subject, row.detail)
    if head != cursor.head:
        raise InputError("feed.hash", where=cursor.area)


def _check_head(tx: WriteTx, head: Statement | None, cursor: Cursor) -> bool:
    """Whether the county signed exactly this cursor."""
    if head is None:
        return False
    signed = believing.check_head(tx.require_identity().trust, head).get(cursor.area)
    if signed is None:
        return False
    if signed.epoch == cursor.head.epoch and signed.seq == cursor.head.seq and signed.hash != cursor.head.hash:
        raise InputError("feed.head", where=cursor.area)
    believing.note_seen(tx, cursor.area, signed)
    return signed == cursor.head


def _those_here(tx: WriteTx, names: list[str]) -> dict[str, str]:
    """Revision id -> document, of those that are stored."""
    return dict(select_in(tx.connection, "SELECT id, document FROM revision WHERE id", names))


def _take(tx: WriteTx, page: _Page, row: FeedRow) -> None:
    place = (row.area, row.epoch, row.seq)
    if row.kind == feed.REVISION:
        if row.revision is None:
            _take_bare(tx, page, row)
        elif row.revision.id != row.subject:
            _refuse(tx, page, row.subject, "feed.subject", place, None)
        else:
            _take_revision(tx, page, row.revision, place)
    elif row.kind == feed.EVICT:
        _flush(tx, page)
        page.sealed += evicting.leave(tx, row.subject, place)
        page.touched.add(row.subject)
        _forget(tx, page, row.subject)
    elif row.statement is not None:
        _flush(tx, page)
        _take_statement(tx, page, row, row.statement)


def _forget(tx: WriteTx, page: _Page, document: str) -> None:
    """The document left; if it comes back later in this page, it comes anew."""
    kept = {row[0] for row in tx.rows("SELECT id FROM revision WHERE document = ?", (document,))}
    page.here = {name: home for name, home in page.here.items() if home != document or name in kept}
    page.rows.pop(document, None)


def _take_statement(tx: WriteTx, page: _Page, row: FeedRow, statement: Statement) -> None:
    trust = tx.require_identity().trust
    try:
        if row.kind == feed.VERDICT:
            body = trust.check(statement, "receipt")
            _must_name(body.get("revision") == row.subject)
            keep_verdict(tx, statement, body)
        else:
            body = trust.check(statement, "erasure")
            _must_name(row.subject in body["revisions"])
            erase_revision(tx, row.subject, statement, body)
    except InputError as error:
        page.refused.append((row.subject, error.code))
        return
    found = tx.one("SELECT document FROM revision WHERE id = ?", (row.subject,))
    if found:
        page.touched.add(found[0])


def _must_name(named: bool) -> None:
    if not named:
        raise InputError("feed.subject")


def _take_bare(tx: WriteTx, page: _Page, row: FeedRow) -> None:
    place = (row.area, row.epoch, row.seq)
    if row.subject in page.here:
        page.arrived.append((row.subject, page.here[row.subject], place))
        return
    page.lacking.append(row.subject)
    tx.run("INSERT OR REPLACE INTO lacking VALUES (?,?,?,?)", (row.subject, *place))


def _take_revision(tx: WriteTx, page: _Page, revision: SignedRevision, place: tuple[str, int, int]) -> None:
    name = revision.id
    if name in page.here:
        page.arrived.append((name, page.here[name], place))
        return
    made = _verify(tx, page, revision, place[0])
    if made.code or made.envelope is None:
        _refuse(tx, page, name, made.code, place, revision)
        return
    envelope = made.envelope
    page.here[name] = envelope.document
    page.types[name] = envelope.type
    page.envelopes[name] = envelope
    page.fresh.append(Fresh(name, revision, made, place))
    page.stored += 1
    page.touched.add(envelope.document)


def _verify(tx: WriteTx, page: _Page, revision: SignedRevision, area: str) -> Prepared:
    """Prepared, once device, signature, payload, parents and what ``admitting`` asks hold; else its error code."""
    made = page.prepared.get(revision.id)
    try:
        device = _device(tx, page, made.envelope.device if made and made.envelope else revision.envelope.device)
    except InputError as error:
        return Prepared(error.code)
    if device is None:
        page.missing.add(revision.envelope.device)
        return Prepared("device.unknown")
    made = made or prepare(revision, device.raw, area)
    envelope = made.envelope
    if envelope is None:
        return made
    code = admitting.wrong(tx, page.reader, device, revision, envelope, page.envelopes)
    code = code or _check_parents(tx, page, envelope)
    return Prepared(code) if code else made


def _device(tx: WriteTx, page: _Page, device: str) -> KnownDevice | None:
    if device not in page.devices:
        page.devices[device] = believing.known_device(tx.connection, device)
    return page.devices[device]


def _check_parents(tx: WriteTx, page: _Page, envelope: Envelope) -> str:
    for parent in envelope.parents:
        found: tuple[str, ...] | None = None
        if parent in page.types:
            found = (page.here[parent], page.types[parent])
        else:
            found = tx.one("SELECT document, type FROM revision WHERE id = ?", (parent,))
        if found and tuple(found) != (envelope.document, envelope.type):
            return "revision.parents"
    return ""


def _flush(tx: WriteTx, page: _Page) -> None:
    """Insert what was verified since the last flush, and note where what is here already stands as well."""
    _insert(tx, page)
    _note_arrived(tx, page)


def _note_arrived(tx: WriteTx, page: _Page) -> None:
    """Revisions that are here already stand in this feed too; nothing is read anew unless that changes their area."""
    arrived, page.arrived = page.arrived, []
    if not arrived:
        return
    page.already += len(arrived)
    tx.connection.executemany(
        "UPDATE revision SET sent = 1, feed_area = ?, feed_epoch = ?, feed_seq = ? WHERE id = ?",
        [(*place, name) for name, _, place in arrived],
    )
    last = {document: place for _, document, place in arrived}
    evicting.enter_many(tx, last)
    homes = {name: document for name, document, _ in arrived}
    for name in _doubted(tx, homes):
        outlive(tx, name, arrived[0][2][1])
        page.touched.add(homes[name])
    shown: dict[str, str] = dict(select_in(tx.connection, "SELECT document, area FROM document WHERE document", last))
    now = current_areas(tx.connection, last)
    page.touched |= {document for document in last if shown.get(document) != now.get(document)}


def _doubted(tx: WriteTx, names: Iterable[str]) -> list[str]:
    sql = "SELECT revision FROM verdict WHERE state <> 'accepted' AND revision"
    return [row[0] for row in select_in(tx.connection, sql, names)]


def _insert(tx: WriteTx, page: _Page) -> None:
    fresh, page.fresh = page.fresh, []
    if not fresh:
        return
    chains.note_arrivals(tx, fresh)
    revisions.insert_many(tx.connection, fresh, tx.own_devices, tx.now)
    last = {item.envelope.document: item.place for item in fresh}
    evicting.enter_many(tx, last)
    names = [item.name for item in fresh]
    for name in _doubted(tx, names):
        outlive(tx, name, fresh[0].place[1])
    for table in ("refused", "lacking"):
        if tx.one(f"SELECT 1 FROM {table} LIMIT 1"):
            tx.connection.executemany(f"DELETE FROM {table} WHERE revision = ?", [(name,) for name in names])
    tombstones: dict[str, bytes] = dict(
        select_in(tx.connection, "SELECT revision, statement FROM erased WHERE revision", names)
    )
    for item in fresh:
        if item.name in tombstones:
            # What was erased by law stays erased, whichever door it comes in by.
            statement = unpack_statement(tombstones[item.name])
            erase_revision(tx, item.name, statement, statement.body)
        elif item.prepared.names_digests and item.revision.payload is not None:
            envelope = item.envelope
            note_named(tx, item.name, envelope.document, envelope.type, item.revision.payload, own=False)
        if item.prepared.rows is not None and item.name not in tombstones:
            page.rows[item.envelope.document] = item


def _project(tx: WriteTx, page: _Page) -> None:
    """Bring the touched documents' rows up to date: those that are one fresh revision by their prepared rows."""
    documents = sorted(page.touched)
    lone = {item.envelope.document for item in page.rows.values()} & page.touched
    lone -= {
        row[0]
        for sql in (
            "SELECT document FROM document WHERE document",
            "SELECT r.document FROM verdict v JOIN revision r ON r.id = v.revision WHERE r.document",
        )
        for row in select_in(tx.connection, sql, lone)
    }
    for table in ("revision", "place"):
        sql = f"SELECT document, count(*) FROM {table} WHERE document"
        many = select_in(tx.connection, sql, lone, "GROUP BY document HAVING count(*) > 1")
        lone -= {row[0] for row in many}
    tx.put_fresh({document: page.rows[document].prepared for document in lone})
    for document in documents:
        if document not in lone:
            tx.touch(document)


def _refuse(
    tx: WriteTx, page: _Page, name: str, code: str, place: tuple[str, int, int], revision: SignedRevision | None
) -> None:
    page.refused.append((name, code))
    packed = revisions.packed(revision) if revision and code in RETRIED else (None,) * 4
    tx.run("INSERT OR REPLACE INTO refused VALUES (?,?,?,?,?,?,?,?,?,?,?)", (name, code, *place, tx.now, None, *packed))


#: What may come right by itself, with another certificate, scope or program version.
RETRIED = ("device.unknown", "revision.role", "revision.scope", "envelope.protocol")
