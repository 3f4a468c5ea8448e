"""Emergency help first and papers after: no check, no notice, two clocks, a day to come back."""

from __future__ import annotations

from datetime import date

import pytest

from fieldapp.workflows.matters import lists, readings
from tests.workflows.matters.office import Office

OLD = (("曹梅", "spouse", "1954-05-01"),)


def test_relocated_helped_and_written_up(office: Office) -> None:
    home = office.family("曹夫", *OLD)
    matter = office.open("emergency", home, words="老旧砖房，术后居家")
    first = office.page(matter).next
    assert first is not None
    assert first.due is not None
    assert first.due.at == "2026-11-22T01:30:00Z", "24 hours from when it was opened"
    assert office.page(matter).step("help").state == "waiting"
    office.do(matter, "respond", outcome="relocated", place="月亮湖社区安置点 2 号房", meals="一日三餐由社区食堂送", words="屋顶积雪开裂")
    help_ = office.page(matter).step("help")
    assert help_.due is not None
    assert help_.due.on == date(2026, 11, 24), "three calendar days, not working days"
    office.do(matter, "help", measures=("cash", "relocate"), amount=1500, events=("disaster",), people=2, hardship="yes")
    papers = office.page(matter).next
    assert papers is not None
    assert (papers.id, str(papers.due.on if papers.due else "")) == ("papers", "2026-12-06"), "the county allows 15 days"
    done = office.do(matter, "papers", words="雪灾转移")
    assert done.closed_on
    (found,) = office.store.read(lambda tx: list(readings.emergencies(tx, office.actor("supervisor")))).result()
    assert (found.amount, found.people, found.state, found.times_this_year) == (1500_00, 2, "relocated", 1)
    assert (found.relocated_to, found.meals) == ("月亮湖社区安置点 2 号房", "一日三餐由社区食堂送")
    kinds = [kind for kind, _ in office.chain(home)]
    assert kinds.index("paid") < kinds.index("due")
    due = office.store.read(lambda tx: tx.document(home)).result().state["revisit"]["on"]
    assert due == "2026-11-28", "seven days after the help"


def test_what_is_not_true_ends_there(office: Office) -> None:
    matter = office.open("emergency", office.family("曹夫", *OLD))
    assert office.do(matter, "respond", outcome="false_alarm").closed_on
    assert office.states(matter)["help"] == "off"


def test_an_answer_over_its_hours_is_late_and_stands_first(office: Office) -> None:
    office.open("referral", office.family("周老"))
    late = office.open("emergency", office.family("曹夫", *OLD))
    office.day = date(2026, 11, 24)
    board = lists.board(office.store, office.actor("grid_worker"), "zh").result()
    assert (board.open[0].id, board.late) == (late, 1)


def test_expense_type_only_after_notice(office: Office) -> None:
    home = office.family("黎建", ("黎晓", "son", "2006-01-01"))
    matter = office.open("temp_expense", home)
    office.do(matter, "accept", outcome="accepted", near_relative="no")
    for adult in ("黎建", "黎晓"):
        office.do(matter, "undertaking", row=office.made[adult], undertakes="yes", authorises="yes")
    office.do_visit(matter, home)
    office.do(matter, "score", medical=0, education=6800, other=0, for_others=7000)
    assert office.page(matter).step("score").entries[0].amount == 13800_00
    office.do(matter, "notice", "supervisor", until="2026-11-28", place="公开栏", shown_amount=2000)
    assert office.states(matter)["confirm"] == "waiting"
    office.do(matter, "notice_end", outcome="none")
    office.do(matter, "confirm", "county", outcome="granted", amount=2000, starts_on="2026-11-29", people=2)
    office.do(matter, "told", how="handed", rights="yes")
    assert office.do(matter, "pay", "supervisor", amount=2000, way="card", receiver="黎建").closed_on
    assert not office.store.read(lambda tx: tx.document(home)).result().state.get("programs"), "one payment, no programme"
    (found,) = office.store.read(lambda tx: list(readings.applications(tx, office.actor("county")))).result()
    assert (found.notice_from, found.notice_until, found.paid) == ("2026-11-21", "2026-11-28", 2000_00)


@pytest.mark.parametrize("delegated", [True, False])
def test_where_the_county_has_delegated_the_town_decides(office: Office, delegated: bool) -> None:
    matter = office.open("dibao", office.family("肖雨"))
    office.store.write_now(lambda tx: tx.save(matter, {"/settings/approval.delegated": delegated}))
    off = {name for name, state in office.states(matter).items() if state == "off"}
    assert ("confirm" in off, "confirm_town" in off) == (delegated, not delegated)
