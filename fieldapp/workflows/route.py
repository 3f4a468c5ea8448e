"""The day's route: every door with a reason to knock today, once, in walking order with what cannot wait in front."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass

from fieldapp.store.api import ReadTx, Store
from fieldapp.store.projections import door_answers, households, leads, visits
from fieldapp.workflows import rounds
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.places import places

#: Reasons in the order they are said; the first of a stop decides what Enter begins.
REASONS = ("urgent", "lead", "returned", "revisit", "second_try")


@dataclass(frozen=True)
class Stop:
    """One household. ``reasons`` of ``REASONS``; ``lead`` and ``visit`` what the first of them is about."""

    household: str
    family: str
    place: str
    reasons: tuple[str, ...]
    lead: str | None = None
    visit: str | None = None


def route(store: Store, actor: Actor) -> Future[tuple[Stop, ...]]:
    """Leads, returned visits, revisits due today and doors where nobody was home once; indexed reads only."""

    def work(tx: ReadTx) -> tuple[Stop, ...]:
        found: dict[str, dict[str, str]] = {}
        for household, reason, document in _reasons(tx, actor):
            found.setdefault(tx.canonical(household), {}).setdefault(reason, document)
        stops, homes, names = [], households.many(tx, found), places(tx)
        for household, why in found.items():
            row = homes.get(household)
            if row is not None and any(row.area.startswith(scope) for scope in actor.scopes):
                reasons = tuple(reason for reason in REASONS if reason in why)
                place = row.address or names.grid_words(row.area)
                stop = Stop(
                    household, row.head_name or "", place, reasons, why.get("urgent") or why.get("lead"),
                    why.get("returned"),
                )  # fmt: skip
                order = (reasons[0] != "urgent", row.area, row.door_order is None, row.door_order or 0.0, household)
                stops.append((order, stop))
        return tuple(stop for _order, stop in sorted(stops, key=lambda each: each[0]))

    return store.read(work)


def _reasons(tx: ReadTx, actor: Actor) -> Iterator[tuple[str, str, str]]:
    """(household, reason, what it is about)"""
    current = rounds.current_round(tx, actor)
    for area in actor.scopes:
        for lead in leads.waiting(tx, area):
            if lead.household:
                yield lead.household, "urgent" if lead.urgent else "lead", lead.id
        for visit in visits.decided(tx, "returned", area):
            if visit.household:
                yield visit.household, "returned", visit.id
        if current is not None:
            for answer in door_answers.with_answer(tx, current.id, area, "nobody_home"):
                if answer.household and rounds.is_silent(answer):
                    yield answer.household, "second_try", answer.id
    for row in households.revisits_due(tx, actor.today().isoformat()):
        yield row.id, "revisit", row.id
