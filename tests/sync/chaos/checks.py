"""What must hold after healing, whatever happened before; each gives the sentences that are not true.

- C1 acknowledged ⊆ durable, and what is durable opens to what was signed
- C2 a long-lived laptop shows what a fresh one of the same user shows
- C3 everybody who sees a document sees it alike
- C4 no unsent work was lost or evicted
- C5 nothing out of scope is to be seen
- C6 nobody's write is swallowed: a save wrote the paths its author meant, and nothing waits without reason
- C7 each feed holds a revision once, and its hash chain is whole
- C8 nobody writes where he never was responsible, nor from a revoked laptop, unless a named person adopted it
- C10 no laptop signs one number twice unless somebody copied it
- C9 work done inside one's own area is not put aside because the area was changed later
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from fieldapp.domain import feed
from fieldapp.domain.areas import may_read
from fieldapp.domain.payload import parse_payload
from sync.server.storage.feeds import statement_of
from tests.sync.chaos.world import World, view_of
from tests.sync.county import COUNTY


def everything(world: World) -> list[str]:
    stored = world.stored()
    found = [*durable(world, stored), *unlost(world, stored), *unswallowed(world, stored), *chained(world)]
    views = {phone.user: view_of(phone.store) for phone in world.phones}
    found += scoped(world, views)
    found += [*unforked(world), *allowed(world, stored), *unhindered(world, stored), *world.leaks]
    found += alike(views)
    found += as_fresh(world, views)
    return found


def durable(world: World, stored: dict[str, Any]) -> Iterator[str]:  # C1
    for name, state in world.receipts.items():
        if name not in stored:
            yield f"C1 acknowledged as {state} and not held: {name[:8]}"
        elif stored[name].payload is not None:
            world.service.sealer.open_payload(name, stored[name].payload)


def unlost(world: World, stored: dict[str, Any]) -> Iterator[str]:  # C4
    here = set(stored)
    for phone in world.phones:
        here |= {row[0] for row in phone.store.read_now(lambda tx: tx.rows("SELECT id FROM revision"))}
    for work in world.works:
        if work.revision not in here:
            yield f"C4 lost: {work.revision[:8]}"
    for phone in world.phones:
        unsent = phone.store.read_now(lambda tx: tx.sync_state()).unsent
        if unsent:
            yield f"C4 {phone.user} still has {unsent} unsent"


def unswallowed(world: World, stored: dict[str, Any]) -> Iterator[str]:  # C6
    for work in world.works:
        row = stored.get(work.revision)
        if row is None or row.payload is None:
            continue
        payload = parse_payload(world.service.sealer.open_payload(work.revision, row.payload)[1])
        if set(payload.set) != work.paths:
            yield f"C6 meant {sorted(work.paths)}, wrote {sorted(payload.set)}"
    accepted = {name for name, row in stored.items() if row.state == "accepted"}
    with world.service.engine.connect() as connection:
        pairs = connection.execute(text("SELECT revision, missing FROM waiting")).all()
    needs: dict[str, set[str]] = {}
    for revision, missing in pairs:
        needs.setdefault(revision, set()).add(missing)
    for revision, missing_ones in needs.items():
        if stored[revision].state == "waiting" and missing_ones <= accepted:
            yield f"C6 waits for what is here: {revision[:8]}"
    for name, row in stored.items():
        if row.state == "quarantined":
            yield f"C6 put aside for ever ({row.reason}): {name[:8]}"


def chained(world: World) -> Iterator[str]:  # C7
    with world.service.engine.connect() as connection:
        rows = connection.execute(text("SELECT area, seq, kind, subject, hash, statement FROM feed ORDER BY area, seq"))
        epoch = world.service.row(connection).epoch
        heads: dict[str, Any] = {}
        documents: dict[str, dict[str, set[str]]] = {}
        subjects = dict(connection.execute(text("SELECT revision, document FROM revisions")).all())
        for row in rows.all():
            head = heads.get(row.area) or feed.start(COUNTY, epoch, row.area)
            statement = statement_of(row.statement)
            detail = statement.body_bytes if statement else b""
            heads[row.area] = feed.extend(head, row.kind, row.subject, detail)
            if (heads[row.area].seq, heads[row.area].hash) != (row.seq, row.hash):
                yield f"C7 the chain of {row.area} breaks at {row.seq}"
                return
            if row.kind == feed.REVISION:
                documents.setdefault(row.area, {}).setdefault(subjects.get(row.subject, ""), set())
                held = documents[row.area][subjects.get(row.subject, "")]
                if row.subject in held:
                    yield f"C7 twice in the feed of {row.area}: {row.subject[:8]}"
                held.add(row.subject)
            elif row.kind == feed.EVICT:
                documents.get(row.area, {}).pop(row.subject, None)


def unforked(world: World) -> Iterator[str]:  # C10
    with world.service.engine.connect() as connection:
        forks = connection.execute(text("SELECT count(*) FROM revisions WHERE reason = 'device.fork'")).scalar_one()
    if not world.clones and (forks or "device.fork" in world.aside.values()):
        yield "C10 a laptop that nobody cloned signed one number twice"


def allowed(world: World, stored: dict[str, Any]) -> Iterator[str]:  # C8
    """Nobody's work stands in an area he never covered, or after his device was revoked, unless somebody adopted it."""
    with world.service.engine.connect() as connection:
        first: dict[str, tuple[str, set[str]]] = {}
        for revision, area, at in connection.execute(
            text("SELECT subject, area, at FROM feed WHERE kind = 'revision' ORDER BY at")
        ).all():
            # Written and moved on in one batch it stands in two feeds at one time; numbers of two feeds say no order.
            if first.setdefault(revision, (at, set()))[0] == at:
                first[revision][1].add(area)
        granted: dict[str, set[str]] = {}
        for user, areas in connection.execute(text('SELECT "user", areas FROM scopes')).all():
            granted.setdefault(user, set()).update(json.loads(areas))
        people = dict(connection.execute(text("SELECT revision, author FROM revisions")).all())
        devices = dict(connection.execute(text("SELECT revision, device FROM revisions")).all())
    for name, (_, areas) in first.items():
        if name not in world.adopted and not any(may_read(granted[people[name]], area) for area in areas):
            yield f"C8 {people[name]} wrote in {sorted(areas)}: {name[:8]}"
    for name, row in stored.items():
        before = world.revoked.get(devices[name])
        if row.state == "accepted" and before is not None and name not in before | world.adopted:
            yield f"C8 accepted from a revoked laptop: {name[:8]}"


