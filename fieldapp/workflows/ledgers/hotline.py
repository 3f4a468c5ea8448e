"""热线信访台账: what people reported themselves, by hotline, online or at the counter, and what they were answered."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.domain.documents import Lead
from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.cells import PLACE, day, said, town_village_grid
from fieldapp.workflows.papers.asking import Ask
from fieldapp.workflows.places import places
from fieldapp.workflows.report_words import CHANNELS, LEAD_OUTCOMES, words

TITLE = "热线信访台账"
HEARD = ("hotline", "online", "walk_in")
COLUMNS = (
    *PLACE,
    Column("number", "编号"), Column("channel", "渠道"), Column("source", "来源"), Column("person", "反映（涉及）人"),
    Column("phone", "电话", Kind.PHONE), Column("content", "反映事项", width=32),
    Column("issued_on", "收到日", Kind.DATE), Column("assigned_on", "交办日", Kind.DATE),
    Column("assigned_to", "承办人"), Column("due_on", "期限", Kind.DATE), Column("answered_on", "答复日", Kind.DATE),
    Column("outcome", "办理结果"), Column("answer", "答复内容", width=32), Column("taken", "是否纳入救助"),
)  # fmt: skip


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    for view in tx.of_type("lead", ask.subject):
        lead = Lead.read(view.id, view.state)
        if lead.channel in HEARD and ask.holds(lead.issued_on):
            taken = lead.answer.get("taken_into_help")
            yield (
                *town_village_grid(names, view.area), lead.number, words(CHANNELS, lead.channel), lead.source,
                lead.person_name, said(view.state.get("phone")), lead.content, day(lead.issued_on),
                day(lead.assigned_on), lead.assigned_to, day(lead.due_on), day(lead.answered_on),
                words(LEAD_OUTCOMES, lead.answer.get("outcome")), said(lead.answer.get("seen")),
                {True: "是", False: "否"}.get(taken, "") if isinstance(taken, bool) else "",
            )  # fmt: skip
