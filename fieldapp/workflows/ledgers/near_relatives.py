"""近亲属备案台账: families related to whoever decides or leads the village; the county visits them itself."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.cells import day
from fieldapp.workflows.ledgers.matter_cells import FAMILY, family_cells
from fieldapp.workflows.matter_words import answer_words, outcome_words
from fieldapp.workflows.matters import readings
from fieldapp.workflows.papers.asking import Ask
from fieldapp.workflows.places import places

TITLE = "近亲属备案台账"
COLUMNS = (
    *FAMILY,
    Column("filed_on", "备案日", Kind.DATE), Column("cadre", "干部姓名"), Column("post", "职务"),
    Column("relation", "关系"), Column("visited_on", "县级入户日", Kind.DATE), Column("conclusion", "县级核查结论"),
    Column("by", "经办人"),
)  # fmt: skip


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    for each in readings.filings(tx, actor, ask.subject):
        if ask.holds(each.opened_on):
            yield (
                *family_cells(tx, names, each), day(each.filed_on), each.cadre, each.post,
                answer_words(ask.forms, each, "file", "relation"),
                day(each.visited_on), outcome_words(tx, each, "county_visit"), each.opened_by,
            )  # fmt: skip
