"""The list of matters: nearest term first, the first few hundred of many, what is mine; Today shows what is due."""

from __future__ import annotations

from datetime import date, timedelta

from fieldapp.store.api import WriteTx
from fieldapp.workflows import today
from fieldapp.workflows.matters import lists
from tests.store.county import GRID
from tests.workflows.matters.office import TODAY, Office

MANY = 350


def many(office: Office) -> None:
    """Referrals waiting for their answer, the first of them due longest ago."""
    home = office.family("周老")

    def work(tx: WriteTx) -> None:
        for number in range(MANY):
            due = (TODAY + timedelta(days=number - 10)).isoformat()
            state = {"procedure": "referral", "kind": "referral", "household": home, "title": f"第 {number} 件",
                     "opened_on": "2026-11-01", "next": ["answer"], "due_on": due}  # fmt: skip
            tx.create("referral", GRID, state)

    office.store.write(work).result()


def test_the_nearest_stand_first_and_all_are_counted(office: Office) -> None:
    many(office)
    board = lists.board(office.store, office.actor("supervisor"), "zh").result()
    assert [line.title for line in board.open[:2]] == ["第 0 件", "第 1 件"]
    assert (len(board.open), board.total, board.late) == (lists.SHOWN, MANY, 10)
    assert board.open[0].next == "部门答复"
    english = lists.board(office.store, office.actor("supervisor"), "en").result()
    assert english.open[0].next == "The office answers"


def test_today_holds_what_is_due_soon_and_counts_the_rest(office: Office) -> None:
    many(office)
    board = today.board(office.store, office.actor("grid_worker")).result()
    due = board.of("matter")
    assert (len(due), board.totals["matter"]) == (today.SHOWN, 10 + 1 + today.SOON_DAYS)
    assert due[0].days_left is not None
    assert due[0].days_left < 0


def test_a_step_of_another_role_is_not_on_my_day(office: Office) -> None:
    home = office.family("肖雨")
    matter = office.open("near_relative", home, "supervisor")
    office.do(matter, "file", "supervisor", cadre="甲", post="书记", relation="child", title="低保")
    office.store.write_now(lambda tx: tx.save(matter, {"/due_on": TODAY.isoformat()}))
    assert today.board(office.store, office.actor("supervisor")).result().of("matter") == []
    assert [todo.document for todo in today.board(office.store, office.actor("county")).result().of("matter")] == [matter]
    assert office.day == date(2026, 11, 21)
