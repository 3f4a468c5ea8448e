"""Needs found by rule from what was told; the investigator's ticks stand beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, once
from fieldapp.policy.rules.disability import listed_illness
from fieldapp.policy.rules.family import age
from fieldapp.policy.rules.labour import able_jobless
from fieldapp.policy.rules.tekun import self_care
from fieldapp.policy.rules.tier import status
from fieldapp.policy.steps import Step

_NEED = ("law 14", "law 39", "measures2021 6", "catalogue")
RULES = (
    rule("need.condition", "相关情况", "circumstance", "given", *_NEED),
    rule("need.low_income", "属于低收入对象", "low income", "any", *_NEED),
    rule("need.基本生活", "基本生活", "basic living", "any", *_NEED),
    rule("need.医疗健康", "医疗健康", "medical care", "any", *_NEED),
    rule("need.康复", "康复", "rehabilitation", "any", *_NEED),
    rule("need.照护", "照护", "care", "any", *_NEED),
    rule("need.关怀探访", "关怀探访", "visits", "any", *_NEED),
    rule("need.心理", "心理", "counselling", "any", *_NEED),
    rule("need.教育资助", "教育资助", "schooling", "any", *_NEED),
    rule("need.住房", "住房", "housing", "any", *_NEED),
    rule("need.就业", "就业", "work", "any", *_NEED),
    rule("need.急难", "急难", "emergency", "any", *_NEED),
    rule("need.法律", "法律", "legal help", "any", *_NEED),
    rule("need.儿童保护", "儿童保护", "child protection", "any", *_NEED),
    rule("need.养老", "养老", "old age", "any", *_NEED),
    rule("need.无障碍/适老", "无障碍/适老", "accessibility", "any", *_NEED),
    rule("need.殡葬", "殡葬", "burial", "any", *_NEED),
    rule("need.取暖/能源", "取暖/能源", "heating", "any", *_NEED),
    rule("need.服务转介", "服务转介", "services", "any", *_NEED),
)  # fmt: skip

VOCABULARY = (
    "基本生活", "医疗健康", "康复", "照护", "关怀探访", "心理", "教育资助", "住房", "就业", "急难", "法律",
    "儿童保护", "养老", "无障碍/适老", "殡葬", "取暖/能源", "慈善", "服务转介",
)  # fmt: skip
LOW_INCOME = ("tekun", "dibao", "dibao_single", "edge", "rigid", "orphan", "swwrfy")


@once
def low_income(c: Case) -> Step:
    return c.any("need.low_income", (status(c, name) for name in LOW_INCOME))


def _when(c: Case, name: str, test: Callable[..., bool], row: str = "") -> Step:
    return c.given("need.condition", test, c.fact(name, row), row=row)


Test = Callable[[Any], bool]


def _yes(value: object) -> bool:
    return value is True


def _no(value: object) -> bool:
    return value is False


def _above_zero(value: int) -> bool:
    return value > 0


OF_MEMBER: dict[str, tuple[tuple[str, Test], ...]] = {
    "医疗健康": (("member.illness.chronic", _yes), ("member.self_paid_medical_12_months", _above_zero)),
    "康复": (("member.needs_rehabilitation", _yes), ("member.disability.aids_needed", _yes)),
    "照护": (("member.needs_care", _yes), ("member.disability.long_care", _yes),
            ("member.elder.level", lambda level: level >= 2)),
    "心理": (("member.danger_to_self", _yes), ("member.mood", lambda mood: mood != "calm")),
    "教育资助": (("member.school", lambda stage: stage != "none"),),
    "养老": (("member.elder.level", lambda level: level >= 2),),
}  # fmt: skip
OF_HOUSEHOLD: dict[str, tuple[tuple[str, Test], ...]] = {
    "住房": (("housing.safe", _no), ("housing.danger_level", lambda level: level in ("C", "D")),
            ("housing.none", _yes), ("housing.difficult", _yes)),
    "急难": (("event.kind", bool), ("signal.urgent", _yes), ("event.disaster_damage", _yes)),
    "法律": (("need.legal", _yes), ("event.unpaid_crime_damage", _yes)),
    "无障碍/适老": (("housing.barriers", _yes),), "殡葬": (("event.member_died", _yes),),
    "取暖/能源": (("housing.heating_difficulty", _yes),), "服务转介": (("need.words", lambda words: words != "none"),),
}  # fmt: skip
"""Facts that alone speak for a need; a need is found by the first that does, and unknown facts find none."""


def _living(c: Case) -> Iterator[Step]:
    return (status(c, name) for name in ("dibao", "tekun", "dibao_single", "orphan", "swwrfy"))


def _children(c: Case) -> Iterator[Step]:
    return (status(c, name) for name in ("orphan", "swwrfy"))


def _care(c: Case) -> Iterator[Step]:
    """By the six items, of whoever was assessed: the old and the disabled."""
    for row in c.rows:
        years = age(c, row).value
        old = isinstance(years, int) and years >= 60
        if old or c.fact("member.disability.kind", row).value not in ("none", None):
            yield c.given("need.condition", lambda level: level != "self", self_care(c, row), row=row)


def _visits(c: Case) -> Iterator[Step]:
    for row in c.rows:
        for name in ("member.lives_alone", "member.empty_nest"):
            if c.fact(name, row).value is True:
                old = c.given("need.condition", lambda years: years >= 60, age(c, row), row=row)
                yield c.all("need.condition", (c.fact(name, row), old), row)


def _work(c: Case) -> Iterator[Step]:
    if low_income(c).value is True:
        for row in c.rows:
            yield c.all("need.condition", (able_jobless(c, row), low_income(c)), row)


BY_RULE: dict[str, Callable[[Case], Iterator[Step]]] = {
    "基本生活": _living, "儿童保护": _children, "照护": _care, "关怀探访": _visits, "就业": _work,
    "医疗健康": lambda c: (listed_illness(c, row) for row in c.rows),
}  # fmt: skip


def found(c: Case, need: str) -> Step | None:
    """The step that speaks for a need; None where nothing known does (慈善 is only ticked)."""
    part = _told(c, need) or _by_rule(c, need)
    return c.any(f"need.{need}", (part,)) if part is not None else None


def _told(c: Case, need: str) -> Step | None:
    for name, test in OF_HOUSEHOLD.get(need, ()):
        step = c.fact(name)
        if step.value is not None and test(step.value):
            return c.made("need.condition", True, step)
    for name, test in OF_MEMBER.get(need, ()):
        for row in c.rows:
            step = c.fact(name, row)
            if step.value is not None and test(step.value):
                return c.made("need.condition", True, step, row=row)
    return None


def _by_rule(c: Case, need: str) -> Step | None:
    steps = BY_RULE[need](c) if need in BY_RULE else ()
    return next((step for step in steps if step.value is True), None)
