"""Save a store of the present version into ``tests/data/stores/``: run once, before ``schema.VERSION`` is raised.

python -m tests.store.save_store
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from fieldapp.store.api import Store, find
from fieldapp.store.projections import households, people
from fieldapp.store.schema import VERSION
from tests.store.county import GRID, make_store

FOLDER = Path(__file__).resolve().parent.parent / "data" / "stores"
JPEG = b"\xff\xd8\xff" + b"j" * 3000 + b"\xff\xd9"


def fill(store: Store) -> None:
    """A household with two people, a visit with a photo, a conflict, a draft, an access log."""

    def work(tx: Any) -> str:
        home = tx.create(
            "household", GRID, {"address": "周岭村三组12号", "doors": {"d": {"@row": True, "number": "12"}}}
        )
        tx.create(
            "person",
            GRID,
            {"full_name": "范秋娥", "membership": {"household": home, "relation": "head"}},
            document_id="head",
        )
        tx.create("person", GRID, {"full_name": "䶮三", "membership": {"household": home, "relation": "son"}})
        photo = tx.put_blob("visit", JPEG)
        tx.create("visit", GRID, {"household": home, "answers": {"door": photo}}, document_id="visit")
        tx.save_draft("draft", "visit", home, {"age": 71})
        tx.log_access("reveal", "head")
        return str(home)

    store.write_now(work)
    leaves = store.read_now(lambda tx: tx.document("head")).merged.leaves  # type: ignore[union-attr]
    for phone in ("13800000001", "13800000002"):
        store.write_now(lambda tx, p=phone: tx.save("head", {"/phone": p}, parents=leaves))


def reading(store: Store) -> dict[str, Any]:
    """What every later version has to read from it."""

    def work(tx: Any) -> dict[str, Any]:
        (home,) = households.in_area(tx)
        head = tx.document("head")
        blob = tx.blob(tx.blobs_of("visit")[0].id)
        return {
            "home": [home.head_name, home.people, home.door, home.address],
            "members": [member.full_name for member in people.members(tx, home.id)],
            "conflict": sorted(str(value.value) for value in head.merged.conflicts["/phone"]),
            "history": [list(row.set) for row in tx.revisions("head")][:1],
            "photo": sum(len(piece) for piece in blob.pieces()),
            "draft": tx.draft("draft").body,
            "found": [hit.head_name for hit in find(tx, "fqe")],
            "unsent": len(tx.unsent()),
        }

    return store.read_now(work)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        store, _ = make_store(Path(temporary) / "profile")
        with store:
            fill(store)
            expected = reading(store)
        target = FOLDER / f"v{VERSION:03d}.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(Path(temporary, "profile").rglob("*")):
                if path.is_file() and path.name not in ("reserve", "profile.lock"):
                    archive.write(path, path.relative_to(Path(temporary, "profile")).as_posix())
        text = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True)
        (FOLDER / f"v{VERSION:03d}.json").write_text(text + "\n", encoding="utf-8")
    shutil.rmtree(FOLDER / "__pycache__", ignore_errors=True)


if __name__ == "__main__":
    main()
