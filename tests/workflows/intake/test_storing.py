"""The import in the real, encrypted store of a supervisor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.domain.roles import SUPERVISOR
from fieldapp.errors import InputError, RefusedError
from fieldapp.store.api import Store
from fieldapp.store.projections import households, leads, people
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.intake.correction import correction_csv
from fieldapp.workflows.intake.desk import preview_file, write_corrections
from fieldapp.workflows.intake.storing import import_into, preview
from tests.store.county import County, make_store
from tests.workflows.intake.makers import HEADER, book, number, read, read_rows

TOWN = "341799101"
WANG, LI = number("1950-03-05", 1), number("1952-07-09", 2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made, _ = make_store(tmp_path / "profile", County(), role=SUPERVISOR, areas=(TOWN,))
    with made:
        yield made


def supervisor(scope: str = TOWN) -> Actor:
    return Actor("u1", "邓主任", SUPERVISOR, "341799", (scope,))


def test_the_shared_ledger_and_leads_go_in_once(store: Store, shared: Path) -> None:
    for name in ("ledger.xlsx", "leads.csv"):
        intake = read((shared / "inputs" / name).read_bytes(), name, target=TOWN)
        plan = store.read_now(lambda tx, intake=intake: preview(tx, intake))
        done = import_into(store, supervisor(), plan)
        assert done.created == len(plan.creates) == len(intake.documents)
        again = store.read_now(lambda tx, intake=intake: preview(tx, intake))
        assert (again.creates, again.changes, again.unchanged) == ((), (), len(intake.documents))
        assert import_into(store, supervisor(), plan).skipped == len(plan.creates)
    assert store.read_now(households.count) == 80
    assert store.read_now(people.count) == 203
    assert store.read_now(leads.count_waiting) == 62


def test_mended_rows_join_their_household_in_the_store(store: Store) -> None:
    rows = [
        [1, "王一", 2, "王一", "户主", "男", WANG, None, "竹园村1组1号"],
        [None, None, None, None, "配偶", "女", LI],
    ]
    intake = read_rows(*rows, sheet="竹园村")
    import_into(store, supervisor(), store.read_now(lambda tx: preview(tx, intake)))
    text = correction_csv(intake).decode("utf-8-sig")
    assert text.count("没有姓名") == 1
    mended = read(text.replace(",,配偶", ",李二,配偶", 1).encode(), "待改正.csv")
    plan = store.read_now(lambda tx: preview(tx, mended))
    assert import_into(store, supervisor(), plan).created == 1
    home = store.read_now(lambda tx: people.with_number(tx, WANG))[0].household
    assert home
    assert [p.full_name for p in store.read_now(lambda tx: people.members(tx, home))] == ["王一", "李二"]
    assert len(HEADER) > len(rows[0])


def test_another_towns_rows_are_refused_whole(store: Store) -> None:
    intake = read_rows([1, "王一", 1, "王一", "户主", "男", WANG, None, "石桥镇新庄村一组"], sheet="Sheet1")
    plan = store.read_now(lambda tx: preview(tx, intake))
    with pytest.raises(RefusedError):
        import_into(store, supervisor(), plan)
    assert store.read_now(households.count) == 0


def test_a_supervisor_previews_imports_and_hands_back_what_is_to_be_mended(store: Store, tmp_path: Path) -> None:
    rows = [HEADER, [1, "王一", 2, "王一", "户主", "男", WANG], [None, None, None, None, "配偶", "女", LI]]
    rows.append([2, "赵三", 1, "赵三", "户主", "女", LI[:17] + ("1" if LI[17] != "1" else "2")])
    file = tmp_path / "台账.xlsx"
    file.write_bytes(book(("Sheet1", rows)))
    assert preview_file(store, supervisor(), file).creates == ()
    plan = preview_file(store, supervisor(), file, area=TOWN)
    assert (plan.counts["new_person"], plan.counts["refused_rows"]) == (2, 1)
    assert {step.area for step in plan.creates} == {TOWN}
    assert store.read_now(people.count) == 0
    assert import_into(store, supervisor(), plan).created == 4
    assert write_corrections(plan, tmp_path / "待改正.xlsx") == 3
    assert write_corrections(plan, tmp_path / "待改正.csv") == 3
    mended = preview_file(store, supervisor(), tmp_path / "待改正.xlsx")
    assert (mended.intake.kind, mended.counts) == ("correction", {"unchanged": 4, "refused_rows": 1})


def test_what_cannot_be_read_is_told_from_the_child_in_words(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "台账.xlsx"
    file.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(InputError, match="not_a_workbook"):
        preview_file(store, supervisor(), file)
    with pytest.raises(InputError, match="unreadable"):
        preview_file(store, supervisor(), tmp_path / "away.xlsx")
