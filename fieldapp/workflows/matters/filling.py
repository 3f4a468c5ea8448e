"""A step's form opened and submitted: its answers live in the matter under the step."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import replace
from decimal import Decimal
from typing import Any

from fieldapp.domain.documents import Errand, Household, Matter, Person
from fieldapp.domain.ids import derived_document_id
from fieldapp.domain.pointers import Json
from fieldapp.domain.roles import READ, may
from fieldapp.errors import StateError
from fieldapp.store.api import DocumentView, ReadTx, Store, WriteTx
from fieldapp.store.projections import people
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.form_shelf import FormShelf
from fieldapp.workflows.matters.course import Entry, entries
from fieldapp.workflows.matters.known import Known, answer_named
from fieldapp.workflows.matters.procedure import Procedure, Step
from fieldapp.workflows.matters.writing import StepDone, of_matter, write_step
from fieldapp.workflows.visit_drafts import Header
from fieldapp.workflows.visit_prefill import prefill
from fieldapp.workflows.visits import LastVisit, VisitOpening, resumed
from forms.api import FormDefinition, Submission

DRAFT_TAG = "step-draft-1"


def start(
    store: Store, actor: Actor, shelf: FormShelf, matter: str, step: str, *, row: str = "", correct: str = ""
) -> Future[VisitOpening]:
    """The form of a step, filled with what is known; its draft where one was begun. ``correct`` names an entry that
    stands. Raises StateError ``matter.unknown`` | ``form.unknown``, RefusedError."""

    def work(tx: ReadTx) -> VisitOpening:
        view, procedure = of_matter(tx, matter)
        actor.require(view.type, view.area)
        wanted = procedure.step(step)
        which = correct or row or str(_sessions(view, step))
        draft_id = derived_document_id(DRAFT_TAG, actor.user, matter, step, which)
        if tx.draft(draft_id) is not None:
            return resumed(tx, shelf, draft_id)
        form = shelf.newest(wanted.form)
        entry = next((each for each in entries(view.state) if each.key == correct), None)
        record = Matter.read(view.id, view.state)
        header = Header(
            draft_id, record.household or "", view.area, procedure.id, None, None, form.id, form.version,
            actor.stamp(), matter=matter, step=step, row=row or (entry.row if entry else ""), corrects=correct,
            sealed=not may(actor.role, READ, view.type),
        )  # fmt: skip
        known = dict(entry.answers) if entry else _known(tx, actor, procedure, view, wanted, form, row)
        return _opening(tx, header, form, known, _before(view, wanted, entry), wanted)

    return store.read(work)


def submit_step(tx: WriteTx, actor: Actor, header: Header, form: FormDefinition, submission: Submission) -> str:
    """Write the filled form under its step; the draft goes. The entry's key. Raises as ``write_step``."""
    view, procedure = of_matter(tx, header.matter)
    step = procedure.step(header.step)
    done = step_done(step, submission.answers, actor, (form.id, form.version), header.row)
    read_in = ((view.state.get("reports") or {}).get(step.id) or {}).get("rows") or ()
    done = replace(done, report=tuple(read_in))
    key = write_step(tx, actor, view.id, done, key=header.corrects)
    tx.drop_draft(header.visit)
    return key


def step_done(
    step: Step, answers: Mapping[str, Any], actor: Actor, form: tuple[str, str], row: str = ""
) -> StepDone:
    """A filled form as the entry of its step: the questions ``reads`` names give the day, outcome, amount, words."""
    said = {name: answer_named(answers, question) for name, question in step.reads.items()}
    more: dict[str, Json] = {f"/{name}": str(said[name]) for name in ("provider", "title") if said.get(name)}
    return StepDone(
        step.id, _day(said.get("day")) or actor.today().isoformat(), row, _text(said.get("outcome")),
        _text(said.get("words")) or "", fen(said.get("amount")), _day(said.get("until")), form=form,
        answers=dict(answers), more=more,
    )  # fmt: skip


def link_visit(tx: WriteTx, actor: Actor, matter: str, step: str, visit: str, on: str) -> str:
    """A finished visit is the step's evidence."""
    return write_step(tx, actor, matter, StepDone(step, on, visit=visit))


def fen(value: Any) -> int | None:
    """Yuan as a form has them, in 分; None when nothing was said."""
    return None if value is None or value == "" else int((Decimal(str(value)) * 100).to_integral_value())


def _known(
    tx: ReadTx, actor: Actor, procedure: Procedure, view: DocumentView, step: Step, form: FormDefinition, row: str
) -> dict[str, Any]:
    assert isinstance(view.record, Matter)
    record = view.record
    told = {"by": actor.name, **Known(tx, actor, procedure, record, view.area, row).fill(step.fills)}
    home = tx.document(record.household or "")
    household = home.record if home is not None else None
    if isinstance(record, Errand):
        household = Household(id="", state={})  # whoever serves knows no more of the family than the slip says
    if not isinstance(household, Household):
        raise StateError("state.unknown")
    return prefill(form, household, _people(tx, record.household or ""), told)


def _people(tx: ReadTx, household: str) -> list[Person]:
    found = [tx.document(row.id) for row in people.members(tx, household) if not row.deceased_on]
    return [view.record for view in found if view is not None and isinstance(view.record, Person)]


def _opening(
    tx: ReadTx, header: Header, form: FormDefinition, known: Mapping[str, Any], last: LastVisit | None, step: Step
) -> VisitOpening:
    home = tx.document(header.household)
    record = home.record if home is not None else None
    name = next((p.full_name for p in _people(tx, header.household) if p.membership.get("relation") == "head"), None)
    name = name or (record.head_name if isinstance(record, Household) else None)
    matter = tx.document(header.matter)
    if matter is not None and isinstance(matter.record, Errand):
        name = matter.record.person_name
    return VisitOpening(header, name or "", step.words.zh, form, None, known, last, None, (), ())


def _before(view: DocumentView, step: Step, correcting: Entry | None) -> LastVisit | None:
    """The session before this one stands beside it."""
    made = [each for each in entries(view.state) if each.step == step.id and not each.undone]
    found = [each for each in made if correcting is None or each.key != correcting.key]
    return LastVisit(view.id, found[-1].on, found[-1].answers, found[-1].form[1]) if found else None


def _sessions(view: DocumentView, step: str) -> int:
    return sum(each.step == step for each in entries(view.state))


def _day(value: Any) -> str | None:
    return str(value)[:10] if value else None


def _text(value: Any) -> str | None:
    return str(value) if value not in (None, "") else None
