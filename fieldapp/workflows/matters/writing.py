"""Doing a step, undoing it, correcting it: one save each, with what follows from it in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain.documents import Matter
from fieldapp.domain.ids import new_document_id
from fieldapp.domain.pointers import ROW, Json, canonical, get, join, leaves
from fieldapp.errors import RefusedError, StateError
from fieldapp.store.api import DocumentView, ReadTx, Store, WriteTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters import effects
from fieldapp.workflows.matters.course import DONE, OPEN, Course, StepCourse, entries
from fieldapp.workflows.matters.known import answer_named
from fieldapp.workflows.matters.opening import procedure_named
from fieldapp.workflows.matters.procedure import ONCE, SESSION, Procedure
from fieldapp.workflows.matters.standing import applied, read_course


@dataclass(frozen=True)
class StepDone:
    """What was done. ``row`` is the person, for steps done once for each; ``amount`` 分; ``more`` further leaves of
    the matter itself by pointer (its title, provider, the day asked for)."""

    step: str
    on: str
    row: str = ""
    outcome: str | None = None
    words: str = ""
    amount: int | None = None
    until: str | None = None
    visit: str = ""
    form: tuple[str, str] = ("", "")
    answers: Mapping[str, Any] = field(default_factory=dict)
    report: tuple[Mapping[str, Any], ...] = ()
    more: Mapping[str, Json] = field(default_factory=dict)


def do_step(store: Store, actor: Actor, matter: str, done: StepDone) -> Future[str]:
    """Write a step that needs no form. Raises as ``write_step``."""
    return store.write(lambda tx: write_step(tx, actor, matter, done))


def write_step(tx: WriteTx, actor: Actor, matter: str, done: StepDone, *, key: str = "") -> str:
    """The entry's key. With ``key`` an entry that stands is corrected, whatever came after it.

    Raises StateError ``matter.unknown`` | ``matter.closed`` | ``matter.not_yet`` | ``matter.done``, RefusedError
    ``refused.step`` (another role's) | ``refused.same_person`` (who did an earlier step may not do this one).
    """
    view, procedure = of_matter(tx, matter)
    step = _allowed(tx, actor, view, procedure, done, correcting=bool(key))
    key = key or _free(view.state, key_of(step, done.row))
    writes = _entry_writes(actor, view.state, key, done)
    writes.update({path: value for path, value in done.more.items() if get(view.state, path) != value})
    save_following(tx, actor, view, procedure, writes)
    effects.follow(tx, actor, procedure, matter, key)
    return key


def undo_step(store: Store, actor: Actor, matter: str, key: str, why: str) -> Future[str]:
    """Take back a step nothing was built on: it stays in the matter with the reason. Raises StateError
    ``matter.why`` without a reason, ``matter.later_steps``, ``matter.unknown``, RefusedError."""
    if not why.strip():
        raise StateError("matter.why")

    def work(tx: WriteTx) -> str:
        view, procedure = of_matter(tx, matter)
        entry = next((each for each in entries(view.state) if each.key == key and not each.undone), None)
        if entry is None:
            raise StateError("matter.unknown")
        actor.require(view.type, view.area)
        if actor.role not in procedure.step(entry.step).roles:
            raise RefusedError("refused.step")
        course = read_course(tx, actor, procedure, view.state)
        if any(each.done and any(entry.step in need for need in each.step.needs) for each in course.steps
               if each.step.id != entry.step):  # fmt: skip
            raise StateError("matter.later_steps")
        at = join("steps", key)
        writes: dict[str, Json] = {f"{at}/undone": why.strip(), f"{at}/undone_by": actor.name,
                                   f"{at}/undone_on": actor.today().isoformat()}  # fmt: skip
        save_following(tx, actor, view, procedure, writes)
        effects.take_back(tx, actor, procedure, matter, entry)
        return key

    return store.write(work)


def of_matter(tx: ReadTx, matter: str) -> tuple[DocumentView, Procedure]:
    """Raises StateError ``matter.unknown``."""
    view = tx.document(matter)
    if view is None or not isinstance(view.record, Matter) or not view.record.procedure:
        raise StateError("matter.unknown")
    return view, procedure_named(tx, view.record.procedure)


def key_of(step: StepCourse, row: str) -> str:
    """Where an entry is kept. A session gets a row of its own."""
    if step.step.each == ONCE:
        return step.step.id
    return f"{step.step.id}:{new_document_id() if step.step.each == SESSION else row}"


def _free(state: Mapping[str, Any], key: str) -> str:
    """The key, or the next one behind entries that were taken back: those stay to be read."""
    taken = state.get("steps") or {}
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}:{number}"
    return free


def save_following(
    tx: WriteTx, actor: Actor, view: DocumentView, procedure: Procedure, writes: Mapping[str, Json]
) -> None:
    """Save ``writes`` with what follows from them: what is next, the nearest term, the result."""
    after = applied(view.state, writes)
    course = read_course(tx, actor, procedure, after)
    due = course.due
    following: dict[str, Json] = {"/next": [each.step.id for each in course.open], "/due_on": due.text if due else None}
    following.update(_result(actor, procedure, course, view.state))
    contested = view.merged.conflicts  # a contested leaf reads as none: what follows is settled by writing it anew
    changed = {
        path: value
        for path, value in following.items()
        if path in contested or canonical(get(after, path)) != canonical(value)
    }
    tx.save(view.id, {**writes, **changed})


def _allowed(
    tx: ReadTx, actor: Actor, view: DocumentView, procedure: Procedure, done: StepDone, *, correcting: bool
) -> StepCourse:
    actor.require(view.type, view.area)
    if not procedure.has(done.step):
        raise StateError("matter.unknown")
    course = read_course(tx, actor, procedure, view.state)
    step = course.of(done.step)
    if actor.role not in step.step.roles:
        raise RefusedError("refused.step")
    others = [entry for each in course.steps if each.step.id in step.step.not_by for entry in each.done]
    if any(entry.user == actor.user for entry in others):
        raise RefusedError("refused.same_person")
    if not correcting:
        _may_be_done(course, step)
    return step


def _may_be_done(course: Course, step: StepCourse) -> None:
    if step.state == OPEN:
        return
    if course.closed is not None:
        raise StateError("matter.closed")
    raise StateError("matter.done" if step.state == DONE else "matter.not_yet")


def _entry_writes(actor: Actor, state: Mapping[str, Any], key: str, done: StepDone) -> dict[str, Json]:
    entry: dict[str, Json] = {
        ROW: True, "step": done.step, "row": done.row or None, "on": done.on, "at": actor.stamp(), "by": actor.name,
        "user": actor.user, "role": actor.role, "outcome": done.outcome, "words": done.words or None,
        "amount": done.amount, "until": done.until, "visit": done.visit or None, "answers": dict(done.answers),
        "form": {"id": done.form[0], "version": done.form[1]} if done.form[0] else None,
        "report": [dict(row) for row in done.report] or None, "undone": None,
    }  # fmt: skip
    at = join("steps", key)
    new = dict(leaves(_filled(entry)))
    standing = get(state, at)
    before = dict(leaves(standing)) if isinstance(standing, Mapping) else {}
    gone = {path: None for path in before.keys() - new.keys()}
    wanted = {**gone, **new}
    return {at + path: value for path, value in wanted.items() if canonical(before.get(path)) != canonical(value)}


def _filled(entry: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in entry.items() if value is not None and value != {}}


def _result(actor: Actor, procedure: Procedure, course: Course, state: Mapping[str, Any]) -> dict[str, Json]:
    """The matter's result, or none again when the step that ended it was taken back."""
    closed = course.closed
    if closed is None:
        standing = state.get("result")
        return {f"/result/{name}": None for name in standing} if isinstance(standing, Mapping) else {}
    outcome = procedure.step(closed.step).outcome(closed.outcome)
    words = "：".join(part for part in (outcome.words.zh if outcome else "", closed.words) if part)
    paid = sum(entry.amount or 0 for each in course.steps if each.step.pays for entry in each.done)
    result: dict[str, Json] = {
        "/result/at": closed.at if closed.on == closed.at[:10] or closed.on == actor.today().isoformat() else closed.on,
        "/result/outcome": closed.outcome or closed.step, "/result/text": words or procedure.step(closed.step).words.zh,
        "/result/by": closed.by, "/result/amount": paid or None,
    }  # fmt: skip
    for name in ("hours", "word"):
        found = _named(closed.answers, name)
        if found is not None:
            result[f"/result/{name}"] = found
    return result


def _named(answers: Mapping[str, Any], name: str) -> Json:
    found: Json = answer_named(answers, {"word": "family_word"}.get(name, name))
    return found
