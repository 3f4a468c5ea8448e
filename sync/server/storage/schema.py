"""The tables. Keys start with the county, so that partitioning by county needs no rewrite.

Times are RFC 3339 texts in UTC: they are shown and compared, never calculated with in the database.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)

SCHEMA_VERSION = 1

metadata = MetaData()

counties = Table(
    "counties",
    metadata,
    Column("county", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("restoring", Boolean, nullable=False, default=False),
    Column("schema_version", Integer, nullable=False),
    Column("backed_up_to", LargeBinary),
)

areas = Table(
    "areas",
    metadata,
    Column("county", Text),
    Column("area", Text),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("county", "area"),
)

users = Table(
    "users",
    metadata,
    Column("county", Text),
    Column("user", Text),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("county", "user"),
)

#: every scope a user ever had; role and areas stand here too, so that judging reads no JSON
scopes = Table(
    "scopes",
    metadata,
    Column("county", Text),
    Column("user", Text),
    Column("version", BigInteger),
    Column("role", Text, nullable=False),
    Column("areas", Text, nullable=False),
    Column("statement", LargeBinary, nullable=False),
    PrimaryKeyConstraint("county", "user", "version"),
)

codes = Table(
    "codes",
    metadata,
    Column("county", Text),
    Column("secret_hash", Text),
    Column("user", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("device", Text),
    PrimaryKeyConstraint("county", "secret_hash"),
)

#: ``state``: active | stopped (a fork: wait for a person) | revoked
devices = Table(
    "devices",
    metadata,
    Column("county", Text),
    Column("device", Text),
    Column("user", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("exchange_key", LargeBinary, nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("first_scope", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("enrolled_at", Text, nullable=False),
    Column("seen_at", Text),
    PrimaryKeyConstraint("county", "device"),
)

#: how many of the county's key certificates a device said it has
known_keys = Table(
    "known_keys",
    metadata,
    Column("county", Text),
    Column("device", Text),
    Column("certificates", Integer, nullable=False),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("county", "device"),
)

acknowledgements = Table(
    "acknowledgements",
    metadata,
    Column("county", Text),
    Column("device", Text),
    Column("version", BigInteger),
    Column("last_seq", BigInteger, nullable=False),
    Column("statement", LargeBinary, nullable=False),
    PrimaryKeyConstraint("county", "device", "version"),
)

#: ``leaves``: ids of the accepted leaves, joined by blanks; ``area`` is null until a first revision is accepted
documents = Table(
    "documents",
    metadata,
    Column("county", Text),
    Column("document", Text),
    Column("type", Text, nullable=False),
    Column("area", Text),
    Column("leaves", Text, nullable=False, default=""),
    PrimaryKeyConstraint("county", "document"),
    Index("documents_by_area", "county", "area", "type"),
)

#: ``payload`` is salt and content, compressed and sealed; null once erased
revisions = Table(
    "revisions",
    metadata,
    Column("county", Text),
    Column("revision", Text),
    Column("document", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("device_seq", BigInteger, nullable=False),
    Column("author", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("received_at", Text, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("payload", LargeBinary),
    PrimaryKeyConstraint("county", "revision"),
    Index("revisions_by_document", "county", "document"),
    Index("revisions_by_device", "county", "device", "device_seq"),
)

#: only what is not accepted: as a full index it would tempt the planner away from the document's
Index(
    "revisions_aside",
    revisions.c.county,
    revisions.c.state,
    sqlite_where=revisions.c.state != "accepted",
    postgresql_where=revisions.c.state != "accepted",
)

#: ``revision`` waits until ``missing`` is accepted
waiting = Table(
    "waiting",
    metadata,
    Column("county", Text),
    Column("missing", Text),
    Column("revision", Text),
    PrimaryKeyConstraint("county", "missing", "revision"),
    Index("waiting_by_revision", "county", "revision"),
)

feed_heads = Table(
    "feed_heads",
    metadata,
    Column("county", Text),
    Column("area", Text),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    PrimaryKeyConstraint("county", "area"),
)

feed = Table(
    "feed",
    metadata,
    Column("county", Text),
    Column("area", Text),
    Column("seq", BigInteger),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("statement", LargeBinary),
    Column("hash", Text, nullable=False),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("county", "area", "seq"),
)

Index(
    "feed_evictions",
    feed.c.county,
    feed.c.subject,
    feed.c.area,
    sqlite_where=feed.c.kind == "evict",
    postgresql_where=feed.c.kind == "evict",
)

Index(
    "feed_verdicts",
    feed.c.county,
    feed.c.subject,
    sqlite_where=feed.c.kind == "verdict",
    postgresql_where=feed.c.kind == "verdict",
)

#: ``size`` and ``salt`` are known once somebody offered the blob; ``held`` once all of it is here and its hash matches
blobs = Table(
    "blobs",
    metadata,
    Column("county", Text),
    Column("blob", Text),
    Column("document", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    PrimaryKeyConstraint("county", "blob"),
    Index("blobs_by_document", "county", "document"),
)

revision_blobs = Table(
    "revision_blobs",
    metadata,
    Column("county", Text),
    Column("revision", Text),
    Column("blob", Text),
    PrimaryKeyConstraint("county", "revision", "blob"),
    Index("revision_blobs_by_blob", "county", "blob"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("county", Text),
    Column("device", Text),
    Column("blob", Text),
    Column("offset", BigInteger, nullable=False),
    PrimaryKeyConstraint("county", "device", "blob"),
)

controls = Table(
    "controls",
    metadata,
    Column("county", Text),
    Column("name", Text),
    Column("version", BigInteger),
    Column("statement", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("county", "name", "version"),
)

erasures = Table(
    "erasures",
    metadata,
    Column("county", Text),
    Column("revision", Text),
    Column("statement", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("county", "revision"),
)

#: payloads (``kind`` revision) and files (``kind`` blob) that no longer open; gone again once somebody sent them anew
damaged = Table(
    "damaged",
    metadata,
    Column("county", Text),
    Column("kind", Text),
    Column("subject", Text),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("county", "kind", "subject"),
)

#: an erasure needs two people: who asks and who approves
erasure_requests = Table(
    "erasure_requests",
    metadata,
    Column("county", Text),
    Column("request", Text),
    Column("document", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("keep", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("approved_by", Text),
    Column("approved_at", Text),
    PrimaryKeyConstraint("county", "request"),
)

#: what people did by the admin command, and what the server refused; kinds and ids, never typed text
journal = Table(
    "journal",
    metadata,
    Column("county", Text),
    Column("at", Text),
    Column("entry", Text),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("subject", Text, nullable=False),
    PrimaryKeyConstraint("county", "at", "entry"),
)
