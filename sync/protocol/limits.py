"""Limits both sides hold: what one message, one item and one answer may weigh, in bytes unless said otherwise."""

from __future__ import annotations

from fieldapp.domain.payload import MAX_PAYLOAD_BYTES
from fieldapp.domain.revision import MAX_ENVELOPE_BYTES

MAX_ITEMS = 1000
"""Revisions in one push; ids in one question."""
MAX_BODY = 8 * 1024 * 1024
"""A message as sent, compressed."""
MAX_PLAIN = 32 * 1024 * 1024
"""A message as read, decompressed."""
MAX_ITEM = MAX_ENVELOPE_BYTES + MAX_PAYLOAD_BYTES + 1024
BLOB_PIECE = 256 * 1024
MAX_BLOB = 64 * 1024 * 1024
PUSH_BYTES = 1024 * 1024
"""What a client aims to put into one push before compression."""
PAGE_ROWS = 200
"""Rows of one area under one signed head: what a client takes in one transaction."""
PAGE_BYTES = 2 * 1024 * 1024
"""What a server aims to put into one page before compression."""
FOLLOW_BYTES = 256 * 1024
"""The same where the next page follows in the same answer: small, so that the reader has something to do."""
