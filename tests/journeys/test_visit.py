"""A home visit in the real window: filled with keys, stopped by what is missing, killed, found again, submitted.

V1  a home visit of a family of five is filled with member rows, a photo and three signatures, and submitted
V2  submitting with gaps names how many and jumps to the first; nothing is written
V3  a process killed in the middle of the form loses no answer, nor a line half written
V4  what was told goes back to people, household and lead in the same transaction
V6  a visit where nothing changed takes last time's answers with one key
V5  an answer half typed is not lost when the section, the form or the window goes
"""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from weakref import ref

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from fieldapp.store.api import Profile, Store
from fieldapp.workflows.actor import Actor
from tests.conftest import ROOT
from tests.journeys.families import SAID, high_medical_bill
from tests.journeys.laptop import Hands, Laptop, compiled_forms, live, press, settle, type_text
from tests.store.county import COUNTY, GRID, PASSPHRASE, County, make_store


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    image = QImage(2400, 1800, QImage.Format.Format_RGB32)
    image.fill(QColor(120, 90, 60))
    image.setText("Comment", "30.66,104.06 手机 138")
    path = tmp_path / "门.jpg"
    assert image.save(str(path), "JPEG")
    return path


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Laptop]:
    laptop = Laptop.open(tmp_path / "worker", County(), "li.qiu", "李秋")
    yield laptop
    laptop.close()


