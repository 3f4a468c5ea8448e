"""临时救助: small and fast (小额快救, no economic check, no notice), and for expenses (支出型, after notice)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, once
from fieldapp.policy.rules.disability import listed_illness
from fieldapp.policy.rules.edge import edge_standard
from fieldapp.policy.rules.family import by_area, counted, identity, roster, size, someone
from fieldapp.policy.rules.income import gross, per_person
from fieldapp.policy.rules.property import property_ok, standard
from fieldapp.policy.steps import Step

FAST_SINCE = date(2026, 1, 1)
_FAST = ("law 29", "regulation2014 47", "temp2018", "temp2026")
_FIRST = ("law 50", "regulation2014 48", "temp2018")
_EXPENSE = ("law 29", "regulation2014 47", "temp2018", "temp2026")
_YEAR = ("law 29", "temp2018")
RULES = (
    rule("temp_fast.event", "突发变故", "a sudden event", "given", *_FAST),
    rule("temp_fast.job_lost", "突然失业", "work lost", "given", *_FAST),
    rule("temp_fast.jobs_lost", "有成员突然失业", "someone lost the work", "any", *_FAST),
    rule("temp_fast.new_illness", "重病而未在保", "severe illness and not in a programme", "all", *_FAST),
    rule("temp_fast.not_helped", "未在保在册", "in no programme", "given", *_FAST),
    rule("temp_fast.no_shelter", "衣被口粮缺乏", "without food or bedding", "given", *_FAST),
    rule("temp_fast.no_means", "身份不明且生活无着", "unknown and without means", "all", *_FAST),
    rule("temp_fast.unidentified", "身份未核清", "identity not established", "none", *_FAST),
    rule("temp_fast.no_income", "没有收入", "no income", "given", *_FAST),
    rule("temp_fast.cause", "突发性、紧迫性困难", "a sudden or urgent hardship", "any", *_FAST),
    rule("temp_fast", "临时救助（急难型）", "temporary assistance (emergency)", "all", *_FAST, until=FAST_SINCE),
    rule("temp_fast", "临时救助（小额快救）", "temporary assistance (small and fast)", "all", *_FAST,
         since=FAST_SINCE),
    rule("temp_fast.per_person", "每人上限", "limit per person", "times", *_FIRST, "temp2026", unit="fen"),
    rule("temp_fast.people", "救助人数", "people helped", "given", *_FIRST, unit="count"),
    rule("temp_fast.limit", "小额快救上限", "small-and-fast limit", "times", *_FIRST, "temp2026", unit="fen"),
    rule("temp_expense.spending", "必需支出", "necessary spending", "sum", *_EXPENSE, unit="fen"),
    rule("temp_expense.lived_with", "为曾共同居住者的支出", "for people who lived with them", "given", *_EXPENSE,
         unit="fen"),
    rule("temp_expense.high", "必需支出达到起点", "necessary spending reaches the threshold", "at_least", *_EXPENSE),
    rule("temp_expense.income_low", "人均收入低于县定口径", "per person below the county's line", "below", *_EXPENSE),
    rule("temp.times_left", "本年度次数未用完", "times left this year", "below", *_YEAR),
    rule("temp.year_limit", "年度累计上限", "most of a year", "times", *_YEAR, unit="fen"),
    rule("temp.amount_left", "本年度金额未用完", "amount left this year", "below", *_YEAR),
    rule("temp.year_ok", "未超年度次数、金额，或一事一议", "within the year's limits, or decided case by case", "any",
         *_YEAR),
    rule("temp_expense.conditions", "支出型条件", "conditions of the expense type", "all", *_EXPENSE),
    rule("temp_expense", "临时救助（支出型）", "temporary assistance (expense type)", "after", *_EXPENSE),
)  # fmt: skip

OF_MEMBER = (
    "member.self_paid_medical_12_months", "member.education_12_months", "member.rehabilitation_12_months",
)  # fmt: skip
OF_HOUSEHOLD = tuple(
    f"household.spending.{kind}_12_months" for kind in ("medical", "education", "rehabilitation", "other")
)


@once
def event(c: Case) -> Step:
    """Some sudden event was told of."""
    return c.given("temp_fast.event", bool, c.fact("event.kind"))


@once
def cause(c: Case) -> Step:
    return c.any("temp_fast.cause", _causes(c))


def _causes(c: Case) -> Iterator[Step]:
    yield event(c)
    yield someone(c, "temp_fast.jobs_lost", lambda row: _job_lost(c, row), c.rows)
    yield c.is_in("temp_fast.no_shelter", c.fact("housing.bedding_food"), ("none",))
    yield c.all("temp_fast.no_means", _no_means(c))
    yield c.all("temp_fast.new_illness", _new_illness(c))


def _job_lost(c: Case, row: str) -> Step:
    return c.is_in("temp_fast.job_lost", c.fact("member.work", row), ("lost",), row)


def _no_means(c: Case) -> Iterator[Step]:
    yield roster(c)
    yield c.none("temp_fast.unidentified", (identity(c),))
    yield c.given("temp_fast.no_income", lambda income: income <= 0, gross(c))


def _new_illness(c: Case) -> Iterator[Step]:
    already = c.fact("already.programs")
    yield c.given("temp_fast.not_helped", lambda had: not {"dibao", "tekun", "edge"} & set(had), already)
    yield someone(c, "illness.someone", lambda row: listed_illness(c, row), c.rows)


@once
def temp_fast(c: Case) -> Step:
    """Where the emergency happened; neither registration nor an economic check is asked for."""
    return c.all("temp_fast", (step for step in (cause(c), c.fact("event.hardship"))))


@once
def people_helped(c: Case) -> Step:
    told = c.fact("event.people_helped")
    if told.value is not None:
        return c.made("temp_fast.people", told.value, told)
    return c.made("temp_fast.people", size(c).value, told, size(c))


@once
def limit(c: Case) -> Step:
    """months × standard × people helped."""
    each = c.times("temp_fast.per_person", c.param("temp_fast.limit_months_of_standard_per_person"), standard(c))
    return c.times("temp_fast.limit", each, people_helped(c))


@once
def spending(c: Case) -> Step:
    """Medical, education, rehabilitation and other necessary spending, the county counting or not what was paid
    for people who lived with them."""
    own = [step for row in counted(c) for step in c.each(OF_MEMBER, row)]
    return c.total("temp_expense.spending", [*own, *c.each(OF_HOUSEHOLD), _lived_with(c)])


def _lived_with(c: Case) -> Step:
    paid = c.fact("household.spending.for_people_who_lived_with_them_12_months")
    if not paid.value:
        return paid
    counts = c.param("temp_expense.counts_spending_for_people_who_lived_with_them")
    value = None if counts.value is None else paid.value if counts.value else 0
    return c.made("temp_expense.lived_with", value, paid, counts)


@once
def income_line(c: Case) -> Step:
    """The county's line: last year's disposable income, the edge standard or the standard."""
    line = c.param("temp_expense.per_person_below")
    if line.value == "edge":
        return edge_standard(c)
    if line.value == "dibao":
        return standard(c)
    return line if line.value is None else by_area(c, "rigid.disposable_income_month")


@once
def temp_expense(c: Case) -> Step:
    if not roster(c).value:
        return c.after("temp_expense", identity(c), roster(c))
    return c.after("temp_expense", identity(c), c.all("temp_expense.conditions", _conditions(c)))


def _conditions(c: Case) -> Iterator[Step]:
    line = c.param("temp_expense.necessary_spending_12_months_at_least")
    yield roster(c)
    yield c.at_least("temp_expense.high", spending(c), line)
    yield c.below("temp_expense.income_low", per_person(c), income_line(c))
    yield property_ok(c)
    for within in _year(c):
        yield c.any("temp.year_ok", _or_case_by_case(c, within))


def _or_case_by_case(c: Case, within: Step) -> Iterator[Step]:
    yield within
    yield c.fact("event.case_by_case")


def _year(c: Case) -> Iterator[Step]:
    """The county's limits of a year, where it has set any. Help at once has none: it is never late for a count."""
    if c.has_param("temp.times_per_year"):
        yield c.below("temp.times_left", c.fact("already.temp_times_this_year"), c.param("temp.times_per_year"))
    if c.has_param("temp.year_limit_months_of_standard_per_household"):
        months = c.param("temp.year_limit_months_of_standard_per_household")
        limit = c.times("temp.year_limit", months, standard(c))
        yield c.below("temp.amount_left", c.fact("already.temp_amount_this_year"), limit)
