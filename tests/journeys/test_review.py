"""A visit on its way between a worker, a real county server and the town: submitted, returned, mended, approved.

R1  the supervisor reads this visit beside the last; A approves with one key, for exactly the leaves on the screen
R2  R returns it with a comment on the question it is about; the worker sees it, mends it, submits; it waits again
R3  nobody approves their own visit; a visit that moved on is not approved by an old page
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from fieldapp.domain.ids import review_id
from fieldapp.errors import StateError
from fieldapp.store.projections import visits
from fieldapp.workflows import reviews, visit_lists
from tests.journeys.county import JourneyCounty
from tests.journeys.families import SAID
from tests.journeys.laptop import Hands, Laptop, press, settle, type_text
from ui.screens.review.screen import Review

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    image = QImage(800, 600, QImage.Format.Format_RGB32)
    image.fill(QColor(120, 90, 60))
    path = tmp_path / "door.jpg"
    assert image.save(str(path), "JPEG")
    return path


@pytest.fixture
def town(county_server: JourneyCounty) -> Iterator[tuple[Laptop, Laptop, JourneyCounty]]:
    worker = Laptop.of(county_server.laptop("worker"))
    supervisor = Laptop.of(county_server.laptop("supervisor"))
    yield worker, supervisor, county_server
    worker.leave()
    supervisor.leave()


def sync(county: JourneyCounty) -> None:
    for laptop in county._laptops:
        laptop.sync()
    for laptop in county._laptops:
        laptop.sync()


def submit_visit(worker: Laptop, household: str, photo: Path) -> str:
    worker.turn_to()
    form = worker.begin_visit(household, purpose="routine", partner="陈芳")
    visit = form.sheet.opening.header.visit
    Hands(form, photo, {**SAID, "purpose": "routine"}).fill()
    worker.press(Qt.Key.Key_Return, CONTROL)
    worker.wait(lambda: worker.visits.form is None)
    return visit


def open_review(supervisor: Laptop, visit: str) -> Review:
    supervisor.frame.open("review", {"visit": visit})
    screen = supervisor.frame.screens["review"]
    assert isinstance(screen, Review)
    supervisor.wait(lambda: screen.page is not None and screen.page.line.id == visit)
    return screen


def test_returned_mended_and_approved(town: tuple[Laptop, Laptop, JourneyCounty], photo: Path) -> None:
    """R1, R2."""
    worker, supervisor, county = town
    household = county.stories["high-medical-bill"]
    visit = submit_visit(worker, household, photo)
    sync(county)

    supervisor.turn_to()
    bench = open_review(supervisor, visit)
    assert bench.page is not None
    assert bench.page.hindrance == ""
    assert all(line.at for line in bench.page.lines if line.path.endswith(("/conclusion_text", "/area")))
    asked = next(i for i, line in enumerate(bench.table.lines.lines) if line.path.endswith("/conclusion_text"))
    bench.table.selectRow(asked)
    supervisor.press(Qt.Key.Key_E)
    type_text(bench.comment, "请补：是否告知了医疗救助？")
    press(bench.comment, Qt.Key.Key_Return)
    settle()
    bench.table.setFocus()
    supervisor.press(Qt.Key.Key_R)
    supervisor.wait(lambda: supervisor.read(lambda tx: visits.visit(tx, visit)).decision == "returned")
    sync(county)

    board = visit_lists.board(worker.store, worker.desk.actor).result()
    assert [(line.id, line.words) for line in board.of("returned")] == [(visit, "请补：是否告知了医疗救助？")]
    worker.turn_to()
    form = worker.open_visit(visit)
    form.jump("/conclusion/conclusion_text")
    frame = form.pane.frame("/conclusion/conclusion_text")
    assert form._host.comment("/conclusion/conclusion_text") == "请补：是否告知了医疗救助？"
    page = frame.field.focus_widget()
    page.selectAll()
    type_text(page, "因病致困，已告知医疗救助，建议申请低保")
    worker.press(Qt.Key.Key_Return, CONTROL)  # twice, as cold hands do: one revision
    worker.press(Qt.Key.Key_Return, CONTROL)
    worker.wait(lambda: worker.visits.form is None)
    sync(county)

    row = supervisor.read(lambda tx: visits.visit(tx, visit))
    assert row.decision is None  # a new leaf reopens it
    supervisor.turn_to()
    bench = open_review(supervisor, visit)
    assert bench.page.hindrance == ""
    history = supervisor.read(lambda tx: tx.revisions(visit))
    assert set(history[-1].set) >= {"/answers/conclusion/conclusion_text", "/finished_at"}
    assert "/answers/basics/present_member" not in history[-1].set
    bench.table.setFocus()
    supervisor.press(Qt.Key.Key_A)  # one key
    supervisor.wait(lambda: supervisor.read(lambda tx: visits.visit(tx, visit)).decision == "approved")
    review = supervisor.read(lambda tx: tx.document(review_id(supervisor.desk.actor.county, visit))).record
    assert tuple(review.subject_leaves) == supervisor.read(lambda tx: visits.visit(tx, visit)).leaves
    sync(county)
    assert worker.read(lambda tx: visits.visit(tx, visit)).decision == "approved"


def test_an_old_page_approves_nothing(town: tuple[Laptop, Laptop, JourneyCounty], photo: Path) -> None:
    """R3."""
    worker, supervisor, county = town
    visit = submit_visit(worker, county.stories["high-medical-bill"], photo)
    sync(county)
    with pytest.raises(StateError, match=r"review\.moved_on"):
        reviews.approve(supervisor.store, supervisor.desk.actor, visit, ["f" * 64]).result()
    assert supervisor.read(lambda tx: visits.visit(tx, visit)).decision is None
