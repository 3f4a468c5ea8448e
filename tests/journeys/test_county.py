"""The county that journeys start from: everybody enrolled like anybody, each with what is theirs and no more."""

from __future__ import annotations

import pytest

from fieldapp.errors import NetworkError
from fieldapp.store.projections import households, leads, people
from fieldapp.workflows import rounds
from sync.client.transport import Patience
from tests.journeys.county import JourneyCounty

HURRY = Patience(timeout=2, tries=1, backoff=0.01)


def test_three_laptops_hold_what_their_scope_gives_them(county_server: JourneyCounty) -> None:
    worker, supervisor = county_server.laptop("worker"), county_server.laptop("supervisor")
    assert supervisor.store.read_now(households.count) == 60
    assert supervisor.store.read_now(people.count) == 180
    here = worker.store.read_now(households.in_area)
    assert {row.area for row in here} == set(worker.actor.scopes)
    assert 0 < len(here) < 30
    info = worker.store.read_now(lambda tx: rounds.current_round(tx, worker.actor))
    assert info is not None
    assert info.number == 11


def test_the_first_case_waits_with_its_lead(county_server: JourneyCounty) -> None:
    worker = county_server.laptop("worker")
    home = county_server.stories["high-medical-bill"]
    waiting = worker.store.read_now(leads.waiting)
    about = [row for row in waiting if row.household == home]
    assert [(row.source, row.due_on) for row in about] == [("县医保局", "2026-11-25")]
    members = worker.store.read_now(lambda tx: people.members(tx, home))
    assert [row.full_name for row in members][:2] == ["肖雨", "邓山"]


def test_work_done_while_the_server_is_away_goes_up_when_it_is_back(county_server: JourneyCounty) -> None:
    worker, supervisor = county_server.laptop("worker"), county_server.laptop("supervisor")
    home = county_server.stories["high-medical-bill"]
    with county_server.away():
        worker.store.write_now(lambda tx: tx.save(home, {"/phone": "12900000000"}))
        with pytest.raises(NetworkError):
            worker.sync(HURRY)
    assert worker.sync().left == 0
    supervisor.sync()
    row = supervisor.store.read_now(lambda tx: households.household(tx, home))
    assert row is not None
    assert row.phone == "12900000000"
