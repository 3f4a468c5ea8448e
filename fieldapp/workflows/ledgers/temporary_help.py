"""临时救助台账: help at once with its papers afterwards (小额先行), and help for spending; how often this year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.cells import day
from fieldapp.workflows.ledgers.matter_cells import FAMILY, family_cells
from fieldapp.workflows.matter_words import answer_words, outcome_words
from fieldapp.workflows.matters import readings
from fieldapp.workflows.matters.readings import Application, Emergency
from fieldapp.workflows.papers.asking import Ask
from fieldapp.workflows.places import places

TITLE = "临时救助台账"
COLUMNS = (
    *FAMILY,
    Column("kind", "类型", width=20), Column("cause", "事由", width=28), Column("given_on", "给予日", Kind.DATE),
    Column("measures", "方式", width=20), Column("people", "人数", Kind.NUMBER),
    Column("amount", "金额（元）", Kind.MONEY), Column("times", "年内次数", Kind.NUMBER),
    Column("first", "先行救助"), Column("papers_due", "补办期限", Kind.DATE),
    Column("papers_on", "补办手续日", Kind.DATE), Column("decision", "结果"), Column("by", "经办人"),
)  # fmt: skip
FIRST, SPENDING = "急难型（小额先行）", "支出型"
#: Applications for temporary help by their procedure.
KINDS = frozenset({"temp_expense", "temp_fast"})


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    times: Counter[tuple[str, str]] = Counter()
    spending = (each for each in readings.applications(tx, actor, ask.subject) if each.kind in KINDS)
    found: list[Emergency | Application] = [*readings.emergencies(tx, actor, ask.subject), *spending]
    for each in sorted(found, key=lambda one: one.opened_on):
        times[(each.household, each.opened_on[:4])] += 1
        if ask.holds(each.opened_on):
            family = family_cells(tx, names, each)
            yield (*family, *_told(tx, ask, each, times[(each.household, each.opened_on[:4])]), each.opened_by)


def _told(tx: ReadTx, ask: Ask, each: Emergency | Application, times: int) -> tuple[Cell, ...]:
    if isinstance(each, Emergency):
        cause = next((entry.words for entry in each.steps if entry.words), "")
        means = answer_words(ask.forms, each, "help", "measures")
        return (
            FIRST, cause, day(each.given_on), means, each.people, each.amount, times, "是", day(each.papers_due),
            day(each.papers_on), each.outcome,
        )  # fmt: skip
    return (
        SPENDING, each.reasons, day(each.paid_on or each.decided_on), "", each.people, each.paid or each.amount, times,
        "否", None, None, outcome_words(tx, each, "confirm", "confirm_town"),
    )  # fmt: skip
