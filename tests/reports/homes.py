"""Homes with visits in a real store, for the tests of papers: the form filled as the trade would, photos, signatures."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from fieldapp.domain.ids import new_document_id, review_id
from fieldapp.policy import api as policy
from fieldapp.store.api import Store, WriteTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.form_shelf import FormShelf
from tests.policy.makers import demo
from tests.store.county import COUNTY, GRID, VILLAGE, County, make_store
from tests.workflows.doors import actor, family

STROKES = json.dumps({"schema": "strokes/1", "shape": 0.32, "strokes": [[[0.1, 0.2], [0.5, 0.8], [0.9, 0.3]]]}).encode()
PRINTED = datetime(2026, 11, 21, 2, 5, tzinfo=UTC)
ID_NUMBER, PHONE = "341799199203054425", "13805661234"
NAMES = (
    "肖雨",
    "邓山",
    "邓一",
    "邓二",
    "邓小䶮",
    "邓㛃",
    "邓𬱖",
    "邓奶奶",
    "邓爷爷",
    "邓大",
    "邓三",
    "邓四",
    "邓五",
    "邓六",
)


@cache
def photo(number: int = 0, size: tuple[int, int] = (1200, 900)) -> bytes:
    """A JPEG with something on it, and with a place in its EXIF that must not reach the paper."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", size, (120 + number * 7 % 90, 140, 150))
    drawing = ImageDraw.Draw(picture)
    for step in range(0, size[0], 40):
        drawing.line((step, 0, size[0] - step, size[1]), fill=(200, 200 - number, 60), width=3)
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    made = io.BytesIO()
    picture.save(made, "JPEG", exif=exif)
    return made.getvalue()


def member(number: int) -> dict[str, Any]:
    return {
        "@row": True,
        "who": {
            "full_name": NAMES[number], "relation": ("head", "spouse", "child")[min(number, 2)], "sex": "F",
            "id_kind": "id_card", "id_number": ID_NUMBER, "birth_date": "1992-03-05", "phone": PHONE,
            "lives_together": "yes", "away": "none", "support_duty": "yes", "marital": "married",
            "schooling_unk": "unclear",
        },
        "income": {"labour_ability": "full", "work": "farming", "income_kinds": ["business"], "income_kinds_business": "400"},
        "health": {"has_disability": "no", "medical_paid": "118000" if number == 1 else "0"},
        "schooling_now": {"school": "primary" if number > 1 else "none"},
        "care": {"mood_permission": "yes", "mood": "low"},
    }  # fmt: skip


def answers(blobs: dict[str, str], members: int = 5) -> dict[str, Any]:
    """An answers tree of ``home_visit``; ``blobs`` by question name."""
    signing = {name: blob for name, blob in blobs.items() if name.startswith("sign_")}
    photos = {name: blob for name, blob in blobs.items() if name.startswith("photo_")}
    return {
        "basics": {
            "visit_date": "2026-11-21", "purpose": "lead", "investigator_1": "李秋", "investigator_1_identity": "grid",
            "investigator_2": "陈芳", "investigator_2_identity": "village", "present_member": "肖雨", "area": "rural",
            "register_kind": "agricultural", "living_place": "周岭村4组6号", "contact_phone": PHONE,
        },
        "members": {"@order": [f"m{n}" for n in range(members)], **{f"m{n}": member(n) for n in range(members)}},
        "family": {"assets": ["deposits"], "assets_deposits": "6000", "has_debts": "yes", "debts": "43000",
                   "debts_for": f"给丈夫看病借的，借条在舅舅家，舅舅电话{PHONE}。" * 2},
        "housing": {"owned": "yes", "area_m2": "86.5", "safe": "yes", "kitchen_toilet": "灶台一口，旱厕在院外。", **photos},
        "events": {"causes": ["illness"], "needs": ["care"], "need_words": "想有人帮着看一下孩子，好腾出手照顾病人。", "urgent": "no"},
        "conclusion": {"conclusion_text": "丈夫患肝癌，妻子独自照护三个孩子和病人，建议申请低保并转介医疗救助。"},
        "signing": {"consent": "yes", "undertaking": "yes", "consent_date": "2026-11-21", "signer": "self", **signing},
    }  # fmt: skip


