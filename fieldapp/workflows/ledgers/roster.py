"""在册名册: every household in a programme, one line per programme."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.domain.documents import Household
from fieldapp.domain.documents import rows as repeat_rows
from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor, today_here
from fieldapp.workflows.ledgers.cells import PLACE, day, state_of, town_village_grid, whole
from fieldapp.workflows.papers.asking import Ask, family_name
from fieldapp.workflows.people import members_of
from fieldapp.workflows.places import places
from fieldapp.workflows.report_words import POLICIES, RISKS, words

TITLE = "在册名册"
COLUMNS = (
    *PLACE,
    Column("policy", "类别", width=22), Column("head", "户主"), Column("id_number", "户主证号", Kind.ID),
    Column("person", "保障对象"), Column("people", "家庭人口", Kind.NUMBER),
    Column("address", "住址", width=26), Column("phone", "电话", Kind.PHONE),
    Column("amount", "月金额（元）", Kind.MONEY), Column("since", "起保月", Kind.DATE),
    Column("tier", "圈层", Kind.NUMBER), Column("risk", "风险等级"),
    Column("revisit_on", "下次复核", Kind.DATE),
)  # fmt: skip


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    for view in tx.of_type("household", ask.subject):
        home = Household.read(view.id, view.state)
        programs = [row for _, row in repeat_rows(home.programs) if not ask.policy or row.get("policy") == ask.policy]
        if not programs:
            continue
        head, address = family_name(tx, view.id)
        family = members_of(tx, view.id, today_here())
        first = state_of(tx, next((one.id for one in family if one.relation == "head"), None))
        for program in programs:
            person = state_of(tx, program.get("person"))
            yield (
                *town_village_grid(names, view.area), words(POLICIES, program.get("policy")), head,
                first.state.get("id_number") if first else None,
                person.state.get("full_name") if person else "全家", len(family), address, home.phone,
                whole(program.get("amount_month")), day(program.get("since")), home.tier, words(RISKS, home.risk),
                day(home.revisit.get("on")),
            )  # fmt: skip
