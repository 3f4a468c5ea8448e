"""Identifiers: documents, revisions, devices (protocol.md, "A revision").

A document made by hand gets a UUIDv7. A document that two machines must name alike without talking (an imported
row, the answer of a door in a round, a pair of the same person) gets a UUIDv8 of a SHA-256. Nothing sorts by ids,
and no id comes from an ID number.
"""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid

IMPORT_TAG = "import-1"
DOOR_TAG = "door-1"
PAIR_TAG = "same-as-1"
REVIEW_TAG = "review-1"
ASSIGNMENT_TAG = "assignment-1"


def new_document_id() -> str:
    """A fresh UUIDv7 in its canonical text form (36 characters)."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    return _stamped(value, version=7)


def derived_document_id(tag: str, *parts: str) -> str:
    """The UUIDv8 that everybody computes alike from ``parts``.

    The digest runs over the tag and the parts, each behind its length in bytes as 4 big-endian bytes, so that no
    two lists of parts share an input.
    """
    digest = hashlib.sha256()
    for part in (tag, *parts):
        data = part.encode("utf-8")
        digest.update(len(data).to_bytes(4, "big"))
        digest.update(data)
    return _stamped(int.from_bytes(digest.digest()[:16], "big"), version=8)


def imported_document_id(county: str, source: str, sheet: str, row: int, *, kind: str) -> str:
    """The id of what stands at ``row`` (1-based, as the office sees it) of an imported file.

    ``source`` names the ledger itself, not the path it was opened from; a correction file carries source, sheet and
    original row, so the mended row gets the id its first version would have had. ``kind`` is the document type, for a
    row can hold a person and a household.
    """
    return derived_document_id(IMPORT_TAG, county, source, sheet, str(row), kind)


def door_answer_id(county: str, round_id: str, household_id: str) -> str:
    """One document per household and round: two workers' answers are two leaves of it."""
    return derived_document_id(DOOR_TAG, county, round_id, household_id)


def same_as_id(county: str, one: str, other: str) -> str:
    """One document per unordered pair."""
    return derived_document_id(PAIR_TAG, county, *sorted((one, other)))


def review_id(county: str, subject_id: str) -> str:
    """One review document per reviewed document."""
    return derived_document_id(REVIEW_TAG, county, subject_id)


def assignment_id(county: str, grid: str) -> str:
    """One assignment document per grid."""
    return derived_document_id(ASSIGNMENT_TAG, county, grid)


def device_id(public_key: bytes) -> str:
    """SHA-256 of the raw 32-byte Ed25519 public key, in hex."""
    return hashlib.sha256(public_key).hexdigest()


def _stamped(value: int, *, version: int) -> str:
    value &= ~(0xF << 76) & ~(0x3 << 62) & ((1 << 128) - 1)
    value |= version << 76 | 0b10 << 62
    return str(uuid.UUID(int=value))
