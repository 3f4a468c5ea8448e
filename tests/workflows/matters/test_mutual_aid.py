"""The village mutual-aid society: vote by member, payment from its own fund, notice after, balance."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.errors import RefusedError, StateError
from fieldapp.workflows.matters import fund, readings, writing
from fieldapp.workflows.matters.fund import Line
from tests.store.county import VILLAGE
from tests.workflows.matters.office import Office


def votes(*said: str) -> list[dict[str, Any]]:
    return [{"member": f"理事{n}", "vote": vote} for n, vote in enumerate(said, 1)]


def donated(office: Office, yuan: int) -> None:
    line = Line("mutual_aid", yuan * 100, "2026-11-01", "热心村民捐款", who="村民 20 人")
    fund.enter(office.store, office.actor("supervisor"), VILLAGE, line).result()


def test_two_thirds_present_and_more_than_half_for_pays_and_is_posted(office: Office) -> None:
    home = office.family("小范")
    donated(office, 24500)
    matter = office.open("mutual_aid", home, person=office.made["小范"], words="白血病，失业")
    office.do(matter, "vote", asked=1000, committee=6, votes=votes("for", "for", "for", "against"), amount=1000)
    assert office.page(matter).step("vote").entries[0].outcome == "通过"
    office.do(matter, "pay", "supervisor", amount=1000)
    assert fund.balance(office.store, "mutual_aid", VILLAGE).result() == 23500_00
    office.do(matter, "notice")
    notice = office.page(matter).step("notice").entries[0]
    assert (notice.words, notice.on, notice.until) == ("小*", "2026-11-21", "2026-11-28")
    assert "白血病" not in str(notice.answers), "no illness on the board"
    assert office.do(matter, "notice_end", outcome="none").closed_on
    (found,) = office.store.read(lambda tx: list(readings.mutual_aids(tx, office.actor("supervisor")))).result()
    assert (found.committee, found.present, found.in_favour, found.paid, found.balance_after) == (
        6, 4, 3, 1000_00, 23500_00,
    )  # fmt: skip
    assert [vote for _m, vote in found.votes] == ["for", "for", "for", "against"]
    lines = office.store.read(lambda tx: readings.fund_lines(tx, "mutual_aid", VILLAGE)).result()
    assert [(line.row.amount, line.balance) for line in lines] == [(24500_00, 24500_00), (-1000_00, 23500_00)]


@pytest.mark.parametrize(
    ("committee", "said", "passed"),
    [(7, ("for",) * 4, "未通过"), (6, ("for", "for", "against", "abstain"), "未通过"), (6, ("for",) * 4, "通过")],
)
def test_quorum_and_majority_are_the_countys(
    office: Office, committee: int, said: tuple[str, ...], passed: str
) -> None:
    matter = office.open("mutual_aid", office.family("小范"))
    office.do(matter, "vote", asked=800, committee=committee, votes=votes(*said))
    assert office.page(matter).step("vote").entries[0].outcome == passed
    assert bool(office.page(matter).closed_on) == (passed == "未通过")


def test_a_payment_taken_back_comes_back_into_the_fund(office: Office) -> None:
    donated(office, 5000)
    matter = office.open("mutual_aid", office.family("小范"))
    office.do(matter, "vote", asked=500, committee=3, votes=votes("for", "for", "for"), amount=500)
    office.do(matter, "pay", "supervisor", amount=500)
    writing.undo_step(office.store, office.actor("supervisor"), matter, "pay", "领取人不对").result()
    assert fund.balance(office.store, "mutual_aid", VILLAGE).result() == 5000_00
    office.do(matter, "pay", "supervisor", amount=400)
    assert fund.balance(office.store, "mutual_aid", VILLAGE).result() == 4600_00
    lines = fund.lines(office.store, "mutual_aid", VILLAGE).result()
    assert [(line.row.amount, bool(line.row.struck)) for line in lines] == [
        (5000_00, False), (-500_00, True), (-400_00, False),
    ], "what was taken back stays on the account, struck"  # fmt: skip


def test_nothing_goes_below_nought_without_a_word(office: Office) -> None:
    donated(office, 100)
    actor = office.actor("supervisor")
    with pytest.raises(StateError, match=r"fund\.below_nought"):
        fund.enter(office.store, actor, VILLAGE, Line("mutual_aid", -300_00, "2026-11-02", "")).result()
    fund.enter(office.store, actor, VILLAGE, Line("mutual_aid", -300_00, "2026-11-02", "书记先垫 200 元")).result()
    assert fund.balance(office.store, "mutual_aid", VILLAGE).result() == -200_00


def test_points_are_earned_by_helping_and_spent(office: Office) -> None:
    helper = office.family("向军")
    actor = office.actor("supervisor")
    person = office.made["向军"]
    earned = Line("points", 30, "2026-11-02", "帮邻居收玉米", person=person, household=helper)
    spent = Line("points", -20, "2026-11-09", "换食用油一桶", person=person, household=helper)
    for line in (earned, spent):
        fund.enter(office.store, actor, VILLAGE, line).result()
    assert [row.amount for row in fund.of_person(office.store, person).result()] == [30, -20]
    more = Line("points", -20, "2026-11-10", "", person=person)
    with pytest.raises(StateError, match=r"fund\.below_nought"):
        fund.enter(office.store, actor, VILLAGE, more).result()
    first = fund.lines(office.store, "points", VILLAGE).result()[0]
    fund.strike(office.store, actor, first.row.id, "记到别人名下了").result()
    assert fund.balance(office.store, "points", VILLAGE).result() == -20


def test_who_sees_one_grid_cannot_pay_from_the_villages_fund(office: Office) -> None:
    donated(office, 5000)
    matter = office.open("mutual_aid", office.family("小范"))
    office.do(matter, "vote", asked=500, committee=3, votes=votes("for", "for", "for"), amount=500)
    with pytest.raises(RefusedError, match=r"refused\.scope"):
        office.do(matter, "pay", amount=500)
    assert office.states(matter)["pay"] == "open", "nothing half written"
