"""The preview against what the county knows: nothing doubled, nobody written over, everything told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fieldapp.domain.pointers import put
from fieldapp.workflows.intake.correction import correction_csv
from fieldapp.workflows.intake.papers import full_number
from fieldapp.workflows.intake.plan import ImportPlan, KnownDocument, KnownPerson, plan_import
from fieldapp.workflows.intake.result import Intake
from tests.workflows.intake.makers import HEADER, codes, number, persons, read, read_rows

WANG, LI, ZHAO = number("1950-03-05", 1), number("1952-07-09", 2), number("1980-01-20", 3)


class County:
    """A county as plain dictionaries, answering what ``Known`` asks."""

    def __init__(self) -> None:
        self.documents: dict[str, KnownDocument] = {}

    def carry_out(self, plan: ImportPlan) -> ImportPlan:
        for new in plan.creates:
            assert new.id not in self.documents
            assert new.area
            self.documents[new.id] = KnownDocument(new.area, new.state)
        for change in plan.changes:
            state: dict[str, Any] = dict(self.documents[change.id].state)
            for pointer, value in change.writes.items():
                put(state, pointer, value)
            self.documents[change.id] = KnownDocument(self.documents[change.id].area, state)
        return plan

    def document(self, document_id: str) -> KnownDocument | None:
        return self.documents.get(document_id)

    def people(self) -> list[KnownPerson]:
        found = []
        for key, document in self.documents.items():
            state: Any = document.state
            if "full_name" in state:
                home = state.get("membership", {}).get("household")
                texts = [str(state.get(name) or "") for name in ("full_name", "birth_date", "id_number")]
                found.append(KnownPerson(key, *texts, home, document.area))
        return found

    def people_with_number(self, id_number: str) -> Sequence[KnownPerson]:
        return [person for person in self.people() if full_number(person.id_number) == id_number]

    def people_named(self, full_name: str) -> Sequence[KnownPerson]:
        return [person for person in self.people() if person.full_name == full_name]


def row(name: str, relation: str = "", id_number: Any = "", **cells: Any) -> list[Any]:
    values = {"姓名": name, "与户主关系": relation, "身份证号码": id_number, **cells}
    return [values.get(label) for label in HEADER]


def village(*rows: Sequence[Any], **options: Any) -> Intake:
    return read_rows(*rows, **{"sheet": "竹园村", **options})


def test_importing_twice_changes_nothing() -> None:
    county = County()
    intake = village(row("王一", "户主", WANG), row("李二", "配偶", LI))
    first = county.carry_out(plan_import(intake, county))
    assert first.counts == {"new_household": 1, "new_person": 2, "unchanged": 0, "refused_rows": 0}
    again = plan_import(intake, county)
    assert again.counts == {"unchanged": 3, "refused_rows": 0}


def test_mended_rows_change_their_documents_and_only_there() -> None:
    county = County()
    bad = village(row("王一", "户主", WANG), row("", "配偶", LI), row("王三", "子", ZHAO[:-1] + "9", 联系电话="135"))
    county.carry_out(plan_import(bad, county))
    son = persons(bad)["王三"].id
    put(county.documents[son].state, "/phone", "13911112222")  # somebody wrote a better one at the door
    text = correction_csv(bad).decode("utf-8-sig")
    text = text.replace(ZHAO[:-1] + "9", ZHAO, 1).replace("没有姓名", "mended").replace(",,配偶", ",李二,配偶")
    plan = county.carry_out(plan_import(read(text.encode(), "待改正.csv"), county))
    assert plan.counts["new_person"] == plan.counts["changed_person"] == 1
    assert county.documents[son].state["id_number"] == ZHAO
    assert county.documents[son].state["phone"] == "13911112222"
    homes = {person.household for person in county.people()}
    assert len(homes) == 1
    areas = {document.area for document in county.documents.values()}
    assert areas == {"341799101202-001"}
    original = plan_import(bad, county)
    assert (original.changes, original.creates) == ((), ())


def test_a_number_filled_in_clears_the_reason_for_having_none() -> None:
    county = County()
    bad = village(row("王一", "户主", 3.41799195003050e17, 备注="x"))
    county.carry_out(plan_import(bad, county))
    cells = correction_csv(bad).decode("utf-8-sig").replace("3.4179919500305e+17", WANG, 1)
    county.carry_out(plan_import(read(cells.encode(), "待改正.csv"), county))
    person = county.people_with_number(WANG)[0]
    assert county.documents[person.id].state["no_id_reason"] is None


def test_people_on_file_under_another_ledger_are_not_made_again() -> None:
    county = County()
    county.carry_out(plan_import(village(row("王一", "户主", WANG), row("李二", "配偶", LI), source="旧台账"), county))
    newer = village(row("王一", "户主", WANG), row("李二", "配偶", LI), row("王三", "子", ZHAO), source="新台账")
    plan = county.carry_out(plan_import(newer, county))
    assert plan.counts == {"new_person": 1, "unchanged": 0, "refused_rows": 2}
    assert len({person.household for person in county.people()}) == 1
    only = plan_import(village(row("王一", "户主", WANG), source="第三本"), county)
    assert only.creates == ()


def test_namesakes_are_told_and_kept_apart() -> None:
    county = County()
    county.carry_out(plan_import(village(row("王一", "户主", None, 出生日期="1950-03-05"), source="旧台账"), county))
    plan = plan_import(village(row("王一", "户主", WANG), source="新台账"), county)
    assert [p.code for p in plan.problems if p.code == "maybe_known"] == ["maybe_known"]
    assert plan.counts["new_person"] == 1
    county.carry_out(plan)
    other = plan_import(village(row("王一", "户主", number("1950-03-05", 7)), source="别村"), county)
    assert [p.code for p in other.problems if p.code == "maybe_known"] == ["maybe_known"]


def test_a_row_that_held_somebody_else_is_refused() -> None:
    county = County()
    county.carry_out(plan_import(village(row("王一", "户主", WANG)), county))
    plan = plan_import(village(row("赵三", "户主", ZHAO)), county)
    assert {p.code for p in plan.problems} == {"row_holds_someone_else", "differs_from_file"}
    assert (plan.creates, plan.changes) == ((), ())


def test_unknown_places_stay_out_until_an_area_is_chosen() -> None:
    county = County()
    nowhere = village(row("王一", "户主", WANG), row("李二", "配偶", LI), sheet="Sheet1")
    plan = plan_import(nowhere, county)
    assert (plan.creates, [p.code for p in plan.problems]) == ((), ["area_unknown", "area_unknown"])
    assert codes(nowhere) == []
    chosen = village(row("王一", "户主", WANG), row("李二", "配偶", LI), sheet="Sheet1", target="341799101202")
    assert plan_import(chosen, county).counts["new_person"] == 2


def test_a_lead_about_somebody_on_file_goes_to_that_persons_grid() -> None:
    county = County()
    intake = village(row("王一", "户主", WANG))
    county.carry_out(plan_import(intake, county))
    lead = f"预警编号,来源部门,姓名,证件号码,住址,预警内容\nA1,县残联,王一,{WANG},外地,失业\n"
    plan = plan_import(read(lead.encode(), "预警.csv"), county)
    made = plan.creates[0]
    assert (made.area, made.state["person"]) == ("341799101202-001", persons(intake)["王一"].id)
    assert made.state["household"] == persons(intake)["王一"].state["membership"]["household"]
