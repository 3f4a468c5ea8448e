"""What has happened in the demo county before it is opened: every screen of each role has something to show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fieldapp.store.api import QUICK, Store
from fieldapp.workflows import conflicts, leads, rechecks, reviews, today
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.matters import fund, readings
from resources.demo.cast import VILLAGE, Colleague, colleague
from resources.demo.county_server import CountyServer, Wanted, at_laptop
from resources.demo.homes import TODAY
from resources.demo.places import COUNTY
from resources.demo.stories import tell

WANTED = Wanted(160, 11, (1, 2, 8), visits=False)
NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CountyServer]:
    with CountyServer(tmp_path_factory.mktemp("stories") / "home", WANTED, say=lambda _: None) as made:
        tell(made, kdf=QUICK)
        yield made


@pytest.fixture(scope="module")
def desk(county: CountyServer) -> Iterator[tuple[Store, Actor]]:
    who = colleague("supervisor")
    with at_laptop(county.laptop(who), who.passphrase) as (store, _sync):
        yield store, actor(who)


def actor(who: Colleague) -> Actor:
    return Actor(who.user, who.name, who.role, COUNTY, who.areas, today=lambda: TODAY, now=lambda: NOW)


def test_visits_wait_beside_the_last_ones_and_one_is_returned(desk: tuple[Store, Actor], tmp_path: Path) -> None:
    store, who = desk
    queue = reviews.bench(store, who).result()
    assert len(queue) >= 7
    assert queue[0].kind == "urgent"
    page = reviews.page(store, who, FormShelf(tmp_path), queue[0].id, "zh", "(zh)").result()
    assert page.last_on is not None
    assert page.changed >= 10
    assert (len(page.photos), len(page.signatures)) == (3, 3)
    assert page.assessed is not None
    worker = colleague("worker")
    assert today.board(store, Actor(worker.user, worker.name, worker.role, COUNTY, worker.areas, lambda: TODAY)).result().totals["returned"] == 1  # fmt: skip


def test_matters_stand_at_every_stage(desk: tuple[Store, Actor]) -> None:
    store, who = desk
    found = store.read_now(lambda tx: {
        "applications": list(readings.applications(tx, who)), "adjustments": list(readings.adjustments(tx, who)),
        "emergencies": list(readings.emergencies(tx, who)), "aids": list(readings.mutual_aids(tx, who)),
        "handed": list(readings.handed(tx, who)), "conferences": list(readings.conferences(tx, who)),
    })  # fmt: skip
    assert len(found["applications"]) == 2
    assert len(found["adjustments"]) == 1
    (emergency,) = found["emergencies"]
    (aid,) = found["aids"]
    assert (aid.committee, aid.in_favour, aid.paid) == (5, 4, 1000_00)
    assert fund.balance(store, "mutual_aid", VILLAGE).result() == 22_600_00
    assert len(found["handed"]) >= 4
    assert len(found["conferences"]) == 1
    assert emergency.amount == 1500_00


def test_leads_come_from_all_sides_a_check_is_drawn_a_value_is_contested(desk: tuple[Store, Actor]) -> None:
    store, who = desk
    inbox = leads.inbox(store, who).result()
    assert {"hotline", "anti_relapse", "walk_in", "neighbour", "child", "online", "errand"} <= {
        line.channel for line in (*inbox.open, *inbox.settled)
    }
    running, past = rechecks.listing(store, who).result()
    assert (bool(running.seed), bool(past.seed)) == (False, True)
    assert rechecks.page(store, who, past.id).result().wrong == ()
    assert [line.count for line in conflicts.desk(store, who).result()] == [1]
