"""The supervisor's monthly report: what the area did, its grids beside each other, what stays open."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.reports.content import Grid, Line, Paper, Section, SignHere, Words
from fieldapp.store.api import ReadTx
from fieldapp.store.projections import leads as lead_rows
from fieldapp.store.projections import visits
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.papers import outcomes
from fieldapp.workflows.papers.asking import Ask, imprint_of_area
from fieldapp.workflows.places import places

HEAD = ("下级区域", "在册户数", "排查户数", "疑似困难", "预警", "已反馈", "超期", "入户次数", "纳入救助")


def paper(tx: ReadTx, actor: Actor, ask: Ask) -> Paper:
    """``ask.subject`` is an area, the period usually a month."""
    found = outcomes.count(tx, ask.subject, ask)
    names = places(tx)
    sections = (
        Section("", (Line("区域", names.grid_words(ask.subject)), Line("时段", ask.period))),
        Section("总体", (outcomes.chain(found),)), *outcomes.tables(found), *_parts(tx, ask),
        Section("未办结事项", tuple(_open(tx, ask))),
        Section("签字", (SignHere(("填报人", "负责人（盖章）")),)),
    )  # fmt: skip
    return Paper(imprint_of_area(tx, actor, ask, ask.subject, "主动发现工作月报"), sections)


def _parts(tx: ReadTx, ask: Ask) -> Iterator[Section]:
    names = places(tx)
    rows = []
    for code in names.children(ask.subject):
        part = outcomes.count(tx, code, ask)
        numbers = (
            part.households, part.screened, part.doors.get("difficulty", 0), part.leads, part.answered, part.late,
            sum(part.visits.values()), part.taken,
        )  # fmt: skip
        rows.append((names.grid_words(code), *(str(number) for number in numbers)))
    if rows:
        yield Section("分区域情况", (Grid("", HEAD, tuple(rows), (2.4, *[1.0] * 8)),))


def _open(tx: ReadTx, ask: Ask) -> Iterator[Line | Words]:
    waiting = lead_rows.waiting(tx, ask.subject)
    today = ask.printed_at.astimezone().date().isoformat()
    late = [lead for lead in waiting if lead.due_on and lead.due_on < today]
    yield Line("未反馈线索", f"{len(waiting)} 条，其中超期 {len(late)} 条")
    yield Line("待审核走访", f"{len(visits.waiting(tx, ask.subject))} 份")
    yield Line("退回未改走访", f"{len(visits.decided(tx, 'returned', ask.subject))} 份")


