"""人员名册: everybody, with the fields the provincial systems ask for."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.domain.documents import Person
from fieldapp.reports.table import Cell, Column, Kind
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.ledgers.cells import PLACE, day, said, town_village_grid
from fieldapp.workflows.papers.asking import Ask, family_name
from fieldapp.workflows.places import places
from fieldapp.workflows.report_words import RELATIONS, SEXES, fact_word, words

TITLE = "人员名册"
COLUMNS = (
    *PLACE,
    Column("head", "户主"), Column("name", "姓名"), Column("relation", "与户主关系"),
    Column("sex", "性别", width=6), Column("birth_date", "出生日期", Kind.DATE),
    Column("id_number", "证号", Kind.ID), Column("no_id_reason", "无证原因"),
    Column("phone", "电话", Kind.PHONE), Column("lives_together", "共同生活"),
    Column("disability_kind", "残疾类别"), Column("disability_level", "残疾等级"), Column("illness", "病种"),
    Column("school", "在读"), Column("work", "从业"), Column("deceased_on", "死亡日期", Kind.DATE),
    Column("address", "住址", width=26),
)  # fmt: skip
TOGETHER = {True: "是", False: "否", None: ""}


def rows(tx: ReadTx, actor: Actor, ask: Ask) -> Iterator[tuple[Cell, ...]]:
    names = places(tx)
    for view in tx.of_type("person", ask.subject):
        person = Person.read(view.id, view.state)
        head, address = family_name(tx, person.household or "")
        together = person.membership.get("lives_with_family")
        yield (
            *town_village_grid(names, view.area), head, person.full_name,
            words(RELATIONS, person.membership.get("relation")), words(SEXES, person.sex), day(person.birth_date),
            person.id_number, person.no_id_reason, person.phone, TOGETHER.get(together, ""),
            fact_word("member.disability.kind", person.disability.get("kind")), said(person.disability.get("level")),
            person.illness, fact_word("member.school", person.school), fact_word("member.work", person.work),
            day(person.deceased_on), address,
        )  # fmt: skip
