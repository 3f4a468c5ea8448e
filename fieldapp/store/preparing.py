"""What can be done to a revision without the store: verify it, pack it, project it alone.

Pure, so that a spawned child does it while the writer writes (Python work in this process starves the window).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Any, NamedTuple, Self

from fieldapp.children import pool
from fieldapp.domain.merging import RevisionContent
from fieldapp.domain.payload import parse_payload
from fieldapp.domain.revision import Envelope, SignedRevision, verify_revision
from fieldapp.errors import InputError
from fieldapp.store.codec import pack
from fieldapp.store.projections.keeping import project_all
from fieldapp.store.trust import public_key
from fieldapp.store.views import DocumentView, merge_shown

_DIGEST = re.compile(rb'"[0-9a-f]{64}"')


class Prepared(NamedTuple):
    """``code`` is the error when the revision does not verify. ``rows`` and ``subjects`` are its projection as the
    only revision of its document in ``area``; None when it has parents or no payload."""

    code: str
    envelope: Envelope | None = None
    packed: bytes | None = None
    names_digests: bool = False
    rows: Mapping[str, Sequence[tuple[Any, ...]]] | None = None
    subjects: frozenset[str] = frozenset()


def prepare(revision: SignedRevision, key: bytes, area: str) -> Prepared:
    """Verify under the raw public ``key``; project for a document kept in ``area``."""
    try:
        envelope = verify_revision(revision, public_key(key))
        payload = parse_payload(revision.payload) if revision.payload is not None else None
    except InputError as error:
        return Prepared(error.code)
    if payload is None or revision.payload is None:
        return Prepared("", envelope)
    packed, digests = pack(revision.payload), bool(_DIGEST.search(revision.payload))
    if envelope.parents:
        return Prepared("", envelope, packed, digests)
    name, author, at = revision.id, envelope.author, envelope.claimed_at
    content = RevisionContent(name, (), author, envelope.device, at, payload.set, payload.state)
    merged = merge_shown([content])
    lone = merged.state == payload.state
    view = DocumentView(envelope.document, envelope.type, area, merged, (), (), (author,), at, at, lone)
    rows, subjects = project_all(view)
    return Prepared("", envelope, packed, digests, rows, frozenset(subjects))


def prepare_batch(revisions: Iterable[SignedRevision], keys: Mapping[str, bytes], area: str) -> dict[str, Prepared]:
    """By revision id; revisions of devices without a key in ``keys`` are left out."""
    made = {}
    for revision in revisions:
        try:
            key = keys.get(revision.envelope.device)
        except InputError as error:
            made[revision.id] = Prepared(error.code)
            continue
        if key is not None:
            made[revision.id] = prepare(revision, key, area)
    return made


class Preparer:
    """Prepares pages in spawned children, so that the next page is ready when the writer has taken this one."""

    def __init__(self, children: int = 1) -> None:
        self._pool = pool(children)

    def submit(
        self, revisions: Sequence[SignedRevision], keys: Mapping[str, bytes], area: str
    ) -> Future[dict[str, Prepared]]:
        """``keys``: raw public keys by device id (``ReadTx.device_keys``)."""
        return self._pool.submit(prepare_batch, list(revisions), dict(keys), area)

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
