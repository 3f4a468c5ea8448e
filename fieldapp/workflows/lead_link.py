"""Which family a lead is about: picked by a person from the registry, or made new from what the lead says.

A lead stays in the grid it lies in; when the family lives in another, the desk hands it on (``lead_desk.assign``).
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from fieldapp.domain.areas import level
from fieldapp.domain.documents import Household, Lead
from fieldapp.domain.identity_number import normal_form
from fieldapp.domain.pointers import Json
from fieldapp.errors import StateError
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.store.projections import people
from fieldapp.workflows import new_family
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.leads import open_lead
from fieldapp.workflows.new_family import NewFamily


@dataclass(frozen=True)
class Linked:
    """``elsewhere``: the family's grid when it is not the lead's. ``before`` takes the link back."""

    household: str
    elsewhere: str
    before: tuple[tuple[str, Mapping[str, Json]], ...]


def link(store: Store, actor: Actor, lead_id: str, household: str) -> Future[Linked]:
    """The lead is about ``household``, and about the member of its name or ID number when there is exactly one.

    Raises StateError ``state.unknown`` | ``lead.answered`` | ``lead.withdrawn``, RefusedError.
    """
    return store.write(lambda tx: _link(tx, actor, lead_id, household))


def link_new(store: Store, actor: Actor, lead_id: str, family: NewFamily) -> Future[Linked]:
    """Make the family in the lead's grid, or in the reporter's only one, and link it; nothing of it stays after undo.

    Raises StateError ``lead.no_grid`` when the lead lies in no grid, else as ``link``.
    """

    def work(tx: WriteTx) -> Linked:
        view, _lead = open_lead(tx, lead_id)
        made = new_family.make(tx, actor, _grid(actor, view.area), family)
        linked = _link(tx, actor, lead_id, made.household)
        return Linked(linked.household, linked.elsewhere, (*made.before, *linked.before))

    return store.write(work)


def take_back(store: Store, actor: Actor, linked: Linked) -> Future[str]:
    """The lead as it was; a family made for it is withdrawn. Returns the lead's id. Raises as ``link``."""

    def work(tx: WriteTx) -> str:
        view, _lead = open_lead(tx, linked.before[-1][0])
        actor.require("lead", view.area)
        for document, writes in reversed(linked.before):
            tx.save(document, writes)
        return linked.before[-1][0]

    return store.write(work)


def proposal(lead_name: str, address: str, phone: str) -> NewFamily:
    """What a lead already says of a family nobody has on a list."""
    return NewFamily(lead_name, "", (), phone, "", address)


def _link(tx: WriteTx, actor: Actor, lead_id: str, household: str) -> Linked:
    view, lead = open_lead(tx, lead_id)
    home = tx.document(tx.canonical(household))  # not its row: that of a new one comes with the end of the transaction
    if home is None or not isinstance(home.record, Household):
        raise StateError("state.unknown")
    actor.require("lead", view.area)
    before: dict[str, Json] = {"/household": lead.household, "/person": lead.person}
    tx.save(lead_id, {"/household": home.id, "/person": _person(tx, home.id, lead)})
    return Linked(home.id, home.area if home.area != view.area else "", ((lead_id, before),))


def _person(tx: ReadTx, household: str, lead: Lead) -> str | None:
    number = normal_form(lead.id_number) if lead.id_number else None
    members = people.members(tx, household)
    by_number = [row.id for row in members if number and row.id_number == number]
    by_name = [row.id for row in members if lead.person_name and row.full_name == lead.person_name]
    found = by_number or by_name
    return found[0] if len(found) == 1 else None


def _grid(actor: Actor, area: str) -> str:
    if level(area) == "grid":
        return area
    grids = [scope for scope in actor.scopes if level(scope) == "grid" and scope.startswith(area)]
    if len(grids) != 1:
        raise StateError("lead.no_grid")
    return grids[0]
