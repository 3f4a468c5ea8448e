"""Families no case tells of, at their doors in the window with a real server.

found twice        two workers, offline on one day, each write down the same family; it becomes one
one door, two      brothers behind one number are two families; who answers for one has not answered for the other
one family, two    a family with two houses is asked once and found under either number
refused            nobody is let in, twice: counted, said, and no reason to keep the round open
sticks only        a village without a network: found, visited, carried to town, approved, carried back
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from fieldapp.store.api import ReadTx
from fieldapp.store.projections import door_answers, households, people, visits
from fieldapp.store.search.find import find
from fieldapp.workflows import rounds, screening
from fieldapp.workflows.screening import Door
from resources.demo.cast import Colleague
from tests.journeys.bench import approve
from tests.journeys.county import JourneyCounty
from tests.journeys.laptop import Laptop, press, settle, type_text
from tests.journeys.matters import CONTROL, GRID, family, household_page, sync, visit
from tests.journeys.telling import told
from ui.screens.screening.screen import Screening
from ui.screens.screening.sheets import NewFamilySheet
from ui.screens.sync import Sync
from ui.screens.twin_card import TwinCard
from ui.widgets.pick_sheet import PickSheet

SECOND = Colleague("second", "li.hong", "李红", "grid_worker", (GRID,), "两棵樟树在井边", "")
Key = Qt.Key


@pytest.fixture
def two_workers(county_server: JourneyCounty) -> Iterator[tuple[Laptop, Laptop]]:
    county_server.hire(SECOND)
    made = (Laptop.of(county_server.laptop("worker")), Laptop.of(county_server.laptop(SECOND)))
    yield made
    for laptop in made:
        laptop.leave()


@pytest.fixture
def worker(county_server: JourneyCounty) -> Iterator[Laptop]:
    made = Laptop.of(county_server.laptop("worker"))
    yield made
    made.leave()


def at_doors(laptop: Laptop, home: str = "") -> Screening:
    laptop.turn_to()
    laptop.frame.open("screening", {"household": home} if home else {})
    screen = laptop.frame.screens["screening"]
    assert isinstance(screen, Screening)
    laptop.wait(lambda: screen.ready and screen.page is not None and home in ("", screen.page.household))
    settle()
    return screen


def newly_found(laptop: Laptop, *texts: str) -> str:
    """N at the doors; head, number, who else, phone, note, Enter behind each. The household."""
    at_doors(laptop).setFocus()
    laptop.press(Key.Key_N)
    laptop.wait(lambda: bool(laptop.frame.findChildren(NewFamilySheet)))
    for text in texts:
        field = laptop.frame.focusWidget()
        assert field is not None
        if text:
            type_text(field, text)
        press(field, Key.Key_Return)

    def homes() -> list[str]:
        found = laptop.read(lambda tx: people.with_name(tx, texts[0]))
        return [row.household for row in found if row.household]

    laptop.wait(lambda: bool(homes()))
    settle()
    return homes()[0]


def doors(laptop: Laptop) -> dict[str, Door]:
    found = screening.door_list(laptop.store, laptop.desk.actor, GRID).result()
    return {door.household: door for door in found.doors}


def answered(laptop: Laptop) -> tuple[int, int]:
    """(households, answers) of the round in this grid"""

    def work(tx: ReadTx) -> tuple[int, int]:
        info = rounds.current_round(tx, laptop.desk.actor)
        assert info is not None
        return len(households.in_area(tx, GRID)), sum(rounds.door_answers.tally(tx, info.id, GRID).values())

    return laptop.read(work)  # type: ignore[no-any-return]


def test_found_by_two_workers_on_one_day(two_workers: tuple[Laptop, Laptop], county_server: JourneyCounty) -> None:
    one, two = two_workers
    with county_server.away():
        first = newly_found(one, "𬱖小满", "新9", "李㛃、𬱖一", "", "")
        second = newly_found(two, "𬱖小满", "新9", "", "", "搬来不久")
    sync(county_server)
    there = answered(one)
    assert {first, second} <= set(doors(one))
    page = household_page(one, first)
    one.wait(lambda: bool(page.findChildren(TwinCard)) and bool(page.findChildren(TwinCard)[-1].twins))
    card = page.findChildren(TwinCard)[-1]
    assert [twin.reasons for twin in card.twins] == [("name", "door")]
    press(card.same[0], Key.Key_Space)
    one.wait(lambda: len({first, second} & set(doors(one))) == 1)
    sync(county_server)
    for laptop in two_workers:
        assert answered(laptop) == (there[0] - 1, there[1] - 1), "one household, one answer"
        (kept,) = {first, second} & set(doors(laptop))
        names = [row.full_name for row in laptop.read(lambda tx, kept=kept: people.members(tx, kept))]
        assert sorted(map(str, names)) == sorted(["𬱖小满", "李㛃", "𬱖一"])
        for typed in ("𬱖", "小满", "新9"):
            assert kept in [
                hit.subject for hit in laptop.read(lambda tx, typed=typed: find(tx, typed, own_areas=(GRID,)))
            ]


def carry(worker: Laptop, county: JourneyCounty, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B onto a stick in the village, the county's command in town, R in the village again."""
    up, down = folder / "up.tjbundle", folder / "down.tjbundle"
    for path in (up, down):
        path.unlink(missing_ok=True)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(up), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(down), ""))
    worker.turn_to()
    worker.frame.open("sync", {})
    screen = worker.frame.screens["sync"]
    assert isinstance(screen, Sync)
    worker.wait(lambda: screen.page is not None)
    worker.press(Key.Key_B)
    worker.wait(lambda: up.exists() and screen.running is None)
    settle()
    (count,) = county.server.admin("stick", up, down)
    assert count["refused"] == []
    worker.press(Key.Key_R)
    settle(0.2)
    worker.wait(lambda: screen.running is None)
    settle()


