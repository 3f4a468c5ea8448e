"""Taking in with verification on PostgreSQL, beside a bare unnest insert of the same rows."""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from pathlib import Path

import psycopg

from fieldapp.domain.payload import Payload
from fieldapp.domain.revision import check_signature, sign_revision
from fieldapp.store.trust import public_key
from sync.client.enrol import enrolment_request, identity_from
from sync.protocol.messages import PushItem, PushRequest, Sent
from sync.server.dispatch import ROUTES, handle
from sync.server.handlers import callers
from sync.server.ingest.workshop import Workshop
from sync.server.storage import people
from tests.bench.figures import Row
from tests.bench.sync import person
from tests.sync.county import COUNTY, GRID_A, County
from tests.sync.postgres import Postgres

BATCH = 500


def run(full: bool) -> list[Row]:
    postgres = Postgres.start()
    if postgres is None:
        return [
            Row("ingest with verification", None, "rev/s", None, None, ">= 0.5 x", None, "PostgreSQL 15 is not here")
        ]
    count = 20_000 if full else 3_000
    try:
        with tempfile.TemporaryDirectory() as name:
            url = postgres.database("bench")
            county = County.make(Path(name) / "county", url)
            county.service.workshop = Workshop(county.service.keys, os.cpu_count() or 1)
            items, device = _outbox(county, Path(name), count)
            ours = _ingest(county, items, device)
            check = _checking_alone(items, county)
            bare = _bare(url, count)
            county.close()
    finally:
        postgres.stop()
    note = f"OpenSSL alone checks {check:,.0f} signatures/s on one of {os.cpu_count()} processors"
    return [
        Row(f"ingest of {count:,}", ours, "rev/s", bare, ours / bare, ">= 0.5 x", ours >= 0.5 * bare, note),
        Row("the same beside checking alone", ours, "rev/s", check, ours / check),
    ]


def _outbox(county: County, folder: Path, count: int) -> tuple[list[PushItem], str]:
    from random import Random

    from tests.sync.chaos.world import _fresh_profile

    county.user("li.qiu", "grid_worker", GRID_A)
    profile = _fresh_profile(folder / "w", Random(1))
    code = county.code("li.qiu")
    answer = callers.enrol(county.service, enrolment_request(profile, code))
    profile.set_identity(identity_from(answer, code.root, ""))
    items, prev, key = [], None, profile.signing_key()
    for seq in range(1, count + 1):
        state = person(seq)
        revision = sign_revision(
            key, Payload(state, tuple(f"/{name}" for name in state if not isinstance(state[name], dict))),
            county=COUNTY, document=secrets.token_hex(16), type="person", area=GRID_A, parents=(), author="li.qiu",
            device=profile.device, device_seq=seq, prev=prev, seen={}, claimed_at="2026-11-21T01:00:00.000Z",
            form_id=None, form_version=None,
        )  # fmt: skip
        prev = revision.id
        items.append(PushItem(Sent.of(revision), []))
    return items, profile.device


def _ingest(county: County, items: list[PushItem], device: str) -> float:
    handle(county.service, ROUTES["/v1/push"], device, PushRequest(device, 1, items[:BATCH]))  # children start
    started = time.perf_counter()
    for start in range(BATCH, len(items), BATCH):
        request = PushRequest(device, 1, items[start : start + BATCH])
        handle(county.service, ROUTES["/v1/push"], device, request)
    return (len(items) - BATCH) / (time.perf_counter() - started)


def _checking_alone(items: list[PushItem], county: County) -> float:
    """What the signatures cost, whatever else is done."""
    revisions = [item.revision.revision() for item in items[:1000]]
    device = revisions[0].envelope.device
    known = county.service.read(lambda c: people.load_devices(c, COUNTY, [device]))
    key = public_key(known[device].public_key)
    started = time.perf_counter()
    for revision in revisions:
        check_signature(revision, key)
    return len(revisions) / (time.perf_counter() - started)


def _bare(url: str, count: int) -> float:
    """The same rows, already sealed, copied into a table of the same shape."""
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT * FROM revisions WHERE author = 'li.qiu'").fetchall()
        connection.execute("CREATE TABLE bare (LIKE revisions INCLUDING ALL)")
        connection.commit()
        types = [
            "bytea" if isinstance(value, bytes) else "bigint" if isinstance(value, int) else "text" for value in rows[0]
        ]
        query = f"INSERT INTO bare SELECT * FROM unnest({', '.join(f'%b::{kind}[]' for kind in types)})"
        started = time.perf_counter()
        for start in range(0, count, BATCH):
            part = rows[start : start + BATCH]
            connection.cursor().execute(query, [list(column) for column in zip(*part, strict=True)])
            connection.commit()
        return count / (time.perf_counter() - started)
