"""A row taken out of a form: somebody the registry knows leaves it for a reason, anything else just goes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from fieldapp.workflows.visit_prefill import people_repeat
from fieldapp.workflows.visits import GONE
from ui.screens.visit.row_words import row_words
from ui.screens.visit.sheet import VisitSheet
from ui.widgets.pick_sheet import PickSheet
from ui.words import t

KNOWN = "known_person"


def take_out(window: QWidget, sheet: VisitSheet, row: str) -> None:
    """Remove ``row``; of a known member asks why first."""
    session = sheet.session
    if not session.can_remove(row):
        return
    if not _is_known(sheet, row):
        session.remove_row(row)
        return
    options = [(why, t(f"visit.gone.{why}")) for why in GONE]
    title = t("visit.gone_title", who=row_words(session, row))
    PickSheet(
        window, title, options, lambda picked: sheet.take_out(row, picked[0]), words=t("visit.gone_words")
    ).open()


def _is_known(sheet: VisitSheet, row: str) -> bool:
    form = sheet.opening.form
    people = people_repeat(form)
    if people is None or not row.startswith(people.id + "/"):
        return False
    marks = [node for node in form.nodes.values() if node.name == KNOWN and node.repeats == (people.id,)]
    return any(sheet.session.view(row + node.id[len(people.id) :]).value == "yes" for node in marks)
