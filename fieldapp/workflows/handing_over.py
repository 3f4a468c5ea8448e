"""Handing over in one line (转介、服务派单): what, to whom, until when; and what came of it, in one line too.

The quick way into two procedures: a referral whose letter is this line, a service whose order is. Everything longer
is done step by step (``matters``); both read alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date

from fieldapp.domain.documents import Matter
from fieldapp.domain.pointers import Json
from fieldapp.errors import StateError
from fieldapp.store.api import Store, WriteTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters.opening import Wanted, create
from fieldapp.workflows.matters.writing import StepDone, of_matter, write_step

REFERRAL, SERVICE = "referral", "service"
KINDS = (REFERRAL, SERVICE, "identity", "emergency", "other")
#: procedure → the step its one line fills, and those its result fills, with the outcome that says it is done
STEPS: Mapping[str, tuple[str, tuple[tuple[str, str | None], ...]]] = {
    REFERRAL: ("send", (("answer", "done"), ("close", None))),
    SERVICE: ("order", (("serve", None),)),
}


@dataclass(frozen=True)
class Handing:
    """``kind`` of ``KINDS``; ``title`` what is to be done, ``provider`` by whom, ``due_on`` until when."""

    kind: str
    title: str
    provider: str
    due_on: date | None = None
    person: str | None = None


@dataclass(frozen=True)
class Result:
    """What came of it: in words, on which day, ``hours`` of service, the family's own ``word``."""

    text: str
    on: date
    hours: str = ""
    word: str = ""


def hand_over(store: Store, actor: Actor, household: str, handing: Handing) -> Future[str]:
    """The new matter's id. Raises StateError ``task.words`` without a title or provider, ``task.past`` when it would
    be due before today, ``state.unknown``; RefusedError."""
    if not handing.title.strip() or not handing.provider.strip():
        raise StateError("task.words")
    if handing.due_on is not None and handing.due_on < actor.today():
        raise StateError("task.past")
    procedure = SERVICE if handing.kind == SERVICE else REFERRAL
    wanted = Wanted(
        procedure, household, person=handing.person, title=handing.title, provider=handing.provider,
        due_on=handing.due_on, kind=handing.kind,
    )  # fmt: skip
    until = handing.due_on.isoformat() if handing.due_on else None
    sent = StepDone(STEPS[procedure][0], actor.today().isoformat(), words=handing.title.strip(), until=until)

    def work(tx: WriteTx) -> str:
        matter = create(tx, actor, wanted, {})
        write_step(tx, actor, matter, sent)
        return matter

    return store.write(work)


def close(store: Store, actor: Actor, matter: str, result: Result) -> Future[str]:
    """Write the result down; the chain of help shows it. Raises StateError ``task.result`` without words,
    ``task.closed`` when it has one, ``state.unknown``; RefusedError."""
    if not result.text.strip():
        raise StateError("task.result")

    def work(tx: WriteTx) -> str:
        view = tx.document(matter)
        if view is None or not isinstance(view.record, Matter):
            raise StateError("state.unknown")
        if view.record.result.get("at"):
            raise StateError("task.closed")
        if view.record.procedure not in STEPS:
            return _without_steps(tx, actor, matter, result)
        for step, outcome in STEPS[str(view.record.procedure)][1]:
            if step in of_matter(tx, matter)[0].state.get("next", ()):
                done = StepDone(
                    step, result.on.isoformat(), outcome=outcome, words=result.text.strip(), answers=_answers(result)
                )
                write_step(tx, actor, matter, done)
        return matter

    return store.write(work)


def _answers(result: Result) -> dict[str, Json]:
    said: dict[str, Json] = {"hours": result.hours.strip(), "family_word": result.word.strip()}
    return {name: text for name, text in said.items() if text}


def _without_steps(tx: WriteTx, actor: Actor, task: str, result: Result) -> str:
    """A task from before there were steps has only its result."""
    view = tx.document(task)
    assert view is not None
    actor.require(view.type, view.area)
    at = actor.stamp() if result.on == actor.today() else result.on.isoformat()
    writes: dict[str, Json] = {"/result/at": at, "/result/text": result.text.strip(), "/result/by": actor.name}
    for name, text in (("hours", result.hours.strip()), ("word", result.word.strip())):
        if text:
            writes[f"/result/{name}"] = text
    return tx.save(task, writes)
