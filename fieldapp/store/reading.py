"""What may be read inside one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldapp.domain.payload import parse_payload
from fieldapp.domain.revision import FeedHead, parse_envelope
from fieldapp.domain.statements import Statement
from fieldapp.store import blobs, outgoing
from fieldapp.store.blobs import Blob, BlobInfo
from fieldapp.store.codec import unpack, unpack_json, unpack_statement
from fieldapp.store.connection import Connection, Row, one, rows
from fieldapp.store.exchange import IncomingBlob, Outgoing, OutgoingBlob, SyncState
from fieldapp.store.identity import Identity
from fieldapp.store.spans import span
from fieldapp.store.views import DOCUMENT_COLUMNS, DOCUMENT_SOURCE, DocumentView, RevisionRow, from_row, stored_view


@dataclass(frozen=True)
class Draft:
    """Unfinished work, saved answer by answer. ``heads`` are the leaves its author saw when it was opened."""

    id: str
    kind: str
    subject: str | None
    body: Any
    heads: tuple[str, ...]
    created_at: str
    saved_at: str


class ReadTx:
    """A consistent view of the store; valid inside the function it was given to, on that thread only."""

    def __init__(self, connection: Connection, identity: Identity | None, folder: Path) -> None:
        self.connection = connection
        self.identity = identity
        self.folder = folder

    # For projections' query functions; screens and workflows never write SQL.
    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        return rows(self.connection, sql, parameters)

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        return one(self.connection, sql, parameters)

    def document(self, document_id: str) -> DocumentView | None:
        """The document as it reads now; None when unknown or outside this device's scope."""
        return stored_view(self.connection, document_id)

    def documents(self, document_ids: Iterable[str]) -> list[DocumentView]:
        """Those of ``document_ids`` that are here, in that order."""
        return [view for name in document_ids if (view := self.document(name))]

    def of_type(self, document_type: str, area_prefix: str | None = None) -> Iterator[DocumentView]:
        """Every document of a type, optionally within an area; read one by one."""
        sql = f"SELECT {DOCUMENT_COLUMNS} FROM {DOCUMENT_SOURCE} WHERE d.type = ? AND d.area >= ? AND d.area < ?"
        prefix = area_prefix or ""
        for row in self.connection.execute(sql, (document_type, *span(prefix))):
            yield from_row(row)

    def conflicted(self) -> list[DocumentView]:
        """Documents with fields in conflict."""
        sql = f"SELECT {DOCUMENT_COLUMNS} FROM {DOCUMENT_SOURCE} WHERE d.conflicts > 0"
        return [from_row(row) for row in self.rows(sql)]

    def canonical(self, document_id: str) -> str:
        """The smallest id of everything said to be the same as this document."""
        found = self.one("SELECT canonical FROM component WHERE document = ?", (document_id,))
        return str(found[0]) if found else document_id

    def revisions(self, document_id: str) -> list[RevisionRow]:
        """The history of a document, parents before children, by claimed time among equals."""
        found = self.rows(
            "SELECT r.id, r.envelope, r.payload, r.own, v.state, v.reason, v.complete "
            "FROM revision r LEFT JOIN verdict v ON v.revision = r.id WHERE r.document = ?",
            (document_id,),
        )
        return _parents_first([_revision_row(row) for row in found])

    def draft(self, draft_id: str) -> Draft | None:
        found = self.one(f"SELECT {_DRAFT} FROM draft WHERE id = ?", (draft_id,))
        return _draft(found) if found else None

    def drafts(self, subject: str | None = None) -> list[Draft]:
        """Unfinished work, newest first; of one document when ``subject`` is given."""
        sql = f"SELECT {_DRAFT} FROM draft WHERE ? IS NULL OR subject = ? ORDER BY saved_at DESC, id"
        return [_draft(row) for row in self.rows(sql, (subject, subject))]

    def blob(self, blob_id: str) -> Blob | None:
        """A blob whose content is here; it can be read after the transaction too."""
        return blobs.find(self, blob_id)

    def blobs_of(self, document_id: str) -> list[BlobInfo]:
        """What is known of a document's blobs, here or not."""
        return blobs.infos(self, document_id)

    def blobs_unsent(self, limit: int = 20, *, pushed: bool = True) -> list[OutgoingBlob]:
        return blobs.unsent(self, limit, pushed=pushed)

    def blobs_wanted(self, limit: int = 20) -> list[IncomingBlob]:
        return blobs.wanted(self, limit)

    def unsent(self, limit: int = 200, besides: Iterable[str] = ()) -> list[Outgoing]:
        """This device's revisions without a receipt, in the order of its chain."""
        return outgoing.unsent(self, limit, besides)

    def unsettled(self, limit: int = 1000) -> list[str]:
        """Own revisions whose receipt is not final: waiting, or accepted and not complete."""
        return outgoing.unsettled(self, limit)

    def control(self, name: str) -> Statement | None:
        """The control document in force under ``name`` (a form, a policy pack, holidays, areas ...)."""
        found = self.one("SELECT statement FROM control WHERE name = ?", (name,))
        return unpack_statement(found[0]) if found else None

    def receipt(self, revision_id: str) -> Statement | None:
        """The county's last word on a revision, as it signed it; None while it has said nothing to this device."""
        found = self.one("SELECT statement FROM verdict WHERE revision = ?", (revision_id,))
        return unpack_statement(found[0]) if found else None

    def proof(self, revision_id: str) -> Statement | None:
        """How the county signed that it holds a revision: its receipt for this device's own, else the feed head that
        covers the row the revision came in; None while it has said nothing."""
        said = self.receipt(revision_id)
        if said is not None and said.body.get("state") == "accepted":
            return said
        row = self.one("SELECT feed_area, feed_epoch, feed_seq FROM revision WHERE id = ?", (revision_id,))
        kept = self.meta(HEAD_OF.format(row[0])) if row and row[0] else None
        if not row or kept is None:
            return None
        head = unpack_statement(kept.encode())
        covers = head.body["epoch"] == row[1] and head.body["areas"][row[0]][0] >= row[2]
        return head if covers else None

    def sync_state(self) -> SyncState:
        """What is unsent and what the county holds, counted now."""
        unsent, size = self.one(
            "SELECT count(*), coalesce(sum(length(envelope) + coalesce(length(payload), 0)), 0) "
            "FROM revision WHERE own = 1 AND sent = 0"
        ) or (0, 0)
        blobs = self.one("SELECT count(*) FROM blob WHERE own = 1 AND held = 0") or (0,)
        sent = self.one("SELECT count(*) FROM revision WHERE own = 1 AND sent = 1") or (0,)
        unsettled: dict[str, int] = dict(
            self.rows(
                "SELECT v.state, count(*) FROM verdict v JOIN revision r ON r.id = v.revision "
                "WHERE (v.state <> 'accepted' OR v.complete = 0) AND r.own = 1 GROUP BY v.state"
            )
        )
        return SyncState(
            unsent, size, blobs[0], sent[0] - sum(unsettled.values()), unsettled.get("waiting", 0),
            unsettled.get("quarantined", 0), self.meta("last_receipt_at"), self.meta("last_pull_at"), self.cursors(),
        )  # fmt: skip

    def cursors(self) -> dict[str, FeedHead]:
        """How far each area's feed was read."""
        return {row[0]: FeedHead(*row[1:]) for row in self.rows("SELECT area, epoch, seq, hash FROM cursor")}

    def seen(self) -> dict[str, FeedHead]:
        """The last county-signed feed head of each area."""
        return {row[0]: FeedHead(*row[1:]) for row in self.rows("SELECT area, epoch, seq, hash FROM seen")}

    def device_keys(self) -> dict[str, bytes]:
        """Raw public keys of all certified devices, by device id."""
        return dict(self.rows("SELECT id, public FROM device"))

    def controls(self) -> dict[str, int]:
        """Name and version of every control document here."""
        return dict(self.rows("SELECT name, version FROM control"))

    def user_names(self) -> dict[str, str]:
        """User id → name, as the county last wrote it, of everybody whose scope has come here."""
        return {row[0]: row[1] for row in self.rows("SELECT user, name FROM scope WHERE name <> '' ORDER BY version")}

    def chain_faults(self) -> list[tuple[str, str, int, int]]:
        """(device, kind, first, last): ``fork`` | ``broken`` | ``gap`` | ``lost`` numbers of a device's chain."""
        return [(r[0], r[1], r[2], r[3]) for r in self.rows("SELECT device, kind, first, last FROM chain_fault")]

    def meta(self, key: str) -> Any:
        found = self.one("SELECT value FROM meta WHERE key = ?", (key,))
        return found[0] if found else None


