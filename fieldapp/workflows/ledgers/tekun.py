"""特困人员台账: who is supported, how, how far they look after themselves, who looks after them, when last visited.

How they are supported follows from where they live; the level from the last assessment of the six abilities, the carer
from the last visit that asked, the agreement from the care service that was ordered for them.
"""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.domain.documents import Household, Person, Visit
from fieldapp.domain.documents import rows as repeat_rows
from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import DocumentView, ReadTx
from fieldapp.store.projections import visits
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.cells import PLACE, day, moment, state_of, town_village_grid, whole
from fieldapp.workflows.matters import readings
from fieldapp.workflows.matters.known import answer_named
from fieldapp.workflows.matters.readings import Application, Handed
from fieldapp.workflows.papers.asking import Ask, family_name
from fieldapp.workflows.places import places
from fieldapp.workflows.report_words import CARE_LEVELS, words

TITLE = "特困人员台账"
COLUMNS = (
    *PLACE,
    Column("name", "姓名"), Column("id_number", "证号", Kind.ID), Column("head", "户主"),
    Column("address", "住址", width=26), Column("phone", "电话", Kind.PHONE),
    Column("since", "供养起始月", Kind.DATE), Column("amount", "月金额（元）", Kind.MONEY),
    Column("way", "供养方式"), Column("care_level", "自理等级"), Column("assessed_on", "评估日", Kind.DATE),
    Column("carer", "照护服务（承办）", width=20), Column("agreement", "照护协议（派单日）", Kind.DATE),
    Column("visited_at", "最近探访", Kind.TIME), Column("visited_by", "探访人"),
)  # fmt: skip


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    assessed = {each.household: each for each in readings.applications(tx, actor, ask.subject) if each.last("score")}
    ordered = {each.household: each for each in readings.handed(tx, actor, ask.subject) if each.kind == "service"}
    for view in tx.of_type("household", ask.subject):
        home = Household.read(view.id, view.state)
        for _, program in repeat_rows(home.programs):
            if program.get("policy") == "tekun":
                person = state_of(tx, program.get("person"))
                head, address = family_name(tx, view.id)
                yield (
                    *town_village_grid(names, view.area), _name(person) or head, _number(person), head, address,
                    home.phone, day(program.get("since")), whole(program.get("amount_month")), _way(person),
                    *_level(assessed.get(view.id)), *_care(ordered.get(view.id)), *_last_visit(tx, view.id),
                )  # fmt: skip


def _name(person: DocumentView | None) -> str:
    return str(person.state.get("full_name") or "") if person else ""


def _number(person: DocumentView | None) -> str | None:
    return Person.read(person.id, person.state).id_number if person else None


def _way(person: DocumentView | None) -> str:
    if person is None:
        return ""
    return "集中供养" if person.state.get("whereabouts") == "institution" else "分散供养"


def _level(matter: Application | None) -> tuple[Cell, ...]:
    entry = matter.last("score") if matter else None
    return (words(CARE_LEVELS, answer_named(entry.answers, "level")), day(entry.on)) if entry else ("", None)


def _care(service: Handed | None) -> tuple[Cell, ...]:
    return (service.provider, day(service.handed_on)) if service else ("", None)


def _last_visit(tx: ReadTx, household: str) -> tuple[Cell, ...]:
    made = visits.of_household(tx, household)
    if not made:
        return None, ""
    view = tx.document(made[0].id)
    at = Visit.read(view.id, view.state).finished_at if view else None
    return moment(at), "、".join(visits.investigators(tx, made[0].id))
