"""王梅's autumn: visits in September and again now, doors, a visit that will come back, leads answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.store.projections.leads import waiting
from fieldapp.workflows import leads, screening, visits
from fieldapp.workflows.leads import LeadAnswer
from fieldapp.workflows.screening import Told
from fieldapp.workflows.visits import VisitStart
from resources.demo.stories.clerk import Clerk, session_of
from resources.demo.stories.families import Families

AUTUMN = 63  # days ago: last quarter's visits, reviewed long since
QUIET_VISIT = {
    "housing_kind": "砖混平房",
    "assets": ("deposits",),
    "assets_deposits": 12000,
    "conclusion_text": "家庭情况稳定，继续按现有待遇帮扶。",
    "neighbours": "邻居说老人身体还可以，儿女常打电话。",
    "area": "rural",
}
EARNING = {"work": "flexible", "income_kinds": ("wage",), "income_kinds_wage": 2600, "labour_ability": "full"}
NO_INCOME = {"work": "none", "income_kinds": ("none",), "labour_ability": "none"}
#: family → (days ago, what changed, what changed about members by their place)
NOW: Mapping[str, tuple[int, Mapping[str, Any], Mapping[int, Mapping[str, Any]]]] = {
    "illness": (
        1,
        {
            "purpose": "difficulty",
            "assets_deposits": 3000,
            "event_kind": ("illness",),
            "event_hardship": "yes",
            "event_words": "九月底在县医院手术，住院二十天，借了亲戚两万元。",
            "needs": ("基本生活", "医疗健康"),
            "urgent": "yes",
            "family_spending": ("medical",),
            "family_spending_medical": 86000,
            "conclusion_text": "户主术后不能劳动，家里断了收入，建议申请低保，同时转介医疗救助。",
        },
        {
            0: {
                "work": "lost",
                "income_kinds": ("none",),
                "labour_ability": "none",
                "has_illness": "yes",
                "illness": "胃癌术后",
                "chronic": "yes",
                "medical_paid": 86000,
                "in_hospital": "no",
            }
        },
    ),
    "job": (
        2,
        {
            "event_kind": ("job_loss",),
            "event_hardship": "no",
            "event_words": "厂里停工，十月起没有工资。",
            "needs": ("就业",),
            "assets_deposits": 8000,
            "conclusion_text": "户主失业，愿意就近做工，建议转介人社局。",
        },
        {0: {"work": "lost", "income_kinds": ("none",)}},
    ),
    "housing": (
        3,
        {
            "safe": "no",
            "danger_level": "C",
            "housing_kind": "旧砖木房",
            "housing_problems": ("heating",),
            "needs": ("住房", "取暖/能源"),
            "conclusion_text": "厨房屋面漏雨，墙体有裂缝，建议住建部门鉴定。",
        },
        {},
    ),
    "school": (
        4,
        {
            "family_spending": ("education",),
            "family_spending_education": 14000,
            "needs": ("教育资助",),
            "conclusion_text": "孩子今年上大学，学费靠借，建议教育资助。",
        },
        {},
    ),
    "elder": (
        6,
        {
            "bedding_food": "short",
            "needs": ("照护", "关怀探访"),
            "conclusion_text": "老人独自在家，一日两餐，建议幸福食堂送餐。",
        },
        {0: {"selfcare_all": "no", "can_bathing": "no", "needs_care": "yes", "carer": "none"}},
    ),
    "quiet": (7, {}, {}),
    "returned": (5, {"needs": ("照护",), "conclusion_text": "老人腿脚不便，子女在外。"}, {0: {"needs_care": "no"}}),
}


def autumn(clerk: Clerk, families: Families) -> None:
    """Last quarter: what today's visits stand beside."""
    then = clerk.ago(AUTUMN)
    for role in (*NOW, "applicant", "cut"):
        then.visit(families.of(role), QUIET_VISIT, {0: EARNING})


def november(clerk: Clerk, families: Families) -> dict[str, str]:
    """This month's visits, by the family's role."""
    made = {}
    for role, (days, said, members) in NOW.items():
        made[role] = clerk.ago(days, hour=9).visit(families.of(role), said, members)
    return made


def doors(clerk: Clerk, families: Families) -> None:
    """The second grid's round is nearly done: only a few doors are left besides those of the cases."""
    now = clerk.ago(1, hour=15)
    listed = screening.door_list(clerk.store, now.actor, clerk.who.areas[-1]).result()
    if listed.round is None:
        return
    mine = [each.household for each in listed.doors if each.state == "todo" and each.household not in families.cases]
    for place, household in enumerate(mine[: max(0, len(mine) - 3)]):
        told = _TOLD.get(place, Told("normal"))
        screening.answer(clerk.store, now.actor, listed.round.id, household, told).result()


_TOLD = {
    2: Told("changed", note="儿子十一月回家过年，不再外出"),
    4: Told("nobody_home"),
    6: Told("all_away", how="phone"),
    8: Told("other", reason="in_hospital", note="在县医院住院"),
}


def answered(clerk: Clerk, families: Families) -> None:
    """The oldest lead of the two grids that belongs to no case is answered with what was seen."""
    open_ones = [row for area in clerk.who.areas for row in clerk.store.read_now(waiting, area)]
    found = [row for row in open_ones if row.household not in families.cases and row.channel == "department"]
    for row in found[:1]:
        given = LeadAnswer("true_already_helped", "情况属实，九月已纳入低保，本月待遇正常发放。", taken_into_help=False)
        leads.answer(clerk.store, clerk.ago(0, hour=8).actor, row.id, given).result()


def begun(clerk: Clerk, families: Families) -> None:
    """A visit begun and not finished: it waits among the visits."""
    opened = visits.start(clerk.store, clerk.actor, clerk.shelf, VisitStart(families.of("begun"))).result()
    visits.keep(clerk.store, opened, session_of(opened, clerk).save()).result()
