"""最低生活保障: income below the standard, property within the rules; difference or bands, category top-ups."""

from __future__ import annotations

from datetime import date

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, lazily, once, whole
from fieldapp.policy.money import ROUNDINGS
from fieldapp.policy.rules.disability import listed_illness, severe
from fieldapp.policy.rules.family import age, counted, identity, may_apply_here, size
from fieldapp.policy.rules.income import per_person
from fieldapp.policy.rules.labour import able_jobless
from fieldapp.policy.rules.property import property_ok, standard
from fieldapp.policy.steps import Step

_AMOUNT = ("law 18", "regulation2014 12", "measures2021 23")
_TOP_UP = ("law 20", "regulation2014 12", "measures2021 27")
RULES = (
    rule("dibao.income_low", "人均收入低于低保标准", "per person below the standard", "below", "law 18",
         "regulation2014 9", "measures2021"),
    rule("dibao.conditions", "低保条件", "conditions of the allowance", "all", "law 18", "regulation2014 9"),
    rule("dibao", "最低生活保障", "subsistence allowance", "after", "law 18", "regulation2014 9", "measures2021"),
    rule("dibao.gap", "人均差额", "gap per person", "minus", *_AMOUNT, unit="fen"),
    rule("dibao.gap_rounded", "取整后的人均差额", "gap per person, rounded", "round", *_AMOUNT, unit="fen"),
    rule("dibao.difference", "补差额", "difference", "times", *_AMOUNT, unit="fen"),
    rule("dibao.band", "分档人均额", "amount of the band", "given", *_AMOUNT, unit="fen"),
    rule("class_aid.severe_disability", "分类施保（重残）", "top-up for severe disability", "times", *_TOP_UP,
         unit="fen"),
    rule("class_aid.severe_illness", "分类施保（重病）", "top-up for severe illness", "times", *_TOP_UP, unit="fen"),
    rule("class_aid.aged_70", "分类施保（老年人）", "top-up for the old", "times", *_TOP_UP, unit="fen"),
    rule("class_aid.minor", "分类施保（未成年人）", "top-up for minors", "times", *_TOP_UP, unit="fen"),
    rule("class_aid.applies", "属于分类施保对象", "belongs to the category", "given", *_TOP_UP),
    rule("class_aid.person", "本人分类施保", "top-up of the person", "most", *_TOP_UP, unit="fen"),
    rule("class_aid.rounded", "取整后的本人分类施保", "top-up of the person, rounded", "round", *_TOP_UP, unit="fen"),
    rule("class_aid.total", "分类施保增发", "top-ups", "sum", *_TOP_UP, unit="fen"),
    rule("class_aid.some", "有分类施保对象", "someone belongs to a category", "given", *_TOP_UP),
    rule("class_aid", "分类施保", "category top-up", "all", *_TOP_UP),
    rule("dibao.before_rounding", "差额加增发", "difference and top-ups", "sum", *_AMOUNT, unit="fen"),
    rule("dibao.amount", "低保金", "allowance a month", "round", *_AMOUNT, unit="fen"),
    rule("dibao.review", "核查周期", "review interval", "pick", "law 46", "regulation2014 13", "measures2021 31",
         unit="count"),
)  # fmt: skip

TOP_UPS = ("severe_disability", "severe_illness", "aged_70", "minor")


@once
def income_low(c: Case) -> Step:
    return c.below("dibao.income_low", per_person(c), standard(c))


@once
def dibao(c: Case) -> Step:
    """The household as a whole. 等于标准 is not below it."""
    steps = (income_low(c), property_ok(c), may_apply_here(c))
    return c.after("dibao", identity(c), c.all("dibao.conditions", steps))


@once
def difference(c: Case) -> Step:
    """(standard − per person) × members; in band counties the band's amount × members."""
    mode = c.param("dibao.amount_mode")
    if mode.value is None:
        return mode
    each = band(c) if mode.value == "bands" else c.minus("dibao.gap", standard(c), per_person(c))
    return c.times("dibao.difference", _person_rounded(c, "dibao.gap_rounded", each), size(c))


