"""A report of difficulty from the row of doors: a finished form and the door's answer in one transaction.

The form is the county's own workbook; only what it asks is answered here. When a county's version asks more than the
signals, the whole form has to be opened: StateError ``report.asks_more``.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime

from fieldapp.domain.ids import new_document_id
from fieldapp.domain.pointers import ROW, Json
from fieldapp.errors import StateError
from fieldapp.store.api import Store, WriteTx
from fieldapp.workflows import screening
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.screening import Given, Told
from forms import api as forms
from forms.api import Environment, FormDefinition, FormIncomplete, FormSession, NodeDef, Submission

FORM = "report_of_difficulty"
SIGNALS, URGENT = "signal.kinds", "signal.urgent"
NOTHING = "none"


@dataclass(frozen=True)
class Questions:
    """The form's own words: (code, words) of the signals, and whether it asks how pressing it is."""

    signals: tuple[tuple[str, str], ...]
    asks_urgent: bool


@dataclass(frozen=True)
class Noticed:
    """What was seen. ``person`` is the name of the one in difficulty, None for the whole family."""

    signals: tuple[str, ...]
    urgent: bool = False
    person: str | None = None
    how: str = "seen"
    note: str = ""


def questions(form: FormDefinition, actor: Actor, language: str) -> Questions:
    """What to offer before anything is answered; ``language`` as the form names it."""
    session = form_session(form, actor, language)
    node = _by_fact(form, SIGNALS)
    offered = session.view(node.id).choices if node else ()
    signals = tuple((choice.value, choice.label) for choice in offered if choice.value != NOTHING)
    return Questions(signals, _by_fact(form, URGENT) is not None)


def report(
    store: Store, actor: Actor, form: FormDefinition, round_id: str, household: str, noticed: Noticed
) -> Future[Given]:
    """Sign the report and the answer ``difficulty`` together; taking it back clears both.

    Raises StateError ``report.asks_more`` | ``round.closed``, RefusedError.
    """
    started = actor.stamp()
    submission = _fill(form, actor, noticed)

    def work(tx: WriteTx) -> Given:
        view = tx.document(household)
        if view is None:
            raise StateError("state.unknown")
        actor.require("report", view.area)
        told = Told("difficulty", how=noticed.how, note=noticed.note or None, signals=noticed.signals)
        given = screening.give(tx, actor, round_id, household, told)
        state = _state(actor, submission, household, round_id, noticed, started)
        made = tx.create("report", view.area, state, document_id=new_document_id(), form=(form.id, form.version))
        withdrawn: dict[str, Json] = {"/purpose": "withdrawn"}
        return replace(given, before=(*given.before, (made, withdrawn)))

    return store.write(work)


def _fill(form: FormDefinition, actor: Actor, noticed: Noticed) -> Submission:
    session = form_session(form, actor, form.default_language)
    said: dict[str, str | list[str]] = {
        "signals": list(noticed.signals), "urgent": "yes" if noticed.urgent else "no", "how_known": noticed.how,
        "whom": "one" if noticed.person else "household",
    }  # fmt: skip
    by_fact = {SIGNALS: "signals", URGENT: "urgent"}
    for node in [node for node in form.nodes.values() if not node.repeats]:
        name = by_fact.get(node.fact, node.name)
        if name in said:
            session.set(node.id, said[name])
    for name, text in (("person_name", noticed.person), ("note", noticed.note)):
        node_id = next((node.id for node in form.nodes.values() if node.name == name and not node.repeats), None)
        if node_id and text:
            session.set(node_id, text)
    try:
        return session.finalise()
    except FormIncomplete:
        raise StateError("report.asks_more") from None


def _state(
    actor: Actor, submission: Submission, household: str, round_id: str, noticed: Noticed, started: str
) -> dict[str, Json]:
    by: dict[str, Json] = {ROW: True, "name": actor.name, "user": actor.user}
    return {
        "household": household, "purpose": "difficulty", "round": round_id, "form_id": submission.form_id,
        "form_version": submission.form_version, "started_at": started, "finished_at": actor.stamp(),
        "answers": dict(submission.answers), "urgent": noticed.urgent, "investigators": {"i1": by},
    }  # fmt: skip


def form_session(form: FormDefinition, actor: Actor, language: str) -> FormSession:
    """An empty session of a short form that is filled here rather than on a screen of its own."""
    zone = datetime.now().astimezone().tzinfo
    assert zone is not None
    return forms.open_session(form, Environment(now=actor.now, zone=zone, username=actor.user, language=language))


def _by_fact(form: FormDefinition, fact: str) -> NodeDef | None:
    return next((node for node in form.nodes.values() if node.fact == fact), None)
