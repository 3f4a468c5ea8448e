"""Hands for matters in the window: opened by M on the family's page, each next step by Enter, its form filled."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from fieldapp.store.api import Store, WriteTx
from fieldapp.workflows.assessing import Assessed, from_frozen, frozen_of
from fieldapp.workflows.matters.page import MatterPage
from forms.api import NodeView
from tests.journeys.county import JourneyCounty
from tests.journeys.laptop import Hands, Laptop, settle
from ui.screens.household import HouseholdPage
from ui.screens.matters.screen import Matters
from ui.screens.visit.form_view import FormView
from ui.widgets.pick_sheet import PickSheet

#: 周岭村 1-2 组, the worker's own
GRID = "341799101201-001"
CONTROL = Qt.KeyboardModifier.ControlModifier


def family(store: Store, grid: str, *people: tuple[str, str, str], **home: Any) -> tuple[str, dict[str, str]]:
    """(household, person ids by name) of people (name, relation, birth) as the registry knew them before."""

    def work(tx: WriteTx) -> tuple[str, dict[str, str]]:
        made = tx.create("household", grid, {"head_name": people[0][0], "address": "5组1号", **home})
        ids = {
            name: tx.create(
                "person", grid,
                {"full_name": name, "birth_date": born, "id_kind": "id_card", "whereabouts": "home",
                 "membership": {"household": made, "relation": relation, "lives_with_family": True}},
            )
            for name, relation, born in people
        }  # fmt: skip
        return made, ids

    return store.write(work).result()


def household_page(laptop: Laptop, home: str) -> HouseholdPage:
    laptop.turn_to()
    laptop.frame.open("household", {"household": home})
    page = laptop.frame.screens["household"]
    assert isinstance(page, HouseholdPage)
    laptop.wait(lambda: page.page is not None and page.page.id == home)
    settle()
    return page


def open_matter(laptop: Laptop, home: str, procedure: str, person: str = "") -> MatterPage:
    """M on the family's page, the procedure by a click, the person where it asks for one."""
    household_page(laptop, home)
    laptop.press(Qt.Key.Key_M)
    pick(laptop, procedure)
    laptop.wait(lambda: bool(_sheets(laptop)) or _is_shown(laptop, procedure, home))
    if _sheets(laptop):
        pick(laptop, person)
    return shown(laptop, lambda page: page.procedure == procedure and page.household == home)


def _is_shown(laptop: Laptop, procedure: str, home: str) -> bool:
    screen = laptop.frame.screens.get("matters")
    page = screen.page if isinstance(screen, Matters) else None
    return page is not None and (page.procedure, page.household) == (procedure, home)


def in_days(laptop: Laptop, days: int) -> str:
    """An ISO day as the clock of forms has it: what a form calls today is the machine's own day."""
    return (laptop.desk.actor.now().astimezone().date() + timedelta(days=days)).isoformat()


def sync(county: JourneyCounty) -> None:
    """Everybody twice: what one sent the other takes."""
    for _round in range(2):
        for laptop in county._laptops:
            laptop.sync()


def visit(
    laptop: Laptop, home: str, photo: Path, said: dict[str, Any], *, purpose: str = "routine"
) -> tuple[str, Assessed]:
    """A home visit filled in the window: its id, and what the rules said."""
    laptop.turn_to()
    form = laptop.begin_visit(home, purpose=purpose, partner="陈芳")
    visit_id = form.sheet.opening.header.visit
    hands = Hands(form, photo, said)
    hands.fill()
    named = {node.name: node.id for node in form.session.definition.walk() if not node.repeats}
    for node_id in [
        named.get(name, name) for name in said
    ]:  # what nobody must answer, and the family told all the same
        if form.session.exists(node_id):
            view = form.session.view(node_id)
            if view.relevant and (view.value is None or _stands_otherwise(view, said.get(node_id))):
                hands.answer(node_id)
    hands.fill()
    laptop.press(Qt.Key.Key_Return, CONTROL)
    laptop.wait(lambda: laptop.visits.form is None)
    frozen = frozen_of(laptop.read(lambda tx: tx.document(visit_id)).record.assessment)
    assert frozen is not None
    return visit_id, from_frozen(frozen)


