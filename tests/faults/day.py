"""A worker's day at the store, in small steps, each with its acknowledgement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fieldapp.store.api import Store, find
from fieldapp.store.projections import people
from tests.store.county import GRID

JPEG = b"\xff\xd8\xff" + b"j" * 60_000 + b"\xff\xd9"
NAMES = ("范秋娥", "周大山", "䶮三", "欧阳小兰", "赵六", "𬱖㛃")
NUMBER = "341799198302022342"
PHONE = "13855512345"


def steps(store: Store, kept: dict[str, Any]) -> Iterator[str]:
    """Each step writes, then notes in ``kept`` what was acknowledged: document id -> expected piece of state."""
    for number, name in enumerate(NAMES):
        home = store.write_now(lambda tx, n=number: tx.create("household", GRID, {"address": f"周岭村三组{n}号"}))
        kept[home] = ("address", f"周岭村三组{number}号")
        yield "household"
        state = {"full_name": name, "id_number": NUMBER, "membership": {"household": home, "relation": "head"}}
        person = store.write_now(lambda tx, s=state: tx.create("person", GRID, s))
        kept[person] = ("full_name", name)
        yield "person"
        for answer in range(3):
            body = {"age": answer, "note": "屋顶漏雨，药费三千" * 40}
            store.write_now(lambda tx, b=body, n=number: tx.save_draft(f"draft-{n}", "visit", None, b))
            kept[f"draft-{number}"] = ("age", answer)
            yield "draft"
        visit = f"visit-{home}"

        def submit(tx: Any, visit: str = visit, home: str = home, number: int = number) -> None:
            answers = {"door": tx.put_blob(visit, JPEG), "note": "屋顶漏雨" * 500}
            tx.create("visit", GRID, {"household": home, "answers": answers}, document_id=visit)
            tx.drop_draft(f"draft-{number}")

        store.write_now(submit)
        kept[visit] = ("household", home)
        kept.pop(f"draft-{number}")
        yield "visit"
        store.write_now(lambda tx, p=person: tx.save(p, {"/phone": PHONE}))
        kept[person] = ("phone", PHONE)
        yield "save"
        store.write_now(lambda tx, p=person: tx.log_access("reveal", p))
        assert store.read_now(lambda tx, n=name: find(tx, n))
        assert store.read_now(lambda tx, h=home: people.members(tx, h))
        yield "search"


def missing(store: Store, kept: dict[str, Any]) -> list[str]:
    """What was acknowledged and does not read as it should."""
    lost = []
    for name, (key, value) in kept.items():
        if name.startswith("draft-"):
            draft = store.read_now(lambda tx, n=name: tx.draft(n))
            good = draft is not None and draft.body[key] >= value
        else:
            view = store.read_now(lambda tx, n=name: tx.document(n))
            good = view is not None and view.state.get(key) == value
        if not good:
            lost.append(name)
    return lost
