"""受理登记台账: every application from its acceptance to the family's written answer (facts: 审核确认办法, §15-22)."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.cells import day
from fieldapp.workflows.ledgers.matter_cells import FAMILY, family_cells
from fieldapp.workflows.matter_words import outcome_words
from fieldapp.workflows.matters import readings
from fieldapp.workflows.papers.asking import Ask
from fieldapp.workflows.places import places

TITLE = "受理登记台账"
COLUMNS = (
    *FAMILY,
    Column("opened_on", "申请日", Kind.DATE), Column("accepted_on", "受理日", Kind.DATE),
    Column("papers_told_on", "一次性补正告知日", Kind.DATE), Column("papers_missing", "须补正材料", width=24),
    Column("papers_given_on", "补齐日", Kind.DATE), Column("signed", "授权签字（人）", Kind.NUMBER),
    Column("checked_on", "核对日", Kind.DATE), Column("check", "核对结果"),
    Column("differences", "差异（项）", Kind.NUMBER), Column("visited_on", "入户日", Kind.DATE),
    Column("reviewed_on", "评议日", Kind.DATE), Column("notice_from", "公示起", Kind.DATE),
    Column("notice_until", "公示止", Kind.DATE), Column("objection", "异议", width=20),
    Column("decided_on", "确认日", Kind.DATE), Column("decision", "确认结果"), Column("number", "文号"),
    Column("people", "保障人口", Kind.NUMBER), Column("amount", "月金额（元）", Kind.MONEY),
    Column("starts_on", "起保月", Kind.DATE), Column("reasons", "理由", width=28),
    Column("told_on", "书面告知日", Kind.DATE), Column("by", "经办人"), Column("outcome", "办理结果", width=20),
)  # fmt: skip


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    for each in readings.applications(tx, actor, ask.subject):
        if ask.holds(each.opened_on):
            yield (
                *family_cells(tx, names, each), day(each.opened_on), day(each.accepted_on), day(each.papers_told_on),
                each.papers_missing, day(each.papers_given_on), len(each.signed), day(each.checked_on),
                outcome_words(tx, each, "check"), len(each.differences), day(each.visited_on),
                day(each.reviewed_on), day(each.notice_from), day(each.notice_until), each.objection,
                day(each.decided_on), outcome_words(tx, each, "confirm", "confirm_town"), each.number, each.people,
                each.amount, day(each.starts_on), each.reasons, day(each.told_on), each.opened_by, each.outcome,
            )  # fmt: skip
