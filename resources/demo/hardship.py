"""What makes a family's life hard, and what it already gets for it: disabilities, illness, programs, tier, risk.

Shares are near those of such counties (low-income population about one in ten); amounts are what a family might be
paid, in 分 a month. Nothing here is computed by the rules: it is what a registry would hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from resources.demo.homes import TODAY, Home, Member

CHRONIC = ("高血压", "糖尿病", "冠心病", "慢性支气管炎", "腰椎间盘突出", "类风湿关节炎", "脑梗死后遗症", "慢性肾病")
SEVERE = ("肺癌", "肝癌", "白血病", "系统性红斑狼疮", "尿毒症")
KINDS = ("limb", "visual", "hearing", "intellectual", "mental", "speech")
NO_ID_REASONS = ("户口未登记", "身份证遗失，未补办", "外来人员，证件不全", "出生证明缺失，未上户口")
ELSEWHERE = ("外县：邻县石门镇", "外市：江城市城关镇", "外省：随子女迁居")


@dataclass(frozen=True)
class Program:
    """One program of a family, or of one member by index."""

    policy: str
    since: str
    amount: int | None = None
    member: int | None = None


@dataclass
class Standing:
    """What the registry says of the family."""

    programs: list[Program] = field(default_factory=list)
    tier: int | None = None
    risk: str | None = None
    revisit_on: date | None = None
    revisit_reason: str | None = None


def add_burdens(home: Home, chance: Random) -> None:
    """Illness, disability, missing papers, registers elsewhere; flags that follow from them."""
    for member in home.members:
        _illness(member, chance)
        if member.disability is None and chance.random() < (0.07 if member.age > 55 else 0.025):
            member.disability = (chance.choice(KINDS), chance.choices((1, 2, 3, 4), (10, 25, 35, 30))[0])
        if chance.random() < 0.007:
            member.no_id_reason = chance.choice(NO_ID_REASONS)
        elif chance.random() < 0.03 and member.relation != "head":
            member.registered_elsewhere = chance.choice(ELSEWHERE)
    if chance.random() < 0.018:
        home.flags.append("unsafe_housing")
    for flag, holds in (
        ("severe_disability", any(m.disability and m.disability[1] <= 2 for m in home.members)),
        ("severe_illness", any(m.illness in SEVERE for m in home.members)),
        ("no_papers", any(m.no_id_reason for m in home.members)),
    ):
        if holds and flag not in home.flags:
            home.flags.append(flag)


def _illness(member: Member, chance: Random) -> None:
    draw = chance.random()
    if draw < 0.004 + 0.004 * (member.age > 50):
        member.illness = chance.choice(SEVERE)
    elif draw < 0.03 + 0.2 * (member.age > 60):
        member.illness = chance.choice(CHRONIC)


def standing(home: Home, urban: bool, chance: Random) -> Standing:
    """Programs by how hard the family has it, and the tier and risk that go with them."""
    found = Standing()
    weight = _weight(home)
    draw = chance.random()
    if weight >= 3 and draw < 0.10 and _without_support(home):
        _tekun(found, home, chance)
    elif draw < 0.035 * weight:
        _dibao(found, home, urban, chance)
    elif draw < 0.05 * weight:
        found.programs.append(Program(chance.choice(("edge", "rural_monitoring")), _since(chance)))
        found.tier = 2
    elif draw < 0.058 * weight:
        found.programs.append(Program("rigid", _since(chance)))
        found.tier = 3
    _personal(found, home, chance)
    _risk(found, home, chance)
    return found


def _weight(home: Home) -> int:
    flags = {"lives_alone", "single_parent", "severe_disability", "severe_illness", "unsafe_housing"}
    return 1 + 2 * len(flags.intersection(home.flags))


def _without_support(home: Home) -> bool:
    return len(home.members) == 1 and home.members[0].age >= 60


def _tekun(found: Standing, home: Home, chance: Random) -> None:
    care = chance.choice((10_000, 30_000, 60_000))
    found.programs.append(Program("tekun", _since(chance), 78_000 + care, 0))
    found.tier = 1
    if chance.random() < 0.25:
        home.members[0].whereabouts = "institution"


def _dibao(found: Standing, home: Home, urban: bool, chance: Random) -> None:
    standard = 75_000 if urban else 60_000
    amount = round(standard * len(home.members) * chance.uniform(0.25, 0.85) / 1000) * 1000
    found.programs.append(Program("dibao", _since(chance), amount))
    found.tier = 2
    for index, member in enumerate(home.members):
        if member.disability:
            found.programs.append(Program("disability_living", _since(chance), 11_000, index))


def _personal(found: Standing, home: Home, chance: Random) -> None:
    for index, member in enumerate(home.members):
        if member.disability and member.disability[1] <= 2 and found.tier != 1 and chance.random() < 0.8:
            found.programs.append(Program("disability_care", _since(chance), 11_000, index))
        if member.age >= 80:
            found.programs.append(Program("elder_age", _since(chance), 5_000, index))


def _risk(found: Standing, home: Home, chance: Random) -> None:
    flags = set(home.flags)
    alone_and_old = "lives_alone" in flags and any(member.age >= 70 for member in home.members)
    if "severe_illness" in flags and "lives_alone" in flags:
        found.risk, days, found.revisit_reason = "high", 7, "重病独居"
    elif alone_and_old or "severe_illness" in flags or (found.tier and "severe_disability" in flags):
        found.risk, days = "medium", 30
        found.revisit_reason = "七十岁以上独居" if alone_and_old else "重病或重残"
    elif found.tier:
        found.risk, days, found.revisit_reason = "low", 90, "在册"
    else:
        return
    # Most were visited in time; a few are overdue, as in every office.
    last = chance.randrange(0, days) if chance.random() < 0.93 else days + chance.randrange(1, 12)
    found.revisit_on = TODAY + timedelta(days=days - last)


def _since(chance: Random) -> str:
    return f"{chance.randrange(2021, 2026)}-{chance.randrange(1, 13):02d}"
