"""Hands of the town's desk on leads: taken down with N when somebody comes in or calls, given to a worker with G."""

from __future__ import annotations

from PySide6.QtCore import Qt

from fieldapp.workflows import leads
from tests.journeys.laptop import Laptop, press, settle, type_text
from ui.screens.lead_sheets import AssignSheet, NewLeadSheet
from ui.screens.leads import Leads


def take_down(desk: Laptop, name: str, place: str, content: str, source: str) -> str:
    """Who, where, what, who said so; Enter behind each. The lead's id."""
    screen = _screen(desk)
    before = _ids(desk)
    desk.press(Qt.Key.Key_N)
    desk.wait(lambda: bool(desk.frame.findChildren(NewLeadSheet)))
    for text in (name, place, content, source, ""):
        field = desk.frame.focusWidget()
        assert field is not None
        if text:
            type_text(field, text)
        press(field, Qt.Key.Key_Return)
    desk.wait(lambda: bool(_ids(desk) - before) and not desk.frame.findChildren(NewLeadSheet))
    (made,) = _ids(desk) - before
    desk.wait(lambda: screen.page is not None and screen.page.line.id == made)
    settle()
    return made


def assign(desk: Laptop, lead: str, worker: str) -> None:
    """G on the lead, the worker's name, Enter."""
    desk.turn_to()
    screen = _screen(desk)
    desk.frame.open("leads", {"lead": lead})
    desk.wait(lambda: screen.page is not None and screen.page.line.id == lead)
    settle()
    desk.press(Qt.Key.Key_G)
    desk.wait(lambda: bool(desk.frame.findChildren(AssignSheet)))
    sheet = desk.frame.findChildren(AssignSheet)[-1]
    field = sheet.fields["assignee"].field
    field.clear()
    type_text(field, worker)
    press(field, Qt.Key.Key_Return)
    desk.wait(lambda: screen.page is not None and screen.page.line.assigned_to == worker)
    settle()


def _screen(desk: Laptop) -> Leads:
    desk.turn_to()
    desk.frame.open("leads", {})
    screen = desk.frame.screens["leads"]
    assert isinstance(screen, Leads)
    desk.wait(lambda: screen.inbox is not None)
    settle()
    return screen


def _ids(desk: Laptop) -> set[str]:
    return {line.id for line in leads.inbox(desk.store, desk.desk.actor).result().open}
