"""互助台账: the village's own help, line by line of its fund with the balance: given in, voted, paid, shown."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.cells import PLACE, day, town_village_grid
from fieldapp.workflows.ledgers.funds_of import villages
from fieldapp.workflows.matters import readings
from fieldapp.workflows.matters.readings import MutualAid
from fieldapp.workflows.papers.asking import Ask, family_name
from fieldapp.workflows.places import places

TITLE = "互助台账"
COLUMNS = (
    *PLACE,
    Column("on", "日期", Kind.DATE), Column("words", "摘要", width=24), Column("who", "捐助人（经手人）"),
    Column("head", "受助户"), Column("amount_in", "收入（元）", Kind.MONEY),
    Column("amount_out", "支出（元）", Kind.MONEY),
    Column("balance", "余额（元）", Kind.MONEY), Column("voted_on", "表决日", Kind.DATE),
    Column("vote", "表决（同意/到会/委员）"), Column("notice_from", "公示起", Kind.DATE),
    Column("notice_until", "公示止", Kind.DATE), Column("objection", "异议"), Column("by", "记账人"),
    Column("struck", "作废说明"),
)  # fmt: skip


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    for village in villages(tx, "mutual_aid", ask.subject):
        for line in readings.fund_lines(tx, "mutual_aid", village):
            entry = line.row
            if not ask.holds(entry.on):
                continue
            matter = readings.read(tx, entry.matter) if entry.matter else None
            head, _ = family_name(tx, entry.household or "")
            amount = entry.amount or 0
            yield (
                *town_village_grid(names, entry.area), day(entry.on), entry.words, entry.who, head,
                amount if amount > 0 else None, -amount if amount < 0 else None, line.balance,
                *_decided(matter if isinstance(matter, MutualAid) else None), entry.by, entry.struck,
            )  # fmt: skip


def _decided(matter: MutualAid | None) -> tuple[Cell, ...]:
    if matter is None:
        return (None, "", None, None, "")
    counted = (matter.in_favour, matter.present, matter.committee)
    vote = "/".join("" if number is None else str(number) for number in counted) if matter.voted_on else ""
    return day(matter.voted_on), vote, day(matter.notice_from), day(matter.notice_until), matter.objection
