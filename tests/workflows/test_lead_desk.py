"""Leads by hand, their four clocks, duplicates, assignment, handing back, withdrawal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import RefusedError, StateError
from fieldapp.policy.working_days import WorkingDays
from fieldapp.store.api import Store
from fieldapp.store.projections import leads as projection
from fieldapp.workflows import grid_workers, lead_clocks, lead_desk, lead_entry, leads
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.lead_clocks import LeadTerms
from fieldapp.workflows.lead_entry import NewLead
from fieldapp.workflows.leads import LeadAnswer
from tests.store.county import GRID, OTHER_GRID
from tests.ui.town import village
from tests.workflows.doors import actor

TERMS = LeadTerms(assign=2, check=5, answer=1, emergency_hours=24)
FALL = NewLead("neighbour", "谢冬梅", "3组5号", "摔了一跤，起不来", source="邻居老黄")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Store, Actor]]:
    _profile, store, who = village(tmp_path, desk=True)
    with store:
        yield store, who


def enter(desk: tuple[Store, Actor], **more: Any) -> str:
    return lead_entry.enter(*desk, replace(FALL, **more), TERMS).result()


def line(desk: tuple[Store, Actor], lead: str) -> leads.LeadLine:
    return leads.page(*desk, lead, TERMS).result().line


def test_a_neighbours_word_is_linked_and_gets_the_countys_term(desk: tuple[Store, Actor]) -> None:
    made = enter(desk)
    page = leads.page(*desk, made, TERMS).result()
    assert (page.line.channel, page.line.source, page.area) == ("neighbour", "邻居老黄", GRID)
    assert page.line.household, "the only family with somebody of this name"
    assert page.line.due_on == "2026-11-27", "Saturday the 21st, five working days"
    assert [(clock.step, clock.state) for clock in page.clocks] == [
        ("issued", "done"), ("assigned", "running"), ("checked", "waiting"), ("answered", "waiting"),
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [{"person_name": " "}, {"content": ""}])
def test_a_lead_wants_somebody_and_a_need(desk: tuple[Store, Actor], wrong: dict[str, str]) -> None:
    with pytest.raises(StateError) as caught:
        enter(desk, **wrong)
    assert caught.value.code == "lead.who"


def test_the_same_need_told_twice_is_one_lead(desk: tuple[Store, Actor]) -> None:
    first = enter(desk)
    (same,) = lead_entry.alike(*desk, FALL).result()
    assert (same.id, same.open) == (first, True)
    child = NewLead("child", "谢冬梅", "", "奶奶躺在床上不吃饭", source="孙子", urgent=True)
    assert lead_entry.add_to(*desk, first, child).result() == first
    page = leads.page(*desk, first, TERMS).result()
    assert page.again == ("孙子：奶奶躺在床上不吃饭",)
    assert page.line.urgent
    assert lead_entry.alike(*desk, NewLead("hotline", "无名氏", "", "没饭吃")).result() == ()


def test_a_namesake_in_another_family_is_another_need(desk: tuple[Store, Actor]) -> None:
    first = enter(desk)
    other = desk[0].read_now(lambda tx: projection.lead(tx, first))
    assert other is not None
    homes = [one.household for one in leads.inbox(*desk).result().open if one.household != other.household]
    found = lead_entry.alike(*desk, NewLead("hotline", "谢冬梅", "", "x", household=homes[0])).result()
    assert first not in {one.id for one in found}


def row(**dates: Any) -> projection.LeadRow:
    plain: dict[str, Any] = dict.fromkeys(projection.LeadRow.__dataclass_fields__)
    return projection.LeadRow(**{**plain, "id": "l", "area": GRID, "urgent": False, "issued_on": "2026-11-16", **dates})


def states(today: str, **dates: Any) -> dict[str, tuple[str, bool]]:
    found = lead_clocks.clocks(row(**dates), TERMS, WorkingDays(), date.fromisoformat(today))
    return {clock.step: (clock.state, clock.late) for clock in found if clock.step != "issued"}


def test_each_clock_runs_after_the_one_before() -> None:
    """Issued on Monday the 16th: assigned by Wednesday, checked five working days later, answered a day after."""
    assert states("2026-11-18") == {"assigned": ("running", False), "checked": ("waiting", False), "answered": ("waiting", False)}  # fmt: skip
    assert states("2026-11-19")["assigned"] == ("running", True)
    late = states("2026-11-27", assigned_on="2026-11-19")
    assert late == {"assigned": ("done", True), "checked": ("running", True), "answered": ("waiting", False)}
    assert states("2026-11-26", assigned_on="2026-11-19")["checked"] == ("running", False)
    checked = states("2026-11-24", assigned_on="2026-11-17", checked_on="2026-11-20")
    assert checked["answered"] == ("running", True)
    done = {"assigned_on": "2026-11-17", "checked_on": "2026-11-20", "answered_on": "2026-11-23"}
    assert set(states("2027-01-04", **done).values()) == {("done", False)}
    assert states("2027-01-04", withdrawn_on="2026-11-17")["checked"] == ("off", False)


def test_a_term_the_county_has_not_set_is_never_late() -> None:
    found = lead_clocks.clocks(row(), LeadTerms(), WorkingDays(), date(2027, 6, 1))
    assert lead_clocks.overdue(found) == ""


def test_an_emergency_has_hours() -> None:
    found = lead_clocks.clocks(row(urgent=True), TERMS, WorkingDays(), date(2026, 11, 18))
    assert next(clock.due_on for clock in found if clock.step == "checked") == date(2026, 11, 17)


def test_the_desk_sees_what_nobody_has_and_what_is_late(desk: tuple[Store, Actor]) -> None:
    made = enter(desk)
    before = leads.inbox(*desk, TERMS).result()
    assert made in {one.id for one in before.of("mine_to_give")}
    assert [one.name for one in before.of("late")] == ["罗桂花"], "its term was Thursday, though nobody has it yet"
    lead_desk.assign(*desk, made, "李秋").result()
    assert made not in {one.id for one in leads.inbox(*desk, TERMS).result().of("mine_to_give")}
    assert line(desk, made).assigned_to == "李秋"


def test_a_lead_of_another_grid_goes_back_and_is_sent_on(desk: tuple[Store, Actor]) -> None:
    store, supervisor = desk
    made = enter(desk)
    lead_desk.assign(*desk, made, "李秋").result()
    lead_desk.hand_back(store, actor(), made, "这户搬到 4 组了").result()
    handed = line(desk, made)
    assert (handed.misdirected, handed.assigned_to) == (True, "")
    assert leads.page(*desk, made).result().handed_back == "这户搬到 4 组了"
    with pytest.raises(RefusedError):
        lead_desk.assign(store, actor(), made, "陈芳", OTHER_GRID).result()
    lead_desk.assign(store, supervisor, made, "陈芳", OTHER_GRID).result()
    revisions = store.read_now(lambda tx: tx.revisions(made))
    assert not revisions[-1].set or not revisions[0].set, "the move is an act of its own that writes no leaf"
    assert not line(desk, made).misdirected


def test_withdrawn_while_somebody_is_at_the_door_refuses_the_answer_and_keeps_the_why(desk: tuple[Store, Actor]) -> None:
    made = enter(desk)
    lead_desk.withdraw(*desk, made, "医保数据更正").result()
    with pytest.raises(StateError) as caught:
        leads.answer(*desk, made, LeadAnswer("not_true", "在家")).result()
    assert caught.value.code == "lead.withdrawn"
    page = leads.page(*desk, made, TERMS).result()
    assert (page.line.state, page.withdrawn_why) == ("withdrawn", "医保数据更正")


def test_a_near_relative_is_marked_and_unmarked(desk: tuple[Store, Actor]) -> None:
    made = enter(desk)
    lead_desk.mark_relative(*desk, made, "村支书黄某").result()
    assert line(desk, made).near_relative
    lead_desk.mark_relative(*desk, made, "").result()
    assert not line(desk, made).near_relative


def test_two_walk_one_grid_and_one_stands_down(desk: tuple[Store, Actor]) -> None:
    store, supervisor = desk
    grid_workers.assign(store, supervisor, GRID, ["李秋", "陈芳", "李秋"]).result()
    assert store.read_now(lambda tx: grid_workers.of_grid(tx, GRID)) == ["李秋", "陈芳"]
    grid_workers.assign(store, supervisor, GRID, ["陈芳", "向阳"]).result()
    (here,) = [one for one in grid_workers.listing(store, supervisor).result() if one.grid == GRID]
    assert (here.workers, here.households) == (("陈芳", "向阳"), 14)
    found = lead_desk.assignable(store, supervisor, enter(desk)).result()
    assert found.workers[:2] == ("陈芳", "向阳"), "those of the lead's grid come first"
    with pytest.raises(RefusedError):
        grid_workers.assign(store, actor(), GRID, ["李秋"]).result()


RAISING = LeadTerms(assign=2, check=5, answer=1, emergency_hours=24, to_town=2, to_county=5)


def rose(today: str, terms: LeadTerms = RAISING, **dates: Any) -> tuple[str, list[tuple[str, str, bool]]]:
    found = lead_clocks.rises(row(**dates), terms, WorkingDays(), date.fromisoformat(today))
    return lead_clocks.standing(found), [(one.level, one.on.isoformat(), one.reached) for one in found]


def test_a_late_lead_rises_to_the_town_and_then_to_the_county() -> None:
    """Passed on Monday the 16th, two working days to assign and five to check: over on Wednesday the 25th."""
    both = [("town", "2026-11-27", False), ("county", "2026-12-02", False)]
    assert rose("2026-11-26") == ("", both)
    assert rose("2026-11-27") == ("town", [("town", "2026-11-27", True), both[1]])
    assert rose("2026-12-02")[0] == "county"
    assert rose("2026-12-02", assigned_on="2026-12-01", assigned_to="李秋")[0] == "county", "handing on hides nothing"
    assert rose("2026-12-01", due_on="2026-11-18")[0] == "county", "the sender's own term goes before the county's"
    assert rose("2026-11-20", urgent=True)[0] == "town", "an emergency was over after a day"


def test_what_was_answered_in_time_never_rose_and_what_was_late_keeps_its_step() -> None:
    assert rose("2027-01-04", answered_on="2026-11-26") == ("", [])
    assert rose("2027-01-04", answered_on="2026-11-30") == ("town", [("town", "2026-11-27", True)])


def test_without_the_countys_days_nothing_rises() -> None:
    assert rose("2027-06-01", TERMS) == ("", [])
    assert rose("2027-06-01", LeadTerms(to_town=2, to_county=5)) == ("", []), "no term, no lateness"


def test_the_desk_sees_what_rose_who_has_it_and_since_when(desk: tuple[Store, Actor]) -> None:
    store, supervisor = desk
    late = next(one for one in leads.inbox(*desk, RAISING).result().open if one.name == "罗桂花")
    lead_desk.assign(store, supervisor, late.id, "李秋").result()
    later = replace(supervisor, today=lambda: date(2026, 11, 23))
    (raised,) = leads.inbox(store, later, RAISING).result().of("raised")
    assert (raised.name, raised.raised, raised.assigned_to, raised.since) == ("罗桂花", "town", "李秋", "2026-11-21")
