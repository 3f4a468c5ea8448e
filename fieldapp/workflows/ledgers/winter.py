"""冬春台账: doors of the cold, snow and flood rounds, what was seen there and the help at once that followed."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.domain.documents import DoorAnswer, Round
from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.cells import PLACE, day, moment, town_village_grid
from fieldapp.workflows.matter_words import answer_words
from fieldapp.workflows.matters import readings
from fieldapp.workflows.matters.readings import Emergency
from fieldapp.workflows.papers.asking import Ask, family_name, family_size
from fieldapp.workflows.places import places
from fieldapp.workflows.report_words import DOOR_ANSWERS, ROUND_KINDS, words

TITLE = "冬春台账"
SEASONS = ("cold", "snow", "flood")
COLUMNS = (
    *PLACE,
    Column("round", "专项排查", width=20), Column("kind", "类别"), Column("head", "户主"),
    Column("address", "住址", width=26), Column("people", "人口", Kind.NUMBER), Column("answer", "排查结果"),
    Column("signals", "困难信号", width=20), Column("at", "排查时间", Kind.TIME), Column("by", "排查人"),
    Column("helped_on", "救助日", Kind.DATE), Column("measures", "救助方式", width=20),
    Column("amount", "金额（元）", Kind.MONEY), Column("relocated_to", "安置地点"),
)  # fmt: skip


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    rounds = {view.id: Round.read(view.id, view.state) for view in tx.of_type("round")}
    helped: dict[str, Emergency] = {each.household: each for each in readings.emergencies(tx, actor, ask.subject)}
    for view in tx.of_type("door_answer", ask.subject):
        told = DoorAnswer.read(view.id, view.state)
        made = rounds.get(told.round or "")
        if made is None or made.kind not in SEASONS or not told.answer or not ask.holds(told.at):
            continue
        head, address = family_name(tx, told.household or "")
        yield (
            *town_village_grid(names, view.area), made.title, words(ROUND_KINDS, made.kind), head, address,
            family_size(tx, actor, told.household or ""), words(DOOR_ANSWERS, told.answer), "、".join(told.signals),
            moment(told.at), told.by, *_help(ask, helped.get(told.household or ""), made),
        )  # fmt: skip


def _help(ask: Ask, given: Emergency | None, made: Round) -> tuple[Cell, ...]:
    """The household's help at once since the round began."""
    if given is None or not given.given_on or given.given_on < (made.opens_on or ""):
        return (None, "", None, "")
    means = answer_words(ask.forms, given, "help", "measures")
    return day(given.given_on), means, given.amount, given.relocated_to