def test_a_home_visit_is_filled_and_submitted(worker: Laptop, photo: Path) -> None:
    """V1, V2, V4."""
    home, people, lead = high_medical_bill(worker.store)
    form = worker.begin_visit(home, purpose="lead", lead=lead, partner="陈芳")
    visit = form.sheet.opening.header.visit
    assert set(form.session.children("/members")) == {f"/members/{one}" for one in people.values()}

    press(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)  # far too early
    assert worker.visits.form is form
    assert form.focused_node() == form.sheet.problems()[0].node_id
    settle()
    assert worker.read(lambda tx: tx.document(visit)) is None

    Hands(form, photo, SAID).fill()
    press(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    worker.wait(lambda: worker.visits.form is None)

    view = worker.read(lambda tx: tx.document(visit))
    assert view.state["answers"]["basics"]["present_member"] == "肖雨"
    assert len(view.state["investigators"]) == 2
    assert worker.read(lambda tx: tx.draft(visit)) is None
    answered = worker.read(lambda tx: tx.document(lead)).record
    assert answered.answered_on == "2026-11-21"
    assert answered.answer["visit"] == visit
    kept = worker.read(lambda tx: tx.blob(view.state["answers"]["housing"]["photo_door"]))
    data = b"".join(kept.pieces())
    assert b"138" not in data
    assert max(QImage.fromData(data).width(), QImage.fromData(data).height()) == 1600


def test_half_typed_answers_are_kept(worker: Laptop, tmp_path: Path) -> None:
    """V5: no Enter, no Tab; the section, then the screen is left."""
    home, _, _ = high_medical_bill(worker.store)
    form = worker.begin_visit(home)
    form.jump("/basics/present_member")
    frame = form.pane.frame("/basics/present_member")
    type_text(frame.field.focus_widget(), "肖雨")
    form.step_section(1)
    assert form.session.view("/basics/present_member").value == "肖雨"
    form.jump("/basics/present_others")
    type_text(form.pane.frame("/basics/present_others").field.focus_widget(), "村支书")
    worker.visits.leave()
    visit = worker.form.sheet.opening.header.visit
    settle(0.2)
    saved = worker.read(lambda tx: tx.draft(visit)).body["session"]
    assert "村支书" in str(saved)
    assert "肖雨" in str(saved)


def test_a_killed_process_loses_no_answer(tmp_path: Path) -> None:
    """V3: kill -9 in the middle of the form; every answer is there again, and the clear text is nowhere on the disk."""
    county = County()
    folder = tmp_path / "worker"
    store, _ = make_store(folder, county, user="li.qiu")
    home, _, _ = high_medical_bill(store)
    store.close()
    shutil.copytree(compiled_forms(), folder / "forms", dirs_exist_ok=True)
    command = [sys.executable, "-m", "tests.journeys.filling", str(folder), PASSPHRASE, home]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "kept"
    finally:
        process.kill()
        process.wait()
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".xml":
            assert "因病致困".encode() not in path.read_bytes()
    profile = Profile.unlock(folder, PASSPHRASE)
    laptop = Laptop.around(Store.open(profile), Actor("li.qiu", "李秋", "grid_worker", COUNTY, (GRID,)))
    form = laptop.begin_visit(home)
    asked = ("basics/present_member", "basics/area", "basics/present_others")
    said = {node: form.session.view(f"/{node}").value for node in asked}
    assert said == {"basics/present_member": "肖雨", "basics/area": "rural", "basics/present_others": "村支"}
    assert form.session.view("/conclusion/conclusion_text").value == "因病致困"
    laptop.close()


def test_a_form_that_was_left_is_gone(worker: Laptop) -> None:
    """A day of forty visits in one process must not hold forty forms."""
    home, _, _ = high_medical_bill(worker.store)
    shown = worker.begin_visit(home)
    form = ref(shown)
    del shown
    worker.press(Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    settle()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert form() is None


def test_a_second_visit_takes_last_times_answers(worker: Laptop, photo: Path) -> None:
    """V6: nothing has changed since: one key, then what belongs to this visit alone (photo and signatures)."""
    home, _, _ = high_medical_bill(worker.store)
    form = worker.begin_visit(home, partner="陈芳")
    Hands(form, photo, {**SAID, "purpose": "routine"}).fill()
    first = form.session.answers()
    worker.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    worker.wait(lambda: worker.visits.form is None)

    form = worker.begin_visit(home, partner="陈芳")
    worker.press(Qt.Key.Key_F4, Qt.KeyboardModifier.ShiftModifier)
    left = [problem.node_id for problem in form.sheet.problems()]
    assert {form.session.node_of(node).type for node in left} == {"image"}
    hands = Hands(form, photo, SAID)
    hands.fill()
    assert hands.actions == len(left) <= 4
    for node in ("/basics/present_member", "/housing/housing_kind", "/conclusion/conclusion_text"):
        group, name = node.strip("/").split("/")
        assert form.session.view(node).value == first[group][name]
    worker.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    worker.wait(lambda: worker.visits.form is None)


def test_a_signature_and_a_photo_outlive_the_section_they_were_given_in(worker: Laptop, photo: Path) -> None:
    """V3: the disk is slow, the hands are not: another section is open before the file is durable."""
    home, _people, _lead = high_medical_bill(worker.store)
    form = worker.begin_visit(home, partner="陈芳")
    hands = Hands(form, photo, SAID)
    for node_id, give in (("/signing/sign_investigator_1", hands.sign), ("/housing/photo_door", hands.drop_photo)):
        form.jump(node_id)
        frame = form.pane.frame(node_id) if form.pane is not None else None
        assert frame is not None
        disk = Event()
        worker.store.write(lambda _tx, disk=disk: disk.wait(20))
        give(frame.field)
        form.jump("/basics/present_member")
        settle_without_the_disk()
        disk.set()
        worker.wait(lambda node_id=node_id: form.session.view(node_id).value is not None)


def settle_without_the_disk() -> None:
    """What was let go is gone; what waits for the store still waits."""
    for _ in range(5):
        live()


def test_a_photo_dropped_and_submitted_in_one_breath_is_in_the_visit(worker: Laptop, photo: Path) -> None:
    """V3: signing waits for what is on its way to the disk."""
    home, _people, _lead = high_medical_bill(worker.store)
    form = worker.begin_visit(home, partner="陈芳")
    visit = form.sheet.opening.header.visit
    hands = Hands(form, photo, {**SAID, "purpose": "routine"})
    hands.fill()
    before = form.session.view("/housing/photo_door").value
    form.jump("/housing/photo_door")
    frame = form.pane.frame("/housing/photo_door") if form.pane is not None else None
    assert frame is not None
    hands.drop_photo(frame.field)
    press(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    worker.wait(lambda: worker.visits.form is None)
    kept = worker.read(lambda tx: tx.document(visit)).state["answers"]["housing"]["photo_door"]
    assert kept not in (None, before)
