"""物资、券、积分台账: given out and taken in, line by line with the balance of each village's account."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.cells import PLACE, day, state_of, town_village_grid
from fieldapp.workflows.ledgers.funds_of import villages
from fieldapp.workflows.matters import readings
from fieldapp.workflows.papers.asking import Ask, family_name
from fieldapp.workflows.places import places
from fieldapp.workflows.report_words import ACCOUNTS

TITLE = "物资券积分台账"
COLUMNS = (
    *PLACE,
    Column("account", "账目"), Column("on", "日期", Kind.DATE), Column("words", "摘要", width=24),
    Column("head", "户主"), Column("person", "领取（获得）人"), Column("who", "经手人"),
    Column("came", "收入（分、元）"), Column("went", "发出（分、元）"), Column("balance", "余额（分、元）"),
    Column("by", "记账人"), Column("struck", "作废说明"),
)  # fmt: skip


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    for account in ACCOUNTS:
        for village in villages(tx, account, ask.subject):
            for line in readings.fund_lines(tx, account, village):
                entry = line.row
                if ask.holds(entry.on):
                    person = state_of(tx, entry.person)
                    amount = entry.amount or 0
                    yield (
                        *town_village_grid(names, entry.area), ACCOUNTS[account], day(entry.on), entry.words,
                        family_name(tx, entry.household or "")[0],
                        str(person.state.get("full_name") or "") if person else "", entry.who,
                        _spoken(account, amount) if amount > 0 else "", _spoken(account, -amount) if amount < 0 else "",
                        _spoken(account, line.balance), entry.by, entry.struck,
                    )  # fmt: skip


def _spoken(account: str, amount: int) -> str:
    """Vouchers are worth money, points are counted."""
    return str(amount) if account == "points" else f"{amount / 100:.2f}"
