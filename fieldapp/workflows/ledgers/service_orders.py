"""服务派单、转介台账: what was handed to whom, by when, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.domain.documents import Task
from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.cells import PLACE, day, moment, said, state_of, town_village_grid, whole
from fieldapp.workflows.papers.asking import Ask, family_name
from fieldapp.workflows.places import places
from fieldapp.workflows.report_words import TASK_KINDS, words

TITLE = "服务派单与转介台账"
COLUMNS = (
    *PLACE,
    Column("kind", "类别"), Column("title", "事项", width=24), Column("person", "服务对象"),
    Column("head", "户主"), Column("address", "住址", width=26), Column("provider", "承办机构（人）", width=20),
    Column("ordered_at", "派单时间", Kind.TIME), Column("due_on", "办结期限", Kind.DATE),
    Column("done_at", "办结时间", Kind.TIME), Column("hours", "工时", Kind.NUMBER),
    Column("result", "结果", width=30), Column("word", "评价"),
)  # fmt: skip


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    for view in tx.of_type("task", ask.subject):
        if not ask.holds(view.first_at):
            continue
        task = Task.read(view.id, view.state)
        person = state_of(tx, task.person)
        head, address = family_name(tx, task.household or "")
        yield (
            *town_village_grid(names, view.area), words(TASK_KINDS, task.kind), task.title,
            person.state.get("full_name") if person else "", head, address, task.provider, moment(view.first_at),
            day(task.due_on), moment(task.result.get("at")), whole(task.result.get("hours")),
            said(task.result.get("text")), said(task.result.get("word")),
        )  # fmt: skip
