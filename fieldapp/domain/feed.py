"""The running hash of an area's feed, and cursors (protocol.md, "Areas and feeds")."""

from __future__ import annotations

import hashlib

from fieldapp.domain.revision import FeedHead

REVISION, EVICT, VERDICT, ERASE = "revision", "evict", "verdict", "erase"


def start(county: str, epoch: int, area: str) -> FeedHead:
    """The head of a feed without rows."""
    seed = f"feed-1\0{county}\0{epoch}\0{area}".encode()
    return FeedHead(epoch, 0, hashlib.sha256(seed).hexdigest())


def extend(head: FeedHead, kind: str, subject: str, detail: bytes = b"") -> FeedHead:
    """The head after one more row.

    ``subject`` is a revision id (revision, verdict, erase) or a document id (evict); ``detail`` are the signed bytes
    that travel with the row (the verdict's or the erasure's statement), empty for the others.
    hash = SHA-256(previous hash ‖ NUL-joined seq, kind, subject ‖ SHA-256(detail)).
    """
    seq = head.seq + 1
    row = f"{seq}\0{kind}\0{subject}\0".encode() + hashlib.sha256(detail).digest()
    return FeedHead(head.epoch, seq, hashlib.sha256(bytes.fromhex(head.hash) + row).hexdigest())
