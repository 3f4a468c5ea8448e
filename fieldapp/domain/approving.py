"""What makes a decision count: asked by the server at push and by every client again at pull.

A decision is about the one document its id is made from, names leaves of that document and no other, and nobody
approves what they wrote themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from fieldapp.domain.documents import Review
from fieldapp.domain.ids import review_id
from fieldapp.domain.payload import Payload
from fieldapp.domain.revision import Envelope, is_digest
from fieldapp.errors import InputError

_DECIDING = frozenset({"/decision", "/subject", "/subject_leaves"})


@dataclass(frozen=True)
class Approval:
    """What a review says it decides on. ``decides``: whether this save writes the decision or the leaves it is about;
    a later comment does not."""

    subject: str
    leaves: tuple[str, ...]
    decision: str
    decides: bool

    @property
    def settles(self) -> bool:
        """Whether it lets its subject pass; sending one's own back is no harm."""
        return self.decides and self.decision != "returned"


def read_approval(document: str, payload: Payload) -> Approval:
    """Raises InputError ``review.leaves`` for leaves that are no revisions."""
    review = Review.read(document, payload.state)
    leaves = review.subject_leaves if isinstance(review.subject_leaves, list) else []
    if not all(map(is_digest, leaves)):
        raise InputError("review.leaves")
    decides = bool(_DECIDING & set(payload.set))
    return Approval(str(review.subject or ""), tuple(leaves), str(review.decision or ""), decides)


def wrong(approval: Approval, envelope: Envelope, documents: Mapping[str, str]) -> str:
    """Why a decision is none, "" when it is one. ``documents``: the document of every leaf that is known."""
    if not approval.decides:
        return ""
    if envelope.document != review_id(envelope.county, approval.subject):
        return "review.subject"
    if approval.decision == "approved" and not approval.leaves:
        return "review.leaves"
    known = (documents.get(leaf) for leaf in approval.leaves)
    return "review.leaves" if any(found and found != approval.subject for found in known) else ""


def is_own(approval: Approval, envelope: Envelope, authors: Collection[str]) -> bool:
    """Whether its author wrote what it lets pass."""
    return approval.settles and envelope.author in authors
