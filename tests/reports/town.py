"""A small town for papers and ledgers: a round half done, a lead answered, a task handed out, allowances, a map."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldapp.domain.ids import door_answer_id
from fieldapp.store.api import WriteTx
from tests.reports.homes import ID_NUMBER, PHONE, Home, visited_home
from tests.store.county import COUNTY, GRID, OTHER_GRID, TOWN, VILLAGE
from tests.workflows.doors import family, round_document

ANSWERS = ("normal", "normal", "changed", "difficulty", "nobody_home")


@dataclass
class Town:
    """A visited home and ids of what else there is, by the kind papers ask for."""

    home: Home
    subjects: dict[str, str]


def town(folder: Path, *, photos: int = 1) -> Town:
    home = visited_home(folder, photos=photos)
    home.store.write_now(lambda tx: tx.apply_statements([areas(home)]))
    found = home.store.write_now(lambda tx: _fill(tx, home))
    subjects = {"visit": home.visit, "household": home.household, "area": VILLAGE, "form": "home_visit", **found}
    return Town(home, subjects)


def areas(home: Home) -> Any:
    """The county's map: two grids side by side, and names."""

    def feature(code: str, name: str, west: float | None = None) -> dict[str, Any]:
        ring = [[west, 30.0], [west + 0.02, 30.0], [west + 0.02, 30.02], [west, 30.02], [west, 30.0]] if west else None
        shape = {"type": "Polygon", "coordinates": [ring]} if ring else None
        return {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": shape}

    content = {
        "type": "FeatureCollection",
        "features": [
            feature(TOWN, "柏叶镇"),
            feature(VILLAGE, "周岭村"),
            feature(GRID, "三组", 118.0),
            feature(OTHER_GRID, "四组", 118.02),
        ],
    }
    return home.county.sign("control", "control", name="areas", version=1, content=content)


def _fill(tx: WriteTx, home: Home) -> dict[str, str]:
    round_ = round_document(tx)
    homes = [home.household, *(family(tx, f"张{n}", str(n), float(n), phone=PHONE) for n in range(1, 21))]
    for n, household in enumerate(homes[:14]):
        state = {
            "round": round_,
            "household": household,
            "answer": ANSWERS[n % 5],
            "at": f"2026-11-{n + 3:02d}T02:00:00Z",
            "by": "李秋",
        }
        tx.create("door_answer", GRID, state, document_id=door_answer_id(COUNTY, round_, household))
    lead = tx.create("lead", GRID, {
        "number": "YJ-001", "source": "县医保局", "channel": "department", "person_name": "邓山", "id_number": ID_NUMBER,
        "content": f"个人自付医疗费 118000 元，联系 {PHONE}", "issued_on": "2026-11-10", "assigned_on": "2026-11-11", "days": 5,
        "due_on": "2026-11-18", "household": home.household, "checked_on": "2026-11-21", "answered_on": "2026-11-21",
        "answer": {"outcome": "true_needs_help", "seen": "丈夫住院，妻子独自照护。", "by": "李秋", "visit": home.visit, "taken_into_help": True},
    })  # fmt: skip
    tx.create(
        "lead",
        GRID,
        {
            "number": "YJ-002",
            "source": "县残联",
            "person_name": "=cmd|' /C calc'!A0",
            "issued_on": "2026-11-12",
            "due_on": "2026-11-17",
        },
    )
    task = tx.create("task", GRID, {"kind": "service", "household": home.household, "title": "采茶帮工", "provider": "青年志愿者协会", "due_on": "2026-11-30",
                                    "result": {"at": "2026-11-20T08:00:00Z", "hours": 6, "text": "采茶 40 斤", "word": "满意"}})  # fmt: skip
    program = {"@row": True, "policy": "dibao", "since": "2026-11-01", "amount_month": 349000}
    tx.save(home.household, {f"/programs/p1/{key}": value for key, value in program.items()})
    return {"round": round_, "lead": lead, "task": task}


def no_more_numbers(text: str) -> bool:
    """Whether a paper's text is free of whole numbers of people."""
    return ID_NUMBER not in text and PHONE not in text
