"""The county changes a form while a call is half written: Ctrl+M goes on under the form in force, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt

from fieldapp.store.projections import visits
from fieldapp.workflows.visit_drafts import DRAFT, DRAFT_BEFORE
from forms import shipped
from tests.journeys.county import JourneyCounty
from tests.journeys.county import Laptop as CountyLaptop
from tests.journeys.laptop import Hands, Laptop
from tests.journeys.matters import CONTROL, GRID, family

CALLED = {"reached": "yes", "state": "normal", "visit_needed": "no"}
NEWER = "2026112201"


def without_a_question(folder: Path, name: str) -> Path:
    """The phone visit of a new version, one question struck out in Excel."""
    book = openpyxl.load_workbook(shipped.workbooks()["phone_visit"])
    survey, settings = book["survey"], book["settings"]
    named = [cell.value for cell in survey[1]].index("name")
    place = next(row[0].row for row in survey.iter_rows(min_row=2) if row[named].value == name)
    survey.delete_rows(place)
    settings.cell(2, [cell.value for cell in settings[1]].index("version") + 1).value = NEWER
    path = folder / "phone_visit.xlsx"
    book.save(path)
    return path


@pytest.fixture
def county_worker(county_server: JourneyCounty) -> CountyLaptop:
    return county_server.laptop("worker")


@pytest.fixture
def worker(county_worker: CountyLaptop) -> Iterator[Laptop]:
    made = Laptop.of(county_worker)
    yield made
    made.leave()


def kinds(worker: Laptop) -> list[str]:
    return sorted(draft.kind for draft in worker.read(lambda tx: tx.drafts()))


def test_a_call_half_written_goes_on_under_the_newer_form(
    county_server: JourneyCounty, county_worker: CountyLaptop, worker: Laptop, tmp_path: Path, picture: Path
) -> None:
    home, _ids = family(worker.store, GRID, ("向军", "head", "1980-01-15"), ("向妻", "spouse", "1982-01-15"))
    form = worker.begin_visit(home, purpose="phone", form="phone_visit")
    older = form.session.definition.version
    talked = next(node for node in form.session.definition.nodes.values() if node.name == "talked_to").id
    words = next(node for node in form.session.definition.nodes.values() if node.name == "words").id
    reached = next(node for node in form.session.definition.nodes.values() if node.name == "reached").id
    form.session.set(talked, "向军")
    form.session.set(reached, "yes")
    form.session.set(words, "腿还肿着")
    worker.press(Qt.Key.Key_W, CONTROL)
    assert kinds(worker) == [DRAFT]

    county_server.server.admin("publish", "form", without_a_question(tmp_path, "words"))
    county_worker.sync()

    worker.frame.open("today")
    worker.wait(lambda: bool(worker.frame.screens["today"].board))  # type: ignore[attr-defined]
    worker.press(Qt.Key.Key_C)
    worker.wait(lambda: worker.visits.form is not None)
    assert worker.form.session.definition.version == older, "nothing moves under the hands of its author"
    assert worker.visits.newer == NEWER
    assert "Ctrl" in worker.frame.toast.accessibleName()

    worker.press(Qt.Key.Key_M, CONTROL)
    worker.wait(lambda: worker.visits.form is not None and worker.form.session.definition.version == NEWER)
    assert worker.form.session.view(talked).value == "向军"
    assert "腿还肿着" in worker.frame.toast.accessibleName(), "what found no place is told"
    assert kinds(worker) == [DRAFT, DRAFT_BEFORE]

    Hands(worker.form, picture, CALLED).fill()
    worker.press(Qt.Key.Key_Return, CONTROL)
    worker.wait(lambda: worker.visits.form is None)
    assert kinds(worker) == []
    made = worker.read(lambda tx: visits.of_household(tx, home))
    assert [(row.form_id, row.form_version) for row in made] == [("phone_visit", NEWER)]
