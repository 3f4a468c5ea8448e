"""The four kinds of income, what is left out, job cost, rigid deduction, income per person."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, once, whole
from fieldapp.policy.money import Amount
from fieldapp.policy.rules.family import counted, member, size
from fieldapp.policy.steps import Step, StepValue

_METHOD = ("law 23", "regulation2014 10", "measures2021 13")
RULES = (
    rule("income.person", "本人月收入（四类）", "income of the person", "sum", *_METHOD, unit="fen"),
    rule("income.left_out", "按规定不计入后的收入", "counted after what is left out", "given", *_METHOD, unit="fen"),
    rule("income.gross", "家庭月收入", "gross income", "sum", *_METHOD, unit="fen"),
    rule("income.job_cost.person", "就业成本", "job cost", "least", *_METHOD, unit="fen"),
    rule("income.job_cost.capped", "就业成本（封顶）", "job cost, at most", "least", *_METHOD, unit="fen"),
    rule("income.job_cost.share", "按工资比例的就业成本", "job cost by share", "times", *_METHOD, unit="fen"),
    rule("income.job_cost", "就业成本", "job cost", "sum", *_METHOD, unit="fen"),
    rule("income.spending", "可扣减刚性支出", "deductible rigid spending", "sum", *_METHOD, unit="fen"),
    rule("income.spending_month", "月均刚性支出", "rigid deduction", "months", *_METHOD, unit="fen"),
    rule("income.rigid_deduction", "刚性支出扣减", "rigid deduction", "least", *_METHOD, unit="fen"),
    rule("income.after_costs", "可计算收入", "countable income", "minus", *_METHOD, unit="fen"),
    rule("income.countable", "可计算收入", "countable income", "floor", *_METHOD, unit="fen"),
    rule("income.per_person", "人均月收入", "per person", "divide", *_METHOD, unit="fen"),
    rule("income.own", "本人可计算收入", "that person's own countable income", "floor", "law 21",
         "measures2021 8", unit="fen"),
    rule("income.own_after_costs", "本人可计算收入", "that person's own income", "minus", "law 21",
         "measures2021 8", unit="fen"),
)  # fmt: skip

COUNTED = tuple(
    f"member.income.{kind}_month"
    for kind in ("wage", "business", "property", "pension", "support", "transfer", "other")
)
BY_PARAMETER = {
    "member.income.basic_pension_month": "income.basic_pension_excluded",
    "member.income.childcare_month": "income.childcare_excluded",
    "member.income.disability_subsidy_month": "income.disability_subsidy_excluded",
    "member.income.elder_allowance_month": "income.elder_allowance_excluded",
}
OF_HOUSEHOLD = tuple(f"household.income.{kind}_month" for kind in ("business", "property", "transfer", "other"))
DEDUCTIBLE = {
    "medical": ("member.self_paid_medical_12_months", "household.spending.medical_12_months"),
    "education": ("member.education_12_months", "household.spending.education_12_months"),
    "rehabilitation": ("member.rehabilitation_12_months", "household.spending.rehabilitation_12_months"),
}


@once
def of_person(c: Case, row: str) -> Step:
    """The four kinds of one member, a month; 优待抚恤、救助款物、奖学金 are never read."""
    return c.total("income.person", [*c.each(COUNTED, row), *_by_parameter(c, row)], row)


def _by_parameter(c: Case, row: str) -> Iterator[Step]:
    for amount, key in zip(c.each(BY_PARAMETER, row), BY_PARAMETER.values(), strict=True):
        if not amount.value:  # nothing there, or not known: the county's choice does not matter yet
            yield amount
            continue
        out = c.param(key)
        value = None if out.value is None else 0 if out.value else amount.value
        yield c.made("income.left_out", value, amount, out, row=row)


@once
def gross(c: Case) -> Step:
    """Four kinds of all members and of the household as a whole, before any deduction."""
    listed = size(c)
    if listed.about.kind == "fact":
        return listed
    people = (part for row in counted(c) for part in _of_member(c, row))
    return c.total("income.gross", [*people, *c.each(OF_HOUSEHOLD)])


def _of_member(c: Case, row: str) -> Iterator[Step]:
    """The member's income; while it is open whether the member counts, that too."""
    if member(c, row).value is None:
        yield member(c, row)
    yield of_person(c, row)


