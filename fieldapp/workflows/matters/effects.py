"""What a step brings about outside its matter: the household's programmes, its revisit, the fund, the lead."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fieldapp.domain.areas import board
from fieldapp.domain.documents import Household, Lead, Matter, rows
from fieldapp.domain.ids import derived_document_id
from fieldapp.domain.pointers import ROW, Json, join
from fieldapp.store.api import WriteTx
from fieldapp.store.projections import funds
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters import slips
from fieldapp.workflows.matters.course import Entry, entries
from fieldapp.workflows.matters.procedure import Outcome, Procedure, Step

ENTRY_TAG = "fund-entry-1"
ADD, CHANGE, STOP = "add", "change", "stop"


def follow(tx: WriteTx, actor: Actor, procedure: Procedure, matter: str, key: str) -> None:
    """After the entry ``key`` was written: everything its step and outcome say."""
    view = tx.document(matter)
    assert view is not None
    record = Matter.read(view.id, view.state)
    entry = next(each for each in entries(view.state) if each.key == key)
    step = procedure.step(entry.step)
    outcome = step.outcome(entry.outcome)
    if outcome is not None and outcome.program:
        _program(tx, procedure, record, outcome, entry)
    if step.fund and entry.amount:
        _pay(tx, actor, record, step, entry)
    if step.revisit_days:
        _revisit(tx, record, entry, step.revisit_days)
    if (outcome is not None and outcome.program == ADD) or step.pays:
        _taken_into_help(tx, record)
    slips.follow(tx, actor, procedure, view)


def take_back(tx: WriteTx, actor: Actor, procedure: Procedure, matter: str, entry: Entry) -> None:
    """After a step was undone: its line in the fund is struck, its programme goes, its slip is settled or
    given again. What a person has decided since
    (a revisit day, a lead's answer) stays."""
    view = tx.document(matter)
    assert view is not None
    record = Matter.read(view.id, view.state)
    step = procedure.step(entry.step)
    outcome = step.outcome(entry.outcome)
    for row in funds.of_matter(tx, matter):
        if step.fund and row.id == entry_id(actor, matter, entry.key) and row.struck is None:
            tx.save(row.id, {"/struck": step.words.zh})
    if outcome is not None and outcome.program == ADD:
        home = tx.document(record.household or "")
        row_id = _row_id(procedure, record)
        if home is not None and row_id in (home.state.get("programs") or {}):
            tx.save(home.id, {join("programs", row_id, ROW): False})
    slips.follow(tx, actor, procedure, view)


def entry_id(actor: Actor, matter: str, key: str) -> str:
    """One line in the fund for each payment step, however often it is corrected."""
    return derived_document_id(ENTRY_TAG, actor.county, matter, key)


def _program(tx: WriteTx, procedure: Procedure, record: Matter, outcome: Outcome, entry: Entry) -> None:
    home = tx.document(record.household or "")
    if home is None or not isinstance(home.record, Household):
        return
    standing = {key: row for key, row in rows(home.record.programs) if row.get("policy") == procedure.program
                and (not record.person or row.get("person") in (None, record.person))}  # fmt: skip
    row_id = next(iter(standing), _row_id(procedure, record))
    at = join("programs", row_id)
    if outcome.program == STOP:
        if standing:
            tx.save(home.id, {f"{at}/{ROW}": False})
        return
    since = str(entry.until or entry.on)[:10]
    row: dict[str, Any] = {"policy": procedure.program, "since": since, "amount_month": entry.amount,
                           "person": record.person, "matter": record.id}  # fmt: skip
    if outcome.program == CHANGE and standing:
        row = {"amount_month": entry.amount}
    writes: dict[str, Json] = {f"{at}/{name}": value for name, value in row.items() if value is not None}
    tx.save(home.id, {f"{at}/{ROW}": True, **writes})


def _row_id(procedure: Procedure, record: Matter) -> str:
    return f"{procedure.program}-{record.person}" if record.person else procedure.program


def _pay(tx: WriteTx, actor: Actor, record: Matter, step: Step, entry: Entry) -> None:
    """The payment as a line of the account of the village the matter is in. Raises RefusedError ``refused.scope`` for
    somebody whose areas do not cover the village: who sees only a grid cannot know what is in the fund."""
    view = tx.document(record.id)
    assert view is not None
    document = entry_id(actor, record.id, entry.key)
    state: dict[str, Json] = {
        "account": step.fund, "amount": -(entry.amount or 0), "on": entry.on, "words": record.title or step.words.zh,
        "matter": record.id, "household": record.household, "person": record.person, "by": actor.name,
    }  # fmt: skip
    kept = {name: value for name, value in state.items() if value is not None}
    if tx.document(document) is None:
        account = board(funds.home_of(view.area))
        actor.require("fund_entry", account)
        tx.create("fund_entry", account, kept, document_id=document)
    else:
        tx.save(document, {**{f"/{name}": value for name, value in kept.items()}, "/struck": None})


def _revisit(tx: WriteTx, record: Matter, entry: Entry, days: int) -> None:
    """Come back ``days`` after this step, unless somebody is due earlier."""
    home = tx.document(record.household or "")
    if home is None or not isinstance(home.record, Household):
        return
    on = (date.fromisoformat(entry.on[:10]) + timedelta(days=days)).isoformat()
    standing = str(home.record.revisit.get("on") or "")
    if not standing or standing < entry.on or standing > on:
        tx.save(home.id, {"/revisit/on": on, "/revisit/reason": record.title})


def _taken_into_help(tx: WriteTx, record: Matter) -> None:
    """The loop's last count: the lead this came from ended in help."""
    view = tx.document(str(record.origin.get("id") or ""))
    lead = view.record if view is not None else None
    if view is not None and isinstance(lead, Lead) and lead.answered_on and lead.answer.get("taken_into_help") is None:
        tx.save(view.id, {"/answer/taken_into_help": True})