def _stands_otherwise(view: NodeView, wanted: Any) -> bool:
    """Whether the registry filled in another choice than the family tells of one member."""
    return view.node.has_choices and isinstance(wanted, str) and str(view.value) != wanted


def say_all(form: FormView, photo: Path, said: dict[str, Any]) -> None:
    """What is said and differs from what stands: what nobody must answer, what was filled in, what came up."""
    named = {node.name: node.id for node in form.session.definition.walk() if not node.repeats}
    for _round in range(2):
        hands = Hands(form, photo, said)
        for name in [name for name in said if name in named]:
            view = form.session.view(named[name])
            if view.relevant and not _stands(view.value, said[name]):
                form.jump(view.id)
                field = form.window().focusWidget()
                if hasattr(field, "selectAll"):
                    field.selectAll()
                hands.answer(view.id)
        hands.fill()


def _stands(value: Any, wanted: Any) -> bool:
    """Whether the form has the answer already; ticks that stand are left, for a second press takes them away."""
    if isinstance(wanted, list):
        return bool(value)
    if isinstance(wanted, int | float):
        return value is not None and float(value) == float(wanted)
    return str(value) == str(wanted) if value is not None else False


def pick(laptop: Laptop, code: str) -> None:
    """One choice of the sheet that is open."""
    laptop.wait(lambda: bool(_sheets(laptop)))
    settle()
    sheet = _sheets(laptop)[-1]
    QTest.mouseClick(sheet.picks.chips[code], Qt.MouseButton.LeftButton)
    settle()


def _sheets(laptop: Laptop) -> list[PickSheet]:
    return [sheet for sheet in laptop.frame.findChildren(PickSheet) if sheet.isVisible()]


def shown(laptop: Laptop, until: Any = lambda _page: True) -> MatterPage:
    """The matter on the screen, once it is the one waited for."""

    def there() -> bool:
        screen = laptop.frame.screens.get("matters")
        return isinstance(screen, Matters) and screen.page is not None and until(screen.page)

    laptop.wait(there)
    settle()
    page = laptop.frame.screens["matters"].page  # type: ignore[attr-defined]
    assert isinstance(page, MatterPage)
    return page


def look_at(laptop: Laptop, matter: str) -> MatterPage:
    laptop.turn_to()
    laptop.frame.open("matters", {"matter": matter})
    return shown(laptop, lambda page: page.id == matter)


def next_step(laptop: Laptop, photo: Path, step: str, said: dict[str, Any], *, row: str = "") -> MatterPage:
    """Enter on the matter, which opens ``step``; its form filled and submitted. The matter as it stands then."""
    before = shown(laptop)
    assert before.next is not None
    assert before.next.id == step, (before.next.id, step)
    laptop.turn_to()
    laptop.frame.screens["matters"].setFocus()
    laptop.press(Qt.Key.Key_Return)
    if row:
        pick(laptop, row)
    return fill_step(laptop, photo, before, step, said)


def fill_step(laptop: Laptop, photo: Path, before: MatterPage, step: str, said: dict[str, Any]) -> MatterPage:
    """The form that has come up, filled; what the program filled in is left as it is unless ``said`` says otherwise."""
    laptop.wait(lambda: "visit" in laptop.frame.screens and laptop.visits.form is not None)
    done = len(before.step(step).entries)
    say_all(laptop.form, photo, said)
    laptop.press(Qt.Key.Key_Return, CONTROL)
    laptop.wait(lambda: laptop.visits.form is None)
    return shown(laptop, lambda page: page.id == before.id and len(page.step(step).entries) > done)
