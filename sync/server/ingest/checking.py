"""What can be said of one revision by looking at it alone: shape, signature, hash. Pure; the costly part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp.domain.approving import Approval, read_approval
from fieldapp.domain.payload import parse_payload
from fieldapp.domain.revision import (
    Envelope,
    SignedRevision,
    check_content,
    check_signature,
    is_digest,
    parse_envelope,
)
from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError
from sync.protocol.limits import MAX_ITEM
from sync.protocol.messages import PushItem
from sync.server.sealing import Sealer

MAX_BLOBS = 200


@dataclass(frozen=True)
class Checked:
    """A revision whose signature and hashes hold. ``fault``: why its content cannot be used, "" when it can.

    ``receipt`` came with it when a client returns it to a restored server. ``sealed``: salt and payload as they are
    kept, where they were sealed with the checking.
    """

    id: str
    revision: SignedRevision
    envelope: Envelope
    blobs: tuple[str, ...] = ()
    fault: str = ""
    approval: Approval | None = None
    receipt: Statement | None = None
    sealed: bytes | None = None


@dataclass(frozen=True)
class Refused:
    """Not a revision of a device we know: nothing is kept of it and no receipt speaks of it."""

    reason: str


def read_envelope(item: PushItem) -> Envelope | Refused:
    """What an item says of itself, before anything is believed."""
    try:
        return parse_envelope(item.revision.envelope)
    except InputError as failed:
        return Refused(failed.code)


def check_item(
    item: PushItem, envelope: Envelope | Refused, county: str, keys: Mapping[str, Ed25519PublicKey], sealer: Sealer
) -> Checked | Refused:
    """Check one pushed item against its parsed envelope, and seal its payload; ``keys`` maps known devices to their
    keys."""
    sent = item.revision
    if isinstance(envelope, Refused):
        return envelope
    if len(sent.envelope) + len(sent.payload or b"") > MAX_ITEM:
        return Refused("item.too_large")
    if len(item.blobs) > MAX_BLOBS or not all(map(is_digest, item.blobs)):
        return Refused("item.blobs")
    key = keys.get(envelope.device)
    if envelope.county != county or key is None:
        return Refused("device.unknown")
    revision = sent.revision()
    try:
        check_signature(revision, key)
        check_content(revision, envelope, key)
    except InputError as failed:
        return Refused(failed.code)
    receipt = item.receipt.statement() if item.receipt else None
    checked = read_content(revision, envelope, tuple(item.blobs), receipt)
    if revision.salt is None or revision.payload is None:
        return checked
    return replace(checked, sealed=sealer.seal_payload(checked.id, revision.salt, revision.payload))


def read_content(
    revision: SignedRevision, envelope: Envelope, blobs: tuple[str, ...], receipt: Statement | None = None
) -> Checked:
    """``revision`` with what judging needs of its payload."""
    fault, approval = "", None
    if revision.payload is not None:
        try:
            payload = parse_payload(revision.payload)
            if envelope.type == "review":
                approval = read_approval(envelope.document, payload)
        except InputError as failed:
            fault = failed.code
    return Checked(revision.id, revision, envelope, blobs, fault, approval, receipt)
