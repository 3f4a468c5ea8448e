"""A village as it might stand on a working morning, for screens: families, a round half done, leads, revisits.

Made through the real store, so that screens are seen over what they will really read.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from fieldapp.domain.documents import DOOR_ANSWERS
from fieldapp.store.api import Profile, Store, WriteTx
from fieldapp.workflows import screening
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.screening import Told
from tests.store.county import GRID, VILLAGE, County, make_store
from tests.ui.town_matters import fill_matters
from tests.ui.town_visits import fill_visits, look_back
from tests.workflows.doors import actor, family, round_document

HEADS = (
    "黄国强",
    "向军",
    "彭䶮",
    "罗志",
    "谢冬梅",
    "肖雨",
    "邓光明",
    "邓光荣",
    "周老",
    "罗桂花",
    "钱福",
    "曹梅",
    "刘海",
    "𬱖小满",
)
ANSWERED = ("normal", "normal", "changed", "other", "nobody_home", "difficulty")


def people_of(head: str) -> list[dict[str, Any]]:
    if head == "邓光明":
        rest = (
            ("王桂英", "spouse", "1965-02-01", "home", {"illness": "高血压"}),
            ("邓涛", "son", "1988-06-01", "away_work", {}),
            ("何丽", "daughter_in_law", "1990-04-01", "away_work", {}),
            ("邓子轩", "grandson", "2015-03-01", "school", {"school": "五年级"}),
            ("邓子墨", "grandson", "2022-05-01", "home", {}),
        )
    elif head == "肖雨":
        rest = (
            ("邓山", "spouse", "1990-01-01", "home", {"illness": "白血病"}),
            ("邓一", "son", "2016-01-01", "school", {}),
        )
    else:
        return []
    return [
        {"full_name": name, "birth_date": born, "whereabouts": where, "membership": {"relation": relation}, **more}
        for name, relation, born, where, more in rest
    ]


def fill_village(tx: WriteTx) -> tuple[str, list[str]]:
    """A round and families behind doors; what a county would have sent."""
    made = round_document(tx)
    homes = []
    for number, head in enumerate(HEADS, 1):
        more: dict[str, Any] = {}
        if head == "邓光明":
            more = {
                "tier": 2,
                "risk": "medium",
                "programs": {"p1": {"@row": True, "policy": "低保", "amount_month": 64000, "since": "2025-03-01"}},
            }
        if head == "周老":
            more = {"risk": "high", "revisit": {"on": "2026-11-19", "risk": "high", "reason": "转介就业后首次回访"}}
        if head == "钱福":
            more = {
                "risk": "medium",
                "flags": ["lives_alone"],
                "revisit": {"on": "2026-11-21", "reason": "独居老人例行探访"},
            }
        homes.append(family(tx, head, str(number), float(number), *people_of(head), **more))
    leads(tx, homes)
    return made, homes


def leads(tx: WriteTx, homes: list[str]) -> None:
    for number, (name, content, source, due, urgent) in enumerate(
        (
            ("曹梅", "低温走访：老旧砖房，术后居家。须当日回应", "县民政局", "2026-11-21", True),
            ("肖雨", "12 个月自付医疗费 118,000 元", "县医保局", "2026-11-24", False),
            ("刘海", "残疾等级由四级变更为二级", "县残联", "2026-11-27", False),
            ("罗桂花", "邻居说两天没有见到人", "村信息员", "2026-11-19", False),
        ),
        1,
    ):
        tx.create(
            "lead",
            GRID,
            {
                "number": f"2026-{1180 + number}", "source": source, "channel": "department", "person_name": name,
                "content": content, "urgent": urgent, "issued_on": "2026-11-19", "days": 3, "due_on": due,
                "household": homes[HEADS.index(name)], "address": f"周岭村 3 组 {HEADS.index(name) + 1} 号",
                "id_number": "341799195203050027",
            },
        )  # fmt: skip


def village(
    folder: Path, *, desk: bool = False, matters: bool = False, county: County | None = None
) -> tuple[Profile, Store, Actor]:
    """An enrolled worker's laptop with half a round done; with ``desk`` the supervisor's. ``county`` certified it."""
    county = county or County()
    store, _ = make_store(folder / "profile", county, role="supervisor", areas=(VILLAGE,))
    round_id, homes = store.write_now(fill_village)
    if matters:
        store.write_now(lambda tx: fill_matters(tx, supervisor(), homes))
        visited(store, county, actor(), [homes[n] for n in (5, 6, 10)], folder)
    worker = supervisor() if desk else actor()
    change_hands(store, county, worker, version=9)
    assert set(ANSWERED) <= set(DOOR_ANSWERS)
    notes = {"changed": "女儿外出务工", "difficulty": "大病"}
    for home, answer in zip(homes, ANSWERED, strict=False):
        told = Told(answer, reason="empty_house" if answer == "other" else None, note=notes.get(answer))
        screening.answer(store, worker, round_id, home, told).result()
    return store.profile, store, worker


def visited(
    store: Store, county: County, worker: Actor, homes: list[str], folder: Path, *, long: bool = False
) -> None:
    """Visits made by the worker, one of them returned by the desk: both have written on this laptop."""
    change_hands(store, county, worker, version=2)
    made = fill_visits(store, worker, homes, long=long)
    change_hands(store, county, supervisor(), version=3)
    look_back(store, supervisor(), made, folder)


def change_hands(store: Store, county: County, who: Actor, *, version: int) -> None:
    """The laptop is this person's from now on."""
    store.profile.set_identity(county.identity(store.profile, who.user, who.role, who.scopes, version, who.name))


