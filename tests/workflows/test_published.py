"""Which policy pack holds: the one the county published last, whatever it is called."""

from __future__ import annotations

import base64
from datetime import date
from pathlib import Path

from fieldapp.domain.statements import Statement
from fieldapp.store.api import Store
from fieldapp.workflows.published import PACK, in_force, published
from tests.store.county import County, make_store
from ui.screens.visit.kit import Kit

TODAY = date(2026, 11, 21)


def pack(county: County, name: str, version: int, at: str, workbook: bytes) -> Statement:
    content = {"file": "pack.xlsx", "base64": base64.b64encode(workbook).decode("ascii")}
    return county.sign("control", "control", name=PACK + name, version=version, content=content, effective=None, at=at)


def held(store: Store) -> bytes | None:
    found = store.read_now(published, TODAY).pack
    return found.workbook if found else None


def test_a_pack_of_a_new_name_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    """The old one was mended seven times; the first version of the next year's is newer all the same."""
    county = County()
    store, _ = make_store(tmp_path / "profile", county)
    assert held(store) is None
    old = pack(county, "2026", 7, "2026-03-02T01:00:00.000Z", b"old")
    new = pack(county, "2027", 1, "2026-11-20T01:00:00.000Z", b"new")
    assert store.write_now(lambda tx: tx.apply_statements([new, old])) == ()
    assert held(store) == b"new"
    back = pack(county, "2026", 8, "2026-11-21T01:00:00.000Z", b"old, mended")
    store.write_now(lambda tx: tx.apply_statements([back]))
    assert held(store) == b"old, mended"
    store.close()


def test_the_window_takes_a_pack_that_bears_the_number_of_the_one_before(tmp_path: Path) -> None:
    county = County()
    store, _ = make_store(tmp_path / "profile", county)
    kit = Kit(shelf=None)  # type: ignore[arg-type] # no form is published here
    store.write_now(lambda tx: tx.apply_statements([pack(county, "2026", 1, "2026-03-02T01:00:00.000Z", b"old")]))
    kit.renew(store, TODAY)
    before = kit.rules
    store.write_now(lambda tx: tx.apply_statements([pack(county, "2027", 1, "2026-11-20T01:00:00.000Z", b"new")]))
    kit.renew(store, TODAY)
    assert before is not None
    assert kit.rules is not before
    store.close()


def test_the_server_and_the_laptops_ask_the_same() -> None:
    assert in_force({}) is None
    assert in_force({"pack/2026": "2026-03-02T01:00:00.000Z", "pack/2027": "2026-11-20T01:00:00.000Z"}) == "pack/2027"
    assert in_force({"pack/a": "2026", "pack/b": "2026"}) == "pack/b", "of one moment always the same one"
