"""What a matter's steps say in Chinese words, for papers and ledgers: outcomes by their procedure, answers by their
form's own choices. A county's own procedure and form speak their own words."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.store.api import ReadTx
from fieldapp.workflows.form_reading import read_form
from fieldapp.workflows.matters.course import Entry
from fieldapp.workflows.matters.readings import Base
from fieldapp.workflows.matters.shelf import procedures
from fieldapp.workflows.report_data import Forms
from fieldapp.workflows.report_data_answers import FILE_KINDS
from fieldapp.workflows.report_data_masking import hide_answer
from forms import api as forms


def step_title(tx: ReadTx, matter: Base, entry: Entry) -> str:
    """What the step is called; its id where the procedure has dropped it."""
    procedure = procedures(tx).get(matter.procedure)
    return procedure.step(entry.step).words.zh if procedure and procedure.has(entry.step) else entry.step


def outcome_words(tx: ReadTx, matter: Base, *steps: str) -> str:
    """How the latest of these steps ended; "" without one."""
    found = matter.last(*steps)
    return entry_outcome(tx, matter, found) if found else ""


def entry_outcome(tx: ReadTx, matter: Base, entry: Entry) -> str:
    procedure = procedures(tx).get(matter.procedure)
    step = procedure.step(entry.step) if procedure and procedure.has(entry.step) else None
    outcome = step.outcome(entry.outcome) if step else None
    return outcome.words.zh if outcome else entry.outcome or ""


def answer_words(shelf: Forms, matter: Base, step: str, question: str) -> str:
    """The answer of the latest entry of a step, in the form's words; "" without one."""
    found = matter.last(step)
    named = (asked for asked in read(shelf, found) if asked[0] == question) if found else iter(())
    return next((text for _, _, text in named), "")


def read(shelf: Forms, entry: Entry, *, mask: bool = False) -> Iterator[tuple[str, str, str]]:
    """(question's name, label, answer) of everything answered in an entry's form, pictures left out; rows named before
    their questions."""
    form_id, version = entry.form
    if not form_id:
        return
    for asked in read_form(shelf(form_id, version), entry.answers, None, "zh"):
        if asked.text and asked.node.type not in FILE_KINDS and asked.node.kind is forms.Kind.QUESTION:
            text = hide_answer(asked.node, asked.text) if mask else asked.text
            yield asked.node.name, " · ".join(filter(None, (asked.row, asked.label))), text
