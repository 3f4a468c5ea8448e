"""What a reader sees of one document, and how it is computed from revisions and the county's verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from fieldapp.domain.documents import RECORDS, Record
from fieldapp.domain.merging import FieldValue, Merged, RevisionContent, merge
from fieldapp.domain.payload import parse_payload
from fieldapp.domain.pointers import ROW, Json, split
from fieldapp.domain.revision import Envelope, parse_envelope
from fieldapp.store.codec import pack, unpack, unpack_json
from fieldapp.store.connection import Connection, Row, one, rows, select_in


@dataclass(frozen=True)
class DocumentView:
    """One document as it reads now.

    ``area`` is where the county keeps it; ``merged`` the reading of its revisions, ``record`` its typed form;
    ``quarantined`` and ``waiting`` are ids of revisions that count for nothing yet. ``first_at`` and ``last_at`` are
    the smallest and largest claimed times, ``authors`` all who wrote to it. ``lone``: its only revision says exactly
    this, so that the store keeps the words once.
    """

    id: str
    type: str
    area: str
    merged: Merged
    quarantined: tuple[str, ...]
    waiting: tuple[str, ...]
    authors: tuple[str, ...]
    first_at: str
    last_at: str
    lone: bool = False

    @property
    def record(self) -> Record:
        return RECORDS.get(self.type, Record).read(self.id, self.merged.state)

    @property
    def state(self) -> Mapping[str, Any]:
        return self.merged.state

    @property
    def conflicted(self) -> bool:
        return bool(self.merged.conflicts)


@dataclass(frozen=True)
class RevisionRow:
    """One entry of a document's history. ``verdict`` is ``""`` while the county has said nothing; ``complete`` says
    that the county holds payload and blobs; ``state`` is what the author saw, None when erased."""

    id: str
    author: str
    device: str
    device_seq: int
    claimed_at: str
    parents: tuple[str, ...]
    set: tuple[str, ...]
    state: Mapping[str, Json] | None
    form_id: str | None
    form_version: str | None
    own: bool
    verdict: str
    reason: str
    complete: bool


REVISION_COLUMNS = "r.id, r.type, r.author, r.device, r.claimed_at, r.envelope, r.payload, v.state, r.erased_set"
DOCUMENT_COLUMNS = "d.document, d.type, d.area, d.content, r.id, r.author, r.claimed_at, r.payload"
#: A row without content is read from its only revision.
DOCUMENT_SOURCE = "document d LEFT JOIN revision r ON d.content IS NULL AND r.document = d.document"
_HIDDEN = ("quarantined", "waiting")


def compute_view(connection: Connection, document: str) -> DocumentView | None:
    """The view from revisions, verdicts and place; None when there is none or it lies outside this device's scope."""
    area = current_area(connection, document)
    if area is None:
        return None
    found = rows(
        connection,
        f"SELECT {REVISION_COLUMNS} FROM revision r LEFT JOIN verdict v ON v.revision = r.id WHERE r.document = ?",
        (document,),
    )
    return view_of(document, area, found) if found else None


def current_area(connection: Connection, document: str) -> str | None:
    """The area whose feed holds the document now; None outside this device's scope. Between two pages of a move it
    may be in two: the smaller name, so that every device says the same."""
    return current_areas(connection, [document]).get(document)


def current_areas(connection: Connection, documents: Iterable[str]) -> dict[str, str]:
    """``current_area`` of many; those outside are left out."""
    found = select_in(
        connection,
        "SELECT document, min(area) FROM place p WHERE (epoch, entered) > (left_epoch, left_seq) AND (epoch > 0 OR "
        "NOT EXISTS (SELECT 1 FROM place o WHERE o.document = p.document AND o.epoch > 0)) AND document",
        documents,
        "GROUP BY document",
    )
    return {row[0]: row[1] for row in found}


