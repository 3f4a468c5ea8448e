"""Two laptops, one household, no network: different fields merge; the same field waits at the conflict desk.

C1  both values are shown with who and when; nothing is chosen beforehand; one is settled with two keys
C2  after syncing both laptops read the same, and the desk is empty
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt

from tests.journeys.county import JourneyCounty
from tests.journeys.laptop import Laptop, settle
from ui.screens.conflicts import Conflicts

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def town(county_server: JourneyCounty) -> Iterator[tuple[Laptop, Laptop, JourneyCounty]]:
    worker = Laptop.of(county_server.laptop("worker"))
    supervisor = Laptop.of(county_server.laptop("supervisor"))
    yield worker, supervisor, county_server
    worker.leave()
    supervisor.leave()


def sync(county: JourneyCounty) -> None:
    for _ in range(2):
        for laptop in county._laptops:
            laptop.sync()


def test_two_values_are_settled_at_the_desk(town: tuple[Laptop, Laptop, JourneyCounty]) -> None:
    """C1, C2."""
    worker, supervisor, county = town
    home = county.stories["high-medical-bill"]
    worker.store.write(lambda tx: tx.save(home, {"/phone": "13812345678", "/nature": "脱贫户"})).result()
    supervisor.store.write(lambda tx: tx.save(home, {"/phone": "13900001111", "/address": "周岭村3组3号附1"})).result()
    sync(county)
    view = supervisor.read(lambda tx: tx.document(home))
    assert list(view.merged.conflicts) == ["/phone"]
    assert view.state["nature"] == "脱贫户"
    assert view.state["address"] == "周岭村3组3号附1"

    supervisor.turn_to()
    supervisor.frame.open("conflicts", {"document": home})
    desk = supervisor.frame.screens["conflicts"]
    assert isinstance(desk, Conflicts)
    supervisor.wait(lambda: desk.page is not None)
    assert desk.page is not None
    (field,) = desk.page.fields
    assert {value.text for value in field.values} == {"13812345678", "13900001111"}
    assert {value.who for value in field.values} == {("王梅",), ("邓丽",)}
    settle()
    supervisor.press(Qt.Key.Key_Return, CONTROL)  # nothing is chosen yet
    assert supervisor.read(lambda tx: tx.document(home)).conflicted
    wanted = [value.text for value in field.values].index("13812345678")
    supervisor.press(Qt.Key(Qt.Key.Key_1 + wanted))
    supervisor.press(Qt.Key.Key_Return, CONTROL)
    supervisor.wait(lambda: not supervisor.read(lambda tx: tx.document(home)).conflicted)
    sync(county)
    for laptop in (worker, supervisor):
        assert laptop.read(lambda tx: tx.document(home)).state["phone"] == "13812345678"
    supervisor.wait(lambda: not desk.lines)
