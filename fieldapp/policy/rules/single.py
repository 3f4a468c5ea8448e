"""单人保: one member insured alone; only that person's own income and property count."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, lazily, once
from fieldapp.policy.rules.dibao import dibao, rounded, top_up_of
from fieldapp.policy.rules.disability import listed_illness, severe
from fieldapp.policy.rules.edge import economy, edge
from fieldapp.policy.rules.family import age, counted, identity, may_apply_here, someone
from fieldapp.policy.rules.income import own_countable
from fieldapp.policy.rules.labour import jobless
from fieldapp.policy.rules.property import own_property_ok, standard
from fieldapp.policy.steps import Step

_SINGLE = ("law 21", "measures2021 8")
RULES = (
    rule("single.adult", "年满 18 周岁", "adult", "given", "notice2022", *_SINGLE),
    rule("single.edge_disability", "边缘家庭中的重度残疾人", "severe disability in an edge household", "all", *_SINGLE),
    rule("single.edge_illness", "边缘家庭中的重病患者", "listed severe illness in an edge household", "all", *_SINGLE),
    rule("single.adult_without_work_disability", "成年无业重度残疾人",
         "adult without work with severe disability", "all", "notice2022", *_SINGLE),
    rule("single.group", "属于单人保对象", "belongs to a single-person group", "any", *_SINGLE),
    rule("single.income_low", "本人收入低于低保标准", "own income below the standard", "below", *_SINGLE),
    rule("single.not_family", "整户不符合低保", "the household is not in the allowance", "none", *_SINGLE),
    rule("single.person", "可单人保", "may be insured alone", "all", *_SINGLE),
    rule("single.someone", "有成员可单人保", "someone may be insured alone", "any", *_SINGLE),
    rule("dibao_single", "单人保", "single-person allowance", "after", *_SINGLE),
    rule("single.gap", "本人差额", "own gap", "minus", *_SINGLE, unit="fen"),
    rule("single.before_rounding", "本人差额加增发", "own gap and top-up", "sum", *_SINGLE, unit="fen"),
    rule("single.amount", "单人保金额", "single-person amount a month", "round", *_SINGLE, unit="fen"),
    rule("single.total", "单人保金额合计", "single-person amounts together", "sum", *_SINGLE, unit="fen"),
)  # fmt: skip


@once
def group(c: Case, row: str) -> Step:
    """The groups the county insures alone."""
    groups = c.param("single_person.groups")
    if groups.value is None:
        return groups
    return c.any("single.group", (_in_group(c, name, row) for name in groups.names), row)


def _in_group(c: Case, name: str, row: str) -> Step:
    id = f"single.{name}"
    if name == "edge_disability":
        return c.all(id, lazily(lambda: severe(c, row), lambda: _edge(c)), row)
    if name == "edge_illness":
        return c.all(id, lazily(lambda: listed_illness(c, row), lambda: _edge(c)), row)
    parts = (lambda: severe(c, row), lambda: _adult(c, row), lambda: jobless(c, row))
    return c.all(id, lazily(*parts), row)


def _edge(c: Case) -> Step:
    """An edge household by its economy; in the allowance it is insured as a whole anyway."""
    return economy(c) if dibao(c).value is True else edge(c)


def _adult(c: Case, row: str) -> Step:
    return c.given("single.adult", lambda years: years >= 18, age(c, row), row=row)


@once
def person(c: Case, row: str) -> Step:
    """Group, own income below the standard × 1, own property."""
    def low() -> Step:
        return c.below("single.income_low", own_countable(c, row), standard(c), row)

    return c.all("single.person", lazily(lambda: group(c, row), low, lambda: own_property_ok(c, row)), row)


@once
def dibao_single(c: Case) -> Step:
    return c.after("dibao_single", identity(c), c.all("single.someone", _conditions(c)))


def _conditions(c: Case) -> Iterator[Step]:
    yield c.none("single.not_family", (dibao(c),))
    yield someone(c, "single.someone", lambda row: person(c, row))
    yield may_apply_here(c)


@once
def amount(c: Case, row: str) -> Step:
    """(standard − own income) × 1 and the person's top-up, rounded."""
    gap = c.minus("single.gap", standard(c), own_countable(c, row), row=row)
    return rounded(c, "single.amount", c.total("single.before_rounding", (gap, top_up_of(c, row)), row), row)


def people(c: Case) -> list[str]:
    """Rows that may be insured alone."""
    return [row for row in counted(c) if person(c, row).value is True] if dibao_single(c).value else []
