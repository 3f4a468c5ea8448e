"""Today in its order, and a lead's way from inbox to answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import StateError
from fieldapp.policy.working_days import WorkingDays
from fieldapp.store.api import Store
from fieldapp.store.projections import households as projection
from fieldapp.store.projections import visits
from fieldapp.workflows import households, leads, reviews, today
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.leads import LeadAnswer
from fieldapp.workflows.places import Places
from tests.store.county import GRID
from tests.ui.town import village


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[tuple[Store, Actor]]:
    _profile, store, actor = village(tmp_path)
    with store:
        yield store, actor


def test_emergencies_first_then_leads_by_days_left_then_revisits(laptop: tuple[Store, Actor]) -> None:
    board = today.board(*laptop).result()
    assert [(todo.kind, todo.name, todo.days_left) for todo in board.todos] == [
        ("emergency", "曹梅", 0),
        ("lead", "罗桂花", -1),
        ("lead", "肖雨", 2),
        ("lead", "刘海", 5),
        ("revisit", "周老", -2),
        ("revisit", "钱福", 0),
    ]
    assert (board.total, board.week.doors) == (6, 6)


def test_working_days_skip_weekends_and_holidays_and_count_worked_weekends() -> None:
    friday = date(2026, 9, 25)
    plain = WorkingDays()
    assert plain.left(friday, date(2026, 9, 28)) == 1
    golden = WorkingDays(frozenset({"2026-10-01", "2026-10-02"}), frozenset({"2026-09-26"}))
    assert golden.left(friday, date(2026, 9, 28)) == 2, "the Saturday is worked"
    assert golden.after(date(2026, 9, 30), 1) == date(2026, 10, 5)
    assert plain.left(date(2026, 11, 21), date(2026, 11, 21)) == 0
    assert plain.left(date(2026, 11, 23), date(2026, 11, 20)) == -1


def test_a_term_in_days_counts_from_the_day_the_lead_was_sent() -> None:
    assert WorkingDays().term(None, "2026-11-19T09:30:00Z", 3) == date(2026, 11, 24)
    assert WorkingDays().term("2026-11-20", "2026-11-19", 3) == date(2026, 11, 20)
    assert WorkingDays().term(None, "2026-11-19", None) is None


def test_an_answered_lead_leaves_the_inbox_and_can_be_opened_again(laptop: tuple[Store, Actor]) -> None:
    store, actor = laptop
    lead = next(line for line in leads.inbox(store, actor).result().open if line.name == "肖雨")
    with pytest.raises(StateError) as silent:
        leads.answer(store, actor, lead.id, LeadAnswer("true_needs_help", "  ")).result()
    assert silent.value.code == "lead.words"
    leads.answer(store, actor, lead.id, LeadAnswer("true_needs_help", "本人住院，自付票据已看", None, True)).result()
    after = leads.inbox(store, actor).result()
    assert lead.id not in {line.id for line in after.open}
    page = leads.page(store, actor, lead.id).result()
    assert (page.line.outcome, page.answered_on, page.checked_on, page.taken_into_help) == (
        "true_needs_help", "2026-11-21", "2026-11-21", True,
    )  # fmt: skip
    with pytest.raises(StateError) as twice:
        leads.answer(store, actor, lead.id, LeadAnswer("not_true", "x")).result()
    assert twice.value.code == "lead.answered"
    leads.take_back_answer(store, lead.id).result()
    assert lead.id in {line.id for line in leads.inbox(store, actor).result().open}


def test_the_chain_of_help_stands_in_time_order(laptop: tuple[Store, Actor]) -> None:
    store, actor = laptop
    found = households.find(store, actor, "肖雨").result()
    page = households.page(store, actor, found[0].id).result()
    assert [(link.kind, link.at[:10]) for link in page.chain] == [("lead", "2026-11-19"), ("door", "2026-11-21")]


def test_showing_a_number_is_logged_before_it_is_shown(laptop: tuple[Store, Actor]) -> None:
    store, actor = laptop
    lead = leads.inbox(store, actor).result().open[0].id
    assert households.reveal(store, actor, lead, "id_number").result() == "341799195203050027"
    logs = store.read_now(lambda tx: [view.state for view in tx.of_type("access_log")])
    assert [(log["kind"], log["documents"]) for log in logs] == [("reveal", [lead])]


def test_several_grids_of_a_village_are_said_in_few_words() -> None:
    village = "341799101201"
    names = Places({village: "周岭村", f"{village}-003": "周岭村3组", f"{village}-004": "4组", "341799101": "柏叶镇"})
    assert names.together([f"{village}-003", f"{village}-004"]) == "周岭村 3组、4组"
    assert names.together(["341799101", "341799999"]) == "柏叶镇"
    assert names.together([]) == ""


def test_a_desk_reviews_gives_out_and_mends_nobody_elses_visit(tmp_path: Path) -> None:
    """The town sees what waits for it and what nobody came back to; a visit it sent back is the walker's to mend."""
    _profile, store, author = village(tmp_path, desk=True)
    desk = replace(author, user="deng.li", name="邓丽")
    with store:
        home = store.read_now(lambda tx: projection.in_area(tx, "", limit=1))[0].id
        made = [visited(store, home, day) for day in ("2026-11-17", "2026-11-18", "2026-11-19")]
        phoned = visited(store, home, "2026-11-20", purpose="phone")
        board = today.board(store, desk).result()
        assert [todo.document for todo in board.of("review")] == [*made, phoned], "who waits longest stands first"
        assert (board.totals["review"], board.week.visits, board.week.phone) == (4, 4, 1)
        assert [todo.name for todo in board.of("revisit")] == ["周老"], "overdue; 钱福 is due today"
        leaves = store.read_now(lambda tx: visits.visit(tx, made[0])).leaves
        store.write_now(lambda tx: reviews.decide(tx, desk, made[0], leaves, "returned", {"": "请补"}, resolve=False))
        board = today.board(store, desk).result()
        assert (board.totals["returned"], board.totals["review"]) == (0, 3)
        assert today.board(store, replace(desk, role="grid_worker")).result().totals["returned"] == 1


def visited(store: Store, home: str, day: str, **more: Any) -> str:
    state = {"household": home, "purpose": "routine", "form_id": "home_visit", "finished_at": f"{day}T02:00:00Z", **more}
    return store.write_now(lambda tx: tx.create("visit", GRID, state))


def test_what_two_people_wrote_differently_waits_on_today(laptop: tuple[Store, Actor]) -> None:
    store, actor = laptop
    home = store.read_now(lambda tx: projection.in_area(tx, "", limit=1))[0].id
    heads = store.read_now(lambda tx: tx.document(home)).merged.leaves
    for phone in ("13807990001", "13907990002"):
        store.write_now(lambda tx, phone=phone: tx.save(home, {"/phone": phone}, parents=heads))
    board = today.board(store, actor).result()
    assert [(todo.document, todo.count) for todo in board.of("conflict")] == [(home, 1)]
    assert board.totals["conflict"] == 1