def view_of(document: str, area: str, found: list[Row]) -> DocumentView:
    """Pure: ``found`` rows are (id, type, author, device, claimed_at, envelope, packed payload, verdict, writes of an
    erased payload as JSON)."""
    shown = [row for row in found if row[7] not in _HIDDEN]
    contents = [_content(row) for row in shown]
    merged = merge_shown(contents)
    waiting = sorted({row[0] for row in found if row[7] == "waiting"} | set(merged.waiting))
    return DocumentView(
        document,
        min(row[1] for row in found),
        area,
        merged,
        tuple(sorted(row[0] for row in found if row[7] == "quarantined")),
        tuple(waiting),
        tuple(sorted({row[2] for row in shown})),
        min((row[4] for row in shown), default=""),
        max((row[4] for row in shown), default=""),
        lone=len(found) == len(shown) == 1 and merged.state == contents[0].state,
    )


def first_view(name: str, envelope: Envelope, state: Mapping[str, Json]) -> DocumentView:
    """The view of a new document whose only revision wrote every leaf of ``state``: what ``merge`` would give."""
    merged = Merged(dict(state), {}, (name,), ())
    at = envelope.claimed_at
    authors = (envelope.author,)
    return DocumentView(envelope.document, envelope.type, envelope.area, merged, (), (), authors, at, at, lone=True)


def merge_shown(contents: list[RevisionContent]) -> Merged:
    """``merge``, with a short way for the one root revision most documents are."""
    if len(contents) != 1 or contents[0].parents or contents[0].state is None:
        return merge(contents)
    only = contents[0]
    state: dict[str, Json] = {}
    for path in sorted(only.set):
        *way, last = split(path)
        source: Json = only.state
        target = state
        for part in way:
            source = source.get(part) if isinstance(source, Mapping) else None
            if source is None:
                break
            inner = target.get(part)
            if not isinstance(inner, dict):
                inner = {}
                target[part] = inner
            target = inner
        value = source.get(last) if isinstance(source, Mapping) else None
        if last == ROW and not value:
            return merge(contents)
        if value is not None:
            target[last] = value
        elif way:
            return merge(contents)  # a cleared leaf must not leave empty objects behind
    return Merged(state, {}, (only.id,), ())


def _content(row: Row) -> RevisionContent:
    envelope = parse_envelope(row[5])
    if row[6] is None:
        written = tuple(json.loads(row[8] or "[]"))
        return RevisionContent(row[0], envelope.parents, row[2], row[3], row[4], written, None)
    payload = parse_payload(unpack(row[6]))
    return RevisionContent(row[0], envelope.parents, row[2], row[3], row[4], payload.set, payload.state)


def stored_view(connection: Connection, document: str) -> DocumentView | None:
    """The view as last projected: one indexed read."""
    sql = f"SELECT {DOCUMENT_COLUMNS} FROM {DOCUMENT_SOURCE} WHERE d.document = ?"
    found = one(connection, sql, (document,))
    return from_row(found) if found else None


def to_row(view: DocumentView) -> tuple[Any, ...]:
    """(document, type, area, conflicts, last_at, content); no content for what its only revision says."""
    merged = view.merged
    if view.lone:
        return (view.id, view.type, view.area, 0, view.last_at, None)
    conflicts = [
        [path, [[value.value, list(value.revisions)] for value in values]] for path, values in merged.conflicts.items()
    ]
    body = [
        merged.state, conflicts, merged.leaves, merged.waiting, view.quarantined, view.waiting, view.authors,
        view.first_at, view.last_at,
    ]  # fmt: skip
    return (view.id, view.type, view.area, len(conflicts), view.last_at, pack(_ordered_text(body)))


def _ordered_text(body: object) -> bytes:
    """The same bytes whatever order the keys came in, so that rows can be compared."""
    return msgspec.json.encode(body, order="sorted")


def from_row(row: Row) -> DocumentView:
    """From ``DOCUMENT_COLUMNS``. Raises StorageError ``storage.damaged``."""
    document, kind, area, content, *only = row
    if content is None:
        name, author, at, payload = only
        merged = Merged(unpack_json(payload)["state"], {}, (name,), ())
        return DocumentView(document, kind, area, merged, (), (), (author,), at, at, lone=True)
    state, conflicts, leaves, missing, quarantined, waiting, authors, first_at, last_at = unpack_json(content)
    merged = Merged(
        state,
        {path: tuple(FieldValue(value, tuple(ids)) for value, ids in values) for path, values in conflicts},
        tuple(leaves),
        tuple(missing),
    )
    return DocumentView(
        document, kind, area, merged, tuple(quarantined), tuple(waiting), tuple(authors), first_at, last_at
    )
