"""The one write path: revisions and their projections in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fieldapp.domain.areas import may_write
from fieldapp.domain.ids import new_document_id
from fieldapp.domain.pointers import Json, leaves, put
from fieldapp.domain.revision import FeedHead, Payload, SignedRevision, sign_revision
from fieldapp.domain.roles import WRITE, may
from fieldapp.errors import ProgrammingFault, RefusedError, StateError
from fieldapp.store import revisions
from fieldapp.store.codec import pack_json, to_text
from fieldapp.store.connection import Connection
from fieldapp.store.projections import keeping
from fieldapp.store.reading import ReadTx
from fieldapp.store.views import DocumentView, compute_view

if TYPE_CHECKING:
    from fieldapp.store.vault.profile import Profile

Form = tuple[str, str]


class WriteTx(ReadTx):
    """One transaction; durable once the future of ``Store.write`` resolves.

    What is written can be read back at once; cards and search follow at the end of the transaction.
    """

    def __init__(self, connection: Connection, profile: Profile, now: datetime) -> None:
        super().__init__(connection, profile.identity)
        self._profile = profile
        self.now = revisions.timestamp(now)
        self._stale: set[str] = set()
        self._touched: set[str] = set()
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
        written = tuple(path for path, value in leaves(state) if value is not None)
        self._sign(document, document_type, area, (), Payload(state, written), form)
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

    def save_draft(self, draft_id: str, kind: str, subject: str | None, body: Json, heads: Sequence[str] = ()) -> None:
        """Keep unfinished work; ``heads`` are kept from the first time it was saved."""
        self._connection.execute(
            "INSERT INTO draft(id, kind, subject, heads, body, saved_at, created_at) VALUES (?,?,?,?,?,?,?) "
            "ON CONFLICT(id) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at, kind = excluded.kind, "
            "subject = excluded.subject",
            (draft_id, kind, subject, to_text(list(heads)), pack_json(body), self.now, self.now),
        )

    def drop_draft(self, draft_id: str) -> None:
        self._connection.execute("DELETE FROM draft WHERE id = ?", (draft_id,))

    def log_access(self, kind: str, *document_ids: str) -> str:
        """Note on the device's chain that somebody looked at, printed or exported documents; returns the log's id.

        ``kind`` is a fixed word (``reveal`` | ``print`` | ``export`` | ``open`` ...), never typed text.
        """
        first = self.document(document_ids[0]) if document_ids else None
        area = first.area if first else self._require_identity().scope[0]
        entry = {"kind": kind, "documents": list(document_ids), "at": self.now}
        return self.create("access_log", area, entry)

    def set_meta(self, key: str, value: str | int | None) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def finish(self) -> None:
        """Bring derived projections up to date; the store calls it before the commit."""
        keeping.derive(self._connection, self._stale)
        self._stale.clear()

    def _require_identity(self) -> Any:
        return self._profile.require_identity()

    def _as_seen(self, document_id: str, parents: Sequence[str]) -> DocumentView:
        seen = revisions.view_at(self._connection, document_id, parents)
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
        identity = self._require_identity()
        if not may(identity.role, WRITE, document_type):
            raise RefusedError("refused.role", type=document_type)
        if not may_write(identity.scope, area) and document_type != "access_log":
            raise RefusedError("refused.area", area=area)
        seq, prev = revisions.next_link(self._connection, self._profile.device)
        if revisions.is_forked(self._connection, self._profile.device):
            raise StateError("state.device_stopped")
        signed = sign_revision(
            self._profile.signing_key(), payload,
            county=identity.county, document=document, type=document_type, area=area, parents=parents,
            author=identity.user, device=self._profile.device, device_seq=seq, prev=prev, seen=self._seen_for(area),
            claimed_at=self.now, form_id=form[0] if form else None, form_version=form[1] if form else None,
        )  # fmt: skip
        self._store_own(signed)
        self.last_link = (seq, signed.id)
        return signed.id

    def _seen_for(self, area: str) -> dict[str, FeedHead]:
        """The feed heads known of the document's area and those above it: of the others nothing is claimed."""
        plain = area.rstrip("*")
        return {name: head for name, head in self.seen().items() if plain.startswith(name.rstrip("*"))}

    def _store_own(self, signed: SignedRevision) -> None:
        envelope = signed.envelope
        revisions.insert(self._connection, signed, envelope, own=True, stored_at=self.now)
        self._connection.execute(
            "INSERT OR IGNORE INTO place(document, area, epoch, seq) VALUES (?, ?, 0, 0)",
            (envelope.document, envelope.area),
        )
        self.touch(envelope.document)

    def touch(self, document: str) -> None:
        """Project ``document`` anew from its revisions."""
        self._stale |= keeping.put_view(self._connection, document, compute_view(self._connection, document))
        revisions.note_touched(self._connection, document)


def _copy(value: Any) -> Any:
    return {key: _copy(inner) for key, inner in value.items()} if isinstance(value, Mapping) else value
