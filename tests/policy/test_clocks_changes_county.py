"""Working days and terms; changes of parameters by two people; the county run again under other parameters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from fieldapp.policy import changes
from fieldapp.policy.api import ApprovalError, CalendarMissing, Facts, Pack, PackError
from fieldapp.policy.changes import Entry
from fieldapp.policy.clocks import TERMS, Calendar, due, read_year, shipped_calendar
from fieldapp.policy.county import Setting, Tally, entitlement_gaps, rerun
from fieldapp.policy.legal import DOCUMENTS
from tests.policy.makers import AFTER, demo, family, look

# --- clocks ---------------------------------------------------------------------------------------------------------


def test_working_days_over_the_national_day_of_2026() -> None:
    """From 30 September: 8, 9 and 10 October (a worked Saturday) are the first three."""
    calendar = shipped_calendar()
    assert calendar.add(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert calendar.between(date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert calendar.between(date(2026, 10, 10), date(2026, 9, 30)) == -3
    assert not calendar.is_working(date(2026, 10, 1))
    assert calendar.is_working(date(2026, 2, 28)), "a Saturday that is worked"
    assert calendar.add(date(2026, 11, 20), 0) == date(2026, 11, 20)


def test_what_stops_the_clock_does_not_count() -> None:
    calendar = shipped_calendar()
    start = date(2026, 11, 2)
    assert calendar.add(start, 5) == date(2026, 11, 9)
    assert calendar.add(start, 5, [(date(2026, 11, 4), date(2026, 11, 6))]) == date(2026, 11, 12)


def test_no_year_is_ever_guessed() -> None:
    with pytest.raises(CalendarMissing):
        Calendar([]).is_working(date(2026, 1, 5))
    with pytest.raises(CalendarMissing):
        shipped_calendar().is_working(date(2027, 1, 4))


def test_a_table_is_imported_with_its_origin_or_refused() -> None:
    year = read_year(b"year: 2027\norigin: notice\ndays_off: [2027-01-01]\nwork_days: [2027-01-03]\n")
    calendar = Calendar([*shipped_calendar().years.values(), year])
    assert calendar.add(date(2026, 12, 31), 1) == date(2027, 1, 3)
    for wrong in (b"year: 2027\norigin: x\ndays_off: [2026-01-01]\nwork_days: []\n", b"a: 1", b"[",
                  b"year: 2027\norigin: x\ndays_off: [2027-01-01]\nwork_days: [2027-01-01]\n"):  # fmt: skip
        with pytest.raises(PackError):
            read_year(wrong)


def test_terms_of_procedure_have_a_source_and_an_end() -> None:
    assert all(clause.doc in DOCUMENTS for term in TERMS.values() for clause in term.cited)
    assert due(TERMS["dibao.confirm"], date(2026, 11, 2), shipped_calendar()) == date(2026, 11, 16)
    assert due(TERMS["temp_fast.whole"], date(2026, 11, 20), shipped_calendar()) == date(2026, 11, 23), (
        "days, not working days"
    )


# --- changes by two people --------------------------------------------------------------------------------------------

RISE = (Entry("dibao.standard_month.rural", "650", date(2027, 1, 1)),)
BASIS = {"document": "示例民发〔2026〕30号", "clause": "第2条", "issuer": "示例市民政局", "entered_by": "录入甲",
         "entered_on": date(2026, 11, 21)}  # fmt: skip


def approved(pack: Pack) -> changes.Change:
    return changes.approve(changes.draft(pack, RISE, **BASIS), approved_by="复核乙", approved_on=date(2026, 11, 21))  # type: ignore[arg-type]


def test_a_change_is_entered_by_one_and_approved_by_another_and_keeps_the_old_versions() -> None:
    new = changes.apply(demo(), approved(demo()))
    rural = new.versions("dibao.standard_month.rural")
    assert [(v.value, v.since, v.until) for v in rural] == [
        (560_00, date(2025, 7, 1), date(2026, 7, 1)), (600_00, date(2026, 7, 1), date(2027, 1, 1)),
        (650_00, date(2027, 1, 1), None),
    ]  # fmt: skip
    assert (rural[-1].source, rural[-1].entered_by, rural[-1].approved_by) == (
        "示例民发〔2026〕30号",
        "录入甲",
        "复核乙",
    )
    poor = family({"age": 40})
    assert look(poor, AFTER, new).program("dibao").amount == look(poor).program("dibao").amount
    assert look(poor, date(2027, 1, 1), new).program("dibao").amount == 650_00


def test_nobody_approves_their_own_and_nothing_is_put_in_force_unapproved() -> None:
    drafted = changes.draft(demo(), RISE, **BASIS)  # type: ignore[arg-type]
    with pytest.raises(ApprovalError):
        changes.approve(drafted, approved_by="录入甲 ", approved_on=AFTER)
    with pytest.raises(ApprovalError):
        changes.apply(demo(), drafted)
    with pytest.raises(ApprovalError):
        changes.apply(changes.apply(demo(), approved(demo())), approved(demo()))
    assert changes.preview(demo(), drafted).versions("dibao.standard_month.rural")[-1].value == 650_00


@pytest.mark.parametrize("missing", ["document", "clause", "issuer", "entered_by"])
def test_a_change_needs_its_basis(missing: str) -> None:
    with pytest.raises(PackError):
        changes.draft(demo(), RISE, **{**BASIS, missing: " "})  # type: ignore[arg-type]


@pytest.mark.parametrize("entry", [Entry("dibao.standard_month.rural", "-1", AFTER), Entry("no.such", "1", AFTER),
                                   Entry("dibao.gradual_exit_months", 9, AFTER)])  # fmt: skip
def test_a_change_to_a_wrong_value_is_refused(entry: Entry) -> None:
    with pytest.raises(PackError):
        changes.draft(demo(), (entry,), **BASIS)  # type: ignore[arg-type]


# --- the whole county -------------------------------------------------------------------------------------------------


def households() -> Iterator[tuple[str, Facts]]:
    for number, income in enumerate((0, 599, 620, 640, 660, 2000)):
        yield f"h{number}", family({"age": 40}, income_month={"transfer": income})
    yield "open", Facts()


def test_who_enters_and_what_it_costs_under_a_higher_standard() -> None:
    tally, seen = Tally(), []
    now, then = Setting(demo(), AFTER), Setting(changes.apply(demo(), approved(demo())), date(2027, 1, 1))
    found = list(rerun(households(), now, then, tally, progress=lambda done: seen.append(done) is None))
    dibao = {(d.household, d.kind, d.amount_before, d.amount_after) for d in found if d.program == "dibao"}
    assert dibao == {("h0", "changes", 600_00, 650_00), ("h1", "changes", 100, 51_00), ("h2", "enters", 0, 30_00),
                     ("h3", "enters", 0, 10_00)}  # fmt: skip
    assert {(d.household, d.kind) for d in found if d.program == "edge"} == {("h2", "leaves"), ("h3", "leaves")}
    assert tally.households == 7
    assert tally.counts["dibao"] == {"changes": 2, "enters": 2, "outside": 2, "open": 1}
    assert tally.cost_difference == (650 - 600 + 51 - 1 + 30 + 10) * 100
    assert all(d.reasons for d in found)


def test_a_run_can_be_stopped() -> None:
    many = ((f"h{n}", Facts()) for n in range(1000))
    tally = Tally()
    list(rerun(many, Setting(demo(), AFTER), Setting(demo(), AFTER), tally, progress=lambda done: done < 300))
    assert tally.households == 300


def test_entitled_and_not_receiving_receiving_and_probably_no_longer() -> None:
    given = [
        ("poor", family({"age": 40})), ("poor and helped", family({"age": 40}, already=["dibao"])),
        ("earning", family({"age": 40, "wage_month": 5000}, already=["dibao"])),
        ("nobody said", Facts()), ("open", family({"age": 40, "wage_month": "unknown"}, already=["dibao"])),
    ]  # fmt: skip
    found = [(gap.household, gap.program, gap.kind) for gap in entitlement_gaps(given, Setting(demo(), AFTER))]
    assert found == [("poor", "dibao", "not_receiving"), ("earning", "dibao", "no_longer")]


def test_the_same_decision_can_be_computed_again_after_years() -> None:
    """Old versions of parameters and of rules stay: the result of a day never changes."""
    facts = family({"age": 40}, income_month={"transfer": 100})
    newer = changes.apply(demo(), approved(demo()))
    for on in (date(2025, 7, 1), date(2026, 6, 30), AFTER):
        a, b = look(facts, on), look(facts, on, newer)
        assert [(p.id, p.verdict, p.amount) for p in a.programs] == [(p.id, p.verdict, p.amount) for p in b.programs]
