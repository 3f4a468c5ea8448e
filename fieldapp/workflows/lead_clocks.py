"""The four clocks of a lead (下发、分派、核查、反馈): what ran out, what runs, how many working days are left.

Days are the county's parameters; one the county has not set has no term, and nothing is called late for it. A lead
that stays late rises: so many working days after its term it stands at the town, then at the county (升级).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fieldapp.policy.working_days import WorkingDays
from fieldapp.store.projections.leads import LeadRow

if TYPE_CHECKING:
    from fieldapp.workflows.assessing import Rules

STEPS = ("issued", "assigned", "checked", "answered")
LEVELS = ("town", "county")


@dataclass(frozen=True)
class LeadTerms:
    """Working days for each step, hours for an emergency, working days late until a lead stands at the town and at the
    county; None where the county has set none (参数未定)."""

    assign: int | None = None
    check: int | None = None
    answer: int | None = None
    emergency_hours: int | None = None
    to_town: int | None = None
    to_county: int | None = None


@dataclass(frozen=True)
class Rise:
    """One step up. ``level`` of ``LEVELS``; ``reached`` once the day has come while the lead was open."""

    level: str
    on: date
    reached: bool


@dataclass(frozen=True)
class Clock:
    """One step. ``days_left`` in working days until it is done, negative when over; ``late`` also of a step done late.
    ``state``: ``done`` | ``running`` | ``waiting`` (an earlier step comes first) | ``off`` (withdrawn)."""

    step: str
    done_on: str | None
    due_on: date | None
    state: str
    days_left: int | None
    late: bool


def terms_of(rules: Rules | None, on: date) -> LeadTerms:
    """The county's terms on a day. Reads the policy pack: not on the window's thread."""
    if rules is None:
        return LeadTerms()
    keys = (
        "lead.days.assign", "lead.days.check", "lead.days.answer", "emergency.answer_hours", "lead.days.to_town",
        "lead.days.to_county",
    )  # fmt: skip
    values = (rules.parameter(key, on) for key in keys)
    return LeadTerms(*(int(value) if value is not None else None for value in values))


def clocks(row: LeadRow, terms: LeadTerms, days: WorkingDays, today: date) -> tuple[Clock, ...]:
    """The four in their order. A term given with the lead is the check's; an emergency's hours shorten it."""
    done = {
        "issued": row.issued_on, "assigned": row.assigned_on, "checked": row.checked_on, "answered": row.answered_on,
    }  # fmt: skip
    due = _dues(row, terms, days)
    made: list[Clock] = []
    running = False
    for step in STEPS:
        on, until = done[step], due[step]
        if on or step == "issued":
            made.append(Clock(step, on, until, "done", None, bool(on and until and on[:10] > until.isoformat())))
            continue
        # A lead checked without being assigned waits for no assignment; nor does one without a term for it.
        passed = not row.open or any(done[later] for later in STEPS[STEPS.index(step) + 1 :])
        passed = passed or (step == "assigned" and until is None)
        state = "off" if passed else "waiting" if running else "running"
        running = running or state == "running"
        left = days.left(today, until) if until and state != "off" else None
        made.append(Clock(step, None, until, state, left, left is not None and left < 0))
    return tuple(made)


def overdue(found: tuple[Clock, ...]) -> str:
    """The first step whose term is over though it is not done, or ""."""
    return next((clock.step for clock in found if clock.state != "done" and clock.late), "")


def rises(row: LeadRow, terms: LeadTerms, days: WorkingDays, today: date) -> tuple[Rise, ...]:
    """When the lead stands at the town and at the county unless it is answered before; of a settled one those it
    reached. Counted from the day it was passed on: giving it to somebody else starts nothing anew."""
    end = _last_day(row, terms, days)
    if end is None:
        return ()
    settled = row.answered_on or row.withdrawn_on
    until = date.fromisoformat(settled[:10]) if settled else today
    wanted = [(level, late) for level, late in zip(LEVELS, (terms.to_town, terms.to_county), strict=True) if late]
    found = [Rise(level, on, on <= until) for level, late in wanted for on in (days.after(end, late),)]
    return tuple(rise for rise in found if rise.reached or not settled)


def standing(found: tuple[Rise, ...]) -> str:
    """The highest level reached, or ""."""
    reached = {rise.level for rise in found if rise.reached}
    return next((level for level in reversed(LEVELS) if level in reached), "")


def check_due(row: LeadRow, terms: LeadTerms, days: WorkingDays) -> date | None:
    """When the check must be done."""
    return _dues(row, terms, days)["checked"]


def _last_day(row: LeadRow, terms: LeadTerms, days: WorkingDays) -> date | None:
    """The end of the check by what the sender or the county gave, whoever has had it meanwhile."""
    allowed = _allowed(row, terms)
    if allowed is not None and not row.urgent and not row.days:
        allowed += terms.assign or 0
    return days.term(row.due_on, row.issued_on, allowed)


def _allowed(row: LeadRow, terms: LeadTerms) -> int | None:
    """Working days for the check, an emergency's hours in whole days."""
    allowed = row.days or terms.check
    if row.urgent and terms.emergency_hours is not None:
        whole = max(1, -(-terms.emergency_hours // 24))
        allowed = min(allowed or whole, whole)
    return allowed


def _dues(row: LeadRow, terms: LeadTerms, days: WorkingDays) -> dict[str, date | None]:
    allowed = _allowed(row, terms)
    check = days.term(row.due_on, row.assigned_on or row.issued_on, allowed)
    after_check = row.checked_on or (check.isoformat() if check else None)
    return {
        "issued": None, "assigned": days.term(None, row.issued_on, terms.assign), "checked": check,
        "answered": days.term(None, after_check, terms.answer),
    }  # fmt: skip
