"""An application for the allowance from the village's acceptance to the first payment, over a real store."""

from __future__ import annotations

from datetime import date

import pytest

from fieldapp.errors import RefusedError, StateError
from fieldapp.store.projections import households
from fieldapp.workflows.matters import writing
from fieldapp.workflows.matters.writing import StepDone, do_step
from tests.workflows.matters.office import Office

FAMILY = (("邓山", "spouse", "1990-03-07"), ("邓一", "daughter", "2018-05-01"), ("邓小", "son", "2023-02-03"))


def accepted(office: Office) -> tuple[str, str]:
    home = office.family("肖雨", *FAMILY)
    matter = office.open("dibao", home)
    office.do(matter, "accept", outcome="accepted", near_relative="no")
    return home, matter


def through_notice(office: Office) -> tuple[str, str]:
    """As far as the end of the public notice."""
    home, matter = accepted(office)
    for adult in ("肖雨", "邓山"):
        office.do(matter, "undertaking", row=office.made[adult], person_name=adult, undertakes="yes", authorises="yes")
    office.do(matter, "check", "supervisor", outcome="agrees")
    do_step(office.store, office.actor("grid_worker"), matter,
            StepDone("visit", office.day.isoformat(), visit=office.visit(home))).result()  # fmt: skip
    office.do(matter, "score", house="poor", appliance="few", food="short", labour="one", illness="one", debt="some")
    office.do(matter, "notice", "supervisor", until="2026-11-28", place="村务公开栏", shown_amount=3490)
    office.day = date(2026, 11, 28)
    office.do(matter, "notice_end", outcome="none")
    return home, matter


def test_what_is_next_stands_first_and_everything_else_waits(office: Office) -> None:
    matter = office.open("dibao", office.family("肖雨", *FAMILY))
    found = office.page(matter)
    assert (found.title, found.family, found.place) == ("低保申请", "肖雨", "周岭村4组6号")
    assert found.next is not None
    assert found.next.id == "accept"
    states = office.states(matter)
    assert states["accept"] == "open"
    assert {states[name] for name in ("undertaking", "check", "visit", "notice", "confirm", "pay")} == {"waiting"}
    assert states["confirm_town"] == "off", "this county has not delegated the decision"


def test_every_adult_signs_for_themselves_and_no_child(office: Office) -> None:
    _home, matter = accepted(office)
    step = office.page(matter).step("undertaking")
    assert sorted(name for _person, name in step.left) == ["肖雨", "邓山"]
    office.do(matter, "undertaking", row=office.made["肖雨"], undertakes="yes", authorises="yes")
    assert [name for _p, name in office.page(matter).step("undertaking").left] == ["邓山"]
    assert office.states(matter)["check"] == "waiting", "one authorisation is still missing"
    office.do(matter, "undertaking", row=office.made["邓山"], undertakes="yes", authorises="yes")
    assert office.states(matter)["check"] == "open"


def test_missing_papers_are_told_once_and_have_their_own_day(office: Office) -> None:
    matter = office.open("dibao", office.family("肖雨", *FAMILY))
    office.do(matter, "accept", outcome="supplement", words="残疾证", until="2026-11-30", near_relative="no")
    found = office.page(matter)
    assert found.next is not None
    assert (found.next.id, str(found.next.due.on if found.next.due else "")) == ("supplement", "2026-11-30")
    assert office.states(matter)["visit"] == "waiting"
    office.do(matter, "supplement", outcome="given", words="残疾证已交")
    assert office.states(matter)["visit"] == "open"


def test_terms_are_counted_in_working_days_and_cited(office: Office) -> None:
    _home, matter = accepted(office)
    found = office.page(matter)
    visit = found.step("visit")
    assert visit.due is not None
    assert (visit.due.on, visit.due.clause) == (date(2026, 11, 25), "审核确认办法 §15"), "a Saturday, then three days"
    assert found.whole is not None
    assert found.whole.estimated, "thirty working days reach into a year without a holiday table"


