"""Needs found by rule from what was told; the investigator's ticks stand beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, once
from fieldapp.policy.rules.disability import listed_illness
from fieldapp.policy.rules.family import age
from fieldapp.policy.rules.labour import able_jobless
from fieldapp.policy.rules.tekun import self_care
from fieldapp.policy.rules.temporary import event
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
    rule("need.就业", "就业", "work", "all", *_NEED),
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


def _is(c: Case, name: str, *values: object, row: str = "") -> Step:
    return c.is_in("need.condition", c.fact(name, row), values, row)


def _living(c: Case) -> Iterator[Step]:
    return (status(c, name) for name in ("dibao", "tekun", "dibao_single", "orphan", "swwrfy"))


def _medical(c: Case) -> Iterator[Step]:
    for row in c.rows:
        yield listed_illness(c, row)
        yield _is(c, "member.illness.chronic", True, row=row)
        yield _when(c, "member.self_paid_medical_12_months", lambda paid: paid > 0, row)


def _rehabilitation(c: Case) -> Iterator[Step]:
    for row in c.rows:
        yield _is(c, "member.needs_rehabilitation", True, row=row)
        yield _is(c, "member.disability.aids_needed", True, row=row)


def _care(c: Case) -> Iterator[Step]:
    for row in c.rows:
        yield _is(c, "member.needs_care", True, row=row)
        yield _is(c, "member.disability.long_care", True, row=row)
        yield c.given("need.condition", lambda level: level != "self", self_care(c, row), row=row)
        yield _when(c, "member.elder.level", lambda level: level >= 2, row)


def _visits(c: Case) -> Iterator[Step]:
    for row in c.rows:
        old = c.given("need.condition", lambda years: years >= 60, age(c, row), row=row)
        for name in ("member.lives_alone", "member.empty_nest"):
            yield c.all("need.condition", (old, _is(c, name, True, row=row)), row)


def _mind(c: Case) -> Iterator[Step]:
    for row in c.rows:
        yield _is(c, "member.danger_to_self", True, row=row)
        yield _when(c, "member.mood", lambda mood: mood != "calm", row)


def _school(c: Case) -> Iterator[Step]:
    return (_when(c, "member.school", lambda stage: stage != "none", row) for row in c.rows)


def _housing(c: Case) -> Iterator[Step]:
    yield _is(c, "housing.safe", False)
    yield _is(c, "housing.danger_level", "C", "D")
    yield _is(c, "housing.none", True)
    yield _is(c, "housing.difficult", True)


def _emergency(c: Case) -> Iterator[Step]:
    yield event(c)
    yield _is(c, "signal.urgent", True)
    yield _is(c, "event.disaster_damage", True)


def _children(c: Case) -> Iterator[Step]:
    yield status(c, "orphan")
    yield status(c, "swwrfy")


def _barriers(c: Case) -> Iterator[Step]:
    yield _is(c, "housing.barriers", True)


def _old_age(c: Case) -> Iterator[Step]:
    for row in c.rows:
        yield _when(c, "member.elder.level", lambda level: level >= 2, row)


def _one(name: str, *values: object) -> Callable[[Case], Iterator[Step]]:
    return lambda c: iter((_is(c, name, *values),))


FOUND_BY: dict[str, Callable[[Case], Iterator[Step]]] = {
    "基本生活": _living, "医疗健康": _medical, "康复": _rehabilitation, "照护": _care, "关怀探访": _visits,
    "心理": _mind, "教育资助": _school, "住房": _housing, "急难": _emergency,
    "法律": lambda c: iter((_is(c, "need.legal", True), _is(c, "event.unpaid_crime_damage", True))),
    "儿童保护": _children, "养老": _old_age, "无障碍/适老": _barriers,
    "殡葬": _one("event.member_died", True), "取暖/能源": _one("housing.heating_difficulty", True),
    "服务转介": lambda c: iter((_when(c, "need.words", lambda words: words != "none"),)),
}  # fmt: skip


def _work(c: Case) -> Step:
    jobless = c.any("need.condition", [able_jobless(c, row) for row in c.rows])
    return c.all("need.就业", (jobless, low_income(c)))


@once
def found(c: Case, need: str) -> Step | None:
    """The rule of a need, None where there is none (慈善 is only ticked)."""
    if need == "就业":
        return _work(c)
    return c.any(f"need.{need}", FOUND_BY[need](c)) if need in FOUND_BY else None
