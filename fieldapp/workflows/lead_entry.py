"""A lead entered by hand on the spot: somebody called, came to the window, a child said something (主动发现).

What is said a second time about the same need is put to the lead there already is, so that nobody goes twice.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, timedelta

from fieldapp.domain.documents import CHANNELS, Lead
from fieldapp.domain.ids import new_document_id
from fieldapp.domain.pointers import ROW, Json
from fieldapp.errors import ProgrammingFault, StateError
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.store.projections import households, leads, people
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.lead_clocks import LeadTerms
from fieldapp.workflows.places import working_days

#: A settled lead as young as this is still the same need.
SAME_NEED_DAYS = 30


@dataclass(frozen=True)
class NewLead:
    """``channel`` of ``CHANNELS``; ``source`` who said it, ``place`` as people say it. ``household`` when it is known;
    ``relative_of`` names the official the family is close to."""

    channel: str
    person_name: str
    place: str
    content: str
    source: str = ""
    phone: str = ""
    number: str = ""
    urgent: bool = False
    household: str | None = None
    relative_of: str = ""


@dataclass(frozen=True)
class Alike:
    """A lead there already is. ``open`` or settled on ``settled_on``."""

    id: str
    name: str
    content: str
    source: str
    issued_on: str
    open: bool
    settled_on: str | None


def alike(store: Store, actor: Actor, wanted: NewLead) -> Future[tuple[Alike, ...]]:
    """Leads this may be: the sender's own number, the same household or the same name, open or settled lately."""
    return store.read(lambda tx: _alike(tx, actor, wanted))


def enter(store: Store, actor: Actor, wanted: NewLead, terms: LeadTerms) -> Future[str]:
    """The new lead's id. It lies in the area of the household it is about, else in the reporter's own.

    Raises StateError ``lead.who`` without a name or content, RefusedError.
    """
    if wanted.channel not in CHANNELS:
        raise ProgrammingFault(f"no such channel: {wanted.channel}")
    if not wanted.person_name.strip() or not wanted.content.strip():
        raise StateError("lead.who")

    def work(tx: WriteTx) -> str:
        household, area = home_of(tx, actor, wanted.person_name.strip(), wanted.household)
        actor.require("lead", area)
        today = actor.today()
        days = 1 if wanted.urgent else terms.check
        state: dict[str, Json] = {
            "channel": wanted.channel, "source": wanted.source.strip() or actor.name, "number": wanted.number.strip(),
            "person_name": wanted.person_name.strip(), "address": wanted.place.strip(), "household": household,
            "content": wanted.content.strip(), "phone": wanted.phone.strip(), "urgent": wanted.urgent,
            "issued_on": today.isoformat(), "days": days,
            "due_on": working_days(tx).after(today, days).isoformat() if days else None, "entered_by": actor.name,
            "near_relative": bool(wanted.relative_of.strip()), "near_relative_of": wanted.relative_of.strip(),
        }  # fmt: skip
        return tx.create("lead", area, {name: value for name, value in state.items() if value not in (None, "")})

    return store.write(work)


def add_to(store: Store, actor: Actor, lead_id: str, wanted: NewLead) -> Future[str]:
    """The same need told once more: a row of the lead there is; urgency rises, never falls. Raises StateError
    ``state.unknown``, RefusedError."""

    def work(tx: WriteTx) -> str:
        view = tx.document(lead_id)
        if view is None or not isinstance(view.record, Lead):
            raise StateError("state.unknown")
        actor.require("lead", view.area)
        row = f"/again/{new_document_id()}"
        writes: dict[str, Json] = {
            f"{row}/{ROW}": True, f"{row}/channel": wanted.channel, f"{row}/content": wanted.content.strip(),
            f"{row}/source": wanted.source.strip() or actor.name, f"{row}/at": actor.stamp(), f"{row}/by": actor.name,
        }  # fmt: skip
        if wanted.urgent and not view.record.urgent:
            writes["/urgent"] = True
        tx.save(lead_id, writes)
        return lead_id

    return store.write(work)


def home_of(tx: ReadTx, actor: Actor, name: str, household: str | None = None) -> tuple[str | None, str]:
    """(household, its area): the one named, else the only family with somebody of this name, else (None, the
    reporter's own area)."""
    homes = {household} if household else {row.household for row in people.with_name(tx, name) if row.household}
    if len(homes) == 1:
        home = households.household(tx, homes.pop())
        if home is not None:
            return home.id, home.area
    return None, actor.scopes[0]


def _alike(tx: ReadTx, actor: Actor, wanted: NewLead) -> tuple[Alike, ...]:
    household, _area = home_of(tx, actor, wanted.person_name.strip(), wanted.household)
    since = (actor.today() - timedelta(days=SAME_NEED_DAYS)).isoformat()
    found = []
    for row in leads.about(tx, wanted.person_name.strip(), household):
        settled = row.answered_on or row.withdrawn_on
        other_family = bool(household and row.household and row.household != household)
        if not other_family and (row.open or _day(settled) >= since):
            found.append(
                Alike(row.id, row.person_name or "", row.content or "", row.source or "", row.issued_on or "", row.open,
                      settled)
            )  # fmt: skip
    return tuple(found)


def _day(text: str | None) -> str:
    return date.fromisoformat(text[:10]).isoformat() if text else ""
