"""A family's rows as documents: the household, and each person once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from fieldapp.domain.ids import imported_document_id
from fieldapp.domain.pointers import ROW, Json
from fieldapp.workflows.intake.families import FamilyMark
from fieldapp.workflows.intake.people import PersonRow, RowReader
from fieldapp.workflows.intake.places import Found, door_of
from fieldapp.workflows.intake.result import Imported
from fieldapp.workflows.intake.sheets import SheetRow
from fieldapp.workflows.intake.values import read_amount, read_count, read_phone

#: what ledgers call a program -> (policy id of the catalogue, tier of domain.md "三圈层"); the longest word wins
PROGRAMS: dict[str, tuple[str, int]] = {
    "特困": ("tekun", 1), "五保": ("tekun", 1), "孤儿": ("orphan", 1), "事实无人抚养": ("swwrfy", 1),
    "低保": ("dibao", 2), "最低生活保障": ("dibao", 2), "低保边缘": ("edge", 2), "边缘家庭": ("edge", 2),
    "防返贫监测": ("rural_monitoring", 2), "监测户": ("rural_monitoring", 2), "边缘易致贫": ("rural_monitoring", 2),
    "脱贫不稳定": ("rural_monitoring", 2), "刚性支出": ("rigid", 3), "支出型": ("rigid", 3),
    "单人保": ("dibao_single", 2),
}  # fmt: skip
_NO_PROGRAM = frozenset({"", "一般", "一般户", "普通", "普通户", "无", "其他", "正常"})
_DITTO = re.compile(r"同上|〃|″|”|\"|同前|同户主")
_NATURES = (
    ("非农", "non_agricultural"), ("城镇", "non_agricultural"), ("城市", "non_agricultural"), ("居民", "resident"),
    ("集体", "collective"), ("农", "agricultural"),
)  # fmt: skip


@dataclass
class Family:
    """The rows of one family as they are read. ``first_row`` names its household document, whatever that row holds."""

    sheet: str
    first_row: int
    mark: FamilyMark = field(default_factory=FamilyMark)
    rows: list[tuple[SheetRow, PersonRow]] = field(default_factory=list)
    found: Found = field(default_factory=lambda: Found(None))
    facts: dict[str, str] = field(default_factory=dict)

    def learn(self, row: SheetRow, reader: RowReader, previous_address: str) -> None:
        """Take what the row says about the household; the first word on each field stands."""
        for name in ("head_name", "stated_count", "address", "nature", "head_phone", "town", "village", "group"):
            words = reader.seen(row, name)
            if words and name == "address" and _DITTO.fullmatch(words):
                words = previous_address
            if words:
                self.facts.setdefault(name, words)
        if row.number == self.first_row and (phone := reader.phone(row)):
            self.facts.setdefault("phone", phone)


def household_state(family: Family, programs: dict[str, Json], tier: int | None) -> dict[str, Json]:
    """The leaves of the household document; what the ledger does not say is absent."""
    facts = family.facts
    heads = [person.name for _, person in family.rows if person.relation == "head"]
    state: dict[str, Json] = {"head_name": facts.get("head_name") or (heads[0] if heads else family.rows[0][1].name)}
    state["head_name"] = str(state["head_name"]).replace(" ", "")
    phone = facts.get("phone") or read_phone(facts.get("head_phone", ""))
    for key, value in (("address", facts.get("address")), ("phone", phone), ("nature", _nature(facts))):
        if value:
            state[key] = value
    if address := facts.get("address"):
        door, order = door_of(address)
        state["doors"] = {"d1": {ROW: True, "number": door, "order": order}}
    if programs:
        state["programs"] = programs
    if tier:
        state["tier"] = tier
    return state


def _nature(facts: dict[str, str]) -> str | None:
    """The kind of register in the words of the forms."""
    words = facts.get("nature", "")
    return next((nature for word, nature in _NATURES if word in words), None)


def programs_of(
    family: Family, reader: RowReader, person_ids: dict[int, str]
) -> tuple[dict[str, Json], int | None, list[tuple[str, int, str, str]]]:
    """The programs the ledger lists (keyed by its rows), the innermost tier, and (code, row, field, detail).

    A category on the family's first row is the household's; one on a later row is that person's.
    """
    programs: dict[str, Json] = {}
    tiers: list[int] = []
    problems = []
    for row, _ in family.rows:
        words = reader.text(row, "category").replace(" ", "")
        amount = read_amount(row.own(column) if (column := reader.header.column("amount")) is not None else None)
        if amount.unreadable:
            problems.append(("unreadable_amount", row.number, "amount", reader.text(row, "amount")))
        found = program_of(words)
        if found is None and words not in _NO_PROGRAM:
            problems.append(("unknown_program", row.number, "category", words))
        if found:
            entry: dict[str, Json] = {ROW: True, "policy": found[0]}
            if amount.fen:
                entry["amount_month"] = amount.fen
            if row.number != family.first_row and row.number in person_ids:
                entry["person"] = person_ids[row.number]
            programs[f"r{row.number}"] = entry
            tiers.append(found[1])
    return programs, min(tiers, default=None), problems


def program_of(words: str) -> tuple[str, int] | None:
    names = [name for name in PROGRAMS if name in words]
    return PROGRAMS[max(names, key=len)] if names else None


def family_problems(family: Family, reader: RowReader, people: int) -> Iterator[tuple[str, int, str, str]]:
    """What is wrong with the family as a whole: (code, row, field, detail). ``people`` counts its distinct people."""
    stated = family.facts.get("stated_count", "")
    count = read_count(stated)
    if stated and count is None:
        yield "unreadable_count", family.first_row, "stated_count", stated
    listed = reader.header.column("name") is not None
    if count is not None and listed and count != people:
        yield "member_count_differs", family.first_row, "stated_count", f"表上 {count} 人，列出 {people} 人"
    if reader.header.column("relation") is not None:
        heads = sum(person.relation == "head" for _, person in family.rows)
        if heads == 0:
            yield "family_without_head", family.first_row, "relation", ""
        if heads > 1:
            yield "family_with_two_heads", family.first_row, "relation", ""


def household_id(county: str, source: str, sheet: str, first_row: int) -> str:
    return imported_document_id(county, source, sheet, first_row, kind="household")


def person_document(
    county: str, source: str, family: Family, row: SheetRow, person: PersonRow, *, phone: str
) -> Imported:
    """The person of ``row`` as a member of its family's household."""
    membership: dict[str, Json] = {"household": household_id(county, source, family.sheet, family.first_row)}
    if person.relation:
        membership["relation"] = person.relation
    if person.relation_said and person.relation_said != person.relation:
        membership["said"] = person.relation_said
    state = {**person.state, "membership": membership}
    if phone:
        state["phone"] = phone
    key = imported_document_id(county, source, family.sheet, row.number, kind="person")
    return Imported(key, "person", family.found.area, state, family.sheet, row.number)
