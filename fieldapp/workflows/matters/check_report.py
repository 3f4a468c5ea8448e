"""The county's information-check report (信息核对报告) read in and laid beside what the family declared.

The report is a table with a head row: 姓名, 证件号码, 核对项目, 核对结果 (元, a number, or words), 数据来源, 核对日期.
What was declared are the facts of the family's newest home visit. An item nobody has told the program about
(``check_items.yaml``) is shown as it stands, without a comparison.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from fieldapp.domain.documents import Matter, Visit
from fieldapp.domain.identity_number import normal_form
from fieldapp.domain.pointers import Json, join
from fieldapp.errors import RefusedError
from fieldapp.policy.money import fen
from fieldapp.policy.vocabulary import fact_info
from fieldapp.policy.yamlfile import read_yaml
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.store.projections import people, visits
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.assessing import frozen_of
from fieldapp.workflows.matters.tables import read_table
from fieldapp.workflows.matters.writing import of_matter

HEADS = {
    "姓名": "name", "证件号码": "id_number", "身份证号": "id_number", "身份证号码": "id_number", "核对项目": "item",
    "项目": "item", "核对结果": "found", "结果": "found", "金额": "found", "数据来源": "source", "来源": "source",
    "核对日期": "day", "日期": "day", "备注": "note",
}  # fmt: skip
HEAD = "核对项目"
AGREES, DIFFERS, UNDECLARED, WORDS, STRANGER = "agrees", "differs", "undeclared", "words", "stranger"


@dataclass(frozen=True)
class CheckRow:
    """One line of the report. ``found`` as the report says it; ``found_value`` and ``declared_value`` 分 for money,
    else a number, None where there is none. ``state``: agrees | differs | undeclared (nobody was asked) | words (no
    figure to compare) | stranger (not of this family)."""

    name: str
    person: str
    item: str
    found: str
    found_value: int | None
    declared_value: int | None
    unit: str
    source: str
    day: str
    state: str

    @property
    def differs(self) -> bool:
        return self.state == DIFFERS

    def to_json(self) -> dict[str, Json]:
        return {**self.__dict__, "differs": self.differs}


@dataclass(frozen=True)
class CheckReport:
    """The report beside the declaration of ``declared_on`` ("" when the family has not been visited yet)."""

    rows: tuple[CheckRow, ...]
    declared_on: str
    day: str

    @property
    def differing(self) -> int:
        return sum(row.differs for row in self.rows)

    @property
    def words(self) -> str:
        """Every difference in one line each, for a person to explain."""
        return "\n".join(
            f"{row.name} {row.item}：申报 {figure(row.declared_value, row.unit)}，核对 {row.found}"
            for row in self.rows
            if row.differs
        )

    @property
    def proposal(self) -> str:
        """The outcome of the step that follows from it; a person decides."""
        known = [row for row in self.rows if row.state != STRANGER]
        return "differs" if self.differing else "agrees" if known else "no_record"


@dataclass(frozen=True)
class Item:
    """What a 核对项目 is in the family's declaration: the fact, and whether the report's figure is a year's."""

    fact: str
    a_year: bool = False


def lay_beside(store: Store, matter: str, file: Path) -> Future[CheckReport]:
    """Read on the caller's thread, compared in one transaction. Raises InputError ``table.*`` | ``intake.*``,
    StateError ``matter.unknown``."""
    listed = read_table(file, HEADS, HEAD)
    return store.read(lambda tx: compare(tx, matter, listed))


def keep(store: Store, actor: Actor, matter: str, step: str, report: CheckReport) -> Future[str]:
    """Keep the report beside the step it was read in for; the step's form takes it up. Raises StateError
    ``matter.unknown``, RefusedError."""

    def work(tx: WriteTx) -> str:
        view, procedure = of_matter(tx, matter)
        actor.require(view.type, view.area)
        if actor.role not in procedure.step(step).roles:
            raise RefusedError("refused.step")
        kept: dict[str, Json] = {
            "day": report.day or actor.today().isoformat(), "by": actor.name, "declared_on": report.declared_on,
            "outcome": report.proposal, "words": report.words, "rows": [row.to_json() for row in report.rows],
        }  # fmt: skip
        return tx.save(matter, {join("reports", step, name): value for name, value in kept.items()})

    return store.write(work)


