"""Whether a verified revision may stand here: what the server asked at push, asked again (protocol.md, "Roles").

The county's own word outweighs role and scope of the author alone: a revision that a person answered for comes behind
a signed verdict that accepts it. What the reader may not see is refused, whoever sent it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fieldapp.domain import approving
from fieldapp.domain.areas import may_read
from fieldapp.domain.payload import parse_payload
from fieldapp.domain.revision import Envelope, SignedRevision, parse_envelope
from fieldapp.domain.roles import READ, TABLE, may
from fieldapp.errors import InputError
from fieldapp.store.believing import KnownDevice
from fieldapp.store.connection import select_in
from fieldapp.store.exchange import ACCEPTED, Reader

if TYPE_CHECKING:
    from fieldapp.store.writing import WriteTx


def reader_of(tx: WriteTx) -> Reader:
    """This device's user by the scope it knows."""
    identity = tx.require_identity()
    return Reader(identity.role, identity.scope)


def check_area(reader: Reader, area: str) -> None:
    """Raises InputError ``feed.scope`` for a feed that is not this reader's."""
    if not may_read(reader.areas, area):
        raise InputError("feed.scope", where=area)


def wrong(
    tx: WriteTx, reader: Reader, device: KnownDevice, revision: SignedRevision, envelope: Envelope,
    fresh: Mapping[str, Envelope],
) -> str:  # fmt: skip
    """Why ``revision`` may not stand here, "" when it may. ``fresh``: verified revisions on their way in."""
    if envelope.author != device.user:
        return "revision.author"
    if envelope.county != tx.require_identity().county:
        return "revision.county"
    if envelope.type in TABLE and not may(reader.role, READ, envelope.type):
        return "revision.unreadable"
    approval = None
    if envelope.type == "review" and revision.payload is not None:
        try:
            approval = approving.read_approval(envelope.document, parse_payload(revision.payload))
        except InputError as error:
            return error.code
    if approval is not None:
        code = approving.wrong(approval, envelope, _documents(tx, approval.leaves, fresh))
        if code:
            return code
    code = device.wrong(envelope)
    if not code and approval is not None and _is_own(tx, approval, envelope, fresh):
        code = "review.own"
    return "" if code and _answered_for(tx, revision.id) else code


def _answered_for(tx: WriteTx, name: str) -> bool:
    return tx.one("SELECT 1 FROM verdict WHERE revision = ? AND state = ?", (name, ACCEPTED)) is not None


def _documents(tx: WriteTx, names: tuple[str, ...], fresh: Mapping[str, Envelope]) -> dict[str, str]:
    """The document of every one of these revisions that is here."""
    found: dict[str, str] = dict(select_in(tx.connection, "SELECT id, document FROM revision WHERE id", list(names)))
    return {**found, **{name: fresh[name].document for name in names if name in fresh}}


def _is_own(tx: WriteTx, approval: approving.Approval, envelope: Envelope, fresh: Mapping[str, Envelope]) -> bool:
    """Whether whoever decides wrote any of what it lets pass: the leaves it names and all they rest on. What was
    written later is another leaf and reopens it."""
    if not approval.settles:
        return False
    about = [other for other in fresh.values() if other.document == approval.subject]
    wrote = any(other.author == envelope.author for other in about) or tx.one(
        "SELECT 1 FROM revision WHERE document = ? AND author = ?", (approval.subject, envelope.author)
    )
    return bool(wrote) and approving.is_own(approval, envelope, _authors_behind(tx, approval, fresh))


def _authors_behind(tx: WriteTx, approval: approving.Approval, fresh: Mapping[str, Envelope]) -> set[str]:
    rows: list[Any] = tx.rows("SELECT id, envelope FROM revision WHERE document = ?", (approval.subject,))
    known = {**{row[0]: parse_envelope(bytes(row[1])) for row in rows}, **fresh}
    authors: set[str] = set()
    left, seen = list(approval.leaves), set[str]()
    while left:
        name = left.pop()
        if name in known and name not in seen:
            seen.add(name)
            authors.add(known[name].author)
            left += known[name].parents
    return authors
