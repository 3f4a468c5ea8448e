"""Outcome counts (主动发现成效): screened, leads, taken into help; counted by doors and by people, for a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fieldapp.domain.documents import Household, Lead, Visit
from fieldapp.domain.documents import rows as standing_rows
from fieldapp.reports.content import Count, Counts, Grid, Line, Paper, Section
from fieldapp.store.api import ReadTx
from fieldapp.store.projections import helps, households, people
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.papers.asking import Ask, imprint_of_area
from fieldapp.workflows.places import places
from fieldapp.workflows.report_words import CHANNELS, DOOR_ANSWERS, LEAD_OUTCOMES, PURPOSES, words


@dataclass(frozen=True)
class Outcomes:
    """Counts of one area and period. ``screened`` doors answered at least once, ``taken`` leads whose family was taken
    into help; tallies by code."""

    households: int
    people: int
    screened: int
    doors: dict[str, int]
    leads: int
    answered: int
    late: int
    taken: int
    lead_outcomes: dict[str, int]
    channels: dict[str, int]
    visits: dict[str, int]
    approved: int
    returned: int
    helped: int
    in_programs: int


def paper(tx: ReadTx, actor: Actor, ask: Ask) -> Paper:
    """``ask.subject`` is an area."""
    found = count(tx, ask.subject, ask)
    title = "主动发现工作成效统计"
    sections = (
        Section("", (Line("统计范围", places(tx).grid_words(ask.subject)), Line("统计时段", ask.period))),
        Section("从发现到纳入", (chain(found),)), *tables(found),
    )  # fmt: skip
    return Paper(imprint_of_area(tx, actor, ask, ask.subject, title), sections, numbered=False)


def chain(found: Outcomes) -> Counts:
    """The loop in five numbers; it ends with those taken into help."""
    return Counts((
        Count("排查（户）", str(found.screened), "done"), Count("预警（条）", str(found.leads), "changed"),
        Count("已反馈", str(found.answered), "done"),
        Count("入户（次）", str(sum(found.visits.values())), "done"), Count("纳入救助", str(found.taken), "abnormal"),
    ))  # fmt: skip


def tables(found: Outcomes) -> tuple[Section, ...]:
    base = (
        Line("在册户数", str(found.households)), Line("在册人数", str(found.people)),
        Line("在享救助户数", str(found.in_programs)), Line("帮扶事项办结", str(found.helped)),
        Line("走访审核通过", str(found.approved)), Line("走访退回补充", str(found.returned)),
        Line("超期线索", str(found.late)),
    )  # fmt: skip
    return (
        Section("基本情况", base),
        Section("排查结果", (_table("结果", "户数", found.doors, DOOR_ANSWERS),)),
        Section("预警线索", (_table("核查结果", "条数", found.lead_outcomes, LEAD_OUTCOMES),
                          _table("来源渠道", "条数", found.channels, CHANNELS))),
        Section("走访", (_table("缘由", "次数", found.visits, PURPOSES),)),
    )  # fmt: skip


def count(tx: ReadTx, area: str, ask: Ask) -> Outcomes:
    """Counted over the documents of the area; a household answered in two rounds is screened once."""
    screened: set[str] = set()
    doors: dict[str, int] = {}
    for view in tx.of_type("door_answer", area):
        answer = view.state.get("answer")
        if isinstance(answer, str) and ask.holds(view.state.get("at")):
            screened.add(str(view.state.get("household")))
            _add(doors, answer)
    leads = [Lead.read(view.id, view.state) for view in tx.of_type("lead", area)]
    mine = [lead for lead in leads if ask.holds(lead.issued_on)]
    made = _visits(tx, area, ask)
    decided = _decisions(tx, area, ask)
    return Outcomes(
        households.count(tx, area), people.count(tx, area), len(screened), doors, len(mine),
        sum(bool(lead.answered_on) for lead in mine), sum(_is_late(lead, ask) for lead in mine),
        sum(lead.answer.get("taken_into_help") is True for lead in mine),
        _tally(str(lead.answer.get("outcome")) for lead in mine if lead.answer.get("outcome")),
        _tally(lead.channel or "" for lead in mine), _tally(visit.purpose or "" for visit in made),
        decided.get("approved", 0), decided.get("returned", 0), _helped(tx, area, ask), _in_programs(tx, area),
    )  # fmt: skip


def _visits(tx: ReadTx, area: str, ask: Ask) -> list[Visit]:
    found = [Visit.read(view.id, view.state) for view in tx.of_type("visit", area)]
    return [visit for visit in found if ask.holds(visit.finished_at)]


def _decisions(tx: ReadTx, area: str, ask: Ask) -> dict[str, int]:
    return _tally(
        str(view.state.get("decision")) for view in tx.of_type("review", area)
        if view.state.get("decision") and ask.holds(view.state.get("at"))
    )  # fmt: skip


def _is_late(lead: Lead, ask: Ask) -> bool:
    until = lead.answered_on or lead.withdrawn_on or ask.printed_at.astimezone().date().isoformat()
    return bool(lead.due_on) and str(lead.due_on) < until


def _helped(tx: ReadTx, area: str, ask: Ask) -> int:
    found = [view for kind in helps.TYPES or () for view in tx.of_type(kind, area)]
    results = [view.state.get("result") for view in found]
    return sum(isinstance(result, dict) and ask.holds(result.get("at")) for result in results)


def _in_programs(tx: ReadTx, area: str) -> int:
    found = (Household.read(view.id, view.state) for view in tx.of_type("household", area))
    return sum(bool(standing_rows(home.programs)) for home in found)


def _tally(codes: Iterable[str]) -> dict[str, int]:
    made: dict[str, int] = {}
    for code in codes:
        _add(made, code)
    return made


def _add(made: dict[str, int], code: str) -> None:
    made[code] = made.get(code, 0) + 1


def _table(what: str, unit: str, found: dict[str, int], table: dict[str, str]) -> Grid:
    listed = [code for code in (*table, *sorted(set(found) - set(table))) if found.get(code)]
    rows = tuple((words(table, code) or "未填写", str(found[code])) for code in listed)
    return Grid("", (what, unit), rows or (("无", "0"),), (3, 1))
