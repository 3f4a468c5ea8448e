"""动态调整台账: what was raised, cut or stopped and why, who was heard before, when they were told (社会救助法 §48)."""

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

TITLE = "动态调整台账"
COLUMNS = (
    *FAMILY,
    Column("found_on", "发现日", Kind.DATE), Column("reason", "原因", width=28), Column("change", "增减停"),
    Column("before", "调整前月金额（元）", Kind.MONEY), Column("after", "调整后月金额（元）", Kind.MONEY),
    Column("heard_on", "听取意见日", Kind.DATE), Column("heard_who", "听取何人意见"),
    Column("heard_words", "家庭意见", width=24), Column("decided_on", "决定日", Kind.DATE),
    Column("reasons", "决定理由", width=28), Column("starts_on", "执行月", Kind.DATE),
    Column("told_on", "书面告知日", Kind.DATE), Column("by", "经办人"),
)  # fmt: skip


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    for each in readings.adjustments(tx, actor, ask.subject):
        if ask.holds(each.opened_on):
            yield (
                *family_cells(tx, names, each), day(each.found_on), each.reason, outcome_words(tx, each, "decide"),
                each.amount_before, each.amount_after, day(each.heard_on), each.heard_who, each.heard_words,
                day(each.decided_on), each.reasons, day(each.starts_on), day(each.told_on), each.opened_by,
            )  # fmt: skip
