"""A flipped byte on the county's disk: named to the office, everything else flows on, and the author sends it again."""

from __future__ import annotations

from pathlib import Path

import requests
from sqlalchemy import text

from sync.server.sealing import NONCE_BYTES
from tests.sync.county import GRID_A, County
from tests.sync.laptop import Laptop


def flip(county: County, document: str) -> str:
    """One bit of the sealed payload; the revision it belongs to."""

    def work(connection):  # type: ignore[no-untyped-def]
        here = text("SELECT revision, payload FROM revisions WHERE document = :d")
        name, sealed = connection.execute(here, {"d": document}).one()
        broken = bytearray(sealed)
        broken[NONCE_BYTES + 3] ^= 1
        there = text("UPDATE revisions SET payload = :p WHERE revision = :r")
        connection.execute(there, {"p": bytes(broken), "r": name})
        return str(name)

    return county.service.write(work)


def metric(county: County, name: str) -> float:
    page = requests.get(county.address + "/metrics", timeout=20).text
    return float(dict(line.rsplit(" ", 1) for line in page.splitlines())[name])


def test_one_damaged_record_keeps_nobody_from_the_others(county: County, tmp_path: Path) -> None:
    county.user("li.qiu", "grid_worker", GRID_A)
    county.user("he.yu", "grid_worker", GRID_A)
    li = Laptop.enrol(county, "li.qiu", tmp_path / "li")
    broken, whole = li.household(GRID_A, address="1号"), li.household(GRID_A, address="2号")
    li.sync()
    name = flip(county, broken)
    he = Laptop.enrol(county, "he.yu", tmp_path / "he")
    result = he.sync()
    assert (result.damaged, he.view(broken), he.state(whole)) == (1, None, {"address": "2号"})
    assert metric(county, "tjb_damaged") == 1
    listed = county.admin("damaged")
    assert [(row["subject"], row["document"], row["author"]) for row in listed] == [(name, broken, "li.qiu")]
    assert f'"subjects": ["{name}"]' in (county.folder / "server.log").read_text(encoding="utf-8")
    li.write(whole, phone="1")
    assert li.sync().returned == 1, "the author's laptop sends it again without being told"
    assert county.admin("damaged") == []
    assert he.sync().damaged == 0
    assert he.state(broken) == {"address": "1号"}
    assert he.state(whole) == {"address": "2号", "phone": "1"}
    for laptop in (li, he):
        laptop.close()


def test_the_office_can_look_for_damage(county: County, tmp_path: Path) -> None:
    county.user("li.qiu", "grid_worker", GRID_A)
    li = Laptop.enrol(county, "li.qiu", tmp_path / "li")
    home = li.household(GRID_A, address="1号")
    blob = li.store.write_now(lambda tx: tx.put_blob(home, b"\xff\xd8\xff" + bytes(900) + b"\xff\xd9", "photo"))
    li.write(home, photo=blob)
    li.sync()
    assert county.admin("damaged", "--check") == []
    path = county.folder / "blobs" / blob[:2] / blob
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert [(row["kind"], row["subject"]) for row in county.admin("damaged", "--check")] == [("blob", blob)]
    county.user("he.yu", "grid_worker", GRID_A)
    he = Laptop.enrol(county, "he.yu", tmp_path / "he")
    assert he.sync().pulled == 2, "the record comes, its photo is absent"
    assert he.store.read_now(lambda tx: tx.blob(blob)) is None
    for laptop in (li, he):
        laptop.close()
