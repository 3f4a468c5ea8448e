"""The slip of a task that somebody from outside serves: its own document, for the task itself is not theirs to read.

Social workers, third parties and volunteers see a task's name and address only (trade.md). Revisions are signed whole
and nobody can cut fields out of one, so whoever gives the task writes beside it what they may read. The slip follows
the task: given with the order, rewritten when the order is mended, settled when the task is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.domain.areas import may_write
from fieldapp.domain.documents import Household, Matter, Person
from fieldapp.domain.ids import derived_document_id
from fieldapp.domain.pointers import ROW, Json, canonical, get, join, leaves
from fieldapp.domain.roles import THIRD_PARTY
from fieldapp.store.api import DocumentView, ReadTx, WriteTx
from fieldapp.store.projections import people
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters.course import OPEN, Course, Entry, entries
from fieldapp.workflows.matters.known import answer_named
from fieldapp.workflows.matters.procedure import Procedure
from fieldapp.workflows.matters.services import KINDS
from fieldapp.workflows.matters.shelf import procedures
from fieldapp.workflows.matters.standing import applied, read_course, standing_words

SLIP, SLIP_TAG = "errand", "errand-1"
ORDER, SERVE, SETTLE = "order", "serve", "settle"
_SAID = {code: words for words, code in KINDS.items()}


def slip_id(county: str, task: str) -> str:
    """One slip for a task, whoever writes it first."""
    return derived_document_id(SLIP_TAG, county, task)


def answered(tx: ReadTx, county: str, task: str) -> tuple[str, Entry] | None:
    """The slip's id and what whoever served wrote on it, once they did."""
    view = tx.document(slip_id(county, task))
    if view is None:
        return None
    found = [each for each in entries(view.state) if each.step == SERVE and not each.undone]
    return (view.id, found[-1]) if found else None


def follow(tx: WriteTx, actor: Actor, procedure: Procedure, task: DocumentView) -> None:
    """After a step of ``task`` was written or taken back: its slip says the same."""
    if task.type == SLIP or not any(THIRD_PARTY in step.roles for step in procedure.steps):
        return
    course = read_course(tx, actor, procedure, task.state)
    slip = tx.document(slip_id(actor.county, task.id))
    if slip is not None and not may_write(actor.scopes, slip.area):
        return
    order = _order(course) if course.closed is None else None
    if order is not None:
        _give(tx, actor, task, slip, order)
    elif slip is not None:
        _settle(tx, actor, slip)


def _order(course: Course) -> Entry | None:
    """The order that stands: the last entry of the steps that an outside step waiting to be done needs."""
    waiting = [each.step for each in course.steps if each.state == OPEN and THIRD_PARTY in each.step.roles]
    needed = {name for step in waiting for each in step.needs for name in each if name != step.id}
    given = [entry for each in course.steps if each.step.id in needed for entry in each.done]
    return max(given, key=lambda entry: (entry.on, entry.at), default=None)


def _give(tx: WriteTx, actor: Actor, task: DocumentView, slip: DocumentView | None, order: Entry) -> None:
    record = Matter.read(task.id, task.state)
    form = procedures(tx)[SLIP]
    entry: dict[str, Json] = {
        ROW: True, "step": ORDER, "on": order.on, "at": order.at, "by": order.by, "user": order.user,
        "until": order.until,
    }  # fmt: skip
    state: dict[str, Any] = {
        "procedure": form.id, "kind": form.kind, "task": task.id, "title": _service(record, order),
        "provider": record.provider, **_whom(tx, record), "opened_on": order.on, "opened_by": order.by,
        "opened_user": order.user, "steps": {ORDER: _kept(entry)},
    }  # fmt: skip
    if slip is None:
        made = _kept(state)
        tx.create(SLIP, task.area, {**made, **standing_words(tx, actor, form, made)}, document_id=slip_id(
            actor.county, task.id))  # fmt: skip
        return
    writes: dict[str, Json] = dict(leaves(state))
    if _standing(slip, SETTLE):
        writes[join("steps", SETTLE, "undone")] = form.step(ORDER).words.zh
        writes["/result/at"] = None
    _save(tx, actor, slip, form, writes)


def _whom(tx: ReadTx, record: Matter) -> dict[str, Json]:
    """Whom to go to and where: the one it is for, else the head of the family."""
    view, home = tx.document(record.person or ""), tx.document(record.household or "")
    person = view.record.full_name if view is not None and isinstance(view.record, Person) else None
    house = home.record if home is not None and isinstance(home.record, Household) else None
    head = next((row.full_name for row in people.members(tx, record.household or "") if row.relation == "head"), None)
    return {
        "person_name": person or head or (house.head_name if house else None),
        "address": house.address if house else None,
    }


def _service(record: Matter, order: Entry) -> str:
    """The kind of service in the words of the list; never what somebody typed."""
    code = answer_named(order.answers, "service") or record.state.get("service")
    return _SAID.get(str(code), "上门服务")


def _settle(tx: WriteTx, actor: Actor, slip: DocumentView) -> None:
    """Nobody is to go there any more. What was served and said already stays as it is."""
    if _standing(slip, SETTLE) or _standing(slip, SERVE):
        return
    at = join("steps", SETTLE)
    entry: dict[str, Json] = {
        ROW: True, "step": SETTLE, "on": actor.today().isoformat(), "at": actor.stamp(), "by": actor.name,
        "user": actor.user, "undone": None,
    }  # fmt: skip
    form = procedures(tx)[SLIP]
    writes: dict[str, Json] = {f"{at}/{name}": value for name, value in entry.items()}
    writes["/result/at"] = actor.stamp()
    _save(tx, actor, slip, form, writes)


def _standing(slip: DocumentView, step: str) -> bool:
    return any(entry.step == step and not entry.undone for entry in entries(slip.state))


def _save(tx: WriteTx, actor: Actor, slip: DocumentView, form: Procedure, writes: Mapping[str, Json]) -> None:
    """Write what differs, and what follows from it."""
    after = applied(slip.state, writes)
    following = {f"/{name}": value for name, value in standing_words(tx, actor, form, after).items()}
    wanted = {**writes, **following}
    changed = {path: value for path, value in wanted.items() if canonical(get(slip.state, path)) != canonical(value)}
    if changed:
        tx.save(slip.id, changed)


def _kept(state: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if value is not None}
