"""回访计划台账: who is to be seen again, when and why."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.domain.documents import Household
from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.store.projections import visits
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.cells import PLACE, day, moment, said, town_village_grid
from fieldapp.workflows.papers.asking import Ask, family_name
from fieldapp.workflows.places import places
from fieldapp.workflows.report_words import RISKS, words

TITLE = "回访计划台账"
COLUMNS = (
    *PLACE,
    Column("head", "户主"), Column("address", "住址", width=26), Column("phone", "电话", Kind.PHONE),
    Column("risk", "风险等级"), Column("reason", "原因", width=24), Column("revisit_on", "应回访日", Kind.DATE),
    Column("last_at", "上次走访", Kind.TIME), Column("count", "走访次数", Kind.NUMBER),
)  # fmt: skip


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    for view in tx.of_type("household", ask.subject):
        home = Household.read(view.id, view.state)
        due = home.revisit.get("on")
        if not due or not ask.holds(due):
            continue
        head, address = family_name(tx, view.id)
        made = visits.of_household(tx, view.id)
        yield (
            *town_village_grid(names, view.area), head, address, home.phone,
            words(RISKS, home.revisit.get("risk") or home.risk), said(home.revisit.get("reason")), day(due),
            moment(made[0].finished_at) if made else None, len(made),
        )  # fmt: skip
