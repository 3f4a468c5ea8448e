"""A collector's one-minute report: somebody came home early, a barn burned, an old man fell.

The form is the county's own (``collector_report``); finished, it becomes a lead that the town and the grid see after
their next sync, and a report that keeps what was said. A household is linked when the name belongs to one only.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from fieldapp.domain.ids import new_document_id
from fieldapp.domain.pointers import ROW, Json
from fieldapp.errors import StateError
from fieldapp.store.api import Store, WriteTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.difficulty import SIGNALS, form_session
from fieldapp.workflows.lead_entry import home_of
from forms.api import FormDefinition, FormIncomplete, Submission

FORM = "collector_report"


@dataclass(frozen=True)
class Quick:
    """What was noticed. ``place`` is the group and house number as people say it; ``signals`` are the form's codes."""

    person_name: str
    place: str
    signals: tuple[str, ...]
    urgent: bool = False
    phone: str = ""
    note: str = ""


@dataclass(frozen=True)
class Reported:
    """The lead that was made, and the household it was linked to."""

    lead: str
    household: str | None


def send(store: Store, actor: Actor, form: FormDefinition, quick: Quick) -> Future[Reported]:
    """Sign report and lead together. Raises StateError ``report.asks_more`` when the county's form wants more than
    this, ``report.who`` without a name or a place, RefusedError."""
    if not quick.person_name.strip() or not quick.place.strip():
        raise StateError("report.who")
    started = actor.stamp()
    submission, signals = _fill(form, actor, quick)

    def work(tx: WriteTx) -> Reported:
        household, area = home_of(tx, actor, quick.person_name.strip())
        actor.require("lead", area)
        report = tx.create(
            "report", area, _report(actor, submission, household, started), document_id=new_document_id(),
            form=(form.id, form.version),
        )  # fmt: skip
        lead = tx.create("lead", area, _lead(actor, quick, signals, household, report))
        return Reported(lead, household)

    return store.write(work)


def _fill(form: FormDefinition, actor: Actor, quick: Quick) -> tuple[Submission, list[str]]:
    """The finished form, and the signals in its words."""
    session = form_session(form, actor, form.default_language)
    said: dict[str, str | list[str]] = {
        "person_name": quick.person_name.strip(), "place": quick.place.strip(), "signals": list(quick.signals),
        "urgent": "yes" if quick.urgent else "no", "phone": quick.phone.strip(), "note": quick.note.strip(),
    }  # fmt: skip
    labels: list[str] = []
    for node in [node for node in form.nodes.values() if not node.repeats and said.get(node.name)]:
        session.set(node.id, said[node.name])
        if node.fact == SIGNALS:
            words = {choice.value: choice.label for choice in session.view(node.id).choices}
            labels = [words.get(signal, signal) for signal in quick.signals]
    try:
        return session.finalise(), labels
    except FormIncomplete:
        raise StateError("report.asks_more") from None


def _report(actor: Actor, submission: Submission, household: str | None, started: str) -> dict[str, Json]:
    by: dict[str, Json] = {ROW: True, "name": actor.name, "user": actor.user}
    return {
        "household": household, "purpose": "collector", "form_id": submission.form_id,
        "form_version": submission.form_version, "started_at": started, "finished_at": actor.stamp(),
        "answers": dict(submission.answers), "investigators": {"i1": by},
    }  # fmt: skip


def _lead(actor: Actor, quick: Quick, signals: list[str], household: str | None, report: str) -> dict[str, Json]:
    content = "；".join(part for part in ("、".join(signals), quick.note.strip()) if part)
    return {
        "channel": "collector", "source": actor.name, "person_name": quick.person_name.strip(),
        "address": quick.place.strip(), "content": content, "urgent": quick.urgent,
        "phone": quick.phone.strip() or None, "issued_on": actor.today().isoformat(), "household": household,
        "report": report,
    }  # fmt: skip
