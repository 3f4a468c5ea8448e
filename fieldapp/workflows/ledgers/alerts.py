"""预警台账: every lead with its four dates, its answer and whether it ended in help."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.domain.documents import Lead
from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.cells import PLACE, day, said, town_village_grid, whole
from fieldapp.workflows.papers.asking import Ask
from fieldapp.workflows.places import places
from fieldapp.workflows.report_words import CHANNELS, LEAD_OUTCOMES, words

TITLE = "预警台账"
COLUMNS = (
    *PLACE,
    Column("number", "编号"), Column("source", "来源"), Column("channel", "渠道"), Column("name", "姓名"),
    Column("id_number", "证号", Kind.ID), Column("address", "住址", width=26),
    Column("content", "预警内容", width=36), Column("urgent", "紧急"), Column("issued_on", "下发日", Kind.DATE),
    Column("assigned_on", "分派日", Kind.DATE), Column("assigned_to", "承办人"),
    Column("days", "办理期限（工作日）", Kind.NUMBER), Column("due_on", "到期日", Kind.DATE),
    Column("checked_on", "核查日", Kind.DATE), Column("answered_on", "反馈日", Kind.DATE),
    Column("outcome", "核查结果"), Column("seen", "核查所见", width=36), Column("taken", "是否纳入"),
    Column("withdrawn_on", "撤回日", Kind.DATE),
)  # fmt: skip


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    for view in tx.of_type("lead", ask.subject):
        lead = Lead.read(view.id, view.state)
        if not ask.holds(lead.issued_on or view.first_at):
            continue
        taken = lead.answer.get("taken_into_help")
        yield (
            *town_village_grid(names, view.area), lead.number, lead.source, words(CHANNELS, lead.channel),
            lead.person_name, lead.id_number, lead.address, lead.content, "是" if lead.urgent else "",
            day(lead.issued_on), day(lead.assigned_on), lead.assigned_to, whole(lead.days), day(lead.due_on),
            day(lead.checked_on), day(lead.answered_on), words(LEAD_OUTCOMES, lead.answer.get("outcome")),
            said(lead.answer.get("seen")), "" if taken is None else "是" if taken else "否", day(lead.withdrawn_on),
        )  # fmt: skip
