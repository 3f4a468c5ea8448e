"""A page of an area's feed into the store: verified row by row, rows and cursor in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fieldapp.domain import feed
from fieldapp.domain.revision import Envelope, FeedHead, SignedRevision, verify_revision
from fieldapp.domain.roles import WRITE, may
from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError
from fieldapp.store import believing, evicting, revisions
from fieldapp.store.believing import KnownDevice
from fieldapp.store.codec import unpack_statement
from fieldapp.store.erasing import erase_revision
from fieldapp.store.exchange import Cursor, FeedResult, FeedRow
from fieldapp.store.incoming import note_named
from fieldapp.store.opening import note_fault
from fieldapp.store.receipts import keep_verdict
from fieldapp.store.trust import public_key

if TYPE_CHECKING:
    from fieldapp.store.writing import WriteTx


@dataclass
class _Page:
    """What one page collects."""

    area: str
    devices: dict[str, KnownDevice | None] = field(default_factory=dict)
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
    verified: Mapping[str, Envelope | str] | None = None,
) -> FeedResult:
    """Take the rows between the stored cursor and ``cursor``.

    ``head`` is the county's signed feed head; without one that covers ``cursor`` nothing is evicted. ``reset`` reads
    from the beginning of the feed again. ``verified`` are results of ``verify_batch`` (another process).
    Raises InputError ``feed.gap`` | ``feed.hash`` | ``feed.epoch`` | ``feed.head`` | ``feed.unsigned``: nothing of
    the page is taken then, and the caller reconciles.
    """
    trust = tx.require_identity().trust
    known = None if reset else tx.cursors().get(cursor.area)
    _check_hashes(trust.county, known, rows, cursor)
    signed = _check_head(tx, head, cursor)
    if not signed and any(row.kind == feed.EVICT for row in rows):
        raise InputError("feed.unsigned")
    believing.apply_statements(tx, statements)
    page = _Page(cursor.area)
    for row in rows:
        _take(tx, page, row, verified or {})
    tx.run(
        "INSERT OR REPLACE INTO cursor VALUES (?,?,?,?,?)",
        (cursor.area, cursor.head.epoch, cursor.head.seq, cursor.head.hash, tx.now),
    )
    tx.set_meta("last_pull_at", tx.now)
    for document in sorted(page.touched):
        tx.touch(document)
    return FeedResult(
        cursor, page.stored, page.already, tuple(page.refused), tuple(sorted(page.missing)), page.sealed,
        tuple(page.lacking),
    )  # fmt: skip


def apply_fetched(tx: WriteTx, fetched: Iterable[SignedRevision], statements: Iterable[Statement] = ()) -> FeedResult:
    """Contents asked for by id, of rows that came bare. What no feed row named is refused with ``feed.unasked``."""
    believing.apply_statements(tx, statements)
    page = _Page("")
    for revision in fetched:
        named = tx.one("SELECT area, epoch, seq FROM lacking WHERE revision = ?", (revision.id,))
        if named is None:
            page.refused.append((revision.id, "feed.unasked"))
            continue
        _take_revision(tx, page, revision, (named[0], named[1], named[2]), {})
    for document in sorted(page.touched):
        tx.touch(document)
    nowhere = Cursor("", FeedHead(0, 0, "0" * 64))
    return FeedResult(nowhere, page.stored, page.already, tuple(page.refused), tuple(sorted(page.missing)))


def retry_refused(tx: WriteTx) -> int:
    """Look again at what was refused for want of a certificate or role; how many are stored now."""
    page = _Page("")
    sql = "SELECT envelope, signature, salt, payload, area, epoch, seq FROM refused WHERE envelope IS NOT NULL"
    for *signed, area, epoch, seq in tx.rows(sql):
        _take_revision(tx, page, revisions.read_signed(tuple(signed)), (area, epoch, seq), {})
    for document in sorted(page.touched):
        tx.touch(document)
    return page.stored


def verify_batch(fetched: Sequence[SignedRevision], keys: Mapping[str, bytes]) -> dict[str, Envelope | str]:
    """Signature, payload hash and envelope of each: its envelope, or the error code. Pure, for another process.

    ``keys`` are raw public keys by device id; revisions of other devices are left out."""
    made: dict[str, Envelope | str] = {}
    parsed = {device: public_key(raw) for device, raw in keys.items()}
    for revision in fetched:
        try:
            device = revision.envelope.device
            if device in parsed:
                made[revision.id] = verify_revision(revision, parsed[device])
        except InputError as error:
            made[revision.id] = error.code
    return made


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


def _take(tx: WriteTx, page: _Page, row: FeedRow, verified: Mapping[str, Envelope | str]) -> None:
    place = (row.area, row.epoch, row.seq)
    if row.kind == feed.REVISION:
        if row.revision is None:
            _take_bare(tx, page, row)
        elif row.revision.id != row.subject:
            _refuse(tx, page, row.subject, "feed.subject", place, None)
        else:
            _take_revision(tx, page, row.revision, place, verified)
    elif row.kind == feed.EVICT:
        page.sealed += evicting.leave(tx, row.subject, place)
        page.touched.add(row.subject)
    elif row.statement is not None:
        _take_statement(tx, page, row, row.statement)


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
    found = tx.one("SELECT document FROM revision WHERE id = ?", (row.subject,))
    if found:
        _arrived(tx, page, row.subject, found[0], place)
        return
    page.lacking.append(row.subject)
    tx.run("INSERT OR REPLACE INTO lacking VALUES (?,?,?,?)", (row.subject, *place))


def _arrived(tx: WriteTx, page: _Page, revision: str, document: str, place: tuple[str, int, int]) -> None:
    """A revision that is here already stands in this feed too."""
    tx.run("UPDATE revision SET sent = 1, feed_area = ?, feed_epoch = ?, feed_seq = ? WHERE id = ?", (*place, revision))
    evicting.enter(tx, document, place)
    page.already += 1
    page.touched.add(document)


def _take_revision(
    tx: WriteTx,
    page: _Page,
    revision: SignedRevision,
    place: tuple[str, int, int],
    verified: Mapping[str, Envelope | str],
) -> None:
    name = revision.id
    found = tx.one("SELECT document FROM revision WHERE id = ?", (name,))
    if found:
        _arrived(tx, page, name, found[0], place)
        return
    envelope = _verify(tx, page, revision, verified.get(name))
    if isinstance(envelope, str):
        _refuse(tx, page, name, envelope, place, revision)
        return
    _note_chain(tx, name, envelope)
    own = envelope.device == tx.device
    revisions.insert(tx.connection, revision, envelope, own=own, stored_at=tx.now, place=place)
    _obey_tombstone(tx, name, revision, envelope)
    tx.run("DELETE FROM refused WHERE revision = ?", (name,))
    tx.run("DELETE FROM lacking WHERE revision = ?", (name,))
    evicting.enter(tx, envelope.document, place)
    page.stored += 1
    page.touched.add(envelope.document)


def _obey_tombstone(tx: WriteTx, name: str, revision: SignedRevision, envelope: Envelope) -> None:
    """What was erased by law stays erased, whichever door it comes in by."""
    erased = tx.one("SELECT statement FROM erased WHERE revision = ?", (name,))
    if erased:
        statement = unpack_statement(erased[0])
        erase_revision(tx, name, statement, statement.body)
    elif revision.payload is not None:
        note_named(tx, name, envelope.document, envelope.type, revision.payload, own=False)


def _verify(tx: WriteTx, page: _Page, revision: SignedRevision, verified: Envelope | str | None) -> Envelope | str:
    """The envelope, once device, signature, payload, author, county, role and parents hold; else the error code."""
    try:
        envelope = verified or revision.envelope
        if isinstance(envelope, str):
            return envelope
        device = _device(tx, page, envelope.device)
        if device is None:
            page.missing.add(envelope.device)
            return "device.unknown"
        if verified is None:
            verify_revision(revision, device.key)
    except InputError as error:
        return error.code
    if envelope.author != device.user:
        return "revision.author"
    if envelope.county != tx.require_identity().county:
        return "revision.county"
    if not any(may(role, WRITE, envelope.type) for role in device.roles):
        return "revision.role"
    return _check_parents(tx, envelope) or envelope


def _device(tx: WriteTx, page: _Page, device: str) -> KnownDevice | None:
    if device not in page.devices:
        page.devices[device] = believing.known_device(tx.connection, device)
    return page.devices[device]


def _check_parents(tx: WriteTx, envelope: Envelope) -> str:
    for parent in envelope.parents:
        found = tx.one("SELECT document, type FROM revision WHERE id = ?", (parent,))
        if found and found != (envelope.document, envelope.type):
            return "revision.parents"
    return ""


def _note_chain(tx: WriteTx, name: str, envelope: Envelope) -> None:
    """One number with two ids is a fork; a ``prev`` that is not the id before is a break. Gaps are normal here: this
    device sees only its own areas."""
    near = tx.rows(
        "SELECT device_seq, id, prev FROM revision WHERE device = ? AND device_seq BETWEEN ? AND ?",
        (envelope.device, envelope.device_seq - 1, envelope.device_seq + 1),
    )
    before = {row[1] for row in near if row[0] == envelope.device_seq - 1}
    after: list[Any] = [row for row in near if row[0] == envelope.device_seq + 1]
    if any(row[0] == envelope.device_seq and row[1] != name for row in near):
        note_fault(tx.connection, envelope.device, "fork", envelope.device_seq, envelope.device_seq, tx.now)
    if before and envelope.prev not in before:
        note_fault(tx.connection, envelope.device, "broken", envelope.device_seq, envelope.device_seq, tx.now)
    for row in after:
        if row[2] != name:
            note_fault(tx.connection, envelope.device, "broken", row[0], row[0], tx.now)


def _refuse(
    tx: WriteTx, page: _Page, name: str, code: str, place: tuple[str, int, int], revision: SignedRevision | None
) -> None:
    page.refused.append((name, code))
    packed = revisions.packed(revision) if revision and code in RETRIED else (None,) * 4
    tx.run("INSERT OR REPLACE INTO refused VALUES (?,?,?,?,?,?,?,?,?,?,?)", (name, code, *place, tx.now, None, *packed))


#: What may come right by itself, with another certificate, scope or program version.
RETRIED = ("device.unknown", "revision.role", "envelope.protocol")
