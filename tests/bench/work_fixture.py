"""Work under way in a large store: a round begun in every grid, visits waiting for the desk, leads with their days.

What a county has a few of per grid and screens must find among everything: 20 answered doors, 2 visits, a lead each.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from fieldapp.domain import feed
from fieldapp.domain.ids import door_answer_id
from fieldapp.domain.revision import FeedHead, SignedRevision
from fieldapp.store.api import Store
from fieldapp.store.exchange import Cursor, FeedRow
from fieldapp.store.projections import households
from tests.store.county import County, Device

DOORS, VISITS, DAYS = 20, 2, 14
ANSWERS = ("normal", "normal", "normal", "changed", "all_away", "nobody_home", "difficulty", "other")


def add_work(store: Store, county: County) -> None:
    """Pull it, area by area, as a sync run brings it."""
    desk = county.device("bench.desk", role="supervisor", areas=[county.code])
    walker = county.device("bench.walker", areas=[county.code])
    known = [each for device in (desk, walker) for each in (device.certificate, device.scope)]
    store.write_now(lambda tx: tx.apply_statements(known))
    today = datetime.now(UTC)
    made = _round(desk, f"{county.code}*", today)
    _take(store, county, f"{county.code}*", [made])
    for grid in store.read_now(households.grids):
        homes = [row.id for row in store.read_now(lambda tx, g=grid: households.in_area(tx, g, limit=DOORS))]
        _take(store, county, grid, list(_of_grid(walker, grid, made.envelope.document, homes, today)))


def _take(store: Store, county: County, area: str, revisions: list[SignedRevision]) -> None:
    head: FeedHead = store.read_now(lambda tx: tx.cursors()).get(area) or feed.start(county.code, county.epoch, area)
    rows = []
    for revision in revisions:
        rows.append(FeedRow(area, county.epoch, head.seq + 1, feed.REVISION, revision.id, revision=revision))
        head = feed.extend(head, feed.REVISION, revision.id)
    store.write_now(lambda tx: tx.apply_feed(rows, Cursor(area, head)))


def _round(device: Device, board: str, today: datetime) -> SignedRevision:
    state = {
        "title": "常规排查", "number": 11, "kind": "regular", "areas": [device.county.code],
        "opens_on": (today - timedelta(days=DAYS)).date().isoformat(),
        "closes_on": (today + timedelta(days=300)).date().isoformat(),
    }  # fmt: skip
    return device.write("round", state, area=board)


def _of_grid(device: Device, grid: str, round_id: str, homes: list[str], today: datetime) -> Iterator[SignedRevision]:
    for place, home in enumerate(homes):
        at = _time(today - timedelta(days=1 + place % DAYS))
        told = {"round": round_id, "household": home, "answer": ANSWERS[place % len(ANSWERS)], "at": at, "by": "赵岩"}
        document = door_answer_id(device.county.code, round_id, home)
        yield device.write("door_answer", told, document=document, area=grid)
    for place, home in enumerate(homes[:VISITS]):
        at = _time(today - timedelta(days=2 + place))
        by = {"i1": {"@row": True, "name": "赵岩", "user": "bench.walker"}}
        visit = {
            "household": home,
            "form_id": "home_visit",
            "purpose": "routine",
            "finished_at": at,
            "investigators": by,
        }
        yield device.write("visit", visit, area=grid)
    lead = {
        "number": f"2026-{grid[6:]}", "source": "县医保局", "channel": "department", "person_name": "邓光明",
        "content": "12 个月自付医疗费 118,000 元", "issued_on": (today - timedelta(days=3)).date().isoformat(), "days": 30,
        "due_on": (today + timedelta(days=27)).date().isoformat(), "household": homes[0] if homes else None,
    }  # fmt: skip
    yield device.write("lead", {name: value for name, value in lead.items() if value is not None}, area=grid)


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
