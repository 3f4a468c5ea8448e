"""Risk level and revisit interval, by the county's table of situations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, lazily, once
from fieldapp.policy.rules.disability import listed_illness, severe
from fieldapp.policy.rules.family import age, size, someone
from fieldapp.policy.rules.temporary import event
from fieldapp.policy.rules.tier import has
from fieldapp.policy.steps import Step

_RISK = ("county", "law 46", "monitoring2023")
RULES = (
    rule("risk.urgent", "有未解除的紧急信号", "urgent signal open", "any", *_RISK),
    rule("risk.open_event", "突发变故未缓解", "a sudden event not over", "all", *_RISK),
    rule("risk.not_cleared", "急难未缓解", "not over", "given", *_RISK),
    rule("risk.self_harm", "有伤害自己的危险", "danger to oneself", "any", *_RISK),
    rule("risk.alone", "独居", "lives alone", "given", *_RISK),
    rule("risk.ill_alone_person", "重病且独居", "severely ill and alone", "all", *_RISK),
    rule("risk.ill_alone", "重病且独居", "severe illness and living alone", "any", *_RISK),
    rule("risk.weather_round", "恶劣天气轮次", "a weather round", "given", *_RISK),
    rule("risk.unsafe", "住房不安全", "housing unsafe", "given", *_RISK),
    rule("risk.unsafe_weather", "恶劣天气轮次中住房不安全", "unsafe housing in a weather round", "all", *_RISK),
    rule("risk.carer_died", "照护人新近去世", "carer died lately", "given", *_RISK),
    rule("risk.aged", "达到县定年龄", "of the county's age", "given", *_RISK),
    rule("risk.aged_alone_person", "年老且独居", "old and alone", "all", *_RISK),
    rule("risk.aged_alone", "老年人独居", "old and living alone", "any", *_RISK),
    rule("risk.disabled", "家有重度残疾人", "severe disability", "any", *_RISK),
    rule("risk.ill", "家有名单内重病", "listed severe illness", "any", *_RISK),
    rule("risk.lead_true", "线索核查属实", "lead answered as true", "given", *_RISK),
    rule("risk.in_program", "在保在册", "in a program", "any", *_RISK),
    rule("risk.level", "属于该风险等级", "of this level", "any", *_RISK),
    rule("risk", "风险等级", "risk level", "pick", *_RISK, unit="text"),
)  # fmt: skip

LEVELS = ("high", "medium", "low")
PROGRAMS = ("tekun", "dibao", "dibao_single", "edge", "rigid", "orphan", "swwrfy")


@once
def _urgent(c: Case) -> Step:
    cleared = c.given("risk.not_cleared", lambda over: not over, c.fact("event.cleared"))
    return c.any("risk.urgent", (c.fact("signal.urgent"), c.all("risk.open_event", (event(c), cleared))))


@once
def alone(c: Case, row: str) -> Step:
    """Told so, or the only member of the family."""
    told, people = c.fact("member.lives_alone", row), size(c)
    if told.value is True or people.value == 1:
        return c.made("risk.alone", True, told, people, row=row)
    return c.made("risk.alone", None if told.value is None or people.value is None else False, told, people, row=row)


def _each(c: Case, id: str, of: Callable[[str], Step]) -> Step:
    return someone(c, id, of, c.rows)


def _ill_alone(c: Case, row: str) -> Step:
    return c.all("risk.ill_alone_person", lazily(lambda: listed_illness(c, row), lambda: alone(c, row)), row)


def _aged_alone(c: Case, row: str) -> Step:
    def old() -> Step:
        start = c.param("risk.aged_from")
        return c.given("risk.aged", lambda years, least: years >= least, age(c, row), start, row=row)

    return c.all("risk.aged_alone_person", lazily(old, lambda: alone(c, row)), row)


def _unsafe_weather(c: Case) -> Step:
    weather = c.is_in("risk.weather_round", c.fact("round.kind"), ("weather",))
    return c.all("risk.unsafe_weather", (weather, c.given("risk.unsafe", lambda ok: not ok, c.fact("housing.safe"))))


def _carer_died(c: Case) -> Step:
    died = c.fact("event.carer_died_on")
    if not isinstance(died.value, date):
        return c.made("risk.carer_died", None if died.value is None else False, died)
    return c.given("risk.carer_died", lambda day, days: 0 <= (c.on - day).days <= days, died,
                   c.param("risk.carer_died_days"))  # fmt: skip


def _lead_true(c: Case) -> Step:
    return c.is_in("risk.lead_true", c.fact("lead.answer"), ("true_needs_help", "true_already_helped"))


SITUATIONS: dict[str, Callable[[Case], Step]] = {
    "urgent": _urgent,
    "self_harm": lambda c: _each(c, "risk.self_harm", lambda row: c.fact("member.danger_to_self", row)),
    "ill_alone": lambda c: _each(c, "risk.ill_alone", lambda row: _ill_alone(c, row)),
    "unsafe_weather": _unsafe_weather,
    "carer_died": _carer_died,
    "aged_alone": lambda c: _each(c, "risk.aged_alone", lambda row: _aged_alone(c, row)),
    "disabled": lambda c: _each(c, "risk.disabled", lambda row: severe(c, row)),
    "ill": lambda c: _each(c, "risk.ill", lambda row: listed_illness(c, row)),
    "lead_true": _lead_true,
    "in_program": lambda c: c.any("risk.in_program", (has(c, name) for name in PROGRAMS)),
}


@once
def level(c: Case, name: str) -> Step:
    """Whether one of the situations of a level holds."""
    table = c.param(f"risk.{name}.any")
    if table.value is None:
        return table
    return c.any("risk.level", (SITUATIONS[situation](c) for situation in table.names))


@once
def risk(c: Case) -> Step:
    """The highest level that holds for certain; a higher one that is still open stays in the trace. With none
    for certain and some open it is not known."""
    used = []
    for name in LEVELS:
        step = level(c, name)
        used.append(step)
        if step.value is True:
            return c.made("risk", name, *used)
    return c.made("risk", None if any(step.value is None for step in used) else "none", *used)


def open_above(c: Case) -> bool:
    """Whether a level above the one given is still open."""
    found = risk(c).value
    above = LEVELS[: LEVELS.index(found)] if found in LEVELS else ()
    return any(level(c, name).value is None for name in above)