#: The county's last signed head of an area's feed, as it came.
HEAD_OF = "head:{}"
_DRAFT = "id, kind, subject, body, heads, created_at, saved_at"


def _draft(row: Row) -> Draft:
    return Draft(row[0], row[1], row[2], unpack_json(row[3]), tuple(json.loads(row[4])), row[5], row[6])


def _revision_row(row: Row) -> RevisionRow:
    envelope = parse_envelope(row[1])
    payload = parse_payload(unpack(row[2])) if row[2] is not None else None
    return RevisionRow(
        row[0], envelope.author, envelope.device, envelope.device_seq, envelope.claimed_at, envelope.parents,
        payload.set if payload else (), payload.state if payload else None, envelope.form_id, envelope.form_version,
        bool(row[3]), row[4] or "", row[5] or "", bool(row[6]),
    )  # fmt: skip


def _parents_first(found: list[RevisionRow]) -> list[RevisionRow]:
    here = {row.id: row for row in found}
    placed: dict[str, RevisionRow] = {}
    todo = sorted(found, key=lambda row: (row.claimed_at, row.id))
    while todo:
        ready = [row for row in todo if all(p in placed or p not in here for p in row.parents)]
        placed.update({row.id: row for row in ready})
        todo = [row for row in todo if row.id not in placed]
    return list(placed.values())
