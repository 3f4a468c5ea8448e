"""Handing over what others must do (转介、服务派单、多部门任务) and following it to its result."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date

from fieldapp.domain.documents import Household, Task
from fieldapp.domain.pointers import Json
from fieldapp.errors import StateError
from fieldapp.store.api import Store, WriteTx
from fieldapp.workflows.actor import Actor

KINDS = ("referral", "service", "identity", "emergency", "other")


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
    """The new task's id. Raises StateError ``task.words`` without a title or provider, ``task.past`` when it would
    be due before today, ``state.unknown``; RefusedError."""
    if not handing.title.strip() or not handing.provider.strip():
        raise StateError("task.words")
    if handing.due_on is not None and handing.due_on < actor.today():
        raise StateError("task.past")

    def work(tx: WriteTx) -> str:
        view = tx.document(household)
        if view is None or not isinstance(view.record, Household):
            raise StateError("state.unknown")
        actor.require("task", view.area)
        state: dict[str, Json] = {
            "kind": handing.kind, "household": household, "person": handing.person, "title": handing.title.strip(),
            "provider": handing.provider.strip(), "due_on": handing.due_on.isoformat() if handing.due_on else None,
            "given_on": actor.today().isoformat(), "given_by": actor.name,
        }  # fmt: skip
        return tx.create("task", view.area, {name: value for name, value in state.items() if value is not None})

    return store.write(work)


def close(store: Store, actor: Actor, task_id: str, result: Result) -> Future[str]:
    """Write the result down; the chain of help shows it. Raises StateError ``task.result`` without words,
    ``task.closed`` when it has one, ``state.unknown``; RefusedError."""
    if not result.text.strip():
        raise StateError("task.result")

    def work(tx: WriteTx) -> str:
        view = tx.document(task_id)
        if view is None or not isinstance(view.record, Task):
            raise StateError("state.unknown")
        if view.record.result.get("at"):
            raise StateError("task.closed")
        actor.require("task", view.area)
        at = actor.stamp() if result.on == actor.today() else result.on.isoformat()
        writes: dict[str, Json] = {
            "/result/at": at, "/result/text": result.text.strip(), "/result/by": actor.name,
        }  # fmt: skip
        for name, text in (("hours", result.hours.strip()), ("word", result.word.strip())):
            if text:
                writes[f"/result/{name}"] = text
        return tx.save(task_id, writes)

    return store.write(work)