def empty_laptop(folder: Path, *, desk: bool = False) -> tuple[Profile, Store, Actor]:
    """Just enrolled: nothing has been synced yet."""
    if desk:
        store, _ = make_store(folder / "profile", role="supervisor", areas=(VILLAGE,))
        return store.profile, store, supervisor()
    store, _ = make_store(folder / "profile")
    return store.profile, store, actor()


def supervisor() -> Actor:
    return replace(actor("supervisor", (VILLAGE,), "王敏"), user="wang.min")


LONG_NAMES = ("尼牙孜·买买提江·吐尔逊", "欧阳慕容修竹", "𠀾𬱖䶮", "司马相如之后人")


def crowd(folder: Path, doors: int = 240, *, desk: bool = False) -> tuple[Profile, Store, Actor]:
    """A laptop that is full: a long row of doors, dozens of leads, names and words as long as they come."""
    county = County()
    store, _ = make_store(folder / "profile", county, role="supervisor", areas=(VILLAGE,))

    def fill(tx: WriteTx) -> tuple[str, list[str]]:
        made = round_document(tx, title="十二月低温雨雪冰冻天气走访（含孤寡老人、留守儿童、重病重残户）", kind="cold")
        homes = [_long_family(tx, number) for number in range(1, doors + 1)]
        for number, home in enumerate(homes[:60]):
            _long_lead(tx, number, home)
        return made, homes

    round_id, homes = store.write_now(fill)
    store.write_now(lambda tx: fill_matters(tx, supervisor(), homes, halfway=12, long=True))
    visited(store, county, actor(name=LONG_NAMES[3]), homes[:12], folder, long=True)
    worker = supervisor() if desk else actor(name=LONG_NAMES[3])
    change_hands(store, county, worker, version=9)
    for home in homes[:40]:
        note = "外出务工三人，老人由邻居照看，孩子转到镇中心小学，住房屋顶漏雨待修"
        screening.answer(store, worker, round_id, home, Told("changed", note=note)).result()
    return store.profile, store, worker


def _long_family(tx: WriteTx, number: int) -> str:
    others = [
        {"full_name": LONG_NAMES[n % 4], "birth_date": f"19{60 + n}-05-06", "membership": {"relation": "son"},
         "illness": "慢性阻塞性肺疾病合并二型糖尿病", "whereabouts": ("home", "away_work", "school")[n % 3]}
        for n in range(number % 14)
    ]  # fmt: skip
    programs = {
        f"p{n}": {"@row": True, "policy": policy, "amount_month": 123456, "since": "2024-01"}
        for n, policy in enumerate(("最低生活保障", "困难残疾人生活补贴和重度残疾人护理补贴"))
    }
    return family(
        tx, LONG_NAMES[number % 4], f"{number}号院西侧第{number}间", float(number), *others,
        tier=1 + number % 3, risk="high", programs=programs, flags=["lives_alone", "unsafe_housing"],
        revisit={"on": f"2026-11-{10 + number % 15}", "risk": "high", "reason": "重病出院后每周回访，核实自付费用票据和照护人"},
    )  # fmt: skip


def _long_lead(tx: WriteTx, number: int, home: str) -> None:
    state = {
        "number": f"341799-2026-{number:06d}", "source": "县医疗保障局城乡居民基本医疗保险稽核与基金监管中心",
        "channel": "department", "person_name": LONG_NAMES[number % 4], "urgent": number < 8, "issued_on": "2026-11-02",
        "content": "十二个月内个人自付医疗费用 118,000 元，超过本县农村居民上年人均可支配收入三倍，请在期限内入户核实。" * 2,
        "due_on": f"2026-11-{10 + number % 18}", "household": home, "address": "周岭村第三村民组老粮站旁三号院西侧第一间",
    }  # fmt: skip
    tx.create("lead", GRID, state)


def family_of(store: Store, head: str) -> str:
    """The household of this head."""
    sql = "SELECT document FROM household WHERE head_name = ?"
    return str(store.read_now(lambda tx: tx.one(sql, (head,)))[0])