def test_from_acceptance_to_payment(office: Office) -> None:
    home, matter = through_notice(office)
    office.do(matter, "confirm", "county", outcome="granted", amount=3490, starts_on="2026-12-01", people=4)
    office.do(matter, "told", how="handed", rights="yes", words="自 12 月起每月 3490 元")
    done = office.do(matter, "pay", "supervisor", amount=3490, way="card", receiver="肖雨")
    assert done.closed_on
    assert [step.state for step in done.steps if step.state not in ("done", "off")] == []
    row = office.store.read(lambda tx: tx.document(home)).result().state["programs"]["dibao"]
    assert (row["amount_month"], row["since"]) == (3490_00, "2026-12-01")
    chain = office.chain(home)
    assert ("paid", "首次发放") in chain or ("paid", "开始发放") in chain
    kinds = [kind for kind, _what in chain]
    assert kinds.index("visit") < kinds.index("paid") < kinds.index("due"), "paid, then a day to come back"


def test_who_visited_does_not_decide(office: Office) -> None:
    home, matter = accepted(office)
    for adult in ("肖雨", "邓山"):
        office.do(matter, "undertaking", row=office.made[adult], undertakes="yes", authorises="yes")
    office.do(matter, "check", "county", outcome="agrees")
    do_step(office.store, office.actor("county"), matter,
            StepDone("visit", office.day.isoformat(), visit=office.visit(home))).result()  # fmt: skip
    office.do(matter, "score", house="poor")
    office.do(matter, "notice", "supervisor", until="2026-11-28", place="公开栏", shown_amount=1)
    office.do(matter, "notice_end", outcome="none")
    with pytest.raises(RefusedError, match=r"refused\.same_person"):
        office.do(matter, "confirm", "county", outcome="granted", amount=1, starts_on="2026-12-01", people=4)


def test_a_worker_does_not_decide_and_nothing_is_done_before_its_turn(office: Office) -> None:
    _home, matter = accepted(office)
    with pytest.raises(RefusedError, match=r"refused\.step"):
        office.do(matter, "confirm", "grid_worker", outcome="granted", amount=1, starts_on="2026-12-01", people=4)
    with pytest.raises(StateError, match=r"matter\.not_yet"):
        office.do(matter, "notice", "supervisor", until="2026-11-28", place="公开栏", shown_amount=1)
    with pytest.raises(StateError, match=r"matter\.done"):
        office.do(matter, "accept", outcome="accepted", near_relative="no")


def test_a_step_is_undone_with_its_reason_unless_something_rests_on_it(office: Office) -> None:
    _home, matter = accepted(office)
    office.do(matter, "undertaking", row=office.made["肖雨"], undertakes="yes", authorises="yes")
    worker = office.actor("grid_worker")
    with pytest.raises(StateError, match=r"matter\.later_steps"):
        writing.undo_step(office.store, worker, matter, "accept", "填错了人").result()
    key = f"undertaking:{office.made['肖雨']}"
    with pytest.raises(StateError, match=r"matter\.why"):
        writing.undo_step(office.store, worker, matter, key, " ").result()
    writing.undo_step(office.store, worker, matter, key, "签错了名").result()
    writing.undo_step(office.store, worker, matter, "accept", "填错了人").result()
    found = office.page(matter)
    assert found.next is not None
    assert found.next.id == "accept"
    (entry,) = found.step("accept").entries
    assert entry.undone == "填错了人", "what was written stays to be read"


def test_a_decision_taken_back_takes_the_program_with_it(office: Office) -> None:
    home, matter = through_notice(office)
    office.do(matter, "confirm", "county", outcome="granted", amount=3490, starts_on="2026-12-01", people=4)
    assert office.store.read(lambda tx: households.household(tx, home)).result() is not None
    writing.undo_step(office.store, office.actor("county"), matter, "confirm", "金额算错").result()
    assert not office.store.read(lambda tx: tx.document(home)).result().state.get("programs")


def test_a_refusal_is_told_with_reasons_and_closes(office: Office) -> None:
    _home, matter = through_notice(office)
    office.do(matter, "confirm", "county", outcome="refused", words="人均收入不低于标准")
    assert office.states(matter)["told"] == "off"
    done = office.do(matter, "refusal_told", how="handed", rights="yes")
    assert done.closed_on
    told = done.step("refusal_told").entries[0]
    assert told.words == "人均收入不低于标准", "the reasons go into the letter"


def test_one_application_at_a_time(office: Office) -> None:
    home = office.family("肖雨", *FAMILY)
    assert office.open("dibao", home) == office.open("dibao", home)
