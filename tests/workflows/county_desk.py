"""A desk of the county for tests: the pack in force, and families whose last home visit froze what was found."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from fieldapp.domain.pointers import ROW
from fieldapp.policy.api import Facts
from fieldapp.store.api import Profile, Store, WriteTx
from fieldapp.workflows.actor import Actor
from tests.policy.makers import DEMO
from tests.store.county import COUNTY, GRID, County, make_store
from tests.workflows.doors import actor, family

#: head, what the visit found, what the registry says the family receives
FAMILIES: tuple[tuple[str, dict[str, Any], tuple[str, ...]], ...] = (
    ("黄国强", {"members": [{"role": "head", "age": 40}]}, ()),
    ("向军", {"members": [{"role": "head", "age": 40}]}, ("最低生活保障",)),
    ("邓光明", {"members": [{"role": "head", "age": 40, "wage_month": 5000}]}, ("低保",)),
    ("罗志", {"members": [{"role": "head", "age": 40, "transfer_month": 620}]}, ("edge",)),
    ("彭䶮", {"members": [{"role": "head", "age": 40, "wage_month": "unknown"}]}, ("dibao",)),
)


def county_desk(folder: Path, *, role: str = "county", pack: bool = True) -> tuple[Profile, Store, Actor]:
    """``FAMILIES`` as visited, one more nobody has visited; the demo pack published unless ``pack`` is False."""
    county = County()
    store, _ = make_store(folder / "profile", county, role=role, areas=(COUNTY,))
    if pack:
        content = {"file": "pack.xlsx", "base64": base64.b64encode((DEMO / "pack.xlsx").read_bytes()).decode()}
        body = {"name": "pack/county", "version": 1, "content": content, "effective": None, "at": "2026-11-01T00:00:00Z"}
        store.write_now(lambda tx: tx.apply_statements([county.sign("control", "control", **body)]))
    store.write_now(_fill)
    return store.profile, store, actor(role, (COUNTY,), "何建")


def _fill(tx: WriteTx) -> None:
    for number, (head, told, programs) in enumerate(FAMILIES, 1):
        rows = {f"p{n}": {ROW: True, "policy": policy} for n, policy in enumerate(programs)}
        home = family(tx, head, str(number), float(number), programs=rows)
        facts = Facts.from_case({"area": "rural", **told}).to_json()
        frozen = [{"facts": facts, "result": {}}]
        tx.create("visit", GRID, {"household": home, "purpose": "home_visit", "finished_at": "2026-11-10T03:00:00Z",
                                  "assessment": {"frozen": frozen}})  # fmt: skip
    family(tx, "谢冬梅", "99", 99.0)