def compare(tx: ReadTx, matter: str, listed: list[dict[str, str]]) -> CheckReport:
    view, _procedure = of_matter(tx, matter)
    household = Matter.read(view.id, view.state).household or ""
    facts, on = _declared(tx, household)
    members = {row.id: row for row in people.members(tx, household)}
    found = [_row(line, members, facts) for line in listed]
    rows = tuple(_as_a_family(row, found) for row in found)
    return CheckReport(rows, on, max((row.day for row in rows), default=""))


def _row(line: Mapping[str, str], members: Mapping[str, Any], facts: Mapping[str, Any] | None) -> CheckRow:
    person = _person(line, members)
    item = items().get(line.get("item", ""))
    info = fact_info(item.fact) if item else None
    money = info is not None and info.type == "money"
    value = _figure(line.get("found", ""), money=money)
    if value is not None and item is not None and item.a_year:
        value = round(value / 12)
    declared = _said(facts, item, person) if item else None
    state = _state(person, value, declared, facts)
    return CheckRow(
        line.get("name", ""), person, line.get("item", ""), line.get("found", ""), value, declared,
        (info.unit or "") if info else "", line.get("source", ""), line.get("day", "")[:10], state,
    )  # fmt: skip


def _as_a_family(row: CheckRow, all_rows: list[CheckRow]) -> CheckRow:
    """What is declared for the family as a whole is compared with the sum of its members' lines."""
    item = items().get(row.item)
    if item is None or item.fact.startswith("member.") or row.state not in (AGREES, DIFFERS):
        return row
    same = [each for each in all_rows if each.state in (AGREES, DIFFERS) and items()[each.item].fact == item.fact]
    total = sum(each.found_value or 0 for each in same)
    return replace(row, state=AGREES if total == row.declared_value else DIFFERS)


def _state(person: str, value: int | None, declared: int | None, facts: Mapping[str, Any] | None) -> str:
    if not person:
        return STRANGER
    if value is None:
        return WORDS
    if declared is None or facts is None:
        return UNDECLARED
    return AGREES if value == declared else DIFFERS


def _person(line: Mapping[str, str], members: Mapping[str, Any]) -> str:
    """By the number when the report has one, else by the only member of that name."""
    number = normal_form(line["id_number"]) if line.get("id_number") else ""
    same = [key for key, row in members.items() if number and row.id_number == number]
    free = {key: row for key, row in members.items() if not (number and row.id_number)}
    named = [key for key, row in free.items() if row.full_name == line.get("name")]
    return (same or (named if len(named) == 1 else [""]))[0]


def _declared(tx: ReadTx, household: str) -> tuple[Mapping[str, Any] | None, str]:
    for row in visits.of_household(tx, household):
        view = tx.document(row.id)
        frozen = frozen_of(Visit.read(view.id, view.state).assessment) if view is not None else None
        if frozen is not None:
            return frozen["facts"], (row.finished_at or "")[:10]
    return None, ""


def _said(facts: Mapping[str, Any] | None, item: Item, person: str) -> int | None:
    """What the family declared, as the visit froze it; None where they were not asked or did not know."""
    if facts is None:
        return None
    info = fact_info(item.fact)
    row = facts["members"].get(person, {}) if info.level == "member" else facts["household"]
    raw = row.get(item.fact, info.none if facts.get("closed") else None)
    if raw is None or isinstance(raw, Mapping | bool):
        return None
    return fen(raw) if info.type == "money" else int(raw)


def _figure(text: str, *, money: bool) -> int | None:
    bare = text.replace(",", "").replace("，", "").removesuffix("元").removesuffix("辆").removesuffix("套").strip()
    if bare in ("无", "没有", "未查到", "无记录", "无信息"):
        return 0
    try:
        value = Decimal(bare)
    except InvalidOperation:
        return None
    return int((value * 100).to_integral_value()) if money else int(value)


def figure(value: int | None, unit: str) -> str:
    """A compared value as people read it: 分 as 元, numbers as they are."""
    if value is None:
        return "—"
    return f"{value / 100:g} {unit}" if "元" in unit else f"{value} {unit}".strip()


@cache
def items() -> Mapping[str, Item]:
    """核对项目 → what it is in the declaration."""
    tree = read_yaml((Path(__file__).with_name("check_items.yaml")).read_bytes())
    return {
        word: Item(fact, kind == "year")
        for fact, named in tree.items()
        for kind, words in named.items()
        for word in words
    }