@once
def band(c: Case) -> Step:
    """The amount per person of the first band the income per person falls into; above the last there is none."""
    return c.given("dibao.band", _band_of, per_person(c), c.param("dibao.bands"))


def _band_of(income: int, bands: tuple[tuple[int, int, bool], ...]) -> int:
    return next((pays for top, pays, under in bands if income < top or (income == top and not under)), 0)


@once
def top_up_of(c: Case, row: str) -> Step:
    """rate × standard for each category of the person; the highest, or all, by parameter."""
    parts = [_category(c, name, row) for name in TOP_UPS]
    stack = c.param("class_aid.stack")
    amounts = [step.number for step in parts if step.number is not None]
    if len(amounts) == len(parts) and not any(amounts):
        return c.made("class_aid.person", 0, *parts, row=row)
    if stack.value is None or len(amounts) < len(parts):
        return c.made("class_aid.person", None, *parts, stack, row=row)
    best = max(amounts) if stack.value == "highest" else sum(amounts)
    return c.made("class_aid.person", best, *parts, stack, row=row)


def _category(c: Case, name: str, row: str) -> Step:
    rate = c.param(f"class_aid.rate_of_standard.{name}")
    if rate.value == 0:
        return c.made(f"class_aid.{name}", 0, rate, row=row)
    applies, month = _applies(c, name, row), standard(c)
    if applies.value is False:
        return c.made(f"class_aid.{name}", 0, applies, row=row)
    share, each = rate.number, month.number
    value = whole(share * each) if applies.value is True and share is not None and each is not None else None
    return c.made(f"class_aid.{name}", value, applies, rate, month, row=row)


def _applies(c: Case, name: str, row: str) -> Step:
    if name == "severe_disability":
        return severe(c, row)
    if name == "severe_illness":
        return listed_illness(c, row)
    if name == "aged_70":
        start = c.param("class_aid.aged_from")
        return c.given("class_aid.applies", lambda years, least: years >= least, age(c, row), start, row=row)
    return c.given("class_aid.applies", lambda years: years < 18, age(c, row), row=row)


@once
def top_ups(c: Case) -> Step:
    parts = [_person_rounded(c, "class_aid.rounded", top_up_of(c, row), row) for row in counted(c)]
    return c.total("class_aid.total", parts)


@once
def class_aid(c: Case) -> Step:
    """Somebody of an allowance household belongs to a category."""
    def some() -> Step:
        return c.given("class_aid.some", lambda extra: extra > 0, top_ups(c))

    return c.all("class_aid", lazily(lambda: dibao(c), some))


@once
def amount(c: Case) -> Step:
    """Difference and top-ups, rounded per household, of a household below the standard."""
    if dibao(c).value is False:
        return c.made("dibao.amount", 0, dibao(c))
    return rounded(c, "dibao.amount", c.total("dibao.before_rounding", (difference(c), top_ups(c))))


def _person_rounded(c: Case, id: str, exact: Step, row: str = "") -> Step:
    """Rounded for each person where the county rounds so; as it is where it rounds per household."""
    return rounded(c, id, exact, row) if c.param("dibao.rounding_per").value == "person" else exact


def rounded(c: Case, id: str, exact: Step, row: str = "") -> Step:
    return c.given(id, lambda value, how: ROUNDINGS[how](value), exact, c.param("dibao.rounding"), row=row)


@once
def review(c: Case) -> Step:
    """Months to the next check: shorter where income is unsteady and somebody could work."""
    unsteady = [able_jobless(c, row) for row in counted(c)]
    if any(step.value is None for step in unsteady):
        return c.made("dibao.review", None, *unsteady)
    restless = any(step.value for step in unsteady)
    months = c.param(f"dibao.review_{'unstable' if restless else 'stable'}_months")
    return c.made("dibao.review", months.value, *unsteady, months)


def start_month(confirmed: date) -> date:
    """The first day of the month after confirmation (2021 Measures §21)."""
    return date(confirmed.year + confirmed.month // 12, confirmed.month % 12 + 1, 1)
