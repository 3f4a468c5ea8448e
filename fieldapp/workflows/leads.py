"""Leads: the inbox by days left, and answering one with what was seen."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date

from fieldapp.domain.documents import HOW_KNOWN, LEAD_OUTCOMES, Lead, rows
from fieldapp.domain.identity_number import mask
from fieldapp.domain.pointers import Json
from fieldapp.errors import ProgrammingFault, StateError
from fieldapp.policy.working_days import WorkingDays
from fieldapp.store.api import DocumentView, ReadTx, Store, WriteTx
from fieldapp.store.projections import leads as projection
from fieldapp.store.projections import visits
from fieldapp.store.projections.leads import LeadRow
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.lead_clocks import Clock, LeadTerms, Rise, check_due, clocks, overdue, rises, standing
from fieldapp.workflows.people import age_from
from fieldapp.workflows.places import Places, places, working_days

SHOWN = 300
NO_TERMS = LeadTerms()


@dataclass(frozen=True)
class LeadLine:
    """One lead in the inbox. ``days_left`` in working days, negative when late, None without a term.

    ``state``: ``open`` | ``answered`` | ``withdrawn``; ``overdue``: the step whose term is over (``lead_clocks``).
    ``since`` is the day whoever has it got it, of one nobody has the day it was passed on; ``raised``: ``town`` |
    ``county`` when it has been late so long that it stands there, "" before."""

    id: str
    number: str
    name: str
    age: int | None
    place: str
    content: str
    source: str
    channel: str
    urgent: bool
    days_left: int | None
    due_on: str | None
    state: str
    outcome: str | None
    household: str | None
    assigned_to: str = ""
    overdue: str = ""
    near_relative: bool = False
    misdirected: bool = False
    since: str = ""
    raised: str = ""


@dataclass(frozen=True)
class Inbox:
    """Open leads by days left, then those settled; ``late`` of the open ones are over one of their terms."""

    open: tuple[LeadLine, ...]
    settled: tuple[LeadLine, ...]
    late: int
    today: date

    def of(self, view: str) -> tuple[LeadLine, ...]:
        """``open`` | ``mine_to_give`` (nobody has it, or it was handed back) | ``late`` | ``raised`` (late so long that
        it stands at the town or the county, the longest first) | ``settled``."""
        if view == "settled":
            return self.settled
        if view == "late":
            return tuple(line for line in self.open if line.overdue)
        if view == "raised":
            return tuple(sorted((line for line in self.open if line.raised), key=lambda line: line.raised))
        if view == "mine_to_give":
            return tuple(line for line in self.open if line.misdirected or not line.assigned_to)
        return self.open


@dataclass(frozen=True)
class LeadPage:
    """One lead with its four dates and what is known; ``visits`` (id, finished_at) that could be its evidence."""

    line: LeadLine
    area: str
    issued_on: str | None
    assigned_on: str | None
    assigned_to: str | None
    checked_on: str | None
    answered_on: str | None
    withdrawn_on: str | None
    id_masked: str
    address: str
    seen: str
    taken_into_help: bool | None
    visits: tuple[tuple[str, str], ...]
    conflicts: int
    clocks: tuple[Clock, ...] = ()
    rises: tuple[Rise, ...] = ()
    again: tuple[str, ...] = ()
    near_relative_of: str = ""
    handed_back: str = ""
    withdrawn_why: str = ""
    how: str = ""
    photos: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    phone: str = ""


@dataclass(frozen=True)
class Evidence:
    """A photo or file not yet kept. ``kind``: ``photo`` | ``file``."""

    data: bytes = field(repr=False)
    kind: str


@dataclass(frozen=True)
class LeadAnswer:
    """``outcome`` of ``LEAD_OUTCOMES``; ``seen`` in words; ``visit`` the visit that shows it, or ``how`` it is known
    without one (of ``HOW_KNOWN``) and the ``evidence`` for it."""

    outcome: str
    seen: str
    visit: str | None = None
    taken_into_help: bool | None = None
    how: str = ""
    evidence: tuple[Evidence, ...] = ()


def inbox(store: Store, actor: Actor, terms: LeadTerms = NO_TERMS) -> Future[Inbox]:
    def work(tx: ReadTx) -> Inbox:
        names, days, today = places(tx), working_days(tx), actor.today()
        waiting = [row for area in actor.scopes for row in projection.waiting(tx, area)]
        done = [row for area in actor.scopes for row in projection.settled(tx, area, SHOWN)]
        lines = tuple(sorted((_line(tx, row, names, days, today, terms) for row in waiting), key=pressing))
        late = sum(bool(line.overdue) for line in lines)
        return Inbox(lines, tuple(_line(tx, row, names, days, today, terms) for row in done), late, today)

    return store.read(work)


def pressing(line: LeadLine) -> tuple[bool, bool, str]:
    """The order of the inbox: urgent first, then by the day the term ends, those without a term last."""
    return (not line.urgent, line.due_on is None, line.due_on or "")


def page(store: Store, actor: Actor, lead_id: str, terms: LeadTerms = NO_TERMS) -> Future[LeadPage]:
    """Raises StateError ``state.unknown``."""

    def work(tx: ReadTx) -> LeadPage:
        row, view = projection.lead(tx, lead_id), tx.document(lead_id)
        if row is None or view is None or not isinstance(view.record, Lead):
            raise StateError("state.unknown")
        lead = view.record
        made = visits.of_household(tx, row.household) if row.household else []
        evidence = tuple(
            (each.id, each.finished_at or each.last_at) for each in made if _may_show(each.finished_at, row)
        )
        days, today = working_days(tx), actor.today()
        again = tuple(f"{each.get('source') or ''}：{each.get('content') or ''}" for _key, each in rows(lead.again))
        return LeadPage(
            _line(tx, row, places(tx), days, today, terms), row.area, lead.issued_on, lead.assigned_on,
            lead.assigned_to, lead.checked_on, lead.answered_on, lead.withdrawn_on,
            mask(lead.id_number) if lead.id_number else "", lead.address or "", str(lead.answer.get("seen") or ""),
            lead.answer.get("taken_into_help"), evidence, row.conflicts, clocks(row, terms, days, today),
            rises(row, terms, days, today), again,
            lead.near_relative_of or "", str(lead.misdirected.get("words") or ""),
            str(lead.state.get("withdrawn_why") or ""), str(lead.answer.get("how") or ""),
            tuple(lead.answer.get("photos") or ()), tuple(lead.answer.get("files") or ()), lead.phone or "",
        )  # fmt: skip

    return store.read(work)


def answer(store: Store, actor: Actor, lead_id: str, given: LeadAnswer) -> Future[str]:
    """Answer whoever sent the lead; the loop closes, the evidence is kept with it in one transaction.

    Encrypts on the caller's thread, so not for the window's. Raises StateError ``lead.answered`` | ``lead.withdrawn`` |
    ``lead.words`` (nothing said about what was seen), InputError ``blob.*``, RefusedError.
    """
    if given.outcome not in LEAD_OUTCOMES or (given.how and given.how not in HOW_KNOWN):
        raise ProgrammingFault(f"no such answer: {given.outcome} {given.how}")
    staged = [(each.kind, store.stage_blob(each.data, each.kind)) for each in given.evidence]

    def work(tx: WriteTx) -> str:
        view, lead = open_lead(tx, lead_id)
        if not given.seen.strip():
            raise StateError("lead.words")
        actor.require("lead", view.area)
        today = actor.today().isoformat()
        writes: dict[str, Json] = {
            "/answer/outcome": given.outcome, "/answer/seen": given.seen.strip(), "/answer/at": actor.stamp(),
            "/answer/by": actor.name, "/answered_on": today,
        }  # fmt: skip
        if not lead.checked_on:
            writes["/checked_on"] = today
        if given.visit:
            writes["/answer/visit"] = given.visit
        if given.how:
            writes["/answer/how"] = given.how
        for kind, name in (("photo", "/answer/photos"), ("file", "/answer/files")):
            kept: list[Json] = [tx.put_blob(lead_id, blob, kind) for each, blob in staged if each == kind]
            if kept:
                writes[name] = kept
        if given.taken_into_help is not None:
            writes["/answer/taken_into_help"] = given.taken_into_help
        return tx.save(lead_id, writes)

    return store.write(work)


def take_back_answer(store: Store, lead_id: str) -> Future[str]:
    """Open the lead again as it was before its answer."""

    def work(tx: WriteTx) -> str:
        view = tx.document(lead_id)
        if view is None:
            raise StateError("state.unknown")
        said = view.state.get("answer")
        cleared: dict[str, Json] = {f"/answer/{name}": None for name in (said if isinstance(said, dict) else {})}
        return tx.save(lead_id, {**cleared, "/answered_on": None})

    return store.write(work)


def open_lead(tx: ReadTx, lead_id: str) -> tuple[DocumentView, Lead]:
    """A lead that still waits. Raises StateError ``state.unknown`` | ``lead.withdrawn`` | ``lead.answered``."""
    view = tx.document(lead_id)
    if view is None or not isinstance(view.record, Lead):
        raise StateError("state.unknown")
    if view.record.withdrawn_on:
        raise StateError("lead.withdrawn")
    if view.record.answered_on:
        raise StateError("lead.answered")
    return view, view.record


def _may_show(finished: str | None, row: LeadRow) -> bool:
    return bool(finished) and (row.issued_on is None or str(finished)[:10] >= row.issued_on[:10])


def _line(
    tx: ReadTx, row: LeadRow, names: Places, days: WorkingDays, today: date, terms: LeadTerms = NO_TERMS
) -> LeadLine:
    person = tx.document(row.person) if row.person else None
    birth = person.state.get("birth_date") if person else None
    due = check_due(row, terms, days)
    left = days.left(today, due) if due else None
    over = overdue(clocks(row, terms, days, today))
    state = "open" if row.open else "withdrawn" if row.withdrawn_on else "answered"
    return LeadLine(
        row.id, row.number or "", row.person_name or "", age_from(birth if isinstance(birth, str) else None, today),
        row.address or names.grid_words(row.area), row.content or "", row.source or "", row.channel or "", row.urgent,
        left, due.isoformat() if due else None, state, row.outcome, row.household,
        row.assigned_to or "", over, row.near_relative, row.misdirected, row.assigned_on or row.issued_on or "",
        standing(rises(row, terms, days, today)),
    )  # fmt: skip
