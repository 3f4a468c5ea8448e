"""特困人员: no ability to work, no livelihood, no obligor who can; six self-care items; base and care amounts."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, once
from fieldapp.policy.legal import LAW_IN_FORCE
from fieldapp.policy.rules.disability import no_labour_by_disability
from fieldapp.policy.rules.family import age, counted, identity, may_apply_here, roster, size, someone
from fieldapp.policy.rules.income import COUNTED, OF_HOUSEHOLD
from fieldapp.policy.rules.obligors import no_obligor
from fieldapp.policy.rules.property import standard, tekun_property_ok
from fieldapp.policy.steps import Step

_TEKUN = ("law 16", "regulation2014 14", "tekun2021 4")
_AMOUNT = ("law 17", "regulation2014 15")
RULES = (
    rule("tekun.aged", "年满 60 周岁", "60 or older", "given", "law 16", "regulation2014 14", "tekun2021 5"),
    rule("tekun.minor", "未满 16 周岁", "under 16", "given", "regulation2014 14", "tekun2021 5",
         until=LAW_IN_FORCE),
    rule("tekun.minor", "未成年人（未满 16 周岁；16–17 周岁按省定年龄）", "minor (16 and 17 by the province's limit)",
         "given", "law 16", "tekun2021 5", since=LAW_IN_FORCE),
    rule("tekun.no_labour", "无劳动能力", "no ability to work", "any", "law 16", "regulation2014 14", "tekun2021 5"),
    rule("tekun.own_income", "本人收入（不计基础养老金、优抚、高龄津贴）", "own income", "sum", "tekun2021 6",
         "law 16", unit="fen"),
    rule("tekun.share", "家庭共同收入的本人份额", "share of the family's income", "divide", "tekun2021 6", "law 16",
         unit="fen"),
    rule("tekun.household_income", "家庭共同收入", "income of the family as a whole", "sum", "tekun2021 6", "law 16",
         unit="fen"),
    rule("tekun.income", "本人生活来源", "livelihood", "sum", "tekun2021 6", "law 16", unit="fen"),
    rule("tekun.income_low", "收入低于低保标准", "income below the standard", "below", "tekun2021 6", "law 16"),
    rule("tekun.no_livelihood", "无生活来源", "no livelihood", "all", "law 16", "regulation2014 14", "tekun2021 6"),
    rule("tekun.person", "符合三无条件", "the three withouts", "all", *_TEKUN),
    rule("tekun.someone", "有成员符合三无条件", "someone meets the three withouts", "any", *_TEKUN),
    rule("tekun.conditions", "特困条件", "conditions of extreme poverty", "all", *_TEKUN),
    rule("tekun", "特困人员", "extreme-poverty support", "after", *_TEKUN),
    rule("tekun.whole_family", "全家均为特困人员", "the whole family in extreme poverty", "all", *_TEKUN),
    rule("selfcare.unable", "六项中不能自主完成的", "items not done alone", "unable", "tekun2021 21", unit="count"),
    rule("selfcare.level", "生活自理能力", "self-care level", "pick", "tekun2021 22", unit="text"),
    rule("tekun.base", "基本生活标准", "base", "times", *_AMOUNT, unit="fen"),
    rule("tekun.care", "照料护理标准", "care", "pick", *_AMOUNT, unit="fen"),
    rule("tekun.amount", "特困供养金", "extreme-poverty amount a month", "sum", *_AMOUNT, unit="fen"),
    rule("tekun.total", "全户特困供养金", "extreme-poverty amounts together", "sum", *_AMOUNT, unit="fen"),
)  # fmt: skip

ITEMS = tuple(f"selfcare.{item}" for item in ("eating", "dressing", "bed", "toilet", "walking_indoors", "bathing"))
OWN_INCOME = COUNTED


@once
def minor(c: Case, row: str) -> Step:
    """Before the Law: under 16. Since: minors, of whom those of 16 and 17 by the province's limit."""
    years = age(c, row)
    if years.number is None or not 16 <= years.number < 18:
        return c.given("tekun.minor", lambda y: y < 16, years, row=row)
    if c.on < LAW_IN_FORCE:
        return c.made("tekun.minor", False, years, row=row)
    return c.given("tekun.minor", lambda y, limit: y < limit, years, c.param("tekun.child_age_limit"), row=row)


@once
def no_labour(c: Case, row: str) -> Step:
    return c.any("tekun.no_labour", _no_labour(c, row), row)


def _no_labour(c: Case, row: str) -> Iterator[Step]:
    yield c.given("tekun.aged", lambda years: years >= 60, age(c, row), row=row)
    yield minor(c, row)
    yield no_labour_by_disability(c, row)


@once
def own_income(c: Case, row: str) -> Step:
    """Own income and an equal share of what the family earns together."""
    own = c.total("tekun.own_income", c.each(OWN_INCOME, row), row)
    together = c.total("tekun.household_income", c.each(OF_HOUSEHOLD))
    if together.value == 0:
        return c.total("tekun.income", (own, together), row)
    share = c.divide("tekun.share", together, size(c), row)
    return c.total("tekun.income", (own, share), row)


@once
def person(c: Case, row: str) -> Step:
    return c.all("tekun.person", _three(c, row), row)


def _three(c: Case, row: str) -> Iterator[Step]:
    yield no_labour(c, row)
    low = c.below("tekun.income_low", own_income(c, row), standard(c), row)
    yield c.all("tekun.no_livelihood", (low, tekun_property_ok(c)), row)
    yield no_obligor(c, row)


@once
def tekun(c: Case) -> Step:
    some = someone(c, "tekun.someone", lambda row: person(c, row))
    return c.after("tekun", identity(c), c.all("tekun.conditions", (some, may_apply_here(c))))


@once
def whole_family(c: Case) -> Step:
    """Everybody who counts is in extreme poverty: then no other livelihood programme is asked."""
    if not roster(c).value:
        return roster(c)
    return c.all("tekun.whole_family", (roster(c), *(person(c, row) for row in counted(c))))


def people(c: Case) -> list[str]:
    return [row for row in counted(c) if person(c, row).value is True] if tekun(c).value else []


@once
def self_care(c: Case, row: str) -> Step:
    """self, partial (1–3 items not done) or full (4 and more); four are enough whatever is still open."""
    items = c.each(ITEMS, row)
    unable = sum(step.value is False for step in items)
    undecided = unable < 4 and any(step.value is None for step in items)
    level = None if undecided else "full" if unable >= 4 else "partial" if unable else "self"
    count = c.made("selfcare.unable", None if undecided else unable, *items, row=row)
    return c.made("selfcare.level", level, count, row=row)


@once
def amount(c: Case, row: str) -> Step:
    """Base multiple × standard and the care standard of the level."""
    base = c.times("tekun.base", c.param("tekun.base_multiple_of_standard"), standard(c), row)
    level = self_care(c, row)
    if level.value is None:
        return c.total("tekun.amount", (base, c.made("tekun.care", None, level, row=row)), row)
    month = c.param(f"tekun.care_month.{level.value}")
    return c.total("tekun.amount", (base, c.made("tekun.care", month.value, level, month, row=row)), row)


@once
def total(c: Case) -> Step:
    return c.total("tekun.total", [amount(c, row) for row in people(c)])


