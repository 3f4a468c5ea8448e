"""The information-check report beside what was declared, and a family in a program heard before anything is cut."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fieldapp.errors import InputError, StateError
from fieldapp.store.api import WriteTx
from fieldapp.workflows.matters import check_report, readings
from tests.store.county import GRID
from tests.workflows.matters.office import Office

HEAD = "核对报告,,,,,\n姓名,证件号码,核对项目,核对结果（元）,数据来源,核对日期\n"


def declared(office: Office, household: str, members: dict[str, dict[str, str]], home: dict[str, str]) -> None:
    facts = {"schema": "facts/1", "closed": True, "household": home, "members": members, "obligors": {}}

    def work(tx: WriteTx) -> str:
        frozen = {"assessment": {"frozen": [{"facts": facts, "result": {}}]}}
        visit = {"household": household, "purpose": "routine", "finished_at": "2026-11-20T02:00:00Z", **frozen}
        return tx.create("visit", GRID, visit)

    office.store.write(work).result()


@pytest.fixture
def matter(office: Office) -> str:
    home = office.family("孙强", ("孙母", "mother", "1955-01-01"), programs={
        "dibao": {"@row": True, "policy": "dibao", "amount_month": 640_00, "since": "2025-03-01"}})  # fmt: skip
    wage = {office.made["孙强"]: {"member.income.wage_month": "2400"}}
    declared(office, home, wage, {"household.deposits": "6000"})
    made = office.open("adjust", home)
    office.do(made, "found", reason="income", outcome="decrease", words="找到工作")
    return made


def report(folder: Path, lines: str) -> Path:
    path = folder / "核对报告.csv"
    path.write_bytes((HEAD + lines).encode("gb18030"))
    return path


def test_every_line_stands_beside_its_declaration(office: Office, matter: str, tmp_path: Path) -> None:
    lines = (
        "孙强,,工资,3400,县人社局,2026-11-20\n孙强,,存款,4000,农商行,2026-11-20\n孙母,,存款,2000,农商行,2026-11-20\n"
        "孙强,,车辆,1,车管所,2026-11-20\n孙强,,工商登记,未查到,市监局,2026-11-20\n王五,,工资,100,县人社局,2026-11-20\n"
        "孙强,,婚姻登记,离异,民政局,2026-11-20\n"
    )
    found = check_report.lay_beside(office.store, matter, report(tmp_path, lines)).result()
    assert [(row.item, row.state) for row in found.rows] == [
        ("工资", "differs"), ("存款", "agrees"), ("存款", "agrees"), ("车辆", "differs"), ("工商登记", "agrees"),
        ("工资", "stranger"), ("婚姻登记", "words"),
    ]  # fmt: skip
    assert (found.declared_on, found.differing, found.proposal) == ("2026-11-20", 2, "differs")
    assert found.words.splitlines()[0] == "孙强 工资：申报 2400 元/月，核对 3400"


def test_the_report_goes_into_the_step_and_its_form(office: Office, matter: str, tmp_path: Path) -> None:
    found = check_report.lay_beside(office.store, matter, report(tmp_path, "孙强,,工资,3400,县人社局,2026-11-20\n")).result()
    check_report.keep(office.store, office.actor("supervisor"), matter, "check", found).result()
    office.do(matter, "check", "supervisor")
    entry = office.page(matter, "supervisor").step("check").entries[0]
    assert (entry.on, entry.outcome, entry.words) == ("2026-11-20", "有差异，影响认定", "孙强 工资：申报 2400 元/月，核对 3400")
    assert [row["differs"] for row in entry.report] == [True]


def test_a_table_without_its_column_is_refused_by_name(office: Office, matter: str, tmp_path: Path) -> None:
    path = tmp_path / "别的.csv"
    path.write_text("姓名,金额\n孙强,3\n", "utf-8")
    with pytest.raises(InputError, match=r"table\.no_head"):
        check_report.lay_beside(office.store, matter, path).result()


def test_nothing_is_cut_before_the_family_was_heard(office: Office, matter: str) -> None:
    home = str(office.page(matter).household)
    office.do(matter, "check", "supervisor", outcome="agrees")
    office.do_visit(matter, home)
    assert office.states(matter)["decide"] == "waiting"
    decision = {"outcome": "decrease", "amount": 200, "starts_on": "2026-12-01", "words": "工资增加"}
    with pytest.raises(StateError, match=r"matter\.not_yet"):
        office.do(matter, "decide", "supervisor", **decision)
    office.do(matter, "hear", outcome="objects", words="老人还要吃药", by_2="陈芳")
    office.do(matter, "decide", "supervisor", **decision)
    told = office.page(matter).next
    assert told is not None
    assert (told.id, told.due.clause if told.due else "") == ("told", "社会救助法 §48")
    office.do(matter, "told", how="handed", rights="yes")
    row = office.store.read(lambda tx: tx.document(home)).result().state["programs"]["dibao"]
    assert (row["amount_month"], row["since"]) == (200_00, "2025-03-01")
    (found,) = office.store.read(lambda tx: list(readings.adjustments(tx, office.actor("county")))).result()
    assert (found.amount_before, found.amount_after, found.heard_words) == (640_00, 200_00, "老人还要吃药")


def test_stopping_ends_the_programme_and_points_to_the_next_tier(office: Office) -> None:
    home = office.family("孙强", programs={"p": {"@row": True, "policy": "dibao", "amount_month": 300_00}})
    matter = office.open("adjust", home)
    office.do(matter, "found", reason="income", outcome="stop", words="就业", exit_check="yes")
    office.do(matter, "check", "supervisor", outcome="agrees")
    office.do_visit(matter, home)
    office.do(matter, "hear", outcome="agrees", words="没有意见", by_2="陈芳")
    stop = {"outcome": "stop", "starts_on": "2027-06-01", "words": "渐退期满"}
    done = office.do(matter, "decide", "supervisor", **stop)
    assert [name for name, _ in done.opens] == ["edge", "rigid"]
    assert not office.store.read(lambda tx: tx.document(home)).result().state.get("programs", {}).get("p", {}).get("policy")
    assert office.day == date(2026, 11, 21)
