"""排查台账: every door of the period's rounds, what was answered and how it was known."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.domain.documents import DoorAnswer, Household, Round
from fieldapp.domain.documents import rows as repeat_rows
from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.cells import PLACE, moment, said, state_of, town_village_grid
from fieldapp.workflows.papers.asking import Ask, family_name
from fieldapp.workflows.places import places
from fieldapp.workflows.report_words import DOOR_ANSWERS, HOW_KNOWN, OTHER_REASONS, words

TITLE = "排查台账"
COLUMNS = (
    *PLACE,
    Column("round", "排查轮次", width=20), Column("door", "门牌", width=8), Column("head", "户主"),
    Column("address", "住址", width=26), Column("phone", "电话", Kind.PHONE), Column("answer", "排查结果"),
    Column("reason", "其他情况"), Column("how_known", "了解方式"), Column("attempts", "上门次数", Kind.NUMBER),
    Column("signals", "困难信号", width=20), Column("at", "排查时间", Kind.TIME), Column("by", "排查人"),
    Column("note", "备注", width=24),
)  # fmt: skip


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names, rounds = places(tx), {view.id: Round.read(view.id, view.state).title or "" for view in tx.of_type("round")}
    for view in tx.of_type("door_answer", ask.subject):
        told = DoorAnswer.read(view.id, view.state)
        if not told.answer or not ask.holds(told.at):
            continue
        home = state_of(tx, told.household)
        record = Household.read(home.id, home.state) if home else None
        doors = [said(row.get("number")) for _, row in repeat_rows(record.doors)] if record else []
        head, address = family_name(tx, told.household or "")
        yield (
            *town_village_grid(names, view.area), rounds.get(told.round or "", ""), "、".join(filter(None, doors)),
            head, address, record.phone if record else None, words(DOOR_ANSWERS, told.answer),
            words(OTHER_REASONS, told.reason), words(HOW_KNOWN, told.how_known), 1 + len(repeat_rows(told.attempts)),
            "、".join(told.signals), moment(told.at), told.by, told.note,
        )  # fmt: skip
