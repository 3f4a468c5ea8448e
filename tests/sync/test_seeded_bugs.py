"""The harness is worth something only if it catches what it is there for: each bug, put in on purpose, is caught."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from fieldapp.domain.areas import may_write
from fieldapp.store import evicting, feeding
from fieldapp.store.writing import WriteTx
from sync.server.admin import devices
from sync.server.handlers import pull, push
from sync.server.ingest import committing, judging
from sync.server.storage import feeds, revisions
from tests.sync.chaos.running import run_script, run_world
from tests.sync.county import COUNTY, GRID_A, County

TRIES = 8
ACTS: dict[str, float] = {"create": 4, "edit": 6, "sync": 8}
Patch = pytest.MonkeyPatch


def swallowed_conflict(patch: Patch) -> None:
    """A save that claims every field it saw."""
    save = WriteTx.save

    def everything(self: WriteTx, document: str, writes: dict[str, Any], **options: Any) -> str:
        view = self.document(document)
        assert view
        return save(self, document, {**{f"/{k}": v for k, v in view.merged.state.items()}, **writes}, **options)

    patch.setattr(WriteTx, "save", everything)


def evict_before_backup(patch: Patch) -> None:
    """Leaving an area throws away what the county never answered."""

    def throw_away(tx: WriteTx, document: str) -> int:
        tx.run("DELETE FROM revision WHERE document = ?", (document,))
        return 1

    patch.setattr(evicting, "put_away", throw_away)


def acknowledged_before_durable(patch: Patch) -> None:
    """Receipts go out, and the commit is lost now and then."""
    plain, rng = push.push, random.Random(1)

    def careless(service: Any, caller: Any, request: Any) -> Any:
        answer = plain(service, caller, request)
        if rng.random() < 0.3 and answer.verdicts:
            lost = request.items[-1].revision.revision().id
            service.write(lambda c: c.execute(text("DELETE FROM revisions WHERE revision = :r"), {"r": lost}))
        return answer

    from sync.server import dispatch

    route = dispatch.ROUTES["/v1/push"]
    patch.setattr(dispatch, "ROUTES", {**dispatch.ROUTES, "/v1/push": dispatch.Route(route.message, careless, True)})
    from tests.sync.chaos import wire

    patch.setattr(wire, "ROUTES", dispatch.ROUTES)


def cursor_without_rows(patch: Patch) -> None:
    """The cursor is written though a row was not."""
    plain, rng = feeding._take, random.Random(2)

    def forgetful(tx: Any, page: Any, row: Any) -> None:
        if rng.random() > 0.1:
            plain(tx, page, row)

    patch.setattr(feeding, "_take", forgetful)


def pulled_by_feed_alone(patch: Patch) -> None:
    """A document that moved away is still served from the feed it once stood in."""

    def rows(self: Any, kept: Any, area: str, *, bare: bool) -> Any:
        found = {name: sent for name, sent, _ in self.contents([entry.subject for entry in kept])}
        return [found.get(entry.subject) for entry in kept]

    patch.setattr(pull._Reader, "rows", rows)


def judged_by_the_envelope(patch: Patch) -> None:
    """A push counts for the area its envelope names, wherever the document is."""
    plain = judging.judge

    def gullible(item: Any, context: Any) -> Any:
        verdict = plain(item, context)
        areas = context.grants[max(context.grants)].areas
        if verdict.reason == "scope" and may_write(areas, item.envelope.area):
            return judging.Judgement("accepted")
        return verdict

    patch.setattr(committing, "judge", gullible)


def revoked_may_write(patch: Patch) -> None:
    """Revocation is not looked at."""
    patch.setattr(judging, "REVOKED", "never")


def acknowledgement_ignored(patch: Patch) -> None:
    """Everything is judged by the newest scope."""
    plain = judging.judge

    def hasty(item: Any, context: Any) -> Any:
        from dataclasses import replace

        newest = {context.device.version_for(item.envelope.device_seq): context.grants[max(context.grants)]}
        return plain(item, replace(context, grants=newest))

    patch.setattr(committing, "judge", hasty)


def restored_without_a_new_epoch(patch: Patch) -> None:
    """A cursor is a bare number."""

    def trusting(connection: Any, county: str, epoch: int, cursors: dict[str, Any]) -> dict[str, tuple[int, bool]]:
        return {area: (cursor.seq, False) for area, cursor in cursors.items()}

    patch.setattr(pull, "_starts", trusting)


def waits_for_ever(patch: Patch) -> None:
    """Nobody looks again at what waited for its parent."""
    for room in (push, devices):
        patch.setattr(room, "release", lambda service, arrived: None)
    patch.setattr(pull, "free_the_waiting", lambda service, ask: None)


def written_twice(patch: Patch) -> None:
    """A push that comes twice stands in the feed twice."""
    plain = committing._already

    def again(connection: Any, county: Any, item: Any, row: Any) -> Any:
        if row.state == "accepted":
            area = revisions.document_areas(connection, county.id, [row.document])[row.document][0]
            feeds.append(connection, county.id, county.epoch, [feeds.Event(area, "revision", item.id)], "2026")
        return plain(connection, county, item, row)

    patch.setattr(committing, "_already", again)


def number_taken_twice(patch: Patch) -> None:
    """A laptop that put its own work away begins counting where its rows end."""
    patch.setattr(evicting, "keep_link", lambda connection, device: None)


BUGS: list[tuple[Callable[[Patch], None], dict[str, float]]] = [
    (swallowed_conflict, {}),
    (acknowledged_before_durable, {}),
    (cursor_without_rows, {}),
    (pulled_by_feed_alone, {"move": 5}),
    (judged_by_the_envelope, {"late_edit": 6}),
    (revoked_may_write, {"revoke": 4}),
    (acknowledgement_ignored, {"reassign": 4}),
    (restored_without_a_new_epoch, {"backup": 3, "restore": 3}),
    (written_twice, {}),
]
SCRIPTS: list[tuple[Callable[[Patch], None], str]] = [
    (
        evict_before_backup,
        "sync li.qiu, reassign li.qiu, stick_out li.qiu, stick_town li.qiu, create li.qiu, stick_in li.qiu",
    ),
    (waits_for_ever, "create li.qiu, sync li.qiu, sync sun.wei, late_edit li.qiu"),
    (number_taken_twice, "create li.qiu, sync li.qiu, reassign li.qiu, sync li.qiu, create li.qiu, sync li.qiu"),
]


@pytest.mark.parametrize(("bug", "acts"), BUGS, ids=lambda value: getattr(value, "__name__", ""))
def test_chaos_catches(bug: Callable[[Patch], None], acts: dict[str, float], monkeypatch: Patch) -> None:
    bug(monkeypatch)
    assert any(run_world(seed, 8, {**ACTS, **acts}) for seed in range(500, 500 + TRIES)), "not caught"


@pytest.mark.parametrize(("bug", "script"), SCRIPTS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_schedule_catches(bug: Callable[[Patch], None], script: str, monkeypatch: Patch) -> None:
    """Bugs that need a certain order of things: the schedule is harmless without the bug and caught with it."""
    assert run_script(script) == []
    bug(monkeypatch)
    assert run_script(script), "not caught"


def concurrent_pushes(county: County) -> tuple[set[int], int]:
    """(numbers a patient reader saw, number of the last row) while eight writers append to one area."""
    service = county.service
    seen: set[int] = set()
    done = threading.Event()

    def write(writer: int) -> None:
        for number in range(12):
            event = [feeds.Event(GRID_A, "revision", f"{writer:02d}{number:062d}")]
            service.write(lambda c, event=event: feeds.append(c, COUNTY, 1, event, "2026-11-21T00:00:00.000Z"))  # type: ignore[misc]

    def read() -> None:
        cursor = 0
        while True:
            last = done.is_set()
            rows = service.read(lambda c, cursor=cursor: feeds.rows_after(c, COUNTY, GRID_A, cursor, 1000))  # type: ignore[misc]
            seen.update(row.seq for row in rows)
            cursor = max([cursor, *(row.seq for row in rows)])
            if last and not rows:
                return

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    with service.engine.connect() as connection:
        return seen, int(connection.execute(text("SELECT count(*) FROM feed")).scalar_one())


def test_no_row_is_missed_under_concurrent_pushes(office: County) -> None:
    seen, count = concurrent_pushes(office)
    assert seen == set(range(1, count + 1))
    assert count == 96


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_reader_catches_a_bare_sequence(office: County, monkeypatch: Patch) -> None:
    """The sequence gap: numbers given before the commit, in the order of asking, not of committing."""
    numbers = iter(range(1, 10_000))
    lock = threading.Lock()

    def bare(connection: Any, county: str, epoch: int, events: Any, at: str) -> dict[str, Any]:
        for event in events:
            with lock:
                number = next(numbers)
            time.sleep(random.uniform(0, 0.004))
            connection.execute(
                text(
                    "INSERT INTO feed (county, area, seq, kind, subject, hash, at) VALUES (:c, :a, :s, :k, :r, '', :at)"
                ),
                {"c": county, "a": event.area, "s": number, "k": event.kind, "r": event.subject, "at": at},
            )
        return {}

    monkeypatch.setattr(feeds, "append", bare)
    seen, count = concurrent_pushes(office)
    assert len(seen) < count, "a bare sequence loses rows; a reader that does not notice would be worth nothing"
