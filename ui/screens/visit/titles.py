"""What sections and rows are called on screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from forms.api import AnswerProblem, FormSession
from ui.privacy import name
from ui.screens.visit.row_tabs import RowTab
from ui.screens.visit.row_words import who
from ui.screens.visit.sections import ROOT, ROW_GROUP, Section
from ui.words import t

PEOPLE = ("member.", "obligor.")


def section_title(session: FormSession, section: Section) -> str:
    """The group's label; of the section in which rows come and go, the repeat's with their number."""
    if section.first:
        count = len(session.children(section.repeat)) if session.exists(section.repeat) else 0
        people = any(node.fact.startswith(PEOPLE) for node in session.definition.walk(section.repeat))
        key = "visit.section_people" if people else "visit.section_rows"
        return t(key, title=session.view(section.repeat).label, n=count)
    if section.kind == ROOT:
        return t("visit.section_root")
    if section.kind != ROW_GROUP:
        return session.view(section.id).label
    rows = session.children(section.repeat)
    at = rows[0] + section.id[len(section.repeat) :] if rows else ""
    return session.view(at).label if at else ""


def row_tab(
    session: FormSession, section: Section, row: str, problems: Sequence[AnswerProblem], *, seen: bool, today: date
) -> RowTab:
    """The tab of a row: ticked when somebody was there and nothing is missing in this section."""
    inside = row + section.id[len(section.repeat) :] if section.kind == ROW_GROUP else row
    missing = any(problem.node_id.startswith(inside + "/") for problem in problems)
    said = who(session, row, today)
    said[:1] = [name(part) for part in said[:1]]
    short = said[0] if said else t("rows.empty", n=session.view(row).position)
    return RowTab(row, " · ".join(said) or short, short, not missing and seen)
