"""The tables that are not projections: what was signed, what the county said, what is unfinished."""

from __future__ import annotations

VERSION = 2

DDL = (
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID",
    # Bytes as signed. payload is zstd-compressed, NULL with salt once erased (its writes stay in erased_set, for they
    # still supersede); own = made by this device.
    # sent = the county has answered; place = (feed_epoch, feed_area, feed_seq), where the county keeps it.
    """CREATE TABLE revision(
        num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document TEXT NOT NULL, type TEXT NOT NULL,
        author TEXT NOT NULL, device TEXT NOT NULL, device_seq INTEGER NOT NULL, prev TEXT, claimed_at TEXT NOT NULL,
        own INTEGER NOT NULL, sent INTEGER NOT NULL, stored_at TEXT NOT NULL,
        feed_area TEXT, feed_epoch INTEGER, feed_seq INTEGER,
        envelope BLOB NOT NULL, signature BLOB NOT NULL, salt BLOB, payload BLOB, erased_set TEXT)""",
    "CREATE INDEX revision_document ON revision(document)",
    "CREATE INDEX revision_device ON revision(device, device_seq)",
    # The county's last word on a revision; it may come before the revision.
    """CREATE TABLE verdict(
        revision TEXT PRIMARY KEY, state TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL, epoch INTEGER NOT NULL,
        payload_held INTEGER NOT NULL, blobs_held TEXT NOT NULL, complete INTEGER NOT NULL, statement BLOB NOT NULL)
        WITHOUT ROWID""",
    "CREATE INDEX verdict_open ON verdict(revision, state) WHERE state <> 'accepted' OR complete = 0",
    # Also the queue of what is unsent: the rowid, last in every index, is the order of the chain.
    "CREATE INDEX revision_own ON revision(sent) WHERE own = 1",
    # Which feeds a document entered and left, by (epoch, seq). Epoch 0 is this device's own word, which counts only
    # while the county has said nothing. A document that left every feed is outside this device's scope.
    """CREATE TABLE place(
        document TEXT NOT NULL, area TEXT NOT NULL, epoch INTEGER NOT NULL, entered INTEGER NOT NULL,
        left_epoch INTEGER NOT NULL DEFAULT 0, left_seq INTEGER NOT NULL DEFAULT -1,
        PRIMARY KEY(document, area)) WITHOUT ROWID""",
    # Revision rows without contents: withheld from this role, or still to be fetched.
    """CREATE TABLE lacking(
        revision TEXT PRIMARY KEY, area TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE cursor(area TEXT PRIMARY KEY, epoch INTEGER, seq INTEGER, hash TEXT, at TEXT) WITHOUT ROWID",
    "CREATE TABLE seen(area TEXT PRIMARY KEY, epoch INTEGER, seq INTEGER, hash TEXT, at TEXT) WITHOUT ROWID",
    """CREATE TABLE backed_up(
        area TEXT PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE evicted(document TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE device(
        id TEXT PRIMARY KEY, user TEXT NOT NULL, role TEXT NOT NULL, public BLOB NOT NULL, exchange BLOB,
        statement BLOB NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE scope(
        user TEXT NOT NULL, version INTEGER NOT NULL, role TEXT NOT NULL, areas TEXT NOT NULL, name TEXT NOT NULL,
        statement BLOB NOT NULL, PRIMARY KEY(user, version)) WITHOUT ROWID""",
    """CREATE TABLE control(
        name TEXT PRIMARY KEY, version INTEGER NOT NULL, statement BLOB NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE erased(revision TEXT PRIMARY KEY, at TEXT NOT NULL, statement BLOB NOT NULL) WITHOUT ROWID",
    # Rows of a true county feed whose revision does not verify; kept for the log, tried again with new certificates.
    """CREATE TABLE refused(
        revision TEXT PRIMARY KEY, code TEXT NOT NULL, area TEXT NOT NULL, epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL, at TEXT NOT NULL, device TEXT, envelope BLOB, signature BLOB, salt BLOB, payload BLOB)
        WITHOUT ROWID""",
    # What a device's chain shows: fork, broken, gap, lost (first..last).
    """CREATE TABLE chain_fault(
        device TEXT NOT NULL, kind TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY(device, kind, first)) WITHOUT ROWID""",
    # Sealed to the county by eviction: nobody here can read it any more.
    """CREATE TABLE sealed(
        num INTEGER PRIMARY KEY, kind TEXT NOT NULL, revision TEXT, area TEXT NOT NULL, epoch INTEGER, seq INTEGER,
        content BLOB NOT NULL)""",
    # state: here | wanted | ending (its file is to be removed). key encrypts this blob's file alone.
    """CREATE TABLE blob(
        id TEXT PRIMARY KEY, document TEXT NOT NULL, kind TEXT NOT NULL, media_type TEXT NOT NULL,
        size INTEGER NOT NULL, salt BLOB NOT NULL, key BLOB NOT NULL, file TEXT NOT NULL,
        state TEXT NOT NULL, own INTEGER NOT NULL,
        offset INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL DEFAULT 0, revision TEXT, at TEXT NOT NULL)
        WITHOUT ROWID""",
    "CREATE INDEX blob_document ON blob(document)",
    "CREATE INDEX blob_state ON blob(state)",
    "CREATE INDEX blob_unsent ON blob(id) WHERE own = 1 AND held = 0",
    """CREATE TABLE draft(
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT, heads TEXT NOT NULL, body BLOB NOT NULL,
        saved_at TEXT NOT NULL, created_at TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX draft_subject ON draft(subject)",
    # Documents written to while projections are being rebuilt in shadow tables.
    "CREATE TABLE rebuild_touched(document TEXT PRIMARY KEY) WITHOUT ROWID",
)
