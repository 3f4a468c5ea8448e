"""Plan (一户一策): needs, what each policy says, whether the family was told, their wish, who follows.

The comparison is the one frozen with the newest visit; a result stays 待核实 while a fact it needs is open. The plan
document keeps only what people did with it: rows of {told, wish, follower, until, note, understood, told_on, visit} by
policy. A visit that tells the family writes them too (``telling``).
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain.documents import Household, Visit, rows
from fieldapp.domain.ids import derived_document_id
from fieldapp.domain.pointers import ROW, Json, join, put
from fieldapp.errors import StateError
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.store.projections import households, visits
from fieldapp.store.projections.households import HouseholdRow
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.assessing import Assessed, PolicyLine, from_frozen, frozen_of
from fieldapp.workflows.places import places

PLAN_TAG = "plan-1"
WISHES = ("apply", "later", "no")
UNDERSTOOD = ("yes", "partly", "no")
FIELDS = ("told", "wish", "follower", "until", "note", "understood", "told_on", "visit")


@dataclass(frozen=True)
class PlanLine:
    """A family that has been assessed. ``followed`` policies somebody follows, ``open_until`` the next date of them."""

    household: str
    family: str
    place: str
    on: str
    followed: int
    open_until: str | None


@dataclass(frozen=True)
class PlanItem:
    """What was done about one policy. ``wish`` of ``WISHES``, ``understood`` of ``UNDERSTOOD``; ``until`` and
    ``told_on`` ISO days, ``visit`` the telling that shows it."""

    policy: str
    told: bool | None = None
    wish: str | None = None
    follower: str | None = None
    until: str | None = None
    note: str | None = None
    understood: str | None = None
    told_on: str | None = None
    visit: str | None = None


@dataclass(frozen=True)
class PlanPage:
    """``assessed`` is None when no visit was compared; ``conflicts`` names policies two people wrote differently."""

    household: str
    family: str
    place: str
    visit: str
    visited_on: str
    assessed: Assessed | None
    items: Mapping[str, PlanItem] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()

    def item(self, policy: str) -> PlanItem:
        return self.items.get(policy, PlanItem(policy))


def plan_id(county: str, household: str) -> str:
    """One plan per household, the same on every laptop."""
    return derived_document_id(PLAN_TAG, county, household)


def assessed_families(store: Store, actor: Actor) -> Future[list[PlanLine]]:
    """Families with a visit in this user's areas, those with the nearest date first."""

    def work(tx: ReadTx) -> list[PlanLine]:
        seen: dict[str, str] = {}
        for area in actor.scopes:
            for row in visits.in_area(tx, area):
                if row.type == "visit" and row.household:
                    seen.setdefault(row.household, row.finished_at or "")
        homes = households.many(tx, seen)
        lines = [_line(tx, actor, household, homes.get(household), on) for household, on in seen.items()]
        return sorted(lines, key=lambda line: (line.open_until is None, line.open_until or "", line.family))

    return store.read(work)


def page(store: Store, actor: Actor, household: str, lang: str) -> Future[PlanPage]:
    """Raises StateError ``state.unknown`` when the household is not here."""

    def work(tx: ReadTx) -> PlanPage:
        row = households.household(tx, household)
        if row is None:
            raise StateError("state.unknown")
        visit, on, assessed = _newest(tx, household, lang)
        items, conflicts = _items(tx, actor, household)
        place = row.address or places(tx).grid_words(row.area)
        return PlanPage(household, row.head_name or "", place, visit, on, assessed, items, conflicts)

    return store.read(work)


def keep(store: Store, actor: Actor, household: str, policy: str, changed: Mapping[str, Any]) -> Future[str]:
    """Write what changed about one policy (names of ``FIELDS``); the plan is made with the first word."""
    if changed.get("told"):
        changed = {"told_on": actor.today().isoformat(), **changed}
    return store.write(lambda tx: write(tx, actor, household, policy, changed))


def write(tx: WriteTx, actor: Actor, household: str, policy: str, changed: Mapping[str, Any]) -> str:
    """``keep`` inside a transaction. Raises StateError ``state.unknown``, RefusedError."""
    home = tx.document(household)
    if home is None or not isinstance(home.record, Household):
        raise StateError("state.unknown")
    actor.require("plan", home.area)
    document = plan_id(actor.county, household)
    at = join("items", policy)
    writes: dict[str, Json] = {f"{at}/{name}": value for name, value in changed.items() if name in FIELDS}
    view = tx.document(document)
    if view is None:
        state: dict[str, Json] = {"household": household}
        for pointer, value in {**writes, f"{at}/{ROW}": True}.items():
            put(state, pointer, value)
        return tx.create("plan", home.area, state, document_id=document)
    if policy not in (view.state.get("items") or {}):
        writes[f"{at}/{ROW}"] = True
    return tx.save(document, writes)


def compared(
    tx: ReadTx, actor: Actor, household: str, lang: str = "zh"
) -> tuple[tuple[PolicyLine, ...], dict[str, PlanItem]]:
    """The policies of the newest comparison, none when there is none, and what was done about each."""
    _visit, _on, assessed = _newest(tx, household, lang)
    items, _contested = _items(tx, actor, household)
    return (assessed.policies if assessed is not None else ()), items


def _line(tx: ReadTx, actor: Actor, household: str, row: HouseholdRow | None, on: str) -> PlanLine:
    items, _ = _items(tx, actor, household)
    dates = sorted(item.until for item in items.values() if item.until)
    return PlanLine(
        household, (row.head_name or "") if row else "", (row.address or "") if row else "", on,
        sum(bool(item.follower) for item in items.values()), dates[0] if dates else None,
    )  # fmt: skip


def _newest(tx: ReadTx, household: str, lang: str) -> tuple[str, str, Assessed | None]:
    """The newest visit with a frozen comparison; else the newest visit without."""
    first = ("", "", None)
    for row in visits.of_household(tx, household):
        view = tx.document(row.id) if row.type == "visit" else None
        if view is None or not isinstance(view.record, Visit):
            continue
        frozen = frozen_of(view.record.assessment)
        if frozen is not None:
            return row.id, row.finished_at or "", from_frozen(frozen, lang)
        first = first if first[0] else (row.id, row.finished_at or "", None)
    return first


def _items(tx: ReadTx, actor: Actor, household: str) -> tuple[dict[str, PlanItem], tuple[str, ...]]:
    view = tx.document(plan_id(actor.county, household))
    if view is None:
        return {}, ()
    items = {
        key: PlanItem(key, *(row.get(name) for name in FIELDS)) for key, row in rows(view.state.get("items"))
    }
    contested = {path.split("/")[2] for path in view.merged.conflicts if path.startswith("/items/")}
    return items, tuple(sorted(contested))
