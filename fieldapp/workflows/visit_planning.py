"""A visit agreed on for a day (约定走访): it stands on that day's board and route, before what the risk asks for.

The day the risk had set is kept beside it (``revisit.usual_on``) and comes back when the agreed visit has been made.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from typing import Any

from fieldapp.domain.documents import Household
from fieldapp.domain.pointers import Json
from fieldapp.errors import StateError
from fieldapp.store.api import Store, WriteTx
from fieldapp.workflows.actor import Actor

ON, WHY, PLANNED, USUAL = "/revisit/on", "/revisit/reason", "/revisit/planned_by", "/revisit/usual_on"


@dataclass(frozen=True)
class Agreed:
    """What was written over, to take it back."""

    household: str
    before: Mapping[str, Json]


def agree(store: Store, actor: Actor, household: str, on: date, why: str) -> Future[Agreed]:
    """Visit the family on ``on``. Raises StateError ``visit.past`` | ``visit.no_household``, RefusedError."""
    if on < actor.today():
        raise StateError("visit.past")

    def work(tx: WriteTx) -> Agreed:
        view = tx.document(household)
        if view is None or not isinstance(view.record, Household):
            raise StateError("visit.no_household")
        actor.require("household", view.area)
        now = view.record.revisit
        usual = now.get("usual_on") if now.get("planned_by") else now.get("on")
        writes: dict[str, Json] = {
            ON: on.isoformat(), WHY: why.strip() or now.get("reason"), PLANNED: actor.name, USUAL: usual,
        }  # fmt: skip
        before: dict[str, Json] = {path: now.get(path.rsplit("/", 1)[1]) for path in writes}
        told = {path: value for path, value in writes.items() if value is not None or before[path] is not None}
        tx.save(view.id, told)
        return Agreed(view.id, before)

    return store.write(work)


def take_back(store: Store, actor: Actor, agreed: Agreed) -> Future[str]:
    """The day and reason as they stood. Raises as ``agree``."""

    def work(tx: WriteTx) -> str:
        view = tx.document(agreed.household)
        if view is None:
            raise StateError("visit.no_household")
        actor.require("household", view.area)
        return tx.save(agreed.household, agreed.before)

    return store.write(work)


def made(state: Mapping[str, Any]) -> dict[str, Json]:
    """What a visit that has been made leaves of an agreed one: the day the risk had set stands again."""
    revisit = state.get("revisit")
    if not isinstance(revisit, Mapping) or not revisit.get("planned_by"):
        return {}
    return {ON: revisit.get("usual_on"), PLANNED: None, USUAL: None}
