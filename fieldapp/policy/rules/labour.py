"""Ability to work and lack of work, as programmes for employment read them."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, lazily, once
from fieldapp.policy.rules.disability import listed_illness, no_labour_by_disability, severe
from fieldapp.policy.rules.family import AT_SCHOOL, age, someone
from fieldapp.policy.steps import Step

RULES = (
    rule("labour.age", "劳动年龄内（16–59 周岁）", "of working age", "given", "law 27", "regulation2014 42"),
    rule("labour.not_pupil", "不在校", "not at school", "given", "law 27", "regulation2014 42"),
    rule("labour.not_severe", "非重残", "no severe disability", "none", "law 27", "regulation2014 42"),
    rule("labour.not_ill", "非名单内重病", "no listed severe illness", "none", "law 27", "regulation2014 42"),
    rule("labour.derived", "按年龄、在校、残疾、重病推断有劳动能力", "able to work, by age, school and health", "all",
         "law 27", "regulation2014 42"),
    rule("labour.able", "有劳动能力", "able to work", "given", "law 27", "regulation2014 42"),
    rule("labour.jobless", "未就业", "without work", "given", "law 27", "regulation2014 42"),
    rule("labour.no_wage", "无工资收入", "no wage", "given", "law 27", "regulation2014 42"),
    rule("labour.able_jobless", "有劳动能力而未就业", "able and without work", "all", "law 27",
         "regulation2014 42"),
    rule("labour.some_able_jobless", "家中有劳动能力而未就业者", "someone able and without work", "any", "law 27",
         "regulation2014 42"),
)  # fmt: skip

WORKING_AGE = range(16, 60)
JOBLESS = frozenset({"none", "lost", "returned_early"})


@once
def able(c: Case, row: str) -> Step:
    """As assessed, or derived where nobody assessed it."""
    told = c.fact("member.labour_ability", row)
    if told.value is not None:
        return c.is_in("labour.able", told, ("full", "weak"), row)
    if told.note not in ("missing", "empty"):
        return c.made("labour.able", None, told, row=row)
    derived = c.all("labour.derived", _derived(c, row), row)
    return c.made("labour.able", derived.value, told, derived, row=row)


def _derived(c: Case, row: str) -> Iterator[Step]:
    yield c.is_in("labour.age", age(c, row), WORKING_AGE, row)
    yield c.given("labour.not_pupil", lambda s: s not in AT_SCHOOL, c.fact("member.school", row), row=row)
    yield c.none("labour.not_severe", (severe(c, row), no_labour_by_disability(c, row)), row)
    yield c.none("labour.not_ill", (listed_illness(c, row),), row)


@once
def jobless(c: Case, row: str) -> Step:
    """No work told of, and no wage."""
    work = c.is_in("labour.jobless", c.fact("member.work", row), JOBLESS, row)
    wage = c.given("labour.no_wage", lambda w: w == 0, c.fact("member.income.wage_month", row), row=row)
    return c.all("labour.able_jobless", (work, wage), row)


@once
def able_jobless(c: Case, row: str) -> Step:
    return c.all("labour.able_jobless", lazily(lambda: jobless(c, row), lambda: able(c, row)), row)


@once
def some_able_jobless(c: Case) -> Step:
    return someone(c, "labour.some_able_jobless", lambda row: able_jobless(c, row))
