"""转介台账: what another office was asked, each office's answer with its day, and what the family says of it."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.cells import day
from fieldapp.workflows.ledgers.matter_cells import FAMILY, family_cells
from fieldapp.workflows.matter_words import entry_outcome
from fieldapp.workflows.matters import readings
from fieldapp.workflows.papers.asking import Ask
from fieldapp.workflows.places import places

TITLE = "转介台账"
COLUMNS = (
    *FAMILY,
    Column("provider", "转往单位", width=20), Column("what", "请办事项", width=28),
    Column("handed_on", "转介日", Kind.DATE), Column("due_on", "期限", Kind.DATE),
    Column("answered_on", "答复日", Kind.DATE), Column("answered_by", "答复单位"), Column("answer", "答复结果"),
    Column("answer_words", "答复内容", width=28), Column("closed_on", "办结日", Kind.DATE),
    Column("word", "家庭评价"), Column("outcome", "结果", width=20), Column("by", "经办人"),
)  # fmt: skip
#: No office has answered yet.
NOTHING = ((("", "", "", ""), ""),)


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    for each in readings.handed(tx, actor, ask.subject):
        if each.type != "referral" or not ask.holds(each.opened_on):
            continue
        begun = (*family_cells(tx, names, each), each.provider, each.what, day(each.handed_on), day(each.due_on))
        answered = [entry_outcome(tx, each, entry) for entry in each.steps if entry.step in ("answer", "offices")]
        for (office, on, _code, said), outcome in zip(each.answers, answered, strict=True) if answered else NOTHING:
            yield (
                *begun, day(on), office, outcome, said, day(each.closed_on), each.word, each.outcome, each.opened_by,
            )  # fmt: skip
