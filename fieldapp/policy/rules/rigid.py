"""刚性支出困难家庭 (since 2025): five kinds of spending against the family's gross income over 12 months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, once, whole
from fieldapp.policy.rules.dibao import dibao
from fieldapp.policy.rules.edge import edge
from fieldapp.policy.rules.family import by_area, counted, identity, may_apply_here, size
from fieldapp.policy.rules.income import gross, per_person
from fieldapp.policy.rules.property import property_ok
from fieldapp.policy.rules.tekun import whole_family as tekun_family
from fieldapp.policy.steps import Step

SINCE = date(2025, 1, 1)
_RIGID = ("law 22", "rigid2024")
RULES = (
    rule("rigid.comes_after", "未纳入低保、特困、低保边缘", "not in the allowance, extreme poverty or edge", "none",
         *_RIGID, since=SINCE),
    rule("rigid.income_low", "人均收入低于上年人均可支配收入", "per person below last year's disposable income",
         "below", *_RIGID, since=SINCE),
    rule("rigid.spending", "刚性支出（五项）", "rigid spending of five kinds", "sum", "law 22", "rigid2024",
         unit="fen", since=SINCE),
    rule("rigid.income_year", "家庭年收入", "gross income of 12 months", "year", "law 22", "rigid2024", unit="fen",
         since=SINCE),
    rule("rigid.ratio", "刚性支出占比", "rigid ratio", "divide", *_RIGID, unit="percent", since=SINCE),
    rule("rigid.ratio_high", "刚性支出占比超过门槛", "ratio exceeds the threshold", "above", *_RIGID, since=SINCE),
    rule("rigid.no_income", "收入为零时按县口径", "income of zero, by the county's choice", "given", *_RIGID,
         since=SINCE),
    rule("rigid.conditions", "刚性支出困难条件", "conditions of rigid spending", "all", *_RIGID, since=SINCE),
    rule("rigid", "刚性支出困难家庭", "rigid-expenditure household", "after", *_RIGID, since=SINCE),
)  # fmt: skip

OF_MEMBER = (
    "member.self_paid_medical_12_months", "member.education_12_months", "member.rehabilitation_12_months",
)  # fmt: skip
OF_HOUSEHOLD = tuple(
    f"household.spending.{kind}_12_months" for kind in ("medical", "education", "rehabilitation", "living", "other")
)


@once
def spending(c: Case) -> Step:
    """Living, medical, education, rehabilitation, other; uncapped."""
    own = [step for row in counted(c) for step in c.each(OF_MEMBER, row)]
    return c.total("rigid.spending", [*own, *c.each(OF_HOUSEHOLD)])


@once
def income_year(c: Case) -> Step:
    return c.given("rigid.income_year", lambda month: month * 12, gross(c))


@once
def ratio_high(c: Case) -> Step:
    """超过: spending ÷ income > threshold; income of zero has no ratio and goes by the county's choice."""
    spent, income = spending(c), income_year(c)
    if spent.value == 0:
        return c.made("rigid.ratio_high", False, spent)
    if income.value == 0:
        return _without_income(c, spent, income)
    ratio = c.given("rigid.ratio", lambda a, b: whole(Fraction(a, b)), spent, income)
    return c.above("rigid.ratio_high", ratio, c.param("rigid.min_ratio"))


def _without_income(c: Case, spent: Step, income: Step) -> Step:
    choice = c.param("rigid.zero_income")
    value = None if spent.value is None or choice.value is None else choice.value == "exceeds"
    return c.made("rigid.no_income", value, spent, income, choice)


@once
def rigid(c: Case) -> Step:
    """Every condition, once it is settled that no programme before it applies."""
    if size(c).about.kind == "fact":
        return c.after("rigid", identity(c), size(c))
    return c.after("rigid", identity(c), c.all("rigid.conditions", _conditions(c)))


def _conditions(c: Case) -> Iterator[Step]:
    yield c.none("rigid.comes_after", (dibao(c), edge(c), tekun_family(c)))
    yield c.below("rigid.income_low", per_person(c), by_area(c, "rigid.disposable_income_month"))
    yield property_ok(c)
    yield ratio_high(c)
    yield may_apply_here(c)
