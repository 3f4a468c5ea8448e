"""What the county office does by the admin command.

- A1 ledgers and leads come in through the one importer, and twice is once
- A2 answers go back as CSV that the sender's system reads, and the loop is counted
- A3 control documents rise in version and reach the laptops
- A4 erasure needs two people and the end of the retention time, and reaches every laptop
- A5 a household's file for its owner
- A6 who is meant to walk a grid beside who may
- A7 what has been kept long enough is counted, and that somebody looked is on record
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from fieldapp.errors import InputError, RefusedError
from sync.server.admin.answers import answers_csv, leads, loop_counts
from sync.server.admin.assignments import grid_lines
from sync.server.admin.erasure import approve_erasure, request_erasure
from sync.server.admin.exports import household_file
from sync.server.admin.intake import carry_out, plan_file
from sync.server.importing import Document, import_documents
from tests.sync.county import GRID_A, TOWN, County
from tests.sync.laptop import Laptop


def test_a_ledger_and_leads_come_in_once(office: County, shared: Path) -> None:  # A1
    expected = json.loads((shared / "inputs/expected.json").read_text(encoding="utf-8"))
    plan = plan_file(office.service, shared / "inputs/ledger.xlsx", kind="ledger", area=GRID_A)
    made = carry_out(office.service, plan)
    assert made["created"] == plan.counts["new_household"] + plan.counts["new_person"] >= expected["households"]
    assert made["refused"] == []
    again = carry_out(
        office.service, plan_file(office.service, shared / "inputs/ledger.xlsx", kind="ledger", area=GRID_A)
    )
    assert (again["created"], again["changed"]) == (0, 0)
    plan = plan_file(office.service, shared / "inputs/leads.csv", kind="leads", area=TOWN)
    assert carry_out(office.service, plan)["created"] == expected["leads"]["distinct_numbers"]
    assert loop_counts(leads(office.service))["passed_on"] == expected["leads"]["distinct_numbers"]
    plan = plan_file(office.service, shared / "inputs/leads.csv", kind="leads", area=TOWN)
    assert carry_out(office.service, plan)["created"] == 0


def test_answers_go_back_and_the_loop_is_counted(office: County) -> None:  # A2
    answer = {"outcome": "true_needs_help", "seen": "=1+1 家中两人卧床", "taken_into_help": True}
    lead = {"number": "YJ1", "source": "医保局", "due_on": "2026-11-25", "assigned_on": "2026-11-19"}
    late = {"number": "YJ2", "source": "残联", "due_on": "2026-11-20", "answered_on": "2026-11-21", "answer": {}}
    import_documents(
        office.service,
        [
            Document(
                "lead",
                GRID_A,
                "l1",
                {**lead, "checked_on": "2026-11-20", "answered_on": "2026-11-21", "answer": answer},
            ),
            Document("lead", GRID_A, "l2", late),
            Document("lead", GRID_A, "l3", {"number": "YJ3", "source": "医保局"}),
        ],
    )
    found = leads(office.service)
    text, count = answers_csv(found, source="医保局")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert count == len(rows) == 1
    assert (rows[0]["预警编号"], rows[0]["核查结果"], rows[0]["是否按时"]) == ("YJ1", "属实需救助", "是")
    assert rows[0]["核查情况"].startswith("'="), "a spreadsheet must not run what somebody wrote"
    counted = loop_counts(found)
    assert counted == {
        "passed_on": 3, "withdrawn": 0, "assigned": 1, "checked": 1, "answered": 2, "in_time": 1, "taken_into_help": 1,
    }  # fmt: skip


def test_published_holidays_reach_the_laptop_with_rising_versions(county: County, tmp_path: Path) -> None:  # A3
    county.user("li.qiu", "grid_worker", GRID_A)
    laptop = Laptop.enrol(county, "li.qiu", tmp_path / "li")
    days = tmp_path / "days.csv"
    days.write_text("date,kind\n2027-01-01,off\n", encoding="utf-8")
    assert county.admin("publish", "holidays", str(days))[0]["version"] == 1
    laptop.sync()
    days.write_text("date,kind\n2027-01-01,off\n2027-01-04,work\n", encoding="utf-8")
    assert county.admin("publish", "holidays", str(days))[0]["version"] == 2
    laptop.sync()
    statement = laptop.store.read_now(lambda tx: tx.control("holidays"))
    assert statement
    assert statement.body["content"] == {"days_off": ["2027-01-01"], "work_days": ["2027-01-04"]}
    laptop.close()


def test_erasure_takes_two_people_and_reaches_the_laptops(county: County, tmp_path: Path) -> None:  # A4
    county.user("li.qiu", "grid_worker", GRID_A)
    county.user("sun.wei", "supervisor", TOWN)
    li = Laptop.enrol(county, "li.qiu", tmp_path / "li")
    sun = Laptop.enrol(county, "sun.wei", tmp_path / "sun")
    home = li.household(GRID_A, address="周岭村12号", phone="13800000001")
    photo = b"\xff\xd8\xff" + bytes(1000) + b"\xff\xd9"
    blob = li.store.write_now(lambda tx: tx.put_blob(home, photo, "photo"))
    li.write(home, door_photo=blob)
    li.sync()
    sun.sync()
    with pytest.raises(RefusedError, match=r"erasure\.no_retention"):
        request_erasure(county.service, home, "owner_request", [], by="zhou")
    rules = tmp_path / "retention.json"
    rules.write_text('{"household": 3650}', encoding="utf-8")
    county.admin("publish", "retention", str(rules))
    with pytest.raises(RefusedError, match=r"erasure\.retention"):
        request_erasure(county.service, home, "owner_request", [], by="zhou")
    request = request_erasure(county.service, home, "wrong_person", ["/address"], by="zhou")
    with pytest.raises(RefusedError, match=r"erasure\.own_request"):
        approve_erasure(county.service, request, by="zhou")
    approve_erasure(county.service, request, by="wu")
    for laptop in (li, sun):
        laptop.sync()
        assert laptop.state(home) == {"address": "周岭村12号"}
        assert laptop.store.read_now(lambda tx: tx.blob(blob)) is None
    fresh = Laptop.enrol(county, "sun.wei", tmp_path / "fresh")
    fresh.sync()
    assert fresh.state(home) == {"address": "周岭村12号"}
    assert not list((county.folder / "blobs").glob("??/*")), "the photo is gone from the server's disk"
    for laptop in (li, sun, fresh):
        laptop.close()


def test_a_households_own_file(office: County) -> None:  # A5
    import_documents(
        office.service,
        [
            Document("household", GRID_A, "h1", {"address": "周岭村12号"}),
            Document("person", GRID_A, "p1", {"full_name": "范哲", "membership": {"household": "h1"}}),
            Document("visit", GRID_A, "v1", {"household": "h1"}),
            Document("sealed_report", GRID_A, "s1", {"household": "h1"}),
            Document("household", GRID_A, "h2", {"address": "周岭村13号"}),
        ],
    )
    body = household_file(office.service, "h1")
    assert sorted(document["id"] for document in body["documents"]) == ["h1", "p1", "v1"]
    with pytest.raises(InputError, match=r"document\.unknown"):
        household_file(office.service, "nobody")


def test_assignments_stand_beside_scopes(office: County) -> None:  # A6
    """Who is meant to walk a grid and may not is named; the county then gives the scope."""
    worker = {"@row": True, "name": "李秋"}
    row = {"grid": GRID_A, "workers": {"w1": worker, "w2": {"@row": True, "name": "新来的"}}}
    import_documents(office.service, [Document("assignment", f"{GRID_A}*", "a1", row)])
    office.user("li.qiu", "grid_worker", GRID_A, name="李秋")
    office.user("wang", "supervisor", TOWN, name="王敏")
    (line,) = grid_lines(office.service)
    assert (line["meant"], line["wanting"]) == (["李秋", "新来的"], ["新来的"])
    assert "李秋" in line["may"]
    assert "王敏" not in line["may"], "a desk covers everything and walks nowhere"


def test_retention_is_checked_and_the_check_is_on_record(office: County, tmp_path: Path) -> None:  # A7
    rule = tmp_path / "retention.json"
    rule.write_text('{"household": 0, "visit": 3650}', encoding="utf-8")
    office.admin("publish", "retention", str(rule))
    made = [Document("household", GRID_A, f"h{n}", {"address": f"{n}号"}) for n in range(3)]
    made += [
        Document("visit", GRID_A, "v1", {"household": "h1"}),
        Document("person", GRID_A, "p1", {"full_name": "甲"}),
    ]
    import_documents(office.service, made)
    assert office.admin("retention-check") == [
        {"type": "household", "days": 0, "documents": 3, "over": 3},
        {"type": "person", "days": None, "documents": 1, "over": 0},
        {"type": "visit", "days": 3650, "documents": 1, "over": 0},
    ]
    with office.service.engine.connect() as connection:
        noted = connection.execute(text("SELECT what, subject FROM journal WHERE what = 'retention-check'")).all()
    assert [tuple(row) for row in noted] == [("retention-check", "3")]
