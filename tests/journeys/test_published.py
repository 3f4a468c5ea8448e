"""What the county publishes reaches the laptop: a form edited in a spreadsheet, and the policy pack."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl

from fieldapp.workflows.assessing import Rules
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.published import published
from forms import shipped
from tests.journeys.county import JourneyCounty, Laptop

TODAY = date(2026, 11, 21)


def edited(folder: Path, version: str, label: str) -> Path:
    """The phone visit with one label and the version changed, as a county would in Excel."""
    book = openpyxl.load_workbook(shipped.workbooks()["phone_visit"])
    survey, settings = book["survey"], book["settings"]
    heads = [cell.value for cell in survey[1]]
    for row in survey.iter_rows(min_row=2):
        if row[heads.index("name")].value == "talked_to":
            row[heads.index("label::中文 (zh)")].value = label
    settings.cell(2, [cell.value for cell in settings[1]].index("version") + 1).value = version
    path = folder / f"phone_visit_{version}.xlsx"
    book.save(path)
    return path


def shelf_of(laptop: Laptop, on: date = TODAY) -> FormShelf:
    laptop.sync()
    shelf = FormShelf(laptop.profile.folder / "forms")
    for form in laptop.store.read_now(lambda tx: published(tx, on)).forms:
        shelf.receive(form)
    return shelf


def test_an_edited_form_follows_to_the_laptop_without_compiling(county_server: JourneyCounty, tmp_path: Path) -> None:
    worker = county_server.laptop("worker")
    before = FormShelf(worker.profile.folder / "forms").newest("phone_visit")
    county_server.server.admin("publish", "form", edited(tmp_path, "2026112201", "电话是谁接的"))
    shelf = shelf_of(worker)
    form = shelf.newest("phone_visit")
    assert (before.version, form.version) == ("2026112102", "2026112201")
    assert "电话是谁接的".encode() in form.xml
    old = shelf.version("phone_visit", before.version)
    assert old is not None, "a draft begun with the old version still finds it"


def test_a_form_for_next_month_waits_for_its_day(county_server: JourneyCounty, tmp_path: Path) -> None:
    worker = county_server.laptop("worker")
    next_month = edited(tmp_path, "2026120101", "与谁通的话")
    county_server.server.admin("publish", "form", next_month, "--effective", "2026-12-01")
    assert shelf_of(worker).newest("phone_visit").version == "2026112102"
    assert shelf_of(worker, date(2026, 12, 1)).newest("phone_visit").version == "2026120101"


def test_the_rules_are_the_countys(county_server: JourneyCounty) -> None:
    worker = county_server.laptop("worker")
    pack = worker.store.read_now(lambda tx: published(tx, TODAY)).pack
    assert pack is not None
    assessed = Rules(pack.workbook).assess([], TODAY)
    assert assessed.program("dibao").state == "to_check", "nothing answered is a candidate for nothing"
