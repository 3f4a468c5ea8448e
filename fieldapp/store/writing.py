"""The one write path: revisions and their projections in one transaction."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldapp.domain.areas import may_write
from fieldapp.domain.ids import new_document_id
from fieldapp.domain.payload import Payload, WholePayload, whole_payload
from fieldapp.domain.pointers import ROW, Json, get_many, put
from fieldapp.domain.revision import Envelope, FeedHead, SignedRevision, sign_revision
from fieldapp.domain.roles import WRITE, may
from fieldapp.domain.statements import Statement
from fieldapp.errors import ProgrammingFault, RefusedError, StateError
from fieldapp.store import believing, blobs, erasing, evicting, feeding, incoming, revisions, staging
from fieldapp.store import receipts as receipts_of_county
from fieldapp.store.codec import pack_json, to_text
from fieldapp.store.connection import Connection
from fieldapp.store.exchange import Cursor, FeedResult, FeedRow, IncomingBlob, Reader, ReceiptResult
from fieldapp.store.identity import Identity
from fieldapp.store.incoming import BlobWriter
from fieldapp.store.preparing import Prepared
from fieldapp.store.projections import keeping
from fieldapp.store.reading import ReadTx
from fieldapp.store.staging import StagedBlob
from fieldapp.store.views import DocumentView, compute_view, first_view

if TYPE_CHECKING:
    from fieldapp.store.vault.profile import Profile

Form = tuple[str, str]
_KIND = re.compile(r"[a-z][a-z_.]{0,39}")
_ROW = f'"{ROW}"'.encode()


class WriteTx(ReadTx):
    """One transaction; durable once the future of ``Store.write`` resolves.

    What is written can be read back at once; cards and search follow at the end of the transaction.
    """

    def __init__(self, connection: Connection, profile: Profile, now: datetime) -> None:
        super().__init__(connection, profile.identity, profile.folder)
        self._profile = profile
        self.device = profile.device
        self.own_devices = frozenset((profile.device, *profile.former_devices))
        self.blobs_ending = False
        self.staged: list[StagedBlob] = []
        self.staged_here: list[StagedBlob] = []
        self.now = revisions.timestamp(now)
        self._stale: set[str] = set()
        self._rebuilding: bool | None = None
        self.last_link: tuple[int, str] | None = None

    def create(
        self,
        document_type: str,
        area: str,
        state: Mapping[str, Json],
        *,
        document_id: str | None = None,
        form: Form | None = None,
    ) -> str:
        """Make a document, every leaf of ``state`` a write; returns its id.

        ``document_id`` for ids others compute alike (``fieldapp.domain.ids``); a fresh one else. Creating a document
        that is here adds a second root: two workers' answers to one door. ``form``: (form id, version).
        Raises RefusedError ``refused.role`` | ``refused.area``, StateError ``state.not_enrolled``.
        """
        document = document_id or new_document_id()
        self._sign(document, document_type, area, (), whole_payload(state), form)
        return document

    def save(
        self,
        document_id: str,
        writes: Mapping[str, Json],
        *,
        form: Form | None = None,
        parents: Sequence[str] | None = None,
    ) -> str:
        """Write exactly these leaves (JSON Pointer -> value, None clears); returns the revision id.

        ``parents`` are the leaves the author saw, by default all current ones. Raises StateError ``state.unknown``
        | ``state.stopped``, RefusedError, InputError ``payload.*`` for a pointer that is no leaf.
        """
        view = self.document(document_id)
        if view is None:
            raise StateError("state.unknown")
        if not writes:
            raise ProgrammingFault("a save without writes")
        seen = view if parents is None else self._as_seen(document_id, parents)
        state: dict[str, Json] = _copy(seen.merged.state)
        for pointer, value in writes.items():
            put(state, pointer, value)
        heads = seen.merged.leaves if parents is None else tuple(sorted(parents))
        return self._sign(document_id, view.type, view.area, heads, Payload(state, tuple(writes)), form)

    def decide(self, document_id: str, pointer: str, value: Json, *, form: Form | None = None) -> str:
        """Settle one field in conflict by writing ``value`` on top of all leaves; returns the revision id.

        Raises StateError ``state.no_conflict`` when there is nothing to decide (any more)."""
        view = self.document(document_id)
        if view is None:
            raise StateError("state.unknown")
        if pointer not in view.merged.conflicts:
            raise StateError("state.no_conflict")
        return self.save(document_id, {pointer: value}, form=form)

    def move(self, document_id: str, area: str) -> str:
        """Offer a document to another area: an act of its own that writes no leaf; returns the revision id.

        The county carries it out; until its feed says so the document stays where it is. Raises StateError
        ``state.unknown``, RefusedError ``refused.area`` unless this user covers both areas.
        """
        view = self.document(document_id)
        if view is None:
            raise StateError("state.unknown")
        if not may_write(self.require_identity().scope, view.area):
            raise RefusedError("refused.area", area=view.area)
        state = _copy(view.merged.state)
        return self._sign(document_id, view.type, area, view.merged.leaves, Payload(state, ()), None)

    def save_draft(self, draft_id: str, kind: str, subject: str | None, body: Json, heads: Sequence[str] = ()) -> None:
        """Keep unfinished work; ``heads`` are kept from the first time it was saved."""
        self.connection.execute(
            "INSERT INTO draft(id, kind, subject, heads, body, saved_at, created_at) VALUES (?,?,?,?,?,?,?) "
            "ON CONFLICT(id) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at, kind = excluded.kind, "
            "subject = excluded.subject",
            (draft_id, kind, subject, to_text(list(heads)), pack_json(body), self.now, self.now),
        )

    def drop_draft(self, draft_id: str) -> None:
        self.connection.execute("DELETE FROM draft WHERE id = ?", (draft_id,))

    def put_blob(
        self, document_id: str, source: bytes | Path | StagedBlob, kind: str = "photo", media_type: str = ""
    ) -> str:
        """Keep a photo, signature or file of a document; returns its id, which goes into an answer.

        Large ones are better staged first (``Store.stage_blob``), off the writer's thread. Raises InputError
        ``blob.*``, StorageError ``storage.full``.
        """
        if isinstance(source, StagedBlob):
            staged = source  # its maker may try again after a failure
        else:
            staged = staging.stage(self.folder, source, kind, media_type)
            self.staged_here.append(staged)
        self.staged.append(staged)
        return blobs.put(self, document_id, staged)

    def log_access(self, kind: str, *document_ids: str) -> str:
        """Note on the device's chain that somebody looked at, printed or exported documents; returns the log's id.

        ``kind`` is a fixed word (``reveal`` | ``print`` | ``export`` | ``open`` ...), never typed text.
        """
        if not _KIND.fullmatch(kind):
            raise ProgrammingFault("an access log holds fixed words only")
        first = self.document(document_ids[0]) if document_ids else None
        area = first.area if first else self.require_identity().scope[0]
        entry = {"kind": kind, "documents": list(document_ids), "at": self.now}
        return self.create("access_log", area, entry)

    def set_meta(self, key: str, value: str | int | None) -> None:
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def finish(self) -> None:
        """Bring derived projections up to date. The store calls it before the commit; who must read in this very
        transaction what it has just joined or parted calls it before."""
        keeping.derive(self.connection, self._stale)
        self._stale.clear()

    def require_identity(self) -> Identity:
        """Raises StateError ``state.not_enrolled``."""
        return self._profile.require_identity()

    def _as_seen(self, document_id: str, parents: Sequence[str]) -> DocumentView:
        seen = revisions.view_at(self.connection, document_id, parents)
        if seen is None:
            raise StateError("state.unknown_parents")
        return seen

    def _sign(
        self,
        document: str,
        document_type: str,
        area: str,
        parents: tuple[str, ...],
        payload: Payload,
        form: Form | None,
    ) -> str:
        identity = self._profile.require_signing()
        if not may(identity.role, WRITE, document_type):
            raise RefusedError("refused.role", type=document_type)
        if not may_write(identity.scope, area) and document_type != "access_log":
            raise RefusedError("refused.area", area=area)
        seq, prev = revisions.next_link(self.connection, self.device)
        if revisions.is_forked(self.connection, self.device):
            raise StateError("state.device_stopped")
        signed = sign_revision(
            self._profile.signing_key(), payload,
            county=identity.county, document=document, type=document_type, area=area, parents=parents,
            author=identity.user, device=self.device, device_seq=seq, prev=prev, seen=self._seen_for(area),
            claimed_at=self.now, form_id=form[0] if form else None, form_version=form[1] if form else None,
        )  # fmt: skip
        self._store_own(signed, payload)
        self.last_link = (seq, signed.id)
        return signed.id

    def _seen_for(self, area: str) -> dict[str, FeedHead]:
        """The feed heads known of the document's area and those above it: of the others nothing is claimed."""
        plain = area.rstrip("*")
        return {name: head for name, head in self.seen().items() if plain.startswith(name.rstrip("*"))}

    def _store_own(self, signed: SignedRevision, payload: Payload) -> None:
        envelope = signed.envelope
        fresh = not self.one("SELECT 1 FROM place WHERE document = ?", (envelope.document,))
        revisions.insert(self.connection, signed, envelope, own=True, stored_at=self.now)
        self.connection.execute(
            "INSERT OR IGNORE INTO place(document, area, epoch, entered) VALUES (?, ?, 0, 0)",
            (envelope.document, envelope.area),
        )
        if signed.payload is not None:
            incoming.note_named(self, signed.id, envelope.document, envelope.type, signed.payload, own=True)
        if fresh and isinstance(payload, WholePayload) and not _has_dead_rows(signed, payload):
            self._project_first(signed, envelope, payload)
        else:
            self.touch(envelope.document)

    def _project_first(self, signed: SignedRevision, envelope: Envelope, payload: WholePayload) -> None:
        """A new document's only revision: what ``touch`` would give, without reading anything back."""
        rows, stale = keeping.project_all(first_view(signed.id, envelope, payload.state))
        keeping.put_fresh(self.connection, [rows])
        self._stale |= stale
        self._note_touched(envelope.document)

    def apply_statements(self, statements: Iterable[Statement]) -> tuple[tuple[str, str], ...]:
        """Certificates, scopes, control documents, feed heads, backups; (kind, error code) of those refused."""
        refused = believing.apply_statements(self, statements)
        feeding.retry_refused(self)
        evicting.settle(self)
        return refused

    def apply_receipts(self, receipts: Iterable[Statement]) -> ReceiptResult:
        return receipts_of_county.apply_receipts(self, receipts)

    def apply_feed(
        self,
        rows: Sequence[FeedRow],
        cursor: Cursor,
        *,
        head: Statement | None = None,
        statements: Iterable[Statement] = (),
        reset: bool = False,
        prepared: Mapping[str, Prepared] | None = None,
        reader: Reader | None = None,
    ) -> FeedResult:
        """A page of one area's feed; see ``feeding.apply_feed``."""
        return feeding.apply_feed(
            self, rows, cursor, head=head, statements=statements, reset=reset, prepared=prepared, reader=reader
        )

    def apply_fetched(
        self, fetched: Iterable[SignedRevision], statements: Iterable[Statement] = (), *, reader: Reader | None = None
    ) -> FeedResult:
        """Contents of revisions that ``FeedResult.lacking`` named."""
        return feeding.apply_fetched(self, fetched, statements, reader=reader)

    def apply_erasure(self, statement: Statement) -> None:
        """An ``erasure`` from another door than the feed. Raises InputError ``statement.*``."""
        body = self.require_identity().trust.check(statement, "erasure")
        for name in body["revisions"]:
            erasing.erase_revision(self, name, statement, body)
            found = self.one("SELECT document FROM revision WHERE id = ?", (name,))
            if found:
                self.touch(found[0])

    def evict_area(self, area: str) -> int:
        """This device no longer reads ``area``; how many revisions were sealed or deleted."""
        return evicting.evict_area(self, area)

    def evict_types(self, types: Collection[str]) -> int:
        """This device's role no longer reads documents of ``types``; how many revisions were sealed or deleted."""
        return evicting.evict_types(self, types)

    def read_again(self) -> None:
        """Another role: every feed is read from its beginning, for what was withheld until now came without
        contents and its rows are passed."""
        self.run("DELETE FROM cursor")

    def expect_blob(self, blob: IncomingBlob, kind: str, media_type: str, size: int, salt: bytes) -> BlobWriter:
        """Begin or resume a wanted blob; ``BlobWriter`` is used outside the transaction."""
        return incoming.expect(self, blob, kind, media_type, size, salt)

    def blob_arrived(self, writer: BlobWriter) -> None:
        """Call after ``writer.check()`` passed."""
        incoming.arrived(self, writer)

    def blob_absent(self, blob_id: str) -> None:
        incoming.absent(self, blob_id)

    def blob_offset(self, blob_id: str, offset: int) -> None:
        """How much of an own blob the county holds, in bytes."""
        self.run("UPDATE blob SET offset = ? WHERE id = ? AND held = 0", (offset, blob_id))

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """For the rooms of the store itself."""
        self.connection.execute(sql, parameters)

    def put_fresh(self, made: Mapping[str, Prepared]) -> None:
        """Rows of documents that were not here before."""
        keeping.put_fresh(self.connection, [item.rows for item in made.values() if item.rows is not None])
        for item in made.values():
            self._stale |= item.subjects
        for document in made:
            self._note_touched(document)

    def touch(self, document: str) -> None:
        """Project ``document`` anew from its revisions."""
        self._stale |= keeping.put_view(self.connection, document, compute_view(self.connection, document))
        self._note_touched(document)

    def _note_touched(self, document: str) -> None:
        """While shadow tables are being filled, remember what changed meanwhile."""
        if self._rebuilding is None:
            self._rebuilding = self.meta("rebuilding") is not None
        if self._rebuilding:
            self.run("INSERT OR IGNORE INTO rebuild_touched VALUES (?)", (document,))


def _has_dead_rows(signed: SignedRevision, payload: WholePayload) -> bool:
    """Whether a repeat row is written as not there: what stands in it is then not shown."""
    if signed.payload is None or _ROW not in signed.payload:
        return False
    return not all(value for path, value in get_many(payload.state, payload.set) if path.endswith("/" + ROW))


def _copy(value: Any) -> Any:
    return {key: _copy(inner) for key, inner in value.items()} if isinstance(value, Mapping) else value