@once
def job_cost_of(c: Case, row: str) -> Step:
    """必要就业成本 of an employed member: fixed or a share of the wage, at most the county's cap where it has one."""
    cost = _job_cost(c, row)
    if not cost.value or not c.has_param("job_cost.cap_month"):
        return cost
    return c.least("income.job_cost.capped", cost, c.param("job_cost.cap_month"), row)


def _job_cost(c: Case, row: str) -> Step:
    wage, method = c.fact("member.income.wage_month", row), c.param("job_cost.method")
    if wage.value == 0:
        return c.made("income.job_cost.person", 0, wage, row=row)
    if method.value == "none":
        return c.made("income.job_cost.person", 0, method, row=row)
    if method.value == "wage_ratio":
        return c.times("income.job_cost.share", wage, c.param("job_cost.ratio"), row)
    if method.value is None:
        return c.made("income.job_cost.person", None, wage, method, row=row)
    fixed, cap = c.param("job_cost.month"), c.param("job_cost.cap")
    if cap.value == "none":
        return c.given("income.job_cost.person", lambda month, _: month, fixed, cap, row=row)
    return c.given("income.job_cost.person", lambda w, month, _: min(w, month), wage, fixed, cap, row=row)


@once
def job_cost(c: Case) -> Step:
    return c.total("income.job_cost", [job_cost_of(c, row) for row in counted(c)])


@once
def spending_month(c: Case, row: str = "") -> Step:
    """Monthly average of deductible spending over 12 months; of one member when ``row`` is given."""
    items = c.param("rigid_deduction.items")
    if items.value is None:
        return items
    names = [DEDUCTIBLE[item] for item in items.names]
    parts = [c.fact(own, row) for own, _ in names] if row else [*_of_family(c), *(c.fact(all_) for _, all_ in names)]
    spent = c.total("income.spending", parts, row)
    return c.made("income.spending_month", _twelfth(spent.number), spent, row=row)


def _of_family(c: Case) -> Iterator[Step]:
    """What every member spent on the deductible items; one who spent nothing is one step."""
    return (own_spending(c, row) for row in counted(c))


@once
def own_spending(c: Case, row: str) -> Step:
    """Deductible spending of one member over 12 months."""
    items = c.param("rigid_deduction.items")
    if items.value is None:
        return items
    return c.total("income.spending", [c.fact(DEDUCTIBLE[item][0], row) for item in items.names], row)


def _twelfth(value: Amount | None) -> StepValue:
    return None if value is None else whole(Fraction(value, 12))


@once
def rigid_deduction(c: Case, row: str = "") -> Step:
    """The monthly average, at most the cap of a household; nothing spent needs no cap."""
    month = spending_month(c, row)
    if month.value == 0:
        return month
    return c.least("income.rigid_deduction", month, c.param("rigid_deduction.cap_month_per_household"), row)


@once
def countable(c: Case) -> Step:
    """Gross less job cost less rigid deduction, never below zero where the county says so."""
    income = gross(c)
    if income.about.kind == "fact":
        return income
    return _floored(c, "income.countable", "income.after_costs", income, job_cost(c), rigid_deduction(c))


@once
def own_countable(c: Case, row: str) -> Step:
    """单人保: that person's own income, own job cost, own rigid spending."""
    parts = of_person(c, row), job_cost_of(c, row), rigid_deduction(c, row)
    return _floored(c, "income.own", "income.own_after_costs", *parts, row=row)


def _floored(c: Case, id: str, inner: str, income: Step, job: Step, rigid: Step, row: str = "") -> Step:
    rest = c.minus(inner, income, job, rigid, row=row)
    if rest.number is None or rest.number >= 0:
        return rest
    floor = c.param("income.floor_zero")
    value = None if floor.value is None else 0 if floor.value else rest.number
    return c.made(id, value, rest, floor, row=row)


@once
def per_person(c: Case) -> Step:
    """人均月收入 = countable ÷ members of the family."""
    income, people = countable(c), size(c)
    if people.value == 0:
        return c.open_fact("household.roster_complete", "", "pending")
    return income if income.about.kind == "fact" else c.divide("income.per_person", income, people)
