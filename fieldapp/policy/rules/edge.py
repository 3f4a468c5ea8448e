"""低保边缘: not in the allowance, income per person below the raised standard, property within the rules."""

from __future__ import annotations

from fieldapp.policy.book import rule
from fieldapp.policy.evaluation import Case, lazily, once
from fieldapp.policy.rules.dibao import dibao
from fieldapp.policy.rules.family import identity, may_apply_here
from fieldapp.policy.rules.income import per_person
from fieldapp.policy.rules.property import property_ok, standard
from fieldapp.policy.steps import Step

_EDGE = ("law 21", "measures2021 8")
RULES = (
    rule("edge.standard", "低保边缘标准", "edge standard", "times", *_EDGE, unit="fen"),
    rule("edge.income_low", "人均收入低于边缘标准", "per person below the edge standard", "below", *_EDGE),
    rule("edge.not_dibao", "不符合低保", "not in the allowance", "none", *_EDGE),
    rule("edge.economy", "收入财产符合边缘规定", "income and property within the edge rules", "all", *_EDGE),
    rule("edge.conditions", "低保边缘条件", "conditions of the edge", "all", *_EDGE),
    rule("edge", "最低生活保障边缘家庭", "allowance-edge household", "after", *_EDGE),
)  # fmt: skip


@once
def edge_standard(c: Case) -> Step:
    return c.times("edge.standard", c.param("edge.multiplier"), standard(c))


@once
def economy(c: Case) -> Step:
    """Income and property alone."""
    return c.all("edge.economy", (c.below("edge.income_low", per_person(c), edge_standard(c)), property_ok(c)))


@once
def edge(c: Case) -> Step:
    def first() -> Step:
        return c.none("edge.not_dibao", (dibao(c),))

    steps = lazily(first, lambda: economy(c), lambda: may_apply_here(c))
    return c.after("edge", identity(c), c.all("edge.conditions", steps))
