"""无法定义务人或其无履行义务能力: members as each other's obligors, and those who live apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, once
from fieldapp.policy.rules.disability import by_meaning, for_obligor
from fieldapp.policy.rules.family import age, by_area, roster
from fieldapp.policy.rules.income import COUNTED
from fieldapp.policy.rules.property import property_ok
from fieldapp.policy.steps import Step

_WHO = ("law 16", "tekun2021 4")
_UNABLE = ("law 16", "tekun2021 8")
RULES = (
    rule("obligor.program", "义务人为特困人员", "obligor in extreme poverty", "given", *_UNABLE),
    rule("obligor.aged_dibao", "义务人 60 周岁以上且享受低保", "obligor of 60 in the allowance", "all", *_UNABLE),
    rule("obligor.aged_60", "义务人年满 60 周岁", "obligor of 60", "given", *_UNABLE),
    rule("obligor.in_dibao", "义务人享受低保", "obligor in the allowance", "given", *_UNABLE),
    rule("obligor.aged_70", "义务人年满 70 周岁", "obligor of 70", "given", *_UNABLE),
    rule("obligor.severe", "义务人重度残疾", "obligor severely disabled", "given", *_UNABLE),
    rule("obligor.old_or_disabled", "义务人 70 周岁以上或重度残疾", "obligor of 70 or severely disabled", "any",
         *_UNABLE),
    rule("obligor.income_low", "义务人收入低于上年人均可支配收入", "obligor's income below the disposable income",
         "below", *_UNABLE),
    rule("obligor.weak", "义务人年老或重残且收入财产符合", "obligor old or disabled, income and property low", "all",
         *_UNABLE),
    rule("obligor.away", "义务人无民事行为能力、失踪或服刑", "obligor without capacity, missing or in prison", "given",
         *_UNABLE),
    rule("obligor.told", "义务人无履行能力（调查认定）", "obligor unable, as established", "given", *_UNABLE),
    rule("obligor.unable", "义务人无履行义务能力", "obligor unable", "any", *_UNABLE),
    rule("obligor.none_apart", "无不共同生活的义务人", "no obligor lives apart", "given", *_WHO),
    rule("obligor.own_income", "义务人本人收入", "obligor's own income", "sum", *_UNABLE, unit="fen"),
    rule("obligor.nobody_able", "无法定义务人或其无履行义务能力", "no obligor who can", "all", *_WHO),
)  # fmt: skip

PAIRS = frozenset({
    ("head", "spouse"), ("head", "child"), ("head", "parent"), ("spouse", "child"), ("spouse", "parent_in_law"),
    ("parent", "parent"), ("parent_in_law", "parent_in_law"), ("child", "child_in_law"), ("child", "grandchild"),
    ("child_in_law", "grandchild"), ("parent", "grandparent"), ("parent", "sibling"),
})  # fmt: skip
"""Relations to the head between which members are spouses, parents or children of each other."""


def are_obligors(a: str, b: str) -> bool:
    return (a, b) in PAIRS or (b, a) in PAIRS


@once
def no_obligor(c: Case, row: str) -> Step:
    """Every obligor of the person is unable; nobody there is the same as nobody able."""
    return c.all("obligor.nobody_able", _obligors(c, row), row)


def _obligors(c: Case, row: str) -> Iterator[Step]:
    mine = c.fact("member.relation", row)
    yield roster(c)
    for other in c.rows:
        if other == row:
            continue
        theirs = c.fact("member.relation", other)
        if mine.value is None or theirs.value is None:
            yield mine if mine.value is None else theirs
        elif are_obligors(str(mine.value), str(theirs.value)):
            yield from _if_adult(c, other)
    yield from _apart(c)


def _if_adult(c: Case, row: str) -> Iterator[Step]:
    """A minor owes no support."""
    years = age(c, row)
    if years.number is None:
        yield years
    elif years.number >= 18:
        yield member_unable(c, row)


def _apart(c: Case) -> Iterator[Step]:
    there = c.fact("household.other_obligors")
    if c.facts.obligors:
        yield from (listed_unable(c, row) for row in sorted(c.facts.obligors))
    elif there.value is True:
        yield c.open_fact("obligor.able", "", "missing")
    else:
        yield c.made("obligor.none_apart", None if there.value is None else True, there)


@once
def member_unable(c: Case, row: str) -> Step:
    """A member as an obligor of another."""
    has = c.fact("member.already", row)
    income = c.total("obligor.own_income", c.each(COUNTED, row), row)
    severe = by_meaning(c, "obligor.severe", "member.disability", for_obligor, row)
    away = c.fact("member.away", row)
    return c.any("obligor.unable", _unable(
        c, row,
        program=lambda: c.given("obligor.program", lambda p: "tekun" in p, has, row=row),
        dibao=lambda: c.given("obligor.in_dibao", _either, has, c.fact("already.programs"), row=row),
        years=lambda: age(c, row), severe=lambda: severe, income=lambda: income, property=lambda: property_ok(c),
        away=lambda: c.is_in("obligor.away", away, ("sentence", "missing"), row),
    ), row)  # fmt: skip


def _either(own: tuple[str, ...], family: tuple[str, ...]) -> bool:
    return "dibao" in own or "dibao" in family


@once
def listed_unable(c: Case, row: str) -> Step:
    """An obligor who lives apart: as established, else by the list of the Measures."""
    told = c.fact("obligor.able", row)
    if told.value is not None:
        return c.made("obligor.told", not told.value, told, row=row)
    severe = by_meaning(c, "obligor.severe", "obligor.disability", for_obligor, row)
    program, away = c.fact("obligor.program", row), c.fact("obligor.away", row)
    return c.any("obligor.unable", (told, *_unable(
        c, row,
        program=lambda: c.is_in("obligor.program", program, ("tekun",), row),
        dibao=lambda: c.is_in("obligor.in_dibao", program, ("dibao",), row),
        years=lambda: c.fact("obligor.age", row), severe=lambda: severe,
        income=lambda: c.fact("obligor.income_month", row), property=lambda: c.fact("obligor.property_ok", row),
        away=lambda: c.is_in("obligor.away", away, ("no_capacity", "missing", "sentence", "dead"), row),
    )), row)  # fmt: skip


def _unable(c: Case, row: str, **of: Callable[[], Step]) -> Iterator[Step]:
    yield of["program"]()
    old = c.given("obligor.aged_60", lambda y: y >= 60, of["years"](), row=row)
    yield c.all("obligor.aged_dibao", (old, of["dibao"]()), row)
    old = c.given("obligor.aged_70", lambda y: y >= 70, of["years"](), row=row)
    either = c.any("obligor.old_or_disabled", (old, of["severe"]()), row)
    low = c.below("obligor.income_low", of["income"](), by_area(c, "rigid.disposable_income_month"), row)
    yield c.all("obligor.weak", (either, low, of["property"]()), row)
    yield of["away"]()