def assessed() -> dict[str, Any]:
    """The rules on a family like this one, frozen as a submission freezes them."""
    facts = policy.Facts.from_case({
        "area": "rural",
        "members": [
            {"name": "肖雨", "role": "head", "sex": "F", "age": 34},
            {"name": "邓山", "role": "husband", "sex": "M", "age": 36, "illness": "liver cancer", "self_paid_medical_12_months": 118000},
            {"name": "邓一", "role": "daughter", "sex": "F", "age": 8, "school": "primary"},
            {"name": "邓二", "role": "daughter", "sex": "F", "age": 8, "school": "primary"},
            {"name": "邓小", "role": "son", "sex": "M", "age": 3},
        ],
        "income_month": {"business": 400, "transfer": 150}, "deposits": 6000,
        "can_and_wants_to_develop_a_business": "unknown", "needs_ticked": ["照护"],
    })  # fmt: skip
    result = policy.assess(facts, demo(), date(2026, 11, 21))
    return {"frozen": [{"result": policy.to_json(result), "facts": facts.to_json()}]}


@dataclass
class Home:
    """A supervisor's store with one visited family in it."""

    store: Store
    county: County
    actor: Actor
    household: str
    visit: str


def visited_home(folder: Path, *, members: int = 5, photos: int = 3, received: bool = True, **state: Any) -> Home:
    """A family, its visit with blobs, and the county's receipt unless ``received`` is False."""
    store, county = make_store(folder / "profile", role="supervisor", areas=(VILLAGE,))
    home, visit = store.write_now(lambda tx: _fill(tx, members, photos, state))
    if received:
        receive(store, county, visit)
    return Home(store, county, actor("supervisor", (VILLAGE,), "王敏"), home, visit)


def receive(store: Store, county: County, document: str) -> None:
    """The county holds every revision of a document, with its blobs."""
    rows = store.read_now(lambda tx: tx.revisions(document))
    held = [blob.id for blob in store.read_now(lambda tx: tx.blobs_of(document))]
    receipts = [county.receipt(row.id, blobs_held=held) for row in rows]
    store.write_now(lambda tx: tx.apply_receipts(receipts))


def _fill(tx: WriteTx, members: int, photos: int, state: dict[str, Any]) -> tuple[str, str]:
    others = [{"full_name": name, "birth_date": "2018-05-06"} for name in NAMES[1:members]]
    home = family(tx, NAMES[0], "6", 6.0, *others)
    visit = new_document_id()
    names = ["photo_door", "photo_room", "photo_kitchen", "photo_other"][:photos]
    blobs = {name: tx.put_blob(visit, photo(n), "photo") for n, name in enumerate(names)}
    blobs |= {
        name: tx.put_blob(visit, STROKES, "signature")
        for name in ("sign_investigator_1", "sign_investigator_2", "sign_family")
    }
    tx.create(
        "visit", GRID,
        {
            "household": home, "purpose": "lead", "form_id": "home_visit", "form_version": None,
            "started_at": "2026-11-21T01:10:00Z", "finished_at": "2026-11-21T01:55:00Z",
            "investigators": {"i1": {"@row": True, "name": "李秋", "identity": "grid", "user": "li.qiu"},
                              "i2": {"@row": True, "name": "陈芳", "identity": "village"}},
            "answers": answers(blobs, members), "assessment": assessed(), **state,
        },
        document_id=visit,
    )  # fmt: skip
    return home, visit


def review(home: Home, decision: str, words: str = "") -> None:
    """The desk's word on the visit as it stands."""

    def work(tx: WriteTx) -> None:
        view = tx.document(home.visit)
        assert view is not None
        comments = (
            {"c1": {"@row": True, "path": "", "text": words, "by": "王敏", "at": "2026-11-21T03:00:00Z"}}
            if words
            else {}
        )
        tx.create(
            "review", view.area,
            {"subject": home.visit, "subject_leaves": list(view.merged.leaves), "decision": decision, "by": "王敏",
             "at": "2026-11-21T03:00:00Z", "comments": comments},
            document_id=review_id(COUNTY, home.visit),
        )  # fmt: skip

    home.store.write_now(work)


def shelf(folder: Path) -> FormShelf:
    return FormShelf(folder)