def unhindered(world: World, stored: dict[str, Any]) -> Iterator[str]:  # C9
    """Work somebody did inside his area, in a document that never moved, is not put aside for its place."""
    with world.service.engine.connect() as connection:
        moved = {row[0] for row in connection.execute(text("SELECT subject FROM feed WHERE kind = 'evict'"))}
    for work in world.works:
        if world.aside.get(work.revision) in ("scope", "role") and work.document not in moved | world.moving:
            yield f"C9 put aside though done in {work.area}: {work.revision[:8]}"


def scoped(world: World, views: dict[str, dict[str, Any]]) -> Iterator[str]:  # C5
    with world.service.engine.connect() as connection:
        areas = dict(connection.execute(text("SELECT document, area FROM documents")).all())
    for user, view in views.items():
        _, scope = world.scopes[user]
        for name, shown in view.items():
            if not may_read([scope], shown[1]) or not may_read([scope], areas.get(name) or shown[1]):
                yield f"C5 {user} of {scope} sees {name[:8]} in {shown[1]}, which is in {areas.get(name)}"


def alike(views: dict[str, dict[str, Any]]) -> Iterator[str]:  # C3
    users = sorted(views)
    for one in users:
        for other in users:
            for name in views[one].keys() & views[other].keys() if one < other else ():
                if views[one][name] != views[other][name]:
                    yield f"C3 {name[:8]} differs: {one} {views[one][name]} {other} {views[other][name]}"


def as_fresh(world: World, views: dict[str, dict[str, Any]]) -> Iterator[str]:  # C2
    for user in world.rng.sample(sorted(views), world.fresh):
        phone = world.enrol(user)
        world.sync(phone)
        new = view_of(phone.store)
        phone.store.close()
        for name in sorted(new.keys() | views[user].keys()):
            if new.get(name) != views[user].get(name):
                yield f"C2 {user} {name[:8]} fresh {new.get(name)} long-lived {views[user].get(name)}"
