"""A family nobody had on a list: found on the walk, or told of in a lead; taken back, it is on no list either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldapp.domain.pointers import ROW, Json
from fieldapp.store.api import ReadTx, WriteTx
from fieldapp.store.projections import households
from fieldapp.workflows.actor import Actor

#: What takes a new document back: projections leave a withdrawn one out.
WITHDRAWN: Mapping[str, Json] = {"/withdrawn": True}


@dataclass(frozen=True)
class NewFamily:
    """``people`` are names besides the head's."""

    head: str
    number: str
    people: tuple[str, ...] = ()
    phone: str = ""
    note: str = ""
    address: str = ""


@dataclass(frozen=True)
class Made:
    """The new household, its people in the order they were named, and what takes all of it back."""

    household: str
    people: tuple[str, ...]

    @property
    def before(self) -> tuple[tuple[str, Mapping[str, Json]], ...]:
        return tuple((document, WITHDRAWN) for document in (self.household, *self.people))


def make(tx: WriteTx, actor: Actor, grid: str, family: NewFamily, after: str | None = None) -> Made:
    """Household and people in ``grid``, the door behind that of the household ``after``, else at the end of the walk.
    Raises RefusedError."""
    actor.require("household", grid)
    order = _order_after(tx, grid, after)
    state: dict[str, Json] = {"head_name": family.head, "doors": {"d1": {ROW: True, "order": order}}}
    if family.number:
        state["doors"] = {"d1": {ROW: True, "number": family.number, "order": order}}
    state |= {name: text for name, text in (("phone", family.phone), ("address", family.address)) if text}
    household = tx.create("household", grid, state)
    made = []
    for place, name in enumerate((family.head, *family.people)):
        membership: dict[str, Json] = {"household": household, "lives_with_family": True}
        if place == 0:
            membership["relation"] = "head"
        made.append(tx.create("person", grid, {"full_name": name, "membership": membership, "whereabouts": "home"}))
    return Made(household, tuple(made))


def _order_after(tx: ReadTx, grid: str, after: str | None) -> float:
    """A place on the walk just behind the door of ``after``, or behind all; other doors keep theirs."""
    row = households.household(tx, after) if after else None
    there = households.in_area(tx, row.area if row is not None else grid)
    orders = [each.door_order for each in there if each.door_order is not None]
    if row is None:
        return max(orders, default=0.0) + 1
    here = row.door_order or 0.0
    behind = min((order for order in orders if order > here), default=here + 2)
    return (here + behind) / 2
