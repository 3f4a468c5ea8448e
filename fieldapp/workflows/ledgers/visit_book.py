"""走访台账: every visit with its investigators, what the rules said and what the desk decided."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.domain.documents import Visit
from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.store.projections import visits
from fieldapp.workflows.actor import Actor, today_here
from fieldapp.workflows.ledgers.cells import PLACE, moment, town_village_grid
from fieldapp.workflows.papers.asking import Ask, family_name
from fieldapp.workflows.people import members_of
from fieldapp.workflows.places import places
from fieldapp.workflows.report_data import report_number
from fieldapp.workflows.report_data_rules import assessment_of
from fieldapp.workflows.report_words import PURPOSES, words

TITLE = "走访台账"
STATES = {"approved": "走访记录通过", "returned": "退回补充", None: "待审核"}
COLUMNS = (
    *PLACE,
    Column("number", "报告编号", width=20), Column("head", "户主"), Column("address", "住址", width=26),
    Column("people", "人口", Kind.NUMBER), Column("purpose", "走访缘由"),
    Column("started_at", "开始时间", Kind.TIME), Column("finished_at", "结束时间", Kind.TIME),
    Column("by", "调查人", width=20), Column("tier", "圈层"), Column("risk", "风险等级"),
    Column("needs", "需求", width=24), Column("fits", "初步符合的救助", width=30), Column("state", "审核状态"),
    Column("decided_by", "审核人"), Column("decided_at", "审核时间", Kind.TIME),
)  # fmt: skip


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    for view in tx.of_type("visit", ask.subject):
        visit, row = Visit.read(view.id, view.state), visits.visit(tx, view.id)
        if row is None or not ask.holds(visit.finished_at):
            continue
        head, address = family_name(tx, visit.household or "")
        result = assessment_of(visit.assessment)
        fits = [p.name[0] for p in result.programs if str(p.verdict) == "first_match"] if result else []
        yield (
            *town_village_grid(names, view.area), report_number(view), head, address,
            len(members_of(tx, visit.household or "", today_here())), words(PURPOSES, visit.purpose),
            moment(visit.started_at), moment(visit.finished_at), "、".join(visits.investigators(tx, view.id)),
            result.tier.words() if result else "", result.risk.words() if result else "",
            "、".join(result.need_names()) if result else "", "、".join(fits), STATES.get(row.decision, row.decision),
            row.decided_by, moment(row.decided_at),
        )  # fmt: skip
