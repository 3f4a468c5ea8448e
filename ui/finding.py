"""From what was typed in the search box to rows under it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial

from fieldapp.store.api import Store
from fieldapp.workflows import households as workflow
from fieldapp.workflows.actor import Actor
from ui import privacy
from ui.desk import Desk
from ui.widgets.rows import Row
from ui.widgets.search_box import Hit
from ui.words import t

FIRST_PAGE = 8


def households(store: Store, actor: Actor, query: str) -> Future[list[workflow.HouseholdLine]]:
    return workflow.find(store, actor, query, limit=FIRST_PAGE)


def hits(desk: Desk, found: Sequence[workflow.HouseholdLine]) -> list[Hit]:
    return [Hit(row(each), partial(desk.go, "household", household=each.id)) for each in found]


def row(line: workflow.HouseholdLine) -> Row:
    """A household as one row of a list."""
    tags = [t(f"tier.{line.tier}")] if line.tier else []
    return Row(
        title=t("household.family", name=privacy.name(line.head)),
        beside=t("household.people", n=line.people),
        second=" · ".join(part for part in (line.place, line.matched and privacy.name(line.matched)) if part),
        tag=(privacy.secret(tags[0]), "accent") if tags else None,
        icon="house",
    )
