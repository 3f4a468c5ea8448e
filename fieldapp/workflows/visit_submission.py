"""A finished form becomes a signed visit, and what it taught goes back to people, household and lead, all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fieldapp.domain.documents import LEAD_OUTCOMES, Lead, rows
from fieldapp.domain.ids import derived_document_id
from fieldapp.domain.pointers import ORDER, ROW, Json, canonical, get, join, leaves, put
from fieldapp.store.api import Store, WriteTx
from fieldapp.workflows import telling, visit_planning
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters.filling import link_visit, submit_step
from fieldapp.workflows.registry_fields import HOUSEHOLDS, registry_write
from fieldapp.workflows.visit_drafts import DRAFT_BEFORE, HOME_VISIT, team_of
from fieldapp.workflows.visit_prefill import HOUSEHOLD_FACTS, people_repeat, person_field
from fieldapp.workflows.visits import VisitOpening
from forms.api import FactAnswer, FormDefinition, Kind, NodeDef, Submission

URGENT_FACT, LEAD_FACT, LEAD_SEEN = "signal.urgent", "lead.answer", "lead_seen"
ANSWERS = "/answers"
#: Short forms that follow a family without reckoning everything anew.
FOLLOWING = ("revisit", "phone_visit")
Said = Sequence[tuple[NodeDef, Any]]
UUID = 36  # letters of a document id; the row a form opens with has a key of its own


@dataclass(frozen=True)
class RevisitPlan:
    """When to come back and why, as the rules reckon it: ``risk`` is high | medium | low."""

    risk: str
    on: str | None
    reason: str


@dataclass(frozen=True)
class Finished:
    """A form that is complete. ``assessment`` is the frozen result of the rules with the facts it used, or None when
    no policy pack is here; the county then reckons it. ``cadence``: risk -> days to the next visit, for forms too short
    to reckon the risk anew."""

    submission: Submission
    facts: tuple[FactAnswer, ...]
    assessment: Mapping[str, Json] | None = None
    revisit: RevisitPlan | None = None
    cadence: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Submitted:
    """What one submission did. ``people_new`` and ``people_changed`` are person ids."""

    visit: str
    people_new: tuple[str, ...]
    people_changed: tuple[str, ...]
    lead_answered: bool


def submit(store: Store, actor: Actor, opening: VisitOpening, finished: Finished) -> Future[Submitted]:
    """Sign and store; the draft goes. Raises RefusedError, StateError, StorageError: nothing is written then."""
    return store.write(lambda tx: _submit(tx, actor, opening, finished))


def _submit(tx: WriteTx, actor: Actor, opening: VisitOpening, finished: Finished) -> Submitted:
    if opening.header.fills_step:
        submit_step(tx, actor, opening.header, opening.form, finished.submission)
        return Submitted(opening.header.matter, (), (), False)
    kind = opening.header.document_type
    actor.require(kind, opening.header.area)
    form = (opening.header.form_id, opening.header.form_version)
    if opening.header.mends:
        tx.save(opening.header.visit, _mended(actor, opening, finished), form=form, parents=opening.heads)
    else:
        state = _state(actor, opening, finished)
        tx.create(kind, opening.header.area, state, document_id=opening.header.visit, form=form)
    new, changed = _people(tx, opening, finished.submission)
    changed += _gone(tx, actor, opening, finished.submission)
    _household(tx, actor, opening, finished)
    answered = _answer_lead(tx, actor, opening, finished)
    if telling.tells(opening.form):
        answers = finished.submission.answers
        telling.keep_told(tx, actor, opening.header.household, opening.header.visit, answers)
    header = opening.header
    if header.matter and not header.mends:
        link_visit(tx, actor, header.matter, header.step, header.visit, actor.today().isoformat())
    tx.drop_draft(opening.header.visit)
    tx.drop_draft(derived_document_id(DRAFT_BEFORE, opening.header.visit))
    return Submitted(opening.header.visit, tuple(new), tuple(changed), answered)


def _state(actor: Actor, opening: VisitOpening, finished: Finished) -> dict[str, Json]:
    header = opening.header
    return {
        "household": header.household,
        "purpose": header.purpose if header.rechecks else _purpose(opening, finished),
        "lead": header.lead,
        "round": header.round,
        "form_id": header.form_id,
        "form_version": header.form_version,
        "started_at": header.started_at,
        **({"rechecks": header.rechecks} if header.rechecks else {}),
        "answers": dict(finished.submission.answers),
        **_frame(actor, opening, finished),
    }


def _purpose(opening: VisitOpening, finished: Finished) -> str:
    return by_name(finished.submission, opening.form, "purpose") or opening.header.purpose


def _frame(actor: Actor, opening: VisitOpening, finished: Finished) -> dict[str, Json]:
    """What is written anew with every submission. Lists are one value each: a frozen result is never merged inside."""
    entries = [[entry.at, entry.event, entry.node_id] for entry in finished.submission.audit]
    return {
        "finished_at": actor.stamp(),
        "urgent": any(answer.fact == URGENT_FACT and answer.value == "yes" for answer in finished.facts),
        "investigators": _investigators(actor, opening.form, finished.submission),
        "audit": {"entries": entries},
        "assessment": {"frozen": [finished.assessment] if finished.assessment is not None else []},
    }


def _investigators(actor: Actor, form: FormDefinition, submission: Submission) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for number in (1, 2, 3, 4):
        name = by_name(submission, form, f"investigator_{number}")
        if name:
            identity = by_name(submission, form, f"investigator_{number}_identity")
            user = actor.user if name == actor.name else None
            found[f"i{number}"] = {ROW: True, "name": name, "identity": identity, "user": user}
    if found:
        return found
    found["i1"] = {ROW: True, "name": actor.name, "user": actor.user}
    team = [name for name in team_of(by_name(submission, form, "by_2")) if name != actor.name]
    return found | {f"i{place}": {ROW: True, "name": name, "user": None} for place, name in enumerate(team, 2)}


def _mended(actor: Actor, opening: VisitOpening, finished: Finished) -> dict[str, Json]:
    """The leaves this mending wrote: what was touched, what follows from it, what fell away."""
    before, after = dict(leaves(dict(opening.prefill))), dict(leaves(dict(finished.submission.answers)))
    touched = finished.submission.touched
    writes: dict[str, Json] = {}
    for path in before.keys() | after.keys():
        order_kept = path.endswith("/" + ORDER) and path not in touched
        if not order_kept and canonical(before.get(path)) != canonical(after.get(path)):
            writes[ANSWERS + path] = after.get(path)
    writes.update(dict(leaves(_frame(actor, opening, finished))))
    return writes


def by_name(submission: Submission, form: FormDefinition, name: str) -> Any:
    """The answer of the first question of this name outside repeats."""
    node = next((node for node in form.nodes.values() if node.name == name and not node.repeats), None)
    return get(submission.answers, node.id) if node is not None else None


def _people(tx: WriteTx, opening: VisitOpening, submission: Submission) -> tuple[list[str], list[str]]:
    repeat = people_repeat(opening.form)
    new: list[str] = []
    changed: list[str] = []
    if repeat is None:
        return new, changed
    questions = [node for node in _saved(opening.form) if node.repeats == (repeat.id,)]
    members = get(submission.answers, repeat.id)
    for key, row in rows(members):
        said = [(node, get(row, node.id[len(repeat.id) :])) for node in questions]
        view = tx.document(key)
        if view is None:
            state = _new_person(said, opening.header.household)
            new.append(tx.create("person", opening.header.area, state, document_id=key if len(key) == UUID else None))
        elif view.type == "person":
            touched = [each for each in said if _path(repeat, key, each[0]) in submission.touched]
            writes = dict(_writes(touched, view.state))
            if writes:
                tx.save(key, writes)
                changed.append(key)
    return new, changed


def _gone(tx: WriteTx, actor: Actor, opening: VisitOpening, submission: Submission) -> list[str]:
    """Members taken out of the form leave the family in the registry too, for the reason that was given."""
    repeat = people_repeat(opening.form)
    standing = {key for key, _row in rows(get(submission.answers, repeat.id))} if repeat is not None else set()
    left = []
    for person, why in opening.header.gone.items():
        view = tx.document(person)
        if person in standing or view is None or view.type != "person":
            continue
        tx.save(person, _LEAVING[why](str(actor.today().year)))
        left.append(person)
    return left


#: why -> year -> what is written
_LEAVING: Mapping[str, Callable[[str], dict[str, Json]]] = {
    "died": lambda year: {"/deceased_on": year},
    "moved_away": lambda _year: {"/whereabouts": "moved_away", "/membership/lives_with_family": False},
    "not_ours": lambda _year: {"/membership/household": None},
}


def _path(repeat: NodeDef, key: str, node: NodeDef) -> str:
    return repeat.id + join(key) + node.id[len(repeat.id) :]


def _new_person(said: Said, household: str) -> dict[str, Json]:
    state: dict[str, Json] = {"membership": {"household": household}}
    for pointer, value in _writes(said, {}):
        put(state, pointer, value)
    return state


def _writes(said: Said, state: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for node, answer in said:
        field = person_field(node)
        write = registry_write(field, state, answer) if field is not None else None
        if write is not None:
            yield write


def _saved(form: FormDefinition) -> list[NodeDef]:
    return [node for node in form.nodes.values() if node.save_to and node.kind is Kind.QUESTION]


def _household(tx: WriteTx, actor: Actor, opening: VisitOpening, finished: Finished) -> None:
    view = tx.document(opening.header.household)
    if view is None:
        return
    writes: dict[str, Json] = {}
    for node in opening.form.nodes.values():
        field = HOUSEHOLDS.get(HOUSEHOLD_FACTS.get(node.fact, ""))
        if field is not None and node.id in finished.submission.touched:
            write = registry_write(field, view.state, get(finished.submission.answers, node.id))
            writes.update([write] if write is not None else [])
    plan = finished.revisit if opening.header.form_id == HOME_VISIT else _cadence(actor, view.state, opening, finished)
    if not _unreached(opening, finished):
        writes |= visit_planning.made(view.state)
    if plan is not None:
        again = {"/revisit/on": plan.on, "/revisit/risk": plan.risk, "/revisit/reason": plan.reason}
        wanted = {"/risk": plan.risk, **again}
        writes.update({path: value for path, value in wanted.items() if get(view.state, path) != value})
    if writes:
        tx.save(opening.header.household, writes)


def _cadence(
    actor: Actor, home: Mapping[str, Any], opening: VisitOpening, finished: Finished
) -> RevisitPlan | None:
    """After a revisit or a call the risk stands as it was, urgency apart, and the next visit is as many days away as
    the county sets for it; following ends when the form says so."""
    if opening.header.form_id not in FOLLOWING:
        return None
    urgent = any(answer.fact == URGENT_FACT and answer.value == "yes" for answer in finished.facts)
    risk = "high" if urgent else str(home.get("risk") or "")
    days = finished.cadence.get(risk)
    if by_name(finished.submission, opening.form, "close") == "yes" and not urgent:
        return RevisitPlan(risk, None, "")
    if days is None or _unreached(opening, finished):
        return None
    reason = get(home, "/revisit/reason")
    return RevisitPlan(risk, (actor.today() + timedelta(days=days)).isoformat(), str(reason or ""))


def _unreached(opening: VisitOpening, finished: Finished) -> bool:
    """A call nobody took up is no visit made."""
    return by_name(finished.submission, opening.form, "reached") in ("no", "wrong")


def _answer_lead(tx: WriteTx, actor: Actor, opening: VisitOpening, finished: Finished) -> bool:
    """The lead is answered with the visit as its evidence; one answered or withdrawn meanwhile stays as it is."""
    said = next((answer.value for answer in finished.facts if answer.fact == LEAD_FACT), None)
    view = tx.document(opening.header.lead) if opening.header.lead else None
    if said not in LEAD_OUTCOMES or view is None or not isinstance(view.record, Lead):
        return False
    if view.record.answered_on or view.record.withdrawn_on:
        return False
    today = actor.today().isoformat()
    writes: dict[str, Json] = {
        "/answer/outcome": str(said),
        "/answer/seen": by_name(finished.submission, opening.form, LEAD_SEEN),
        "/answer/at": actor.stamp(),
        "/answer/by": actor.name,
        "/answer/visit": opening.header.visit,
        "/answered_on": today,
    }
    if not view.record.checked_on:
        writes["/checked_on"] = today
    tx.save(view.id, writes)
    return True
