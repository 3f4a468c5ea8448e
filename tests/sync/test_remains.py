"""A laptop is given up without a last sync: what it leaves sealed comes in at the county, unfinished work to a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp.errors import InputError
from fieldapp.store import farewell
from sync.server.remains import open_remains
from tests.sync.county import GRID_A, GRID_B, County
from tests.sync.laptop import Laptop

PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 1200 + b"\xff\xd9"


def given_up(county: County, tmp_path: Path) -> tuple[Path, str, str]:
    """(the sealed file, a household, its visit) of a laptop whose worker also lost a grid with a draft in it."""
    county.user("li.qiu", "grid_worker", GRID_A, GRID_B, name="李秋")
    laptop = Laptop.enrol(county, "li.qiu", tmp_path / "laptop")
    moved = laptop.household(GRID_B, address="王湾村7号")
    laptop.sync()
    laptop.store.write_now(lambda tx: tx.save_draft("old", "visit", moved, {"note": "只填了一半"}))
    county.user("li.qiu", "grid_worker", GRID_A, name="李秋")
    laptop.sync()
    home = laptop.household(GRID_A, address="周岭村12号")

    def visit(tx: object) -> None:
        photo = tx.put_blob(f"visit-{home}", PHOTO)  # type: ignore[attr-defined]
        loose = tx.put_blob("draft-visit", PHOTO.replace(b"\x01", b"\x07", 1))  # type: ignore[attr-defined]
        tx.create(  # type: ignore[attr-defined]
            "visit", GRID_A, {"household": home, "answers": {"door": photo}}, document_id=f"visit-{home}"
        )
        tx.save_draft("draft-visit", "visit", home, {"photo": loose})  # type: ignore[attr-defined]

    laptop.store.write_now(visit)
    made = farewell.erase_profile(laptop.store, tmp_path / "rest.tjb-sealed")
    assert made.path
    assert not (tmp_path / "laptop").exists()
    return made.path, home, f"visit-{home}"


def test_what_was_never_sent_arrives_and_drafts_lie_before_a_person(county: County, tmp_path: Path) -> None:
    path, home, visit = given_up(county, tmp_path)
    count = open_remains(county.service, path, tmp_path / "desk")
    assert count.verdicts.get("accepted", 0) >= 2
    assert (count.photos, count.loose, count.refused) == (1, 1, [])
    drafts = [json.loads(file.read_text(encoding="utf-8")) for file in sorted((tmp_path / "desk").glob("draft-*"))]
    assert sorted(draft["content"].get("note", "photo") for draft in drafts) == ["photo", "只填了一半"]
    assert (tmp_path / "desk" / "draft-1.json").stat().st_mode & 0o077 == 0
    again = open_remains(county.service, path, tmp_path / "desk")
    assert "accepted" not in again.verdicts
    reader = Laptop.enrol(county, "li.qiu", tmp_path / "new")
    reader.sync()
    assert reader.state(home)["address"] == "周岭村12号"
    blob = reader.store.read_now(lambda tx: tx.blob(tx.blobs_of(visit)[0].id))
    assert blob
    assert b"".join(blob.pieces()) == PHOTO
    reader.close()


def test_the_file_of_another_county_is_refused(county: County, tmp_path: Path) -> None:
    path, _, _ = given_up(county, tmp_path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "broken").write_bytes(bytes(data))
    with pytest.raises(InputError, match=r"file\.damaged"):
        open_remains(county.service, tmp_path / "broken", tmp_path / "desk")
    (tmp_path / "other").write_bytes(b"no such file")
    with pytest.raises(InputError, match=r"file\."):
        open_remains(county.service, tmp_path / "other", tmp_path / "desk")
