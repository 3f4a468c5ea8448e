"""What the desk does reaches the door through a real server, and nothing of it by another way.

D1  a round, an assignment and a re-check's hash stand on the worker's laptop after one sync; the seed on nobody's
D2  a lead sent to another grid leaves the old one's laptop and arrives on the right one's
D3  a lead withdrawn while the worker was offline and answered it: both are kept, the lead counts as withdrawn
D4  once drawn, the worker's laptop draws again alike
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from fieldapp.workflows import grid_workers, lead_desk, lead_entry, leads, rechecks, round_desk, rounds
from fieldapp.workflows.lead_clocks import LeadTerms
from fieldapp.workflows.lead_entry import NewLead
from fieldapp.workflows.leads import LeadAnswer
from fieldapp.workflows.rechecks import NewRecheck
from fieldapp.workflows.round_desk import NewRound
from tests.journeys.county import TODAY, JourneyCounty, Laptop
from tests.journeys.matters import GRID, family, sync

FAR = "341799101201-003"  # 周岭村 too, another worker's
TERMS = LeadTerms(assign=2, check=5, answer=1)


def both(county: JourneyCounty) -> tuple[Laptop, Laptop]:
    return county.laptop("worker"), county.laptop("supervisor")


def test_what_the_desk_publishes_reaches_the_worker(county_server: JourneyCounty) -> None:
    """D1, D4"""
    worker, desk = both(county_server)
    snow = NewRound("十二月雨雪加排", "snow", (GRID,), TODAY, TODAY + timedelta(days=10), flagged_first=True)
    made = round_desk.open_round(desk.store, desk.actor, snow).result()
    grid_workers.assign(desk.store, desk.actor, GRID, ["李秋", "陈芳"]).result()
    share = NewRecheck("十一月抽查", desk.actor.scopes[0], date(2026, 11, 1), TODAY, 1000, (desk.actor.name,))
    drawing = rechecks.announce(desk.store, desk.actor, share).result()
    home, _ids = family(desk.store, GRID, ("周大", "head", "1960-01-01"))
    sync(county_server)

    here = worker.store.read_now(lambda tx: rounds.open_rounds(tx, worker.actor))
    assert here[0].id == made, "the extra round is walked first"
    assert worker.store.read_now(lambda tx: grid_workers.of_grid(tx, GRID)) == ["李秋", "陈芳"]
    (told,) = rechecks.listing(worker.store, worker.actor).result()
    assert told.commitment
    assert told.seed is None
    visit = {
        "household": home, "form_id": "home_visit", "finished_at": "2026-11-21T02:00:00Z",
        "investigators": {"i1": {"@row": True, "name": "李秋"}},
    }  # fmt: skip
    worker.store.write_now(lambda tx: tx.create("visit", GRID, visit))
    sync(county_server)
    tomorrow = replace(desk.actor, today=lambda: TODAY + timedelta(days=1))
    drawn = rechecks.reveal(desk.store, tomorrow, drawing).result()
    assert drawn
    sync(county_server)
    page = rechecks.page(worker.store, worker.actor, drawing).result()
    assert (page.state, page.wrong) == ("drawn", ())
    assert [line.drawn for line in page.lines] == list(drawn)


def test_a_lead_moves_to_the_grid_it_belongs_to(county_server: JourneyCounty) -> None:
    """D2"""
    worker, desk = both(county_server)
    home, _ids = family(desk.store, FAR, ("外村周某", "head", "1950-01-01"))
    lead = lead_entry.enter(
        desk.store, desk.actor, NewLead("hotline", "外村周某", "", "没有粮食", "12345", household=home), TERMS
    ).result()
    sync(county_server)
    mine = {line.id for line in leads.inbox(worker.store, worker.actor).result().open}
    assert lead not in mine
    lead_desk.assign(desk.store, desk.actor, lead, "李秋", GRID).result()
    sync(county_server)
    (line,) = [each for each in leads.inbox(worker.store, worker.actor).result().open if each.id == lead]
    assert line.assigned_to == "李秋"
    view = desk.store.read_now(lambda tx: tx.document(lead))
    assert view is not None
    assert view.area == GRID


def test_withdrawn_and_answered_at_the_same_time(county_server: JourneyCounty) -> None:
    """D3"""
    worker, desk = both(county_server)
    _home, _ids = family(desk.store, GRID, ("周小", "head", "1980-01-01"))
    lead = lead_entry.enter(desk.store, desk.actor, NewLead("department", "周小", "", "参保异常"), TERMS).result()
    sync(county_server)
    with county_server.away():
        lead_desk.withdraw(desk.store, desk.actor, lead, "比对有误").result()
        leads.answer(worker.store, worker.actor, lead, LeadAnswer("not_true", "参保正常")).result()
    sync(county_server)
    for laptop in (worker, desk):
        page = leads.page(laptop.store, laptop.actor, lead, TERMS).result()
        assert (page.line.state, page.seen, page.withdrawn_why, page.conflicts) == ("withdrawn", "参保正常", "比对有误", 0)
