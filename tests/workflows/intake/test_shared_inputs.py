"""The ledger and the lead list of the reference folder: read whole, counted right, and the same on every machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp.workflows.intake.places import AreaTable
from fieldapp.workflows.intake.reading import read_file
from tests.workflows.intake.makers import TODAY, read


def expected(shared: Path) -> dict:
    return json.loads((shared / "inputs" / "expected.json").read_text("utf-8"))


def test_the_ledger_counts_as_expected(shared: Path) -> None:
    want = expected(shared)
    intake = read((shared / "inputs" / "ledger.xlsx").read_bytes(), "ledger.xlsx")
    counts = intake.counts
    assert (counts["households"], counts["persons"]) == (want["households"], want["persons"])
    assert {code: counts["flags"].get(code) for code in want["flags"]} == want["flags"]
    assert counts["sheets"] == want["sheets"]


def test_the_leads_count_as_expected(shared: Path) -> None:
    want = expected(shared)["leads"]
    counts = read((shared / "inputs" / "leads.csv").read_bytes(), "leads.csv").counts
    assert (counts["rows"], counts["distinct_numbers"]) == (want["rows"], want["distinct_numbers"])
    assert {code: counts["flags"].get(code) for code in want["flags"]} == want["flags"]


@pytest.mark.parametrize("name", ["ledger.xlsx", "leads.csv"])
def test_every_line_is_imported_or_named(shared: Path, name: str) -> None:
    intake = read((shared / "inputs" / name).read_bytes(), name)
    places = [(line.sheet, line.row) for line in intake.lines]
    assert len(places) == len(set(places))
    named = {(problem.sheet, problem.row) for problem in intake.problems}
    assert all((line.sheet, line.row) in named for line in intake.lines if line.fate == "refused")
    made = {(document.sheet, document.row) for document in intake.documents if document.type != "household"}
    assert all((line.sheet, line.row) in made for line in intake.lines if line.fate == "imported")
    assert intake.rows_read == {"ledger.xlsx": 205, "leads.csv": 65}[name]


def test_another_name_and_another_machine_give_the_same_ids(shared: Path) -> None:
    data = (shared / "inputs" / "ledger.xlsx").read_bytes()
    ids = [d.id for d in read(data, "C:/台账/ledger (1).xlsx").documents]
    assert ids == [d.id for d in read(data, "ledger.xlsx").documents]
    elsewhere = read_file(data, "x.xlsx", county="341798", areas=AreaTable({}), today=TODAY)
    assert not set(ids) & {d.id for d in elsewhere.documents}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_leads_read_the_same_in_every_encoding(shared: Path, encoding: str) -> None:
    data = (shared / "inputs" / "leads.csv").read_bytes()
    again = data.decode("gb18030").encode(encoding)
    assert read(again, "leads.csv").documents == read(data, "leads.csv").documents


def test_rare_names_and_quoted_line_breaks_survive(shared: Path) -> None:
    ledger = read((shared / "inputs" / "ledger.xlsx").read_bytes(), "ledger.xlsx")
    names = {str(d.state.get("full_name")) for d in ledger.documents}
    assert {"李㛃", "彭䶮", "黄𠅤", "邓喆", "吕梅"} <= names
    leads = read((shared / "inputs" / "leads.csv").read_bytes(), "leads.csv")
    assert any("\n" in str(d.state["content"]) for d in leads.documents)