def test_a_village_of_sticks(
    two_laptops: tuple[Laptop, Laptop], county_server: JourneyCounty, picture: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    worker, supervisor = two_laptops
    home = newly_found(worker, "彭䶮", "新5", "", "", "")
    (man,) = worker.read(lambda tx: people.members(tx, home))
    facts = {"area": "rural", "members": [{"name": "彭䶮", "role": "head", "age": 50}]}
    visit_id, _rules = visit(worker, home, picture, told(facts, {"彭䶮": man.id}))
    carry(worker, county_server, tmp_path, monkeypatch)
    assert worker.read(lambda tx: tx.sync_state()).unsent == 0, "the answer stick brought the receipts"
    county_server._laptops[1].sync()
    assert [row.answer for row in supervisor.read(lambda tx: door_answers.of_household(tx, home))] == ["new"]
    approve(supervisor, visit_id)
    county_server._laptops[1].sync()
    carry(worker, county_server, tmp_path, monkeypatch)
    assert worker.read(lambda tx: visits.visit(tx, visit_id)).decision == "approved"


def test_two_families_behind_one_door_and_one_family_with_two(worker: Laptop) -> None:
    at = {"doors": {"d1": {"@row": True, "number": "新7", "order": 0.1}}}
    elder, _ = family(worker.store, GRID, ("邓光明", "head", "1960-01-15"), **at)
    younger, _ = family(worker.store, GRID, ("邓光荣", "head", "1964-01-15"), **at)
    both = {"d1": {"@row": True, "number": "新8", "order": 0.2}, "d2": {"@row": True, "number": "新8后", "order": 0.9}}
    wide, _ = family(worker.store, GRID, ("罗桂花", "head", "1958-01-15"), doors=both)
    before = answered(worker)
    screen = at_doors(worker, elder)
    worker.press(Key.Key_1)
    worker.wait(lambda: doors(worker)[elder].answer == "normal")
    assert doors(worker)[younger].answer is None, "the same door, another family"
    assert screen.page is not None
    assert screen.page.household == younger, "who lives behind the same door is asked next"
    worker.press(Key.Key_1)
    worker.wait(lambda: screen.page is not None and screen.page.household == wide)
    worker.press(Key.Key_1)
    worker.wait(lambda: doors(worker)[wide].answer == "normal")
    assert answered(worker) == (before[0], before[1] + 3)
    assert list(doors(worker)).count(wide) == 1
    for typed in ("新8", "新8后"):
        hits = worker.read(lambda tx, typed=typed: find(tx, typed, own_areas=(GRID,)))
        assert wide in [hit.subject for hit in hits], typed


def test_refused_twice(worker: Laptop) -> None:
    home, _ = family(
        worker.store, GRID, ("钱福", "head", "1950-01-15"), doors={"d1": {"@row": True, "number": "1", "order": 0.1}}
    )
    for note in ("首次", "再次"):
        at_doors(worker, home)
        worker.press(Key.Key_6)
        worker.wait(lambda: bool([s for s in worker.frame.findChildren(PickSheet) if s.isVisible()]))
        sheet = [s for s in worker.frame.findChildren(PickSheet) if s.isVisible()][-1]
        press(sheet, Key.Key_2)
        settle(0.2)
        door = doors(worker)[home]
        assert (door.answer, door.reason, door.state) == ("other", "refused", "done"), note
    screening_again = at_doors(worker, home)
    assert screening_again.page is not None
    worker.press(Key.Key_Z, CONTROL)
    worker.wait(lambda: doors(worker)[home].answer == "other")
    worker.press(Key.Key_Z, CONTROL)
    worker.wait(lambda: doors(worker)[home].answer is None)
