"""A row of doors for tests: one grid, a round, families with names, over a real store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from fieldapp.domain.areas import board
from fieldapp.store.api import Store, WriteTx
from fieldapp.workflows.actor import Actor
from tests.store.county import COUNTY, GRID, VILLAGE, County, make_store

TODAY = date(2026, 11, 21)


def actor(role: str = "grid_worker", scopes: tuple[str, ...] = (GRID,), name: str = "李秋") -> Actor:
    now = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
    return Actor("li.qiu", name, role, COUNTY, scopes, today=lambda: TODAY, now=lambda: now)


def family(tx: WriteTx, head: str, number: str, order: float, *others: dict[str, Any], **more: Any) -> str:
    """A household with its door and head; ``others`` are further members' states."""
    grid = more.pop("grid", GRID)
    home = tx.create(
        "household",
        grid,
        {"head_name": head, "address": f"周岭村 3 组 {number} 号", "doors": {"d1": {"@row": True, "number": number, "order": order}}, **more},
    )  # fmt: skip
    people = [
        {"full_name": head, "birth_date": "1958-03-05", "sex": "male", "membership": {"relation": "head"}},
        *others,
    ]
    for person in people:
        membership = {"household": home, "lives_with_family": True, **person.pop("membership", {})}
        tx.create("person", grid, {"whereabouts": "home", **person, "membership": membership})
    return home


def round_document(tx: WriteTx, **more: Any) -> str:
    state = {
        "title": "十一月排查", "number": 3, "kind": "regular", "areas": [VILLAGE], "opens_on": "2026-11-01",
        "closes_on": "2026-11-30", **more,
    }  # fmt: skip
    return tx.create("round", board(VILLAGE), state)


@dataclass
class Row:
    """The store of a grid worker with doors and a round in it."""

    store: Store
    actor: Actor
    round: str
    homes: list[str]


def row_of_doors(
    folder: Path, names: tuple[str, ...] = ("黄国强", "向军", "邓光明"), *, desk: bool = False, **about_round: Any
) -> Row:
    """A round reaches a worker from the desk: written as the desk would, then the laptop is the worker's.

    With ``desk`` it stays the supervisor's.
    """
    county = County()
    store, _ = make_store(folder / "profile", county, role="supervisor", areas=(VILLAGE,))

    def fill(tx: WriteTx) -> tuple[str, list[str]]:
        made = round_document(tx, **about_round)
        return made, [family(tx, name, str(n), float(n)) for n, name in enumerate(names, 1)]

    made, homes = store.write_now(fill)
    if desk:
        return Row(store, actor("supervisor", (VILLAGE,), "王敏"), made, homes)
    store.profile.set_identity(county.identity(store.profile, role="grid_worker", areas=(GRID,), version=2))
    return Row(store, actor(), made, homes)
